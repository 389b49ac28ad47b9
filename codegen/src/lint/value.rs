//! Compares a value with a schema of OpenAPI 3.0: types, nulls, enums, required and undeclared keys.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{
    Defect, EXAMPLE_LACKS_REQUIRED, EXAMPLE_NOT_IN_ENUM, EXAMPLE_NULL, EXAMPLE_UNDECLARED, EXAMPLE_WRONG_TYPE, Severity,
};
use crate::openapi::resolve;

/// A limit of the recursion into schemas and examples.
const DEEPEST: usize = 64;

/// Defects, each with one text: its path in the value and, for some, details.
pub(super) type ValueDefects = Vec<(&'static Defect, String)>;

/// The defects of a value, each with its text, such as `data[].owner_id: string, not integer`.
pub(super) fn check(document: &Value, schema: &Value, value: &Value) -> ValueDefects {
    let mut defects = Vec::new();
    Check { document }.value(schema, value, "", &mut defects, 0);
    defects
}

/// How many defects there are: those above the severity of a note, and all.
pub(super) fn count(defects: &ValueDefects) -> (usize, usize) {
    let serious = defects.iter().filter(|(defect, _)| defect.severity > Severity::Note).count();
    (serious, defects.len())
}

struct Check<'a> {
    document: &'a Value,
}

/// The keys that the schema of an object declares, as [`Check::collect`] finds them.
#[derive(Default)]
struct Keys<'a> {
    properties: BTreeMap<&'a str, &'a Value>,
    required: Vec<&'a str>,
    additional: Option<&'a Value>,
    is_object: bool,
}

impl<'a> Check<'a> {
    fn value(&self, schema: &'a Value, value: &Value, path: &str, defects: &mut ValueDefects, depth: usize) {
        let Some(schema) = resolve(self.document, schema).filter(|_| depth < DEEPEST) else { return };
        if value.is_null() {
            if !self.nullable(schema, depth) {
                defects.push((&EXAMPLE_NULL, named(path)));
            }
            return;
        }
        let alternatives = ["oneOf", "anyOf"].iter().find_map(|keyword| schema.get(*keyword)?.as_array());
        let merges = schema.get("allOf").and_then(Value::as_array);
        match (alternatives, merges) {
            (Some(alternatives), _) => self.best(schema, alternatives, value, path, defects, depth),
            (None, Some(parts)) if !value.is_object() => {
                parts.iter().for_each(|part| self.value(part, value, path, defects, depth + 1));
            }
            _ => self.plain(schema, value, path, defects, depth),
        }
    }

    fn nullable(&self, schema: &Value, depth: usize) -> bool {
        let says = |schema: &Value| schema.get("nullable") == Some(&Value::Bool(true));
        let anything = schema
            .as_object()
            .is_some_and(|schema| schema.keys().all(|key| matches!(key.as_str(), "description" | "title" | "example")));
        let inside =
            ["allOf", "oneOf", "anyOf"].iter().filter_map(|keyword| schema.get(*keyword)?.as_array()).flatten();
        says(schema)
            || anything
            || depth < DEEPEST
                && inside.filter_map(|part| resolve(self.document, part)).any(|part| self.nullable(part, depth + 1))
    }

    /// Reports the defects for the alternative that fits best. Keys declared beside the alternatives belong to each of them.
    fn best(
        &self,
        schema: &'a Value,
        alternatives: &'a [Value],
        value: &Value,
        path: &str,
        defects: &mut ValueDefects,
        depth: usize,
    ) {
        let tried = alternatives.iter().map(|alternative| {
            let mut found = Vec::new();
            if let Value::Object(object) = value {
                let mut keys = Keys::default();
                self.collect(schema, &mut keys, depth, false);
                self.collect(alternative, &mut keys, depth + 1, true);
                self.object(&keys, object, path, &mut found, depth);
                if !keys.is_object {
                    self.value(alternative, value, path, &mut found, depth + 1);
                }
            } else {
                self.value(alternative, value, path, &mut found, depth + 1);
            }
            found
        });
        defects.extend(tried.min_by_key(count).unwrap_or_default());
    }

    fn plain(&self, schema: &'a Value, value: &Value, path: &str, defects: &mut ValueDefects, depth: usize) {
        let wrong = |expected: &str| (&EXAMPLE_WRONG_TYPE, format!("{}: {}, not {expected}", named(path), kind(value)));
        let ty = schema.get("type").and_then(Value::as_str).unwrap_or_default();
        match (ty, value) {
            ("string", Value::String(_)) | ("boolean", Value::Bool(_)) | ("number", Value::Number(_)) => {}
            ("integer", Value::Number(number)) if number.is_i64() || number.is_u64() => {}
            ("string" | "boolean" | "number" | "integer", _) => {
                defects.push(wrong(ty));
                return;
            }
            ("array", Value::Array(items)) => {
                if let Some(schema) = schema.get("items") {
                    items.iter().for_each(|item| self.value(schema, item, &format!("{path}[]"), defects, depth + 1));
                }
                return;
            }
            ("array", _) => {
                defects.push(wrong("array"));
                return;
            }
            (_, Value::Object(object)) => {
                let mut keys = Keys::default();
                self.collect(schema, &mut keys, depth, true);
                self.object(&keys, object, path, defects, depth);
            }
            ("object", _) => {
                defects.push(wrong("object"));
                return;
            }
            _ => {}
        }
        if schema.get("enum").and_then(Value::as_array).is_some_and(|values| !values.contains(value)) {
            defects.push((&EXAMPLE_NOT_IN_ENUM, format!("{}: {value}", named(path))));
        }
    }

    fn object(
        &self,
        keys: &Keys<'a>,
        object: &Map<String, Value>,
        path: &str,
        defects: &mut ValueDefects,
        depth: usize,
    ) {
        let inside = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
        for key in keys.required.iter().filter(|key| !object.contains_key(**key)) {
            defects.push((&EXAMPLE_LACKS_REQUIRED, inside(key)));
        }
        for (key, value) in object {
            match (keys.properties.get(key.as_str()), keys.additional) {
                (Some(property), _) => self.value(property, value, &inside(key), defects, depth + 1),
                (None, Some(schema)) if schema.as_object().is_some_and(|schema| !schema.is_empty()) => {
                    self.value(schema, value, &inside(key), defects, depth + 1);
                }
                (None, Some(Value::Object(_) | Value::Bool(true))) => {}
                (None, _) if keys.properties.is_empty() => {}
                (None, _) => defects.push((&EXAMPLE_UNDECLARED, inside(key))),
            }
        }
    }

    /// Collects the properties and required keys of a schema and its `allOf`; if `alternatives` is true, also the properties of its
    /// `oneOf` and `anyOf`.
    fn collect(&self, schema: &'a Value, keys: &mut Keys<'a>, depth: usize, alternatives: bool) {
        let Some(schema) = resolve(self.document, schema).filter(|_| depth < DEEPEST) else { return };
        keys.is_object |=
            schema.get("properties").is_some() || schema.get("type").and_then(Value::as_str) == Some("object");
        for (key, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            keys.properties.insert(key, property);
        }
        keys.required
            .extend(schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str));
        keys.additional = keys.additional.or(schema.get("additionalProperties"));
        for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            self.collect(part, keys, depth + 1, alternatives);
        }
        // An alternative need not apply, so its keys are declared and not required.
        let inner = ["oneOf", "anyOf"].iter().filter_map(|keyword| schema.get(*keyword)?.as_array()).flatten();
        for part in inner.filter(|_| alternatives) {
            let mut inner = Keys::default();
            self.collect(part, &mut inner, depth + 1, alternatives);
            inner.required.clear();
            keys.is_object |= inner.is_object;
            for (key, property) in inner.properties {
                keys.properties.entry(key).or_insert(property);
            }
        }
    }
}

fn named(path: &str) -> String {
    if path.is_empty() { "the example".to_owned() } else { path.to_owned() }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
