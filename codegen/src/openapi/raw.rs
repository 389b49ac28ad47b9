//! Access to a description as plain JSON, before it is read into types.

use serde_json::Value;

/// The keys of a path item that hold operations.
pub(crate) const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Whether the value of a key is data or a mapping of examples. Below such a key, `description` is an ordinary key of the data, not
/// documentation of the API.
pub(crate) fn is_data_key(key: &str) -> bool {
    matches!(key, "example" | "examples" | "default" | "enum")
}

/// Whether the value of a key is a mapping of schemas or responses. Its keys are names or statuses, which may be equal to a
/// keyword such as `default`.
pub(crate) fn is_map_of_named_parts(key: &str) -> bool {
    matches!(key, "properties" | "schemas" | "responses")
}

/// Follows a chain of references to its end; `None` where one is dangling, or the chain is circular or has more than 15 references.
pub(crate) fn resolve<'a>(document: &'a Value, mut value: &'a Value) -> Option<&'a Value> {
    for _ in 0..16 {
        match value.get("$ref").and_then(Value::as_str) {
            None => return Some(value),
            Some(reference) => value = document.pointer(reference.strip_prefix('#')?)?,
        }
    }
    None
}

/// The operations of a document: path, path item, method and operation.
pub(crate) fn each_operation(document: &Value) -> impl Iterator<Item = (&String, &Value, &String, &Value)> {
    let paths = document.get("paths").and_then(Value::as_object).into_iter().flatten();
    paths.flat_map(|(path, item)| {
        let operations = item.as_object().into_iter().flatten();
        operations
            .filter(|(method, _)| METHODS.contains(&method.as_str()))
            .map(move |(method, operation)| (path, item, method, operation))
    })
}
