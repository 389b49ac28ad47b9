//! Checks a document against the grammar and the vocabulary, and reports violations with their places. The value of a key
//! that is not allowed at its place is not checked.

use std::fmt;

use serde_json::{Map, Value};

use super::grammar::{Field, Holds, Kind, Names, Support};
use super::nearest::nearest;
use super::{reference, vocabulary};
use crate::diag::{Error, Warning, join};

/// The errors and warnings of the check.
#[derive(Debug, Default)]
pub(crate) struct Checked {
    pub(crate) errors: Vec<Error>,
    pub(crate) warnings: Vec<Warning>,
}

/// Checks a whole document.
pub(crate) fn check(document: &Value) -> Checked {
    let mut check = Check { document, found: Checked::default() };
    check.object(Kind::Document, document, &Place { above: None, segment: Segment::Top });
    check.found
}

struct Check<'a> {
    document: &'a Value,
    found: Checked,
}

/// The current place of the check, as a chain of segments; the JSON pointer is built only for an error or a warning.
#[derive(Clone, Copy)]
struct Place<'a> {
    above: Option<&'a Place<'a>>,
    segment: Segment<'a>,
}

#[derive(Clone, Copy)]
enum Segment<'a> {
    Top,
    Key(&'a str),
    Index(usize),
}

impl<'a> Place<'a> {
    fn key(&'a self, key: &'a str) -> Self {
        Self { above: Some(self), segment: Segment::Key(key) }
    }

    fn index(&'a self, index: usize) -> Self {
        Self { above: Some(self), segment: Segment::Index(index) }
    }

    fn pointer(&self) -> String {
        let above = self.above.map(Self::pointer).unwrap_or_default();
        match self.segment {
            Segment::Top => above,
            Segment::Key(key) => join(&above, key),
            Segment::Index(index) => join(&above, index),
        }
    }
}

impl Check<'_> {
    fn error(&mut self, place: &Place<'_>, message: impl Into<String>, hint: impl Into<String>) {
        self.found.errors.push(Error::new("", place.pointer(), message).hint(hint));
    }

    fn object(&mut self, kind: Kind, value: &Value, place: &Place<'_>) {
        let Some(map) = self.mapping(value, place) else { return };
        if kind == Kind::Callback {
            return self.entries(Kind::PathItem, Names::Expressions, map, place);
        }
        let reference = kind.section().is_some() && map.contains_key("$ref");
        for (key, value) in map {
            let at = place.key(key);
            match kind.field(key) {
                Some(_) if reference && key.starts_with(vocabulary::PREFIX) => {
                    self.error(
                        &at,
                        format!("`{key}` has no effect beside `$ref`"),
                        "write it in the component that the reference points to",
                    );
                }
                Some(field) => self.field(kind, field, value, &at),
                None if key.starts_with("x-") && !key.starts_with(vocabulary::PREFIX) => {}
                None => self.unknown(kind, key, &at),
            }
        }
        if !reference {
            for field in kind.fields().iter().filter(|field| field.required && !map.contains_key(field.name)) {
                let error = Error::new("", place.pointer(), format!("{} needs `{}`", kind.name(), field.name));
                self.found
                    .errors
                    .push(error.misses(place.key(field.name).pointer()).hint("add it, for example with an overlay"));
            }
            self.rules(kind, map, place);
        }
    }

    fn field(&mut self, kind: Kind, field: &Field, value: &Value, place: &Place<'_>) {
        match field.support {
            Support::Accepted => self.value(kind, field.holds, value, place),
            Support::Ignored => {
                self.value(kind, field.holds, value, place);
                let message = format!("`{}` of {} is not supported; it is ignored", field.name, kind.name());
                self.found.warnings.push(Warning::new("left-out", "", place.pointer(), message));
            }
            Support::Refused(hint) => {
                self.error(place, format!("`{}` of {} is not supported", field.name, kind.name()), hint);
            }
        }
    }

    fn value(&mut self, kind: Kind, holds: Holds, value: &Value, place: &Place<'_>) {
        match holds {
            Holds::Anything | Holds::Json => {}
            Holds::Text | Holds::Prose | Holds::Title => self.expect(value.is_string(), "text", value, place),
            Holds::Flag => self.expect(value.is_boolean(), "true or false", value, place),
            Holds::Number => self.expect(value.is_number(), "a number", value, place),
            Holds::Count => self.expect(value.is_u64(), "a whole number that is not negative", value, place),
            Holds::Values => self.expect(value.is_array(), "a list", value, place),
            Holds::Texts => self.texts(value, place),
            Holds::Choice(choices) => self.choice(choices, value, place),
            Holds::Choices(choices) => self.each(value, place, |check, item, at| check.choice(choices, item, at)),
            Holds::Reference => {
                let Some(text) = self.text(value, place) else { return };
                if let Err(wrong) = reference::check(self.document, kind, text) {
                    self.found.errors.push(wrong.at(place.pointer()));
                }
            }
            Holds::Security => self.each(value, place, |check, item, at| {
                for (name, scopes) in check.mapping(item, at).into_iter().flatten() {
                    check.texts(scopes, &at.key(name));
                }
            }),
            Holds::Pairs | Holds::Scopes => {
                for (name, text) in self.mapping(value, place).into_iter().flatten() {
                    self.expect(text.is_string(), "text", text, &place.key(name));
                }
            }
            Holds::OneOrFlag(_) if !value.is_object() => {
                self.expect(value.is_boolean(), "a mapping, true or false", value, place);
            }
            Holds::One(kind) | Holds::OneOrFlag(kind) => self.object(kind, value, place),
            Holds::List(kind) => self.each(value, place, |check, item, at| check.object(kind, item, at)),
            Holds::Map(kind, names) => {
                if let Some(map) = self.mapping(value, place) {
                    self.entries(kind, names, map, place);
                }
            }
        }
    }

    fn entries(&mut self, kind: Kind, names: Names, map: &Map<String, Value>, place: &Place<'_>) {
        for (name, value) in map {
            let at = place.key(name);
            let wrong = match names {
                Names::Any | Names::Titles => None,
                _ if name.starts_with("x-") => continue,
                Names::Expressions => None,
                Names::Paths => (!name.starts_with('/')).then_some("paths begin with a slash"),
                Names::Statuses => (!is_status(name)).then_some("write `200`, `2XX` or `default`"),
            };
            if names == Names::Paths && !braces_match(name) {
                self.error(&at, format!("the braces in `{name}` do not match"), "write each parameter as `{name}`");
            }
            match (wrong, names) {
                (Some(hint), Names::Paths) => self.error(&at, format!("`{name}` is not a path"), hint),
                (Some(hint), _) => self.error(&at, format!("`{name}` is not a status code"), hint),
                (None, _) => self.object(kind, value, &at),
            }
        }
    }

    fn unknown(&mut self, kind: Kind, key: &str, place: &Place<'_>) {
        let own = kind.fields().iter().chain(vocabulary::fields(kind)).map(|field| field.name);
        let home = vocabulary::TABLE.iter().find(|(_, fields)| fields.iter().any(|field| field.name == key));
        let hint = match (home, nearest(key, own)) {
            (Some((home, _)), _) => format!("it is a key of {}", home.name()),
            (None, Some(known)) => format!("did you mean `{known}`?"),
            (None, None) if key == "<<" => "merge keys are not read: write the keys in place".to_owned(),
            // `Kind::name` contains the prefix exactly for the kinds that the vocabulary adds.
            (None, None) if key.starts_with(vocabulary::PREFIX) || kind.name().contains(vocabulary::PREFIX) => {
                "docs/overlays.md lists the `x-sdk-…` keys and what they hold".to_owned()
            }
            (None, None) => "OpenAPI 3.0 has no such key here; remove it, for example with an overlay".to_owned(),
        };
        self.error(place, format!("`{key}` is not a key of {}", kind.name()), hint);
    }

    /// Checks the rules that the tables cannot express, such as those about keys that depend on each other.
    fn rules(&mut self, kind: Kind, map: &Map<String, Value>, place: &Place<'_>) {
        let text = |key: &str| map.get(key).and_then(Value::as_str).unwrap_or_default();
        match kind {
            Kind::Parameter | Kind::Header => {
                match (map.contains_key("schema"), map.contains_key("content")) {
                    (false, false) => {
                        self.error(place, format!("{} needs `schema` or `content`", kind.name()), "declare its type");
                    }
                    (true, true) => {
                        self.error(
                            place,
                            format!("{} has both `schema` and `content`", kind.name()),
                            "keep one of them",
                        );
                    }
                    _ => {}
                }
                let styles: &[&str] = match text("in") {
                    "path" => &["simple", "label", "matrix"],
                    "query" => &["form", "spaceDelimited", "pipeDelimited", "deepObject"],
                    "cookie" => &["form"],
                    "header" => &["simple"],
                    _ => return,
                };
                if let Some(style) = map.get("style").and_then(Value::as_str).filter(|style| !styles.contains(style)) {
                    let message = format!("a parameter for the {} has no style `{style}`", text("in"));
                    self.error(&place.key("style"), message, format!("use one of {}", styles.join(", ")));
                }
            }
            Kind::SecurityScheme => {
                let needs: &[&str] = match text("type") {
                    "apiKey" => &["name", "in"],
                    "http" => &["scheme"],
                    "oauth2" => &["flows"],
                    "openIdConnect" => &["openIdConnectUrl"],
                    _ => return,
                };
                for key in needs.iter().filter(|key| !map.contains_key(**key)) {
                    let message = format!("a security scheme of type {} needs `{key}`", text("type"));
                    let error = Error::new("", place.pointer(), message).misses(place.key(key).pointer());
                    self.found.errors.push(error.hint("add it, for example with an overlay"));
                }
            }
            // A value of `mapping` is a reference to a schema or a schema's name; only references that begin with `#` are checked here.
            Kind::Discriminator => {
                for (name, text) in map.get("mapping").and_then(Value::as_object).into_iter().flatten() {
                    if let Some(text) = text.as_str().filter(|text| text.starts_with('#'))
                        && let Err(wrong) = reference::check(self.document, Kind::Schema, text)
                    {
                        let pointer = place.key("mapping").key(name).pointer();
                        self.found.errors.push(wrong.at(pointer));
                    }
                }
            }
            _ => {}
        }
    }

    fn choice(&mut self, choices: &[&'static str], value: &Value, place: &Place<'_>) {
        let Some(text) = self.text(value, place) else { return };
        if !choices.contains(&text) {
            let hint = match nearest(text, choices.iter().copied()) {
                Some(known) => format!("did you mean `{known}`?"),
                None => format!("use one of {}", choices.join(", ")),
            };
            self.error(place, format!("the value `{text}` is not allowed here"), hint);
        }
    }

    fn each(&mut self, value: &Value, place: &Place<'_>, check: impl Fn(&mut Self, &Value, &Place<'_>)) {
        for (index, item) in self.list(value, place).into_iter().flatten().enumerate() {
            check(self, item, &place.index(index));
        }
    }

    fn texts(&mut self, value: &Value, place: &Place<'_>) {
        self.each(value, place, |check, item, at| check.expect(item.is_string(), "text", item, at));
    }

    fn mapping<'v>(&mut self, value: &'v Value, place: &Place<'_>) -> Option<&'v Map<String, Value>> {
        self.expect(value.is_object(), "a mapping", value, place);
        value.as_object()
    }

    fn list<'v>(&mut self, value: &'v Value, place: &Place<'_>) -> Option<&'v Vec<Value>> {
        self.expect(value.is_array(), "a list", value, place);
        value.as_array()
    }

    fn text<'v>(&mut self, value: &'v Value, place: &Place<'_>) -> Option<&'v str> {
        self.expect(value.is_string(), "text", value, place);
        value.as_str()
    }

    fn expect(&mut self, fits: bool, expected: &str, found: &Value, place: &Place<'_>) {
        if !fits {
            let hint = match found {
                Value::Null => "give it a value, or remove it",
                Value::Bool(_) | Value::Number(_) if expected == "text" => "quote it",
                Value::Bool(_) | Value::Number(_) | Value::String(_) if !matches!(expected, "a list" | "a mapping") => {
                    "correct the value; numbers, `true` and `false` have no quotes"
                }
                _ => "check the indentation of the lines before it",
            };
            self.error(place, format!("expected {expected}, found {}", Found(found)), hint);
        }
    }
}

/// Whether the braces in a path come in pairs that are not nested.
fn braces_match(path: &str) -> bool {
    let mut open = false;
    path.chars().all(|c| match c {
        '{' => !std::mem::replace(&mut open, true),
        '}' => std::mem::replace(&mut open, false),
        _ => true,
    }) && !open
}

/// Whether a key of `responses` is a status code, a class of them such as `2XX`, or `default`.
fn is_status(name: &str) -> bool {
    matches!(name.as_bytes(), [b'1'..=b'9', b'0'..=b'9', b'0'..=b'9'] | [b'1'..=b'9', b'X', b'X']) || name == "default"
}

/// A value as error messages show it.
struct Found<'a>(&'a Value);

impl fmt::Display for Found<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::Null => f.write_str("nothing"),
            Value::Bool(value) => write!(f, "{value}"),
            Value::Number(value) => write!(f, "the number {value}"),
            Value::String(_) => f.write_str("text"),
            Value::Array(_) => f.write_str("a list"),
            Value::Object(_) => f.write_str("a mapping"),
        }
    }
}
