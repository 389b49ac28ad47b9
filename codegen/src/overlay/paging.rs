//! Adds pagination parameters that the description does not declare.
//!
//! `x-sdk-pagination` names the parameters of the position and the page size. Where they are sent in the query and the operation
//! does not declare them, they are added: page size and page number as integers, a cursor or the id of a scroll as a string.

use serde_json::{Value, json};

use crate::openapi::{each_operation, resolve};

/// Adds the missing pagination parameters of all operations; returns how many were missing.
pub(super) fn declare(document: &mut Value) -> usize {
    let missing: Vec<(String, Value)> = each_operation(document)
        .flat_map(|(path, item, method, operation)| {
            let pointer = format!("/paths/{}/{method}", path.replace('~', "~0").replace('/', "~1"));
            missing_parameters(document, item, operation).into_iter().map(move |parameter| (pointer.clone(), parameter))
        })
        .collect();
    for (pointer, parameter) in &missing {
        let Some(Value::Object(operation)) = document.pointer_mut(pointer) else { continue };
        // Where this is not a list, the check of the document reports it.
        if let Value::Array(parameters) = operation.entry("parameters").or_insert_with(|| json!([])) {
            parameters.push(parameter.clone());
        }
    }
    missing.len()
}

fn missing_parameters(document: &Value, item: &Value, operation: &Value) -> Vec<Value> {
    let Some(paging) = operation.get("x-sdk-pagination").filter(|paging| paging["in"] == "query") else {
        return Vec::new();
    };
    let declared: Vec<&Value> = [operation.get("parameters"), item.get("parameters")]
        .into_iter()
        .flatten()
        .filter_map(Value::as_array)
        .flatten()
        .filter_map(|parameter| resolve(document, parameter))
        .filter(|parameter| parameter["in"] == "query")
        .filter_map(|parameter| parameter.get("name"))
        .collect();
    let by_number = paging["style"] == "page";
    let position = ("position", if by_number { "integer" } else { "string" });
    let size = ("per_page", "integer");
    // The descriptions declare such parameters in this order.
    let order = if by_number { [position, size] } else { [size, position] };
    order
        .into_iter()
        .filter_map(|(key, kind)| Some((paging.get(key)?, kind)))
        .filter(|(name, _)| name.is_string() && !declared.contains(name))
        .map(|(name, kind)| json!({"name": name, "in": "query", "required": false, "schema": {"type": kind}}))
        .collect()
}
