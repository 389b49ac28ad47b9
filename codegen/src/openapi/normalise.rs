//! Rewrites equivalent notations of a document to one form, and removes the keys that are ignored, about which the check has warned.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::grammar::{Holds, Kind, Support};
use super::reference;

/// Normalises a document that passed the check.
pub(crate) fn normalise(document: &mut Value) {
    let ends = ends(document);
    object(Kind::Document, document, &ends);
}

/// Some components are only a `$ref` to another component. Maps the reference to each of these to the last reference of its chain. Schemas
/// are left out, because they name types.
fn ends(document: &Value) -> HashMap<String, String> {
    let mut ends = HashMap::new();
    for field in Kind::Components.fields().iter().filter(|field| field.name != "schemas") {
        let Some(components) = document.get("components").and_then(|components| components.get(field.name)) else {
            continue;
        };
        for (name, component) in components.as_object().into_iter().flatten() {
            let next = component.get("$ref").and_then(Value::as_str);
            if let Some(end) = next.and_then(|next| reference::end(components, next)) {
                let end = reference::unescaped(end).unwrap_or_else(|| end.to_owned());
                ends.insert(format!("#/components/{}/{name}", field.name), end);
            }
        }
    }
    ends
}

fn object(kind: Kind, value: &mut Value, ends: &HashMap<String, String>) {
    let Value::Object(map) = value else { return };
    if kind == Kind::Schema {
        nullable_reference(map);
    }
    let mut left_out = Vec::new();
    for (key, value) in map.iter_mut() {
        let Some(field) = kind.field(key) else { continue };
        match (field.support, field.holds) {
            (Support::Ignored, _) => left_out.push(field.name),
            (_, Holds::Reference) => {
                let plain = value.as_str().and_then(reference::unescaped);
                let end = ends.get(plain.as_deref().or(value.as_str()).unwrap_or_default()).cloned();
                if let Some(other) = end.or(plain) {
                    *value = other.into();
                }
            }
            (_, Holds::One(kind) | Holds::OneOrFlag(kind)) => object(kind, value, ends),
            (_, Holds::List(kind)) => {
                value.as_array_mut().into_iter().flatten().for_each(|item| object(kind, item, ends));
            }
            (_, Holds::Map(kind, _)) => {
                value.as_object_mut().into_iter().flatten().for_each(|(_, value)| object(kind, value, ends));
            }
            _ => {}
        }
    }
    for key in left_out {
        map.shift_remove(key);
    }
}

/// Rewrites `{$ref, nullable: true}` to `{allOf: [$ref], nullable: true}`. OpenAPI 3.0 ignores keys beside `$ref`, but authors
/// who write `nullable` there mean it.
fn nullable_reference(map: &mut Map<String, Value>) {
    if map.contains_key("$ref")
        && map.get("nullable") == Some(&Value::Bool(true))
        && let Some(reference) = map.remove("$ref")
    {
        map.insert("allOf".to_owned(), json!([{ "$ref": reference }]));
    }
}
