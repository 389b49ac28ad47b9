//! The table of presence: the response fields that are always present, checked against the examples.
//!
//! Candidates are the fields that the table lists, and `id` and `type` of every schema with an id. A candidate is pinned
//! (`x-sdk-required`) if the schema declares it and does not mark it as nullable, and every object of this schema in an example
//! of a successful response has a value for it that is not null. A listed field is pinned even if no example has the schema;
//! `id` and `type` need at least one example.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::table::Entry;
use crate::diag::{Error, Result};
use crate::lint::count_defects;
use crate::openapi::{each_operation, resolve};

/// The candidates of every schema that has an id.
const IDENTITY: [&str; 2] = ["id", "type"];

/// A limit of the recursion into schemas and examples.
const DEEPEST: usize = 64;

/// The fields that the table lists, by schema.
#[derive(Clone, Debug)]
pub(super) struct Presence(BTreeMap<String, Vec<String>>);

/// How many examples of a schema were seen, and in how many of them each field has a value that is not null.
#[derive(Debug, Default)]
struct Seen {
    examples: usize,
    fields: BTreeMap<String, usize>,
}

impl Presence {
    /// Reads the entries of the table.
    pub fn parse(entries: &[Entry<'_>]) -> Result<Self> {
        let mut schemas = BTreeMap::new();
        for (place, schema, names) in entries {
            let list = names.as_array().filter(|list| !list.is_empty() && list.iter().all(Value::is_string));
            let list = list.ok_or_else(|| {
                Error::new("", place, "expected a list of field names").hint("write `tag: [type, id, name]`")
            })?;
            let names = list.iter().filter_map(Value::as_str).map(str::to_owned).collect();
            schemas.insert((*schema).to_owned(), names);
        }
        Ok(Self(schemas))
    }

    /// Pins the fields that are always present. Returns how many schemas have pins, and how many schemas of the table have none.
    pub fn apply(&self, document: &mut Value) -> (usize, usize) {
        let seen = examples(document);
        let schemas = document.pointer("/components/schemas").and_then(Value::as_object);
        let pins: Vec<(String, Vec<&str>)> = schemas
            .into_iter()
            .flatten()
            .map(|(name, schema)| (name.clone(), self.pins(document, name, schema, seen.get(name.as_str()))))
            .filter(|(_, pins)| !pins.is_empty())
            .collect();
        let unused = self.0.keys().filter(|name| !pins.iter().any(|(pinned, _)| pinned == *name)).count();
        for (name, pins) in &pins {
            if let Some(Value::Object(schema)) = document["components"]["schemas"].get_mut(name) {
                schema.insert("x-sdk-required".to_owned(), json!(pins));
            }
        }
        (pins.len(), unused)
    }

    fn pins<'a>(&'a self, document: &Value, name: &str, schema: &Value, seen: Option<&Seen>) -> Vec<&'a str> {
        let mut properties = Map::new();
        gather(document, schema, &mut properties, 0);
        let listed = self.0.get(name).map(Vec::as_slice).unwrap_or_default().iter().map(String::as_str);
        let mut pins: Vec<&str> = listed.filter(|field| seen.is_none_or(|seen| seen.in_every_example(field))).collect();
        if properties.contains_key("id") {
            let shown = |field: &&&str| seen.is_some_and(|seen| seen.in_every_example(field));
            let identity: Vec<&str> = IDENTITY.iter().filter(shown).copied().filter(|f| !pins.contains(f)).collect();
            pins.extend(identity);
        }
        pins.retain(|field| properties.get(*field).is_some_and(|property| !nullable(document, property)));
        pins
    }
}

impl Seen {
    fn in_every_example(&self, field: &str) -> bool {
        self.fields.get(field) == Some(&self.examples)
    }
}

/// Collects the properties of a schema and of its `allOf`; the schema's own take precedence.
fn gather(document: &Value, schema: &Value, properties: &mut Map<String, Value>, depth: usize) {
    let Some(schema) = resolve(document, schema).filter(|_| depth < DEEPEST) else { return };
    for (key, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        properties.entry(key.clone()).or_insert_with(|| property.clone());
    }
    for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
        gather(document, part, properties, depth + 1);
    }
}

fn nullable(document: &Value, property: &Value) -> bool {
    resolve(document, property).is_none_or(|property| property.get("nullable") == Some(&Value::Bool(true)))
}

/// Counts the fields in the examples of successful responses, by schema.
fn examples(document: &Value) -> BTreeMap<String, Seen> {
    let mut seen = BTreeMap::new();
    for (_, _, _, operation) in each_operation(document) {
        let responses = operation.get("responses").and_then(Value::as_object).into_iter().flatten();
        for (_, response) in responses.filter(|(status, _)| status.starts_with('2')) {
            let content = resolve(document, response).and_then(|response| response.get("content")?.as_object());
            for media in content.into_iter().flatten().map(|(_, media)| media) {
                let Some(schema) = media.get("schema") else { continue };
                let named = media.get("examples").and_then(Value::as_object).into_iter().flatten();
                let named = named.filter_map(|(_, example)| resolve(document, example)?.get("value"));
                for example in media.get("example").into_iter().chain(named) {
                    count_fields(document, schema, example, &mut seen, 0);
                }
            }
        }
    }
    seen
}

/// Counts the fields of an example, for its schema and for nested schemas.
fn count_fields(document: &Value, schema: &Value, example: &Value, seen: &mut BTreeMap<String, Seen>, depth: usize) {
    if depth > DEEPEST {
        return;
    }
    let name = schema.get("$ref").and_then(Value::as_str).and_then(|name| name.strip_prefix("#/components/schemas/"));
    if let (Some(name), Value::Object(object)) = (name, example) {
        let seen = seen.entry(name.to_owned()).or_default();
        seen.examples += 1;
        for (field, _) in object.iter().filter(|(_, value)| !value.is_null()) {
            *seen.fields.entry(field.clone()).or_default() += 1;
        }
    }
    let Some(schema) = resolve(document, schema) else { return };
    for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
        count_fields(document, part, example, seen, depth + 1);
    }
    let alternatives = ["oneOf", "anyOf"].iter().find_map(|keyword| schema.get(*keyword)?.as_array());
    let best = alternatives.and_then(|list| list.iter().min_by_key(|schema| count_defects(document, schema, example)));
    if let Some(best) = best {
        count_fields(document, best, example, seen, depth + 1);
    }
    match example {
        Value::Object(object) => {
            for (key, value) in object {
                let property = schema.get("properties").and_then(|properties| properties.get(key));
                if let Some(property) = property.or_else(|| schema.get("additionalProperties")) {
                    count_fields(document, property, value, seen, depth + 1);
                }
            }
        }
        Value::Array(list) => {
            for item in schema.get("items").into_iter().flat_map(|items| list.iter().map(move |item| (items, item))) {
                count_fields(document, item.0, item.1, seen, depth + 1);
            }
        }
        _ => {}
    }
}
