//! Edits of descriptions: what tests of `diff` and `lint` have in common.

use intercom_codegen::ir::Api;
use intercom_codegen::version::Version;
use intercom_codegen::{read, yaml};
use serde_json::Value;

/// A JSON pointer, `-` at its end to append to a list, and the new value as YAML, empty to remove what is there.
pub type Edit = (&'static str, &'static str);

/// Lowers a document as one of 2.15 that has its overlays already.
pub fn lower(document: &Value) -> Api {
    lower_text(&yaml::write(document))
}

/// Lowers a description as one of 2.15 that has its overlays already.
pub fn lower_text(text: &str) -> Api {
    read(text, &[], Version::Released(2, 15)).unwrap_or_else(|error| panic!("{error}")).0
}

/// Makes one edit.
pub fn edit(document: &mut Value, pointer: &str, value: &str) {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let key = key.replace("~1", "/").replace("~0", "~");
    let place = document.pointer_mut(parent);
    if place.is_none() {
        // A path is there with its first operation.
        assert!(parent.starts_with("/paths/"), "there is no {parent}");
        edit(document, parent, "{}");
    }
    let value = (!value.is_empty()).then(|| yaml::read(value).unwrap());
    match (document.pointer_mut(parent).unwrap(), value) {
        (Value::Object(map), Some(value)) => drop(map.insert(key, value)),
        (Value::Object(map), None) => drop(map.shift_remove(&key).unwrap_or_else(|| panic!("no {pointer}"))),
        (Value::Array(list), Some(value)) if key == "-" => list.push(value),
        (Value::Array(list), Some(value)) => list[key.parse::<usize>().unwrap()] = value,
        (Value::Array(list), None) => drop(list.remove(key.parse().unwrap())),
        (other, _) => panic!("{pointer}: {other} has no keys"),
    }
}
