//! Finds operations, arguments and fields without documentation.

use serde_json::{Map, Value};

use super::Documentation;
use crate::diag::join;
use crate::openapi::{METHODS, has_names, is_data};

/// JSON pointers of everything without documentation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Operations with neither a summary nor a description.
    pub operations: Vec<String>,
    /// Path, query and header parameters without a description.
    pub arguments: Vec<String>,
    /// Properties without a description, except scalars listed as self-explaining in `fields.yaml`.
    pub fields: Vec<String>,
}

pub(super) fn coverage(documentation: &Documentation, document: &Value) -> Coverage {
    let mut coverage = Coverage::default();
    for (path, item) in document.get("paths").and_then(Value::as_object).into_iter().flatten() {
        for method in METHODS {
            let Some(operation) = item.get(method) else { continue };
            let pointer = join(&join("/paths", path), method);
            if operation.get("summary").is_none() && operation.get("description").is_none() {
                coverage.operations.push(pointer.clone());
            }
            let parameters = operation.get("parameters").and_then(Value::as_array);
            for (index, parameter) in parameters.into_iter().flatten().enumerate() {
                let version_header = parameter.get("name").and_then(Value::as_str) == Some("Intercom-Version");
                if parameter.get("description").is_none() && !version_header {
                    coverage.arguments.push(join(&join(&pointer, "parameters"), index));
                }
            }
        }
    }
    fields(documentation, document, "", &mut coverage.fields);
    coverage
}

fn fields(documentation: &Documentation, value: &Value, pointer: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let pointer = join(pointer, key);
                match key.as_str() {
                    key if is_data(key) => {}
                    "properties" => {
                        for (name, property) in value.as_object().into_iter().flatten() {
                            let pointer = join(&pointer, name);
                            let explained = documentation.self_explaining.contains(name) && is_scalar(property);
                            if property.get("description").is_none() && !explained {
                                found.push(pointer.clone());
                            }
                            fields(documentation, property, &pointer, found);
                        }
                    }
                    key if has_names(key) => {
                        for (name, value) in value.as_object().into_iter().flatten() {
                            fields(documentation, value, &join(&pointer, name), found);
                        }
                    }
                    _ => fields(documentation, value, &pointer, found),
                }
            }
        }
        Value::Array(values) => {
            for (index, value) in values.iter().enumerate() {
                fields(documentation, value, &join(pointer, index), found);
            }
        }
        _ => {}
    }
}

fn is_scalar(property: &Value) -> bool {
    let structured = ["$ref", "allOf", "oneOf", "anyOf", "properties", "items", "enum"];
    property.as_object().is_some_and(|map: &Map<String, Value>| !structured.iter().any(|key| map.contains_key(*key)))
}
