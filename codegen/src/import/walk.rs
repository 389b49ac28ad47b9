//! Rewrites a description by the grammar, without its prose.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::redact::{Redaction, short_names, short_title};
use super::response_description::response_description;
use crate::diag::{Error, Result, Warning, join};
use crate::openapi::grammar::{Field, Holds, Kind, Names};

/// Returns the rewritten description, and warnings about unknown fields, which are left out.
pub(super) fn walk(document: &Value) -> Result<(Value, Vec<Warning>)> {
    let mut walk = Walk { document, statuses: statuses(document), warnings: Vec::new() };
    let rewritten = walk.object(Kind::Document, document, &Place::default())?;
    Ok((rewritten, walk.warnings))
}

struct Walk<'a> {
    document: &'a Value,
    /// The statuses under which operations refer to each response of the components.
    statuses: BTreeMap<&'a str, BTreeSet<&'a str>>,
    warnings: Vec<Warning>,
}

/// The current place of the walk.
#[derive(Clone, Default)]
struct Place<'a> {
    pointer: String,
    /// The innermost key of a map that leads here; for a response, its status or its name in the components.
    key: &'a str,
    /// The innermost name of a parameter, a header, a property or a component's schema that leads here; redaction depends on it.
    subject: &'a str,
    /// The schema of the values here.
    schema: Option<&'a Value>,
    /// Whether the place is inside a header object (not a parameter `in: header`), whose examples are values for programs, not prose, and
    /// are kept.
    header: bool,
}

impl Place<'_> {
    fn at(&self, segment: impl std::fmt::Display) -> Self {
        Self { pointer: join(&self.pointer, segment), ..self.clone() }
    }
}

impl<'a> Walk<'a> {
    fn object(&mut self, kind: Kind, value: &'a Value, place: &Place<'a>) -> Result<Value> {
        let fields = mapping(value, place)?;
        if kind == Kind::Callback {
            return Ok(Value::Object(self.entries(Kind::PathItem, Names::Expressions, value, place)?.collect()));
        }
        let mut inside = place.clone();
        match kind {
            Kind::Parameter => inside.subject = fields.get("name").and_then(Value::as_str).unwrap_or_default(),
            Kind::Header => inside.header = true,
            _ => {}
        }
        match kind {
            Kind::Schema => inside.schema = Some(value),
            Kind::Parameter | Kind::Header | Kind::Media => inside.schema = fields.get("schema"),
            _ => {}
        }
        let mut rewritten = Map::with_capacity(fields.len());
        for (field, value) in fields {
            let at = inside.at(field);
            match kind.fields().iter().find(|known| known.name == field) {
                Some(known) => {
                    if let Some(value) = self.field(kind, known, value, &at)? {
                        rewritten.insert(field.clone(), value);
                    }
                }
                None if field.starts_with("x-") => {}
                None => self.warnings.push(Warning::new(
                    "unknown-field",
                    "",
                    at.pointer,
                    format!("OpenAPI 3.0 has no field `{field}` here: left out"),
                )),
            }
        }
        if kind == Kind::Response && !rewritten.contains_key("$ref") && !rewritten.contains_key("description") {
            rewritten.insert("description".to_owned(), self.response_description(place).into());
        }
        Ok(Value::Object(rewritten))
    }

    /// The rewritten value of a field; `None` if the field is left out.
    fn field(&mut self, kind: Kind, field: &Field, value: &'a Value, place: &Place<'a>) -> Result<Option<Value>> {
        Ok(Some(match field.holds {
            // OpenAPI requires a description of every response.
            Holds::Prose if kind == Kind::Response => self.response_description(place).into(),
            Holds::Prose => return Ok(None),
            Holds::Title => value.as_str().map_or_else(|| value.clone(), |title| short_title(title).into()),
            Holds::Json if !place.header => {
                Redaction { document: self.document }.value(value, place.schema, place.subject)
            }
            Holds::Scopes => {
                Value::Object(mapping(value, place)?.keys().map(|name| (name.clone(), Value::from(""))).collect())
            }
            Holds::OneOrFlag(_) if !value.is_object() => value.clone(),
            Holds::One(kind) | Holds::OneOrFlag(kind) => self.object(kind, value, place)?,
            Holds::List(kind) => {
                let Value::Array(items) = value else {
                    return Err(wrong_type("a list", value, place));
                };
                let items = items.iter().enumerate().map(|(index, item)| self.object(kind, item, &place.at(index)));
                Value::Array(items.collect::<Result<_>>()?)
            }
            Holds::Map(kind, Names::Titles) => {
                let names = short_names(mapping(value, place)?.keys());
                Value::Object(
                    names
                        .into_iter()
                        .zip(self.entries(kind, Names::Titles, value, place)?.map(|(_, entry)| entry))
                        .collect(),
                )
            }
            Holds::Map(kind, names) => Value::Object(self.entries(kind, names, value, place)?.collect()),
            _ => value.clone(),
        }))
    }

    /// The rewritten objects of a mapping, with their names.
    fn entries(
        &mut self,
        kind: Kind,
        names: Names,
        value: &'a Value,
        place: &Place<'a>,
    ) -> Result<impl Iterator<Item = (String, Value)> + use<>> {
        let mut entries = Vec::new();
        for (name, value) in mapping(value, place)? {
            let mut at = place.at(name);
            at.key = name;
            if matches!(kind, Kind::Schema | Kind::Header) {
                at.subject = name;
            }
            if name.starts_with("x-") && matches!(names, Names::Paths | Names::Statuses | Names::Expressions) {
                continue;
            }
            entries.push((name.clone(), self.object(kind, value, &at)?));
        }
        Ok(entries.into_iter())
    }

    /// The description for the response at a place.
    fn response_description(&self, place: &Place<'_>) -> &'static str {
        response_description(place.key, self.statuses.get(place.key).into_iter().flatten().copied())
    }
}

fn mapping<'a>(value: &'a Value, place: &Place<'_>) -> Result<&'a Map<String, Value>> {
    value.as_object().ok_or_else(|| wrong_type("a mapping", value, place))
}

fn wrong_type(expected: &str, found: &Value, place: &Place<'_>) -> Error {
    let found = match found {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a mapping",
    };
    Error::new("", &place.pointer, format!("expected {expected}, found {found}"))
        .hint("the description is not valid OpenAPI 3.0 here; check the indentation of the lines before it")
}

/// The statuses under which the operations refer to each response of the components.
fn statuses(document: &Value) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut statuses = BTreeMap::<&str, BTreeSet<&str>>::new();
    let items = document.get("paths").and_then(Value::as_object).into_iter().flat_map(Map::values);
    let operations = items.filter_map(Value::as_object).flat_map(Map::values);
    let responses = operations.filter_map(|operation| operation.get("responses")?.as_object()).flatten();
    for (status, response) in responses {
        let reference = response.get("$ref").and_then(Value::as_str);
        if let Some(name) = reference.and_then(|reference| reference.strip_prefix("#/components/responses/")) {
            statuses.entry(name).or_default().insert(status);
        }
    }
    statuses
}
