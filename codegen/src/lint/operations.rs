//! Checks operations: ids, names, path parameters, the schemas of responses, and pagination.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{
    DUPLICATE_OPERATION_ID, Defect, Finding, LIST_WITHOUT_PAGING, MISSING_OPERATION_ID, PATH_PARAMETER_ELSEWHERE,
    PATH_PARAMETER_MISMATCH, RESPONSE_WITHOUT_SCHEMA, UNNAMED_OPERATION,
};
use crate::diag::join;
use crate::openapi::{each_operation, resolve};

/// Keys that suggest pagination if a response has one in addition to a list.
const PAGE_KEYS: [&str; 6] = ["pages", "total_count", "total_pages", "has_more", "scroll_param", "next_cursor"];

/// Parameters that suggest pagination.
const PAGE_PARAMETERS: [&str; 6] = ["page", "per_page", "starting_after", "scroll_param", "cursor", "limit"];

pub(super) fn find(document: &Value, findings: &mut BTreeSet<Finding>) {
    let mut ids: BTreeMap<&str, String> = BTreeMap::new();
    for (path, item, method, operation) in each_operation(document) {
        let pointer = join(&join("/paths", path), method);
        let mut add = |defect: &'static Defect, detail: String| {
            findings.insert(Finding { defect, pointer: pointer.clone(), detail });
        };
        match operation.get("operationId").and_then(Value::as_str) {
            None => add(&MISSING_OPERATION_ID, String::new()),
            Some(id) => {
                if let Some(other) = ids.insert(id, pointer.clone()) {
                    add(&DUPLICATE_OPERATION_ID, format!("`{id}` is also the id of {other}"));
                }
            }
        }
        if operation.get("x-sdk-group").is_none() || operation.get("x-sdk-method").is_none() {
            add(&UNNAMED_OPERATION, String::new());
        }
        path_parameters(document, path, item, operation, &mut add);
        responses(document, operation, &mut add);
        if operation.get("x-sdk-pagination").is_none()
            && let Some(sign) = looks_like_a_page(document, item, operation)
        {
            add(&LIST_WITHOUT_PAGING, sign);
        }
    }
}

fn parameters<'a>(document: &'a Value, item: &'a Value, operation: &'a Value) -> Vec<&'a Value> {
    let lists = [operation.get("parameters"), item.get("parameters")];
    let all = lists.into_iter().flatten().filter_map(Value::as_array).flatten();
    all.filter_map(|parameter| resolve(document, parameter)).collect()
}

fn path_parameters(
    document: &Value,
    path: &str,
    item: &Value,
    operation: &Value,
    add: &mut dyn FnMut(&'static Defect, String),
) {
    let text = |parameter: &Value, key: &str| parameter.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let declared: BTreeSet<(String, String)> = parameters(document, item, operation)
        .into_iter()
        .map(|parameter| (text(parameter, "name"), text(parameter, "in")))
        .collect();
    let named: Vec<&str> = path.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect();
    for name in &named {
        let places: Vec<&str> =
            declared.iter().filter(|(other, _)| other == name).map(|(_, place)| place.as_str()).collect();
        match places[..] {
            _ if places.contains(&"path") => {}
            _ if places.contains(&"query") => {
                add(&PATH_PARAMETER_ELSEWHERE, format!("`{name}` is declared for the query"));
            }
            [] => add(&PATH_PARAMETER_MISMATCH, format!("`{name}` is not declared")),
            [place, ..] => add(&PATH_PARAMETER_MISMATCH, format!("`{name}` is declared for the {place} only")),
        }
    }
    for (name, place) in &declared {
        if place == "path" && !named.contains(&name.as_str()) {
            add(&PATH_PARAMETER_MISMATCH, format!("`{name}` is declared, but the path does not contain it"));
        }
    }
}

fn successes(operation: &Value) -> impl Iterator<Item = (&String, &Value)> {
    let responses = operation.get("responses").and_then(Value::as_object).into_iter().flatten();
    responses.filter(|(status, _)| status.starts_with('2'))
}

fn responses(document: &Value, operation: &Value, add: &mut dyn FnMut(&'static Defect, String)) {
    for (status, response) in successes(operation) {
        let json = resolve(document, response).and_then(|response| response.pointer("/content/application~1json"));
        if json.is_some_and(|json| json.get("schema").is_none()) {
            add(&RESPONSE_WITHOUT_SCHEMA, status.clone());
        }
    }
}

/// Why a response looks like a page of a list: besides the list it has a pagination key, or the request has a pagination parameter.
fn looks_like_a_page(document: &Value, item: &Value, operation: &Value) -> Option<String> {
    let schema = successes(operation)
        .find_map(|(_, response)| resolve(document, response)?.pointer("/content/application~1json/schema"))?;
    let mut keys = BTreeMap::new();
    collect_keys(document, schema, &mut keys, 0);
    let list = list_of(&keys).map(str::to_owned).or_else(|| {
        // A list inside `data`, as in searches that return two kinds of items.
        let mut data = BTreeMap::new();
        collect_keys(document, keys.get("data")?, &mut data, 1);
        list_of(&data).map(|key| format!("data.{key}"))
    })?;
    let key =
        PAGE_KEYS.iter().find(|key| keys.contains_key(**key)).map(|key| format!("`{key}` is beside the list `{list}`"));
    key.or_else(|| {
        let names = parameters(document, item, operation);
        let name = names
            .iter()
            .filter_map(|parameter| parameter.get("name")?.as_str())
            .find(|name| PAGE_PARAMETERS.contains(name))?;
        Some(format!("the parameter `{name}` selects a page of the list `{list}`"))
    })
}

fn list_of<'a>(keys: &BTreeMap<&'a str, &Value>) -> Option<&'a str> {
    let is_list = |schema: &Value| schema.get("type").and_then(Value::as_str) == Some("array");
    keys.iter().find(|(_, schema)| is_list(schema)).map(|(key, _)| *key)
}

/// The keys of an object schema, with those of its `allOf`, `oneOf` and `anyOf`.
fn collect_keys<'a>(document: &'a Value, schema: &'a Value, keys: &mut BTreeMap<&'a str, &'a Value>, depth: usize) {
    let Some(schema) = resolve(document, schema).filter(|_| depth < 8) else { return };
    for (key, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        keys.entry(key).or_insert(resolve(document, property).unwrap_or(property));
    }
    for keyword in ["allOf", "oneOf", "anyOf"] {
        for part in schema.get(keyword).and_then(Value::as_array).into_iter().flatten() {
            collect_keys(document, part, keys, depth + 1);
        }
    }
}
