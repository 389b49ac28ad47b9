//! Builds an example of a command from the description's examples, which can be pasted into a shell.

use intercom_catalog::check::{Rules, check};
use intercom_catalog::{Catalog, Operation, Shape, example as catalog_example};
use serde_json::Value;

use super::operation::{Target, flags};
use super::{group_word, word};
use crate::arguments::parse;
use crate::search;
use crate::shorthand;

/// A command line that calls the operation; `None` where the description shows too little.
pub fn example(catalog: &Catalog, operation: &Operation) -> Option<String> {
    let mut line = format!("intercom {} {}", group_word(&operation.group), word(&operation.method));
    let flags = flags(catalog, operation);
    for flag in &flags {
        let Target::Parameter(parameter) = flag.target else { continue };
        if !parameter.required {
            continue;
        }
        let shown = parameter.example.as_ref().or(parameter.schema.example.as_ref());
        let value = shown.map_or_else(|| "123".to_owned(), text);
        if flag.is_positional() {
            line.push_str(&format!(" {}", quoted(&value)));
        } else {
            line.push_str(&format!(" --{} {}", flag.name, quoted(&value)));
        }
    }
    if let Some(shorthand) = shorthand::of(operation) {
        for flag in flags.iter().filter(|flag| matches!(flag.target, Target::Nested(..))) {
            let value = catalog_example::request(catalog, flag.schema());
            line.push_str(&format!(" --{} {}", flag.name, quoted(&text(&value))));
        }
        for property in shorthand::also_needed(catalog, shorthand) {
            let flag =
                flags.iter().find(|flag| matches!(flag.target, Target::Property(it) if it.name == property.name));
            let value = catalog_example::request(catalog, &property.schema);
            line.push_str(&format!(" --{} {}", flag?.name, quoted(&text(&value))));
        }
        return Some(line);
    }
    let Some(body) = &operation.body else { return Some(line) };
    if body.schema.is_none() {
        for part in body.parts.iter().filter(|part| part.schema.shape == Shape::File) {
            line.push_str(&format!(" --{} FILE", word(&part.name)));
        }
        return Some(line);
    }
    let Some(shown) = body.examples.first().map(|example| &*example.value) else {
        return (!body.required && operation.search.is_empty()).then_some(line);
    };
    if !operation.search.is_empty() {
        let query = search::text(shown.get("query")?)?;
        return Some(format!("{line} {}", quoted(&query)));
    }
    let whole = format!("{line} --body {}", quoted(&shown.to_string()));
    let schema = body.schema.as_ref()?;
    if !check(catalog, schema, shown, Rules::STRICT_REQUEST).is_empty() {
        // Some examples of the description have fields or values that its schema does not have.
        return Some(format!("{whole} --no-check"));
    }
    let Value::Object(fields) = shown else { return Some(whole) };
    let mut by_flags = String::new();
    for (name, value) in fields {
        let flag = flags.iter().find(|flag| matches!(flag.target, Target::Property(it) if it.name == *name));
        let simple = !matches!(value, Value::Null | Value::Array(_) | Value::Object(_));
        let Some(flag) = flag.filter(|_| simple) else { return Some(whole) };
        let written = text(value);
        let read = flag.schemas().find_map(|schema| parse(catalog, schema, &[&written]).ok());
        if read.is_none() {
            return Some(whole);
        }
        match value {
            Value::Bool(flagged) if flag.schema().shape == Shape::Boolean => {
                by_flags.push_str(&format!(" --{}={flagged}", flag.name));
            }
            _ => by_flags.push_str(&format!(" --{} {}", flag.name, quoted(&written))),
        }
    }
    Some(line + &by_flags)
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The text as one word of a POSIX shell.
pub fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@%+,".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}
