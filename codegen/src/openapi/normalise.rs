//! Writes what a document may say in several ways in one way, and takes out what makes no code.

use serde_json::{Map, Value, json};

use super::grammar::{Holds, Kind, Support};
use super::reference;

/// Normalises a document that passed the check.
pub(crate) fn normalise(document: &mut Value) {
    object(Kind::Document, document);
}

fn object(kind: Kind, value: &mut Value) {
    let Value::Object(map) = value else { return };
    if kind == Kind::Schema {
        nullable_reference(map);
    }
    let mut left_out = Vec::new();
    for (key, value) in map.iter_mut() {
        let Some(field) = kind.field(key) else { continue };
        match (field.support, field.holds) {
            (Support::LeftOut, _) => left_out.push(field.name),
            (_, Holds::Reference) => {
                if let Some(plain) = value.as_str().and_then(reference::plain) {
                    *value = plain.into();
                }
            }
            (_, Holds::One(kind) | Holds::OneOrFlag(kind)) => object(kind, value),
            (_, Holds::List(kind)) => value.as_array_mut().into_iter().flatten().for_each(|item| object(kind, item)),
            (_, Holds::Map(kind, _)) => {
                value.as_object_mut().into_iter().flatten().for_each(|(_, value)| object(kind, value));
            }
            _ => {}
        }
    }
    for key in left_out {
        map.shift_remove(key);
    }
}

/// OpenAPI 3.0 ignores what stands beside `$ref`. Descriptions mean it, so `{$ref, nullable}` becomes `{allOf: [$ref],
/// nullable}`, which says the same in 3.0.
fn nullable_reference(map: &mut Map<String, Value>) {
    if map.contains_key("$ref")
        && map.get("nullable") == Some(&Value::Bool(true))
        && let Some(reference) = map.remove("$ref")
    {
        map.insert("allOf".to_owned(), json!([{ "$ref": reference }]));
    }
}
