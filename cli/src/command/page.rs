//! The text of help pages: converts Markdown of the catalog to plain text.

use intercom_catalog::{Catalog, Definition, Operation, Schema, Shape};

use super::word;
use crate::shorthand;

/// Markdown as plain text: headings without marks, links by their text.
pub fn plain(markdown: &str) -> String {
    let mut text = String::new();
    let mut rest = markdown;
    while let Some(start) = rest.find('[') {
        let (before, from) = rest.split_at(start);
        text.push_str(before);
        let Some((label, after)) = from[1..].split_once("](") else {
            text.push('[');
            rest = &from[1..];
            continue;
        };
        match after.split_once(')') {
            Some((_, after)) if !label.contains('[') => {
                text.push_str(label);
                rest = after;
            }
            _ => {
                text.push('[');
                rest = &from[1..];
            }
        }
    }
    text.push_str(rest);
    let lines = text.lines().map(|line| match line.strip_prefix("# ") {
        Some(heading) => format!("{heading}:"),
        None => line.trim_start_matches('#').to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Replaces spaces, so that clap does not wrap an example that is to be pasted. [`restore_spaces`] restores them.
pub fn protect_spaces(text: &str) -> String {
    text.replace(' ', "\u{a0}")
}

/// Restores what [`protect_spaces`] has replaced, in rendered help.
pub fn restore_spaces(text: &str) -> String {
    text.replace('\u{a0}', " ")
}

/// The text above the arguments in the help of an operation.
pub fn about(operation: &Operation) -> String {
    let mut text = operation.summary.clone().unwrap_or_else(|| operation.id.clone());
    if operation.deprecated {
        text.push_str("\n\nDeprecated by Intercom.");
    }
    if let Some(description) = &operation.description {
        text.push_str("\n\n");
        text.push_str(description);
    }
    let shorter: Vec<String> = operation.shorthands.iter().map(|it| format!("`{}`", word(&it.method))).collect();
    if !shorter.is_empty() && shorthand::of(operation).is_none() {
        text.push_str(&format!("\n\nShorter commands for its usual purposes: {}.", shorter.join(", ")));
    }
    plain(&text)
}

/// The type of a value in a few words: `text`, `integer`, `user | lead`.
pub fn kind(catalog: &Catalog, schema: &Schema) -> String {
    match &schema.shape {
        _ if !schema.values.is_empty() => {
            let values = schema.values.iter().map(|value| match value {
                serde_json::Value::String(text) => text.clone(),
                other => other.to_string(),
            });
            values.collect::<Vec<_>>().join(" | ")
        }
        Shape::String => schema.format.clone().unwrap_or_else(|| "text".to_owned()),
        Shape::Boolean => "true | false".to_owned(),
        Shape::Integer => "integer".to_owned(),
        Shape::Number => "number".to_owned(),
        Shape::Id => "id".to_owned(),
        Shape::Timestamp => "time".to_owned(),
        Shape::Any => "any value".to_owned(),
        Shape::Object | Shape::Map(_) => "key=value".to_owned(),
        Shape::File => "file".to_owned(),
        Shape::List(item) => kind(catalog, item),
        Shape::Nullable(inner) => kind(catalog, inner),
        Shape::Type(name) => match catalog.type_named(name).map(|ty| &ty.definition) {
            Some(Definition::Enum(values)) => {
                values.iter().map(|value| value.value.as_str()).collect::<Vec<_>>().join(" | ")
            }
            Some(Definition::Object { .. }) => "key=value".to_owned(),
            Some(Definition::Alias(schema)) => kind(catalog, schema),
            Some(Definition::Union { .. }) | None => "json".to_owned(),
        },
    }
}

/// The placeholder of a value in a usage line.
pub fn value_name(catalog: &Catalog, schema: &Schema) -> &'static str {
    match &schema.shape {
        Shape::String | Shape::Any => "TEXT",
        Shape::Boolean => "BOOL",
        Shape::Integer | Shape::Number => "NUMBER",
        Shape::Id => "ID",
        Shape::Timestamp => "TIME",
        Shape::Object | Shape::Map(_) => "KEY=VALUE",
        Shape::File => "FILE",
        Shape::List(inner) | Shape::Nullable(inner) => value_name(catalog, inner),
        Shape::Type(name) => match catalog.type_named(name).map(|ty| &ty.definition) {
            Some(Definition::Enum(_)) => "VALUE",
            Some(Definition::Object { .. }) => "KEY=VALUE",
            Some(Definition::Alias(schema)) => value_name(catalog, schema),
            Some(Definition::Union { .. }) | None => "JSON",
        },
    }
}
