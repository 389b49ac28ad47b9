//! Compares examples of bodies and of the schemas in `components` with their schemas. All problems of one kind
//! in one example are one finding.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::value::check;
use super::{Defect, Finding};
use crate::diag::join;
use crate::openapi::{each_operation, resolve};

/// How many paths a finding lists; the others are only counted.
const SHOWN: usize = 6;

pub(super) fn find(document: &Value, findings: &mut BTreeSet<Finding>) {
    for (path, _, method, operation) in each_operation(document) {
        let pointer = join(&join("/paths", path), method);
        if let Some(body) = operation.get("requestBody").and_then(|body| resolve(document, body)) {
            body_examples(document, body, &join(&pointer, "requestBody"), findings);
        }
        for (status, response) in operation.get("responses").and_then(Value::as_object).into_iter().flatten() {
            if let Some(response) = resolve(document, response) {
                body_examples(document, response, &join(&join(&pointer, "responses"), status), findings);
            }
        }
    }
    let schemas = document.pointer("/components/schemas").and_then(Value::as_object);
    for (key, schema) in schemas.into_iter().flatten() {
        schema_examples(document, schema, &join("/components/schemas", key), findings);
    }
}

/// Checks the examples of a body, for each of its media types.
fn body_examples(document: &Value, body: &Value, pointer: &str, findings: &mut BTreeSet<Finding>) {
    for (media_type, content) in body.get("content").and_then(Value::as_object).into_iter().flatten() {
        let Some(schema) = content.get("schema") else { continue };
        let pointer = join(&join(pointer, "content"), media_type);
        if let Some(example) = content.get("example") {
            check_example(document, schema, example, &join(&pointer, "example"), findings);
        }
        for (name, example) in content.get("examples").and_then(Value::as_object).into_iter().flatten() {
            let value = resolve(document, example).and_then(|example| example.get("value"));
            if let Some(value) = value {
                check_example(document, schema, value, &join(&join(&pointer, "examples"), name), findings);
            }
        }
    }
}

/// Checks the examples of a schema and of the schemas inside it.
fn schema_examples(document: &Value, schema: &Value, pointer: &str, findings: &mut BTreeSet<Finding>) {
    if let Some(example) = schema.get("example") {
        check_example(document, schema, example, &join(pointer, "example"), findings);
    }
    for (key, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        schema_examples(document, property, &join(&join(pointer, "properties"), key), findings);
    }
    for keyword in ["items", "additionalProperties"] {
        if let Some(inner) = schema.get(keyword).filter(|inner| inner.is_object()) {
            schema_examples(document, inner, &join(pointer, keyword), findings);
        }
    }
    for keyword in ["allOf", "oneOf", "anyOf"] {
        for (index, part) in schema.get(keyword).and_then(Value::as_array).into_iter().flatten().enumerate() {
            schema_examples(document, part, &join(&join(pointer, keyword), index), findings);
        }
    }
}

fn check_example(document: &Value, schema: &Value, example: &Value, pointer: &str, findings: &mut BTreeSet<Finding>) {
    let mut by_defect: BTreeMap<&'static Defect, Vec<String>> = BTreeMap::new();
    for (defect, path) in check(document, schema, example) {
        by_defect.entry(defect).or_default().push(path);
    }
    for (defect, mut paths) in by_defect {
        paths.dedup();
        let more = paths.len().saturating_sub(SHOWN);
        let mut detail = paths[..paths.len() - more].join(", ");
        if more > 0 {
            detail.push_str(&format!(" and {more} more"));
        }
        findings.insert(Finding { defect, pointer: pointer.to_owned(), detail });
    }
}
