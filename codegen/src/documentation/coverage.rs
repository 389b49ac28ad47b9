//! Finds operations, parameters and properties without documentation.

use serde_json::{Map, Value};

use super::{Documentation, is_same_parameter};
use crate::diag::join;
use crate::openapi::{METHODS, is_data_key, is_map_of_named_parts, resolve};

/// The JSON pointers of operations, parameters and properties without documentation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Operations with neither a summary nor a description.
    pub operations: Vec<String>,
    /// The parameters of operations and paths without a description, except the version header.
    pub arguments: Vec<String>,
    /// Properties without a description, except scalars without an `enum` that `fields.yaml` lists as self-explaining.
    pub fields: Vec<String>,
}

pub(super) fn coverage(documentation: &Documentation, document: &Value) -> Coverage {
    let mut coverage = Coverage::default();
    for (path, item) in document.get("paths").and_then(Value::as_object).into_iter().flatten() {
        let path_pointer = join("/paths", path);
        let shared = parameters(item, &path_pointer, document);
        for method in METHODS {
            let Some(operation) = item.get(method) else { continue };
            let pointer = join(&path_pointer, method);
            if operation.get("summary").is_none() && operation.get("description").is_none() {
                coverage.operations.push(pointer.clone());
            }
            let own = parameters(operation, &pointer, document);
            let inherited =
                shared.iter().filter(|(_, of_path)| !own.iter().any(|(_, own)| is_same_parameter(own, of_path)));
            for (pointer, parameter) in own.iter().chain(inherited) {
                let version_header = parameter.get("name").and_then(Value::as_str) == Some("Intercom-Version");
                if parameter.get("description").is_none() && !version_header && !coverage.arguments.contains(pointer) {
                    coverage.arguments.push(pointer.clone());
                }
            }
        }
    }
    fields(documentation, document, "", &mut coverage.fields);
    coverage
}

/// The parameters of an operation or of a path item, each with the pointer of its entry.
fn parameters<'v>(owner: &'v Value, pointer: &str, document: &'v Value) -> Vec<(String, &'v Value)> {
    let pointer = join(pointer, "parameters");
    let entries = owner.get("parameters").and_then(Value::as_array).into_iter().flatten().enumerate();
    entries.map(|(index, entry)| (join(&pointer, index), resolve(document, entry).unwrap_or(entry))).collect()
}

fn fields(documentation: &Documentation, value: &Value, pointer: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let pointer = join(pointer, key);
                match key.as_str() {
                    key if is_data_key(key) => {}
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
                    key if is_map_of_named_parts(key) => {
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
