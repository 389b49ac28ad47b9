//! Counts the elements of a description: operations, parameters, schemas, enum values, examples and so on.
//!
//! It shares no code with the grammar tables or the walk, so that it detects their mistakes.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

/// How many elements of each kind a description has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts(BTreeMap<&'static str, usize>);

impl Counts {
    /// The count of a kind such as `paths`, `enum values` or `examples of success`; 0 if there are none.
    pub fn get(&self, kind: &str) -> usize {
        self.0.get(kind).copied().unwrap_or_default()
    }

    /// The kinds that occur, in the order of their names, with their counts.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, usize)> + '_ {
        self.0.iter().map(|(kind, count)| (*kind, *count))
    }

    /// The kinds whose counts differ, with both counts; `None` where all are equal.
    pub fn difference(&self, after: &Self) -> Option<String> {
        let mut kinds: Vec<_> = self.0.keys().chain(after.0.keys()).copied().collect();
        kinds.sort_unstable();
        kinds.dedup();
        let differing: Vec<_> = kinds
            .into_iter()
            .filter(|kind| self.get(kind) != after.get(kind))
            .map(|kind| format!("{kind} {} → {}", self.get(kind), after.get(kind)))
            .collect();
        (!differing.is_empty()).then(|| differing.join(", "))
    }

    fn add(&mut self, kind: &'static str, count: usize) {
        if count > 0 {
            *self.0.entry(kind).or_default() += count;
        }
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (kind, count)) in self.iter().enumerate() {
            write!(f, "{}{kind} {count}", if index == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}

/// Counts the elements of a document. An extension in `paths` counts as a path, and one among the responses of an operation as a response,
/// because they may contain elements. The import drops it, so the counts before and after differ, and the import fails.
pub(super) fn count(document: &Value) -> Counts {
    let mut counts = Counts::default();
    for (_, item) in entries(document, "paths") {
        counts.add("paths", 1);
        parameters(&mut counts, item);
        for (method, operation) in item.as_object().into_iter().flatten() {
            if matches!(method.as_str(), "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace") {
                count_operation(&mut counts, operation);
            }
        }
    }
    let components = document.get("components").unwrap_or(&Value::Null);
    for (_, value) in entries(components, "schemas") {
        schema(&mut counts, value);
    }
    for (_, value) in entries(components, "responses") {
        response(&mut counts, value, "components");
    }
    for (_, value) in entries(components, "parameters") {
        parameter(&mut counts, value);
    }
    for (_, value) in entries(components, "requestBodies") {
        content(&mut counts, value, "examples of requests");
    }
    counts.add("security schemes", entries(components, "securitySchemes").count());
    counts.add("servers", items(document, "servers").count());
    counts.add("tags", items(document, "tags").count());
    counts
}

fn count_operation(counts: &mut Counts, operation: &Value) {
    counts.add("operations", 1);
    counts.add("operation ids", usize::from(operation.get("operationId").is_some()));
    parameters(counts, operation);
    if let Some(body) = operation.get("requestBody") {
        counts.add("request bodies", 1);
        content(counts, body, "examples of requests");
    }
    for (status, value) in entries(operation, "responses") {
        response(counts, value, status);
    }
}

fn parameters(counts: &mut Counts, owner: &Value) {
    for value in items(owner, "parameters") {
        parameter(counts, value);
    }
}

fn parameter(counts: &mut Counts, value: &Value) {
    counts.add("parameters", 1);
    counts.add("required parameters", usize::from(value.get("required") == Some(&Value::Bool(true))));
    counts.add("examples of parameters", examples(value));
    if let Some(value) = value.get("schema") {
        schema(counts, value);
    }
    content(counts, value, "examples of parameters");
}

fn response(counts: &mut Counts, value: &Value, status: &str) {
    counts.add("responses", 1);
    content(counts, value, "examples of responses");
    // The conformance tests decode the examples of success. A response in `components` counts as an error, since most of them are.
    let kind = if status.starts_with('2') { "examples of success" } else { "examples of errors" };
    counts.add(kind, value.pointer("/content/application~1json").map_or(0, examples));
    for (_, header) in entries(value, "headers") {
        counts.add("headers", 1);
        if let Some(value) = header.get("schema") {
            schema(counts, value);
        }
    }
}

fn content(counts: &mut Counts, owner: &Value, kind: &'static str) {
    for (_, media) in entries(owner, "content") {
        counts.add("media types", 1);
        counts.add(kind, examples(media));
        if let Some(value) = media.get("schema") {
            schema(counts, value);
        }
    }
}

fn examples(owner: &Value) -> usize {
    usize::from(owner.get("example").is_some()) + entries(owner, "examples").count()
}

fn schema(counts: &mut Counts, value: &Value) {
    counts.add("schemas", 1);
    for (kind, key) in [
        ("types", "type"),
        ("formats", "format"),
        ("titles", "title"),
        ("references", "$ref"),
        ("defaults", "default"),
        ("discriminators", "discriminator"),
        ("examples of schemas", "example"),
    ] {
        counts.add(kind, usize::from(value.get(key).is_some()));
    }
    for (kind, key) in [("nullable", "nullable"), ("deprecated", "deprecated"), ("read only", "readOnly")] {
        counts.add(kind, usize::from(value.get(key) == Some(&Value::Bool(true))));
    }
    for key in [
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "minLength",
        "maxLength",
        "pattern",
        "minItems",
        "maxItems",
        "uniqueItems",
        "minProperties",
        "maxProperties",
    ] {
        counts.add("limits", usize::from(value.get(key).is_some()));
    }
    counts.add("enum values", items(value, "enum").count());
    counts.add("required entries", items(value, "required").count());
    for (_, property) in entries(value, "properties") {
        counts.add("properties", 1);
        schema(counts, property);
    }
    for part in ["allOf", "oneOf", "anyOf"].into_iter().flat_map(|key| items(value, key)) {
        schema(counts, part);
    }
    for part in ["items", "not", "additionalProperties"].into_iter().filter_map(|key| value.get(key)) {
        if part.is_object() {
            schema(counts, part);
        }
    }
}

fn entries<'a>(owner: &'a Value, key: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    owner.get(key).and_then(Value::as_object).into_iter().flatten()
}

fn items<'a>(owner: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    owner.get(key).and_then(Value::as_array).into_iter().flatten()
}
