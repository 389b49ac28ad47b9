//! Writes documentation into a description.

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::{Documentation, OperationDoc, Used, is_same_parameter};
use crate::ir::operation_key;
use crate::openapi::{METHODS, is_data_key, is_map_of_named_parts, resolve};
use crate::version::Version;

pub(super) fn apply(documentation: &Documentation, document: &mut Value, version: Version, used: &mut Used) {
    // A copy for the references to parameters, because the document is borrowed mutably below.
    let parameters = document.pointer("/components/parameters").cloned().unwrap_or_default();
    let components = json!({ "components": { "parameters": parameters } });
    groups(documentation, document, used);
    for (path, item) in document.get_mut("paths").and_then(Value::as_object_mut).into_iter().flatten() {
        let Some(item) = item.as_object_mut() else { continue };
        let shared = item.get("parameters").cloned();
        for method in METHODS {
            let Some(operation) = item.get_mut(method).and_then(Value::as_object_mut) else { continue };
            let key = operation_key(method, path);
            let docs = documentation.operations.get(&key).map(Vec::as_slice).unwrap_or_default();
            let doc = docs.iter().find(|doc| doc.versions.as_ref().is_none_or(|versions| versions.contains(version)));
            let Some(doc) = doc else { continue };
            used.insert(doc.id.clone());
            describe_operation(operation, doc, shared.as_ref(), &components, used);
        }
    }
    for (key, schema) in
        document.pointer_mut("/components/schemas").and_then(Value::as_object_mut).into_iter().flatten()
    {
        let Some(doc) = documentation.types.get(key) else { continue };
        used.insert(format!("type {key}"));
        if let (Some(about), Some(schema)) = (&doc.about, schema.as_object_mut()) {
            describe(schema, about);
        }
        describe_paths(schema, &doc.fields, used, |path| format!("{key}.{path}"));
        for (path, values) in &doc.values {
            for place in find(schema, path) {
                describe_values(place, values, used, &format!("{key}.{path}"));
            }
        }
    }
    describe_by_name(documentation, document, used);
}

/// Writes the purpose of each group into `x-sdk-groups` at the document's root. OpenAPI's `tags` cannot be the place
/// for it, because their names differ from those of our groups.
fn groups(documentation: &Documentation, document: &mut Value, used: &mut Used) {
    let mut present = std::collections::BTreeSet::new();
    for item in document.get("paths").and_then(Value::as_object).into_iter().flat_map(Map::values) {
        let operations = METHODS.iter().filter_map(|method| item.get(*method));
        present.extend(operations.filter_map(|operation| operation.get("x-sdk-group")?.as_str()).map(str::to_owned));
    }
    let about: Map<String, Value> = documentation
        .groups
        .iter()
        .filter(|(group, _)| present.contains(*group))
        .map(|(group, about)| (group.clone(), Value::from(about.text.trim())))
        .collect();
    used.extend(about.keys().map(|group| format!("group {group}")));
    if let Some(root) = document.as_object_mut().filter(|_| !about.is_empty()) {
        root.insert("x-sdk-groups".to_owned(), Value::Object(about));
    }
}

/// Documents an operation, its parameters and the fields of its body.
fn describe_operation(
    operation: &mut Map<String, Value>,
    doc: &OperationDoc,
    shared: Option<&Value>,
    components: &Value,
    used: &mut Used,
) {
    if !operation.contains_key("summary") && !operation.contains_key("description") {
        operation.insert("summary".to_owned(), Value::from(doc.summary.trim()));
        if let Some(description) = &doc.description {
            operation.insert("description".to_owned(), Value::from(description.as_str()));
        }
    }
    if !doc.arguments.is_empty() {
        own_parameters(operation, doc, shared, components);
    }
    for parameter in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
        let Some(parameter) = parameter.as_object_mut() else { continue };
        let Some(name) = parameter.get("name").and_then(Value::as_str).map(str::to_owned) else { continue };
        if let Some(text) = doc.arguments.get(&name) {
            describe(parameter, text);
            used.insert(format!("{} argument {name}", doc.id));
        }
    }
    let content = operation.get_mut("requestBody").and_then(|body| body.get_mut("content"));
    for media in content.and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut) {
        if let Some(schema) = media.get_mut("schema") {
            describe_paths(schema, &doc.body, used, |path| format!("{} body {path}", doc.id));
        }
    }
}

/// Copies shared parameters into an operation: the components that the operation refers to, and those parameters of the path item that its
/// documentation describes. If the shared ones were changed in place, the sentences would also appear at other operations.
fn own_parameters(operation: &mut Map<String, Value>, doc: &OperationDoc, shared: Option<&Value>, components: &Value) {
    let resolved = |entry: &Value| resolve(components, entry).unwrap_or(entry).clone();
    let documented = |parameter: &Value| {
        parameter.get("name").and_then(Value::as_str).is_some_and(|name| doc.arguments.contains_key(name))
    };
    let mut own: Vec<Value> =
        operation.get("parameters").and_then(Value::as_array).into_iter().flatten().map(&resolved).collect();
    for parameter in shared.and_then(Value::as_array).into_iter().flatten().map(&resolved).filter(documented) {
        if !own.iter().any(|known| is_same_parameter(known, &parameter)) {
            own.push(parameter);
        }
    }
    if !own.is_empty() {
        operation.insert("parameters".to_owned(), Value::Array(own));
    }
}

/// Describes the properties at dotted paths below a schema. `id` is the id of an entry in [`Used`].
fn describe_paths(schema: &mut Value, fields: &IndexMap<String, String>, used: &mut Used, id: impl Fn(&str) -> String) {
    for (path, text) in fields {
        for place in find(schema, path) {
            describe_property(place, text);
            used.insert(id(path));
        }
    }
}

/// Finds the properties at a dotted path below a schema; an empty path is the schema itself. Each segment of the path is a property; lists,
/// maps and alternatives have no segment. References are not followed.
fn find<'s>(schema: &'s mut Value, path: &str) -> Vec<&'s mut Value> {
    if path.is_empty() {
        return vec![schema];
    }
    let Some(schema) = schema.as_object_mut() else { return Vec::new() };
    let mut found = Vec::new();
    for (key, value) in schema {
        match key.as_str() {
            "properties" => {
                for (name, property) in value.as_object_mut().into_iter().flatten() {
                    // A property's own name may have dots.
                    match path.strip_prefix(name.as_str()) {
                        Some("") => found.push(property),
                        Some(rest) if rest.starts_with('.') => found.extend(find(property, &rest[1..])),
                        _ => {}
                    }
                }
            }
            "items" | "additionalProperties" => found.extend(find(value, path)),
            "allOf" | "oneOf" | "anyOf" => {
                found.extend(value.as_array_mut().into_iter().flatten().flat_map(|part| find(part, path)));
            }
            _ => {}
        }
    }
    found
}

/// Sets the description, unless there is one.
fn describe(target: &mut Map<String, Value>, text: &str) {
    if !target.contains_key("description") {
        target.insert("description".to_owned(), Value::from(text.trim()));
    }
}

/// Describes a property. OpenAPI 3.0 ignores keys next to `$ref`, so a reference is wrapped in an `allOf`.
fn describe_property(property: &mut Value, text: &str) {
    let Some(map) = property.as_object_mut() else { return };
    if let Some(reference) = map.remove("$ref") {
        map.insert("allOf".to_owned(), json!([{ "$ref": reference }]));
    }
    describe(map, text);
}

/// Writes the meanings of enum values into `x-sdk-values`. The id of an entry in [`Used`] is `id`, `=` and the value.
fn describe_values(schema: &mut Value, values: &IndexMap<String, String>, used: &mut Used, id: &str) {
    let Some(schema) = schema.as_object_mut() else { return };
    // The values of a list are those of its items.
    if let Some(items) = schema.get_mut("items") {
        return describe_values(items, values, used, id);
    }
    let known = schema.get("enum").and_then(Value::as_array).cloned().unwrap_or_default();
    let documented = values.iter().filter(|(value, _)| {
        known.iter().any(|known| known.as_str().map_or_else(|| known.to_string(), str::to_owned) == **value)
    });
    let documented: Map<String, Value> =
        documented.map(|(value, text)| (value.clone(), Value::from(text.trim()))).collect();
    if !documented.is_empty() {
        used.extend(documented.keys().map(|value| format!("{id}={value}")));
        schema.insert("x-sdk-values".to_owned(), Value::Object(documented));
    }
}

/// Describes each property that has no description, if `fields.yaml` has a sentence for its name.
fn describe_by_name(documentation: &Documentation, value: &mut Value, used: &mut Used) {
    match value {
        Value::Object(map) => {
            for (key, value) in map.iter_mut() {
                match key.as_str() {
                    // The values of these keys are data, not schemas.
                    key if is_data_key(key) => {}
                    "properties" => {
                        for (name, property) in value.as_object_mut().into_iter().flatten() {
                            if let Some(entry) = documentation.fields.get(name)
                                && property.get("description").is_none()
                            {
                                describe_property(property, &entry.text);
                                used.insert(format!("field {name}"));
                            }
                            describe_by_name(documentation, property, used);
                        }
                    }
                    key if is_map_of_named_parts(key) => {
                        let values = value.as_object_mut().into_iter().flat_map(Map::values_mut);
                        values.for_each(|value| describe_by_name(documentation, value, used));
                    }
                    _ => describe_by_name(documentation, value, used),
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| describe_by_name(documentation, value, used)),
        _ => {}
    }
}
