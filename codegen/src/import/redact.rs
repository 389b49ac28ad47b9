//! Replaces prose in examples by a short neutral text of the same kind.
//!
//! A string with white space is taken for prose, with exceptions such as dates, numbers, and values of an enum. The replacement is
//! of the same kind, because examples are decoded, sent and shown: HTML must stay HTML, and an id must stay usable in a path.
//! In the path of a link, segments that look like a title, such as `how-to-make-tea`, are replaced.

use std::collections::BTreeSet;

use serde_json::Value;

/// Replaces prose in the values of a document.
#[derive(Clone, Copy)]
pub(super) struct Redaction<'a> {
    /// Where references are looked up.
    pub(super) document: &'a Value,
}

impl<'a> Redaction<'a> {
    /// Returns a value with its prose replaced. JSON types, keys and their order are kept.
    ///
    /// `subject` is the name of the property, parameter or component that holds the value.
    pub(super) fn value(self, value: &Value, schema: Option<&'a Value>, subject: &str) -> Value {
        let mut schemas = Vec::new();
        if let Some(schema) = schema {
            self.expand(schema, &mut schemas);
        }
        self.redact(value, &schemas, subject)
    }

    fn redact(self, value: &Value, schemas: &[&'a Value], subject: &str) -> Value {
        match value {
            Value::String(text) if fixed_by_schema(text, schemas) => value.clone(),
            Value::String(text) if text.contains(char::is_whitespace) => self.text(text, subject).into(),
            Value::String(text) if is_link(text) => without_slugs(text).into(),
            Value::Array(items) => {
                let inside = self.inside(schemas, |schema| schema.get("items"));
                items.iter().map(|item| self.redact(item, &inside, subject)).collect()
            }
            Value::Object(fields) => {
                let field = |(key, value): (&String, &Value)| {
                    let inside = self.inside(schemas, |schema| {
                        schema
                            .get("properties")
                            .and_then(|all| all.get(key))
                            .or_else(|| schema.get("additionalProperties"))
                    });
                    (key.clone(), self.redact(value, &inside, key))
                };
                Value::Object(fields.iter().map(field).collect())
            }
            plain => plain.clone(),
        }
    }

    /// The schemas of a part of a value: those that `part` finds in the schemas of the value.
    fn inside(self, schemas: &[&'a Value], part: impl Fn(&'a Value) -> Option<&'a Value>) -> Vec<&'a Value> {
        let mut inside = Vec::new();
        for schema in schemas.iter().filter_map(|schema| part(schema)) {
            self.expand(schema, &mut inside);
        }
        inside
    }

    /// Collects a schema and the schemas that it refers to or is composed of, each once.
    fn expand(self, schema: &'a Value, into: &mut Vec<&'a Value>) {
        if into.iter().any(|known| std::ptr::eq(*known, schema)) {
            return;
        }
        into.push(schema);
        let pointer = schema.get("$ref").and_then(Value::as_str).and_then(|reference| reference.strip_prefix('#'));
        if let Some(target) = pointer.and_then(|pointer| self.document.pointer(pointer)) {
            self.expand(target, into);
        }
        for composition in ["allOf", "oneOf", "anyOf"] {
            for part in schema.get(composition).and_then(Value::as_array).into_iter().flatten() {
                self.expand(part, into);
            }
        }
    }

    /// What replaces a string with white space: neutral text, or the string itself if it is data. Applied to its own result, it returns
    /// the same text.
    fn text(self, text: &str, subject: &str) -> String {
        let first = text.split_whitespace().next().unwrap_or_default();
        if is_data(text) {
            text.to_owned()
        } else if let Ok(json @ (Value::Object(_) | Value::Array(_))) = serde_json::from_str::<Value>(text) {
            let redacted = self.redact(&json, &[], subject);
            if redacted == json { text.to_owned() } else { redacted.to_string() }
        } else if is_link(first) {
            without_slugs(first)
        } else if (subject == "id" || subject.ends_with("_id")) && first.contains(|c: char| c.is_ascii_digit()) {
            first.to_owned()
        } else if is_html(text) {
            "<p>Example text</p>".to_owned()
        } else if text.starts_with('#') || text.contains("\n#") || subject.ends_with("markdown") {
            "# Example text\n".to_owned()
        } else if subject == "name" || subject.ends_with("_name") {
            "Example Name".to_owned()
        } else {
            "Example text".to_owned()
        }
    }
}

/// Whether a schema restricts the string: by an enum that contains it, a pattern, or a format that it matches.
fn fixed_by_schema(text: &str, schemas: &[&Value]) -> bool {
    schemas.iter().any(|schema| {
        let named = |key: &str| schema.get(key).and_then(Value::as_array).is_some_and(|all| all.contains(&text.into()));
        let fits = match schema.get("format").and_then(Value::as_str) {
            Some("byte") => text.chars().all(|c| c.is_ascii_alphanumeric() || c.is_whitespace() || "+/=".contains(c)),
            Some("date" | "date-time" | "time") => is_data(text),
            _ => false,
        };
        named("enum") || schema.get("pattern").is_some() || fits
    })
}

fn is_link(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
}

/// Replaces segments of a link that look like a title, with more than three words: `/how-to-make-tea` becomes `/example`.
fn without_slugs(link: &str) -> String {
    let is_slug = |part: &str| {
        let mut words = part.split('-');
        words.clone().count() > 3 && words.all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphabetic()))
    };
    link.split('/').map(|part| if is_slug(part) { "example" } else { part }).collect::<Vec<_>>().join("/")
}

/// Whether a text is data and not prose: each word has a digit or no letter, or is part of a date or a time.
fn is_data(text: &str) -> bool {
    const CALENDAR: [&str; 23] = [
        "UTC", "GMT", "AM", "PM", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
        "mon", "tue", "wed", "thu", "fri", "sat", "sun",
    ];
    let is_data_word = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        word.is_empty()
            || word.contains(|c: char| c.is_ascii_digit())
            || CALENDAR.iter().any(|known| known.eq_ignore_ascii_case(word))
    };
    text.split_whitespace().all(is_data_word)
}

/// Whether the text seems to contain an HTML tag.
fn is_html(text: &str) -> bool {
    text.split('<').skip(1).any(|rest| {
        let name = rest.strip_prefix('/').unwrap_or(rest);
        name.starts_with(|c: char| c.is_ascii_alphabetic()) && rest.contains('>')
    })
}

/// How many words of a title or name are kept.
const WORDS: usize = 6;

/// A title without what follows its sixth word.
pub(super) fn short_title(title: &str) -> String {
    shorten(title, char::is_whitespace)
}

/// Shortens the names of examples to six words, and adds a number to a shortened name that another example has.
///
/// Underscores and hyphens separate words as spaces do: a request and its response may have the same example under names with
/// different separators, such as `no_body` and `No body`, and both names are then shortened at the same word.
pub(super) fn short_names<'a>(names: impl Iterator<Item = &'a String> + Clone) -> Vec<String> {
    let short = |name: &str| shorten(name, |c| c.is_whitespace() || c == '_' || c == '-');
    let mut taken: BTreeSet<String> = names.clone().filter(|name| short(name) == **name).cloned().collect();
    let unique = |name: &String| {
        let short = short(name);
        let mut candidate = short.clone();
        let mut number = 2;
        while short != *name && !taken.insert(candidate.clone()) {
            candidate = format!("{short} {number}");
            number += 1;
        }
        candidate
    };
    names.map(unique).collect()
}

/// A text without what follows its first [`WORDS`] words.
fn shorten(text: &str, separates: impl Fn(char) -> bool) -> String {
    let mut words = 0;
    let mut in_word = false;
    for (index, c) in text.char_indices() {
        if separates(c) {
            in_word = false;
        } else if !in_word {
            in_word = true;
            words += 1;
            if words > WORDS {
                return text[..index].trim_end_matches(|c: char| !c.is_alphanumeric()).to_owned();
            }
        }
    }
    text.to_owned()
}
