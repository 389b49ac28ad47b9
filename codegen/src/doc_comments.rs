//! Writes doc comments from the keywords of schemas and from the prose of the description, which [`markdown::for_rustdoc`] changes so that
//! rustdoc accepts it.

use serde_json::{Number, Value};

use crate::ir::{Doc, Field, Group, Limits, Operation, Param, SchemaMetadata, TypeDef, Variant};
use crate::markdown;
use crate::plural::counted;

/// The longest example or default value that a doc comment shows, in bytes.
const LONGEST_VALUE: usize = 80;

/// Writes the doc of a type; `opening` says what it is.
pub(crate) fn of_type(opening: &str, def: &TypeDef) -> String {
    let title =
        def.metadata.title.as_deref().map(|title| format!("Title: \u{201c}{}\u{201d}.", markdown::for_rustdoc(title)));
    render(opening, &def.doc, &Vec::from_iter(title))
}

/// Writes the doc of a field. If the description documents the field, the opening, which only repeats the name, is left out, or replaced
/// by "May be null." if the field is nullable.
pub(crate) fn of_field(opening: &str, field: &Field) -> String {
    of_field_with(opening, field, None)
}

/// Writes the doc of a field; `more` follows the other details.
fn of_field_with(opening: &str, field: &Field, more: Option<String>) -> String {
    let opening = match (is_described(&field.doc), field.nullable) {
        (false, _) => opening,
        (true, true) => "May be null.",
        (true, false) => "",
    };
    let mut details = sentences(&field.metadata);
    // A detail is left out if the description begins with its sentence, also if the sentence goes on there after a comma or a semicolon.
    let description = field.doc.description.as_deref().unwrap_or_default().trim();
    let says = |detail: &str| {
        let rest = description.strip_prefix(detail.trim_end_matches('.'));
        rest.is_some_and(|rest| ["", "."].contains(&rest) || [", ", ". ", "; "].iter().any(|end| rest.starts_with(end)))
    };
    details.retain(|detail| !says(detail));
    details.extend(more);
    render(opening, &field.doc, &details)
}

/// Writes the doc of a field that is pinned as always present; `missing` is its value where a response lacks it.
pub(crate) fn of_pinned_field(opening: &str, field: &Field, missing: &str) -> String {
    of_field_with(
        opening,
        field,
        Some(format!(
            "Expected in every response. If it is missing, the value is {missing} and a mismatch is recorded."
        )),
    )
}

/// Writes the doc of a value of an enum: its text, and its meaning where it is documented.
pub(crate) fn of_variant(variant: &Variant) -> String {
    let text = format!("`{}`", variant.wire.0.replace('`', "'"));
    indented(&match &variant.doc {
        Some(doc) => format!("{text}: {}", markdown::for_rustdoc(doc)),
        None => text,
    })
}

/// Writes the doc of a group: the opening, and the purpose of the group where it is documented.
pub(crate) fn of_group(opening: &str, group: &Group) -> String {
    match &group.doc {
        Some(doc) => indented(&format!("{opening}\n\n{}", markdown::for_rustdoc(doc))),
        None => indented(opening),
    }
}

/// Writes the doc of a parameter. If the description documents the parameter, the opening is left out.
pub(crate) fn of_param(opening: &str, param: &Param) -> String {
    let given = param.examples.iter().find(|example| example.name.is_none()).map(|example| &example.value);
    let mut details = Vec::from_iter(default(&param.metadata));
    details.extend(given.or(param.metadata.example.as_ref()).and_then(example));
    render(if is_described(&param.doc) { "" } else { opening }, &param.doc, &details)
}

fn is_described(doc: &Doc) -> bool {
    doc.summary.iter().chain(&doc.description).any(|text| !text.trim().is_empty())
}

/// Writes the doc of the method of an operation or shorthand: the sentences `details` follow the opening, and the sections `sections`
/// (the arguments, an example) follow the text of the description.
pub(crate) fn of_method(opening: &str, doc: &Doc, details: &[String], sections: &str) -> String {
    let text = render(opening, doc, details);
    if sections.is_empty() { text } else { format!("{text}\n\n{}", indented(sections)) }
}

/// Writes the documentation of an argument as a list item: its first paragraph. `None` if there is none, or if it has a block of code.
pub(crate) fn of_argument(name: &str, doc: &Doc) -> Option<String> {
    let text = doc.summary.as_ref().or(doc.description.as_ref()).map(|text| markdown::for_rustdoc(text))?;
    let first = text.split("\n\n").next().unwrap_or_default().replace('\n', " ");
    let is_line = !first.trim().is_empty() && !first.contains("```");
    is_line.then(|| format!("- `{name}`: {}", first.trim()))
}

/// What a schema says beyond the Rust type: a sentence for each keyword that doc comments show.
fn sentences(metadata: &SchemaMetadata) -> Vec<String> {
    let mut all = Vec::new();
    all.extend(match (metadata.json_type.as_deref(), metadata.format.as_deref()) {
        (Some("integer"), Some("date-time" | "timestamp")) => Some("Unix seconds.".to_owned()),
        (Some("string"), Some("uri")) => Some("A URL.".to_owned()),
        (Some("string"), Some("uuid")) => Some("A UUID.".to_owned()),
        (Some("string"), Some("email")) => Some("An email address.".to_owned()),
        (Some("string"), Some("date")) => Some("A date, `YYYY-MM-DD`.".to_owned()),
        (Some("string"), Some("byte")) => Some("Base64 text.".to_owned()),
        _ => None,
    });
    match &metadata.values[..] {
        [] => {}
        [only] => all.push(format!("Always `{}`.", code(only))),
        // Strings are the variants of an enum, which has its own docs.
        values if values.iter().all(Value::is_string) => {}
        values => {
            let values: Vec<String> = values.iter().map(|value| format!("`{}`", code(value))).collect();
            all.push(format!("One of {}.", values.join(", ")));
        }
    }
    limits(&metadata.limits, &mut all);
    all.extend(default(metadata));
    // An example that repeats the only value adds nothing.
    if metadata.values.len() != 1 {
        all.extend(metadata.example.as_ref().and_then(example));
    }
    if metadata.read_only {
        all.push("Read only.".to_owned());
    }
    all
}

fn limits(limits: &Limits, all: &mut Vec<String>) {
    // `1.0` is shown as `1`.
    let number = |number: &Number| {
        number.as_f64().filter(|_| number.is_f64()).map_or_else(|| number.to_string(), |number| number.to_string())
    };
    all.extend(limits.min_length.map(|count| format!("At least {}.", counted(count as usize, "character"))));
    all.extend(limits.max_length.map(|count| format!("At most {}.", counted(count as usize, "character"))));
    let least = if limits.exclusive_minimum { "More than" } else { "At least" };
    let most = if limits.exclusive_maximum { "Less than" } else { "At most" };
    all.extend(limits.minimum.as_ref().map(|limit| format!("{least} {}.", number(limit))));
    all.extend(limits.maximum.as_ref().map(|limit| format!("{most} {}.", number(limit))));
    all.extend(limits.min_items.map(|count| format!("At least {}.", counted(count as usize, "item"))));
    all.extend(limits.max_items.map(|count| format!("At most {}.", counted(count as usize, "item"))));
}

fn default(metadata: &SchemaMetadata) -> Option<String> {
    metadata.default.as_ref().and_then(short).map(|default| format!("Default: `{default}`."))
}

fn example(value: &Value) -> Option<String> {
    short(value).map(|example| format!("Example: `{example}`."))
}

/// A doc comment: the summary, the opening sentence with the details, and the description, as far as they exist.
fn render(opening: &str, doc: &Doc, details: &[String]) -> String {
    let mut text = String::new();
    // Without a summary, the whole description comes first.
    let (first, last) = match (&doc.summary, &doc.description) {
        (Some(summary), description) => (Some(summary), description.as_ref()),
        (None, description) => (description.as_ref(), None),
    };
    let prose = |text: Option<&String>| text.map(|text| markdown::for_rustdoc(text)).filter(|text| !text.is_empty());
    if let Some(first) = prose(first) {
        text.push_str(&first);
        text.push_str("\n\n");
    }
    text.push_str(opening);
    for detail in details {
        // A detail that begins with line breaks is a paragraph of its own.
        text.push_str(if detail.starts_with('\n') || text.is_empty() || text.ends_with('\n') { "" } else { " " });
        text.push_str(detail);
    }
    if let Some(last) = prose(last) {
        text.push_str("\n\n");
        text.push_str(&last);
    }
    indented(&text)
}

/// Starts each line with a space, as in hand-written doc comments.
fn indented(text: &str) -> String {
    let lines: Vec<String> = text
        .lines()
        .map(str::trim_end)
        .map(|line| if line.is_empty() { String::new() } else { format!(" {line}") })
        .collect();
    lines.join("\n").trim_end().to_owned()
}

/// The address of an operation's page in the public reference: the tag in kebab case, then the operation id in lower case.
/// `None` for Preview, whose addresses change, and for operations without a tag or an id, which have no page.
pub(crate) fn reference_url(version: &str, operation: &Operation) -> Option<String> {
    let released = version.starts_with(|c: char| c.is_ascii_digit());
    let tag = operation.tag.as_ref().filter(|_| released && !operation.operation_id.is_empty())?;
    let tag = heck::ToKebabCase::to_kebab_case(tag.as_str());
    Some(format!(
        "https://developers.intercom.com/docs/references/{version}/rest-api/api.intercom.io/{tag}/{}",
        operation.operation_id.to_lowercase()
    ))
}

/// The text of a scalar; `None` for other values, and if the text is empty or too long to show.
fn short(value: &Value) -> Option<String> {
    let text = code(value);
    (!matches!(value, Value::Null | Value::Array(_) | Value::Object(_))
        && !text.is_empty()
        && text.len() <= LONGEST_VALUE)
        .then_some(text)
}

/// The text of a value, with spaces instead of backticks and line breaks, so that it fits into an inline code span.
fn code(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    text.replace(['`', '\n', '\r'], " ").trim().to_owned()
}
