//! Doc comments: from facts of the description, from prose where there is any, always as valid rustdoc.

use openapiv3::{Operation, ParameterData, ParameterSchemaOrContent, ReferenceOr};
use serde_json::Value;

use crate::ir::Doc;
use crate::spec::View;

/// The longest example that a doc comment shows.
const LONGEST_EXAMPLE: usize = 80;

/// The doc of a type.
pub(crate) fn schema(view: &View<'_>) -> Doc {
    let mut facts = Vec::new();
    facts.extend(view.data.title.as_deref().map(|title| format!("Titled \u{201c}{}\u{201d}.", plain(title))));
    Doc { prose: view.data.description.clone(), facts }
}

/// The doc of a property: what it holds beyond what its Rust type says.
pub(crate) fn property(view: &View<'_>) -> Doc {
    let mut facts = Vec::new();
    if let ("integer" | "string", Some(format)) = (view.ty.unwrap_or_default(), view.format.as_deref()) {
        match (view.ty, format) {
            (Some("integer"), "date-time" | "timestamp") => facts.push("Unix seconds.".to_owned()),
            (_, "uri") => facts.push("A URL.".to_owned()),
            (_, "uuid") => facts.push("A UUID.".to_owned()),
            (_, "email") => facts.push("An email address.".to_owned()),
            (_, "date") => facts.push("A date, `YYYY-MM-DD`.".to_owned()),
            (_, "byte") => facts.push("Base64 text.".to_owned()),
            _ => {}
        }
    }
    if let [only] = &view.values[..] {
        facts.push(format!("Always `{}`.", code(only)));
    }
    for (name, value) in &view.limits {
        facts.push(match *name {
            "minLength" => format!("At least {value} characters."),
            "maxLength" => format!("At most {value} characters."),
            "minimum" => format!("At least {value}."),
            "maximum" => format!("At most {value}."),
            "minItems" => format!("At least {value} items."),
            _ => format!("At most {value} items."),
        });
    }
    if let Some(default) = view.data.default.as_ref().filter(|default| !default.is_null()).and_then(short) {
        facts.push(format!("Default: `{default}`."));
    }
    // An example that repeats the only value says nothing.
    if view.values.len() != 1 {
        facts.extend(view.data.example.as_ref().and_then(short).map(|example| format!("Example: `{example}`.")));
    }
    if view.data.read_only {
        facts.push("Read only.".to_owned());
    }
    Doc { prose: view.data.description.clone(), facts }
}

/// The doc of an operation.
pub(crate) fn operation(source: &Operation) -> Doc {
    let prose = match (&source.summary, &source.description) {
        (Some(summary), Some(description)) => Some(format!("{summary}\n\n{description}")),
        (summary, description) => summary.clone().or_else(|| description.clone()),
    };
    Doc { prose, facts: Vec::new() }
}

/// The doc of a parameter.
pub(crate) fn parameter(data: &ParameterData) -> Doc {
    let mut facts = Vec::new();
    let schema = match &data.format {
        ParameterSchemaOrContent::Schema(ReferenceOr::Item(schema)) => Some(schema),
        _ => None,
    };
    let example = data.example.as_ref().or_else(|| schema?.schema_data.example.as_ref());
    if let Some(default) = schema.and_then(|schema| schema.schema_data.default.as_ref()).and_then(short) {
        facts.push(format!("Default: `{default}`."));
    }
    facts.extend(example.and_then(short).map(|example| format!("Example: `{example}`.")));
    Doc { prose: data.description.clone(), facts }
}

/// A doc comment: the opening sentence, the prose if there is any, the facts.
pub(crate) fn render(opening: &str, doc: &Doc) -> String {
    let mut text = String::new();
    match &doc.prose {
        Some(prose) => {
            text.push_str(&escape_prose(prose));
            text.push_str("\n\n");
            text.push_str(opening);
        }
        None => text.push_str(opening),
    }
    for fact in &doc.facts {
        text.push_str(if fact.starts_with('\n') { "" } else { " " });
        text.push_str(fact);
    }
    // A space in front, as people write them.
    let lines: Vec<String> = text
        .lines()
        .map(str::trim_end)
        .map(|line| if line.is_empty() { String::new() } else { format!(" {line}") })
        .collect();
    lines.join("\n").trim_end().to_owned()
}

/// How many words in a row a search for sentences takes for one.
const RUN: usize = 8;

/// Whether a path has so many words that a search for sentences, which sees words only, takes it for one.
pub(crate) fn runs_on(path: &str) -> bool {
    path.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty()).count() >= RUN
}

/// A path as doc comments show it: one that runs on without the names of its parameters, which are the method's anyway.
pub(crate) fn path(path: &str) -> String {
    if !runs_on(path) {
        return path.to_owned();
    }
    let named = path.split('{').map(|part| part.split_once('}').map_or(part, |(_, rest)| rest));
    named.collect::<Vec<_>>().join("{…}")
}

/// The reference page: the tag in kebab case, the operation id in lower case.
pub(crate) fn reference_url(version: &str, tag: &str, operation_id: &str) -> String {
    let tag = heck::ToKebabCase::to_kebab_case(tag);
    format!(
        "https://developers.intercom.com/docs/references/{version}/rest-api/api.intercom.io/{tag}/{}",
        operation_id.to_lowercase()
    )
}

/// Prose is Markdown of unknown care: HTML would be refused by rustdoc, and brackets would look for items.
fn escape_prose(prose: &str) -> String {
    let mut text = String::new();
    let mut fenced = false;
    for line in prose.trim().lines() {
        if line.trim_start().starts_with("```") {
            // Code of other languages must not become doc tests.
            fenced = !fenced;
            text.push_str(if fenced { "```text\n" } else { "```\n" });
            continue;
        }
        if fenced {
            text.push_str(line);
        } else {
            // Four spaces would make a code block, which rustdoc would compile.
            text.push_str(&escape_line(line.trim()));
        }
        text.push('\n');
    }
    if fenced {
        text.push_str("```\n");
    }
    text.trim_end().to_owned()
}

fn escape_line(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    for c in line.chars() {
        if matches!(c, '<' | '>' | '[' | ']' | '`' | '*' | '_' | '|' | '#') {
            text.push('\\');
        }
        text.push(c);
    }
    text.replace("://", ":\u{200b}//")
}

/// A scalar, short enough to show.
fn short(value: &Value) -> Option<String> {
    let text = code(value);
    (!matches!(value, Value::Null | Value::Array(_) | Value::Object(_))
        && !text.is_empty()
        && text.len() <= LONGEST_EXAMPLE)
        .then_some(text)
}

/// Text that is safe between backticks.
fn code(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    text.replace(['`', '\n', '\r'], " ").trim().to_owned()
}

fn plain(text: &str) -> String {
    escape_line(text.trim()).replace('\n', " ")
}
