//! Proposes an overlay that keeps removed operations and fields for one release, marked as deprecated.
//!
//! Where a newer description of the same version lacks an operation or a field, users should see a deprecation warning
//! before a compiler error: the next release warns, and the one after it removes the item. This compares the descriptions
//! and not the IR, because an overlay changes a description.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::diag::{Result, join};
use crate::ir::operation_key;
use crate::openapi::{METHODS, is_data_key, is_map_of_named_parts};
use crate::version::Version;
use crate::yaml;

/// The proposed overlay.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The text of the overlay.
    pub yaml: String,
    /// The operations that it keeps, as method and path.
    pub operations: Vec<String>,
    /// The fields that it keeps, as JSON pointers.
    pub fields: Vec<String>,
    /// The removed components to which those operations and fields refer, as `schemas/contact`. They are also kept.
    pub components: Vec<String>,
}

/// Compares two descriptions of a version; `None` if no operation and no field was removed. `date` is the date of the newer one.
///
/// # Errors
/// If one of them cannot be read as YAML.
pub fn keep_removed(old: &str, new: &str, version: Version, date: &str) -> Result<Option<Kept>> {
    let (old, new) = (yaml::read(old)?, yaml::read(new)?);
    let mut keep = Keep { old: &old, new: &new, operations: BTreeMap::new(), fields: BTreeMap::new() };
    keep.find_operations();
    keep.find_fields(&old, &new, "");
    if keep.operations.is_empty() && keep.fields.is_empty() {
        return Ok(None);
    }
    Ok(Some(keep.overlay(version, date)))
}

struct Keep<'a> {
    old: &'a Value,
    new: &'a Value,
    /// The removed operations by path, each with its method.
    operations: BTreeMap<String, Vec<(String, Value)>>,
    /// The removed properties by the JSON pointer of the `properties` that they are missing from.
    fields: BTreeMap<String, Map<String, Value>>,
}

impl Keep<'_> {
    fn find_operations(&mut self) {
        let paths = |document: &Value| document.get("paths").and_then(Value::as_object).cloned().unwrap_or_default();
        let still_there: BTreeSet<String> = paths(self.new)
            .iter()
            .flat_map(|(path, item)| {
                let methods = METHODS.into_iter().filter(|method| item.get(method).is_some());
                methods.map(move |method| operation_key(method, path))
            })
            .collect();
        for (path, item) in paths(self.old) {
            for method in METHODS {
                let removed = !still_there.contains(&operation_key(method, &path));
                let Some(operation) = item.get(method).filter(|_| removed) else { continue };
                let mut operation = operation.clone();
                if let Some(operation) = operation.as_object_mut() {
                    if let Some(shared) = item.get("parameters").and_then(Value::as_array) {
                        self.copy_parameters(shared, operation);
                    }
                    operation.insert("deprecated".to_owned(), Value::Bool(true));
                }
                self.operations.entry(path.clone()).or_default().push((method.to_owned(), operation));
            }
        }
    }

    /// Copies the parameters of a path into an operation, since the whole path may have been removed. A parameter of the
    /// operation itself replaces that of the path with the same name and place.
    fn copy_parameters(&self, shared: &[Value], operation: &mut Map<String, Value>) {
        let resolved = |parameter: &'_ Value| -> Value {
            let reference = parameter.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix('#'));
            reference.and_then(|pointer| self.old.pointer(pointer)).unwrap_or(parameter).clone()
        };
        let id = |parameter: &Value| {
            let parameter = resolved(parameter);
            (parameter.get("name").cloned(), parameter.get("in").cloned())
        };
        let own = operation.entry("parameters").or_insert_with(|| json!([]));
        let Some(own) = own.as_array_mut() else { return };
        let known: Vec<_> = own.iter().map(id).collect();
        own.extend(shared.iter().filter(|parameter| !known.contains(&id(parameter))).cloned());
    }

    /// Walks both documents in parallel; properties that only the old one has were removed.
    fn find_fields(&mut self, old: &Value, new: &Value, pointer: &str) {
        match (old, new) {
            (Value::Object(old), Value::Object(new)) => {
                for (key, value) in old {
                    let (Some(other), place) = (new.get(key), join(pointer, key)) else { continue };
                    match (key.as_str(), value, other) {
                        (key, ..) if is_data_key(key) => {}
                        ("properties", Value::Object(before), Value::Object(after)) => {
                            for (name, property) in before {
                                match after.get(name) {
                                    Some(other) => self.find_fields(property, other, &join(&place, name)),
                                    None => drop(
                                        self.fields
                                            .entry(place.clone())
                                            .or_default()
                                            .insert(name.clone(), deprecated(property)),
                                    ),
                                }
                            }
                        }
                        (key, Value::Object(before), Value::Object(after)) if is_map_of_named_parts(key) => {
                            for (name, value) in before {
                                if let Some(other) = after.get(name) {
                                    self.find_fields(value, other, &join(&place, name));
                                }
                            }
                        }
                        _ => self.find_fields(value, other, &place),
                    }
                }
            }
            (Value::Array(old), Value::Array(new)) => {
                for (index, (old, new)) in old.iter().zip(new).enumerate() {
                    self.find_fields(old, new, &join(pointer, index));
                }
            }
            _ => {}
        }
    }

    fn overlay(&self, version: Version, date: &str) -> Kept {
        let mut actions = Vec::new();
        let components = self.components();
        for (kind, list) in &components {
            let reason =
                format!("The operations and fields kept below refer to these {kind}, which were removed, too.");
            // If the last component of a kind was removed, the new description has no mapping for this kind.
            let (target, update) = match self.new.get("components") {
                Some(components) if components.get(kind).is_some() => (format!("$.components.{kind}"), json!(list)),
                Some(_) => ("$.components".to_owned(), json!({ kind: list })),
                None => ("$".to_owned(), json!({ "components": { kind: list } })),
            };
            actions.push(json!({ "target": target, "description": reason, "update": update }));
        }
        let mut names = Vec::new();
        for (path, operations) in &self.operations {
            for (method, operation) in operations {
                let name = format!("{} {path}", method.to_uppercase());
                let reason = format!(
                    "The description of {date} no longer has this operation; it is kept for one release, so that users see a deprecation warning first."
                );
                let exists = self.new.get("paths").is_some_and(|paths| paths.get(path).is_some());
                let (target, update) = if exists {
                    (json_path(&join("/paths", path)), json!({ method: operation }))
                } else {
                    ("$.paths".to_owned(), json!({ path: { method: operation } }))
                };
                actions.push(json!({ "target": target, "description": reason, "update": update }));
                names.push(name);
            }
        }
        let mut fields = Vec::new();
        for (pointer, properties) in &self.fields {
            let reason = format!(
                "The description of {date} no longer has these fields; they are kept for one release, so that users see a deprecation warning first."
            );
            actions.push(json!({ "target": json_path(pointer), "description": reason, "update": properties }));
            fields.extend(properties.keys().map(|name| join(pointer, name)));
        }
        let document = json!({
            "overlay": "1.0.0",
            "info": { "title": "Kept for one release", "version": "1.0.0" },
            "x-versions": version.to_string().to_lowercase(),
            "actions": actions,
        });
        let head =
            "# Proposed by `cargo xtask import`. Delete this file when the release after the next one is prepared.\n";
        let components =
            components.iter().flat_map(|(kind, list)| list.keys().map(move |name| format!("{kind}/{name}"))).collect();
        Kept { yaml: format!("{head}{}", yaml::write(&document)), operations: names, fields, components }
    }

    /// The components that the kept parts need and that the new description lacks, including indirect references.
    fn components(&self) -> BTreeMap<String, Map<String, Value>> {
        let mut open = Vec::new();
        self.operations.values().flatten().for_each(|(_, operation)| references(operation, &mut open));
        self.fields.values().flat_map(Map::values).for_each(|property| references(property, &mut open));
        let mut found: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
        while let Some(reference) = open.pop() {
            let Some(pointer) = reference.strip_prefix('#').filter(|pointer| self.new.pointer(pointer).is_none())
            else {
                continue;
            };
            let name = pointer.strip_prefix("/components/").and_then(|rest| rest.split_once('/'));
            if let (Some((kind, name)), Some(component)) = (name, self.old.pointer(pointer)) {
                let name = name.replace("~1", "/").replace("~0", "~");
                if found.entry(kind.to_owned()).or_default().insert(name, component.clone()).is_none() {
                    references(component, &mut open);
                }
            }
        }
        found
    }
}

fn deprecated(property: &Value) -> Value {
    let mut property = match property.get("$ref") {
        // A reference must have no sibling keys.
        Some(_) => json!({ "allOf": [property] }),
        None => property.clone(),
    };
    if let Some(property) = property.as_object_mut() {
        property.insert("deprecated".to_owned(), Value::Bool(true));
    }
    property
}

fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                match (key.as_str(), value) {
                    ("$ref", Value::String(reference)) => found.push(reference.clone()),
                    ("example" | "examples", _) => {}
                    _ => references(value, found),
                }
            }
        }
        Value::Array(list) => list.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

/// A JSON pointer into a description as a JSONPath.
fn json_path(pointer: &str) -> String {
    let mut path = "$".to_owned();
    for step in pointer.split('/').skip(1) {
        let step = step.replace("~1", "/").replace("~0", "~");
        let word = step.starts_with(|c: char| c.is_ascii_alphabetic())
            && step.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        match (word, step.parse::<usize>()) {
            (true, _) => path.push_str(&format!(".{step}")),
            // A number below 100 is taken as a position in a list, and a larger one as a status code, which is a key.
            (false, Ok(index)) if index < 100 => path.push_str(&format!("[{index}]")),
            _ => path.push_str(&format!("['{}']", step.replace('\\', "\\\\").replace('\'', "\\'"))),
        }
    }
    path
}
