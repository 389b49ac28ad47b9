//! Edits of descriptions, for the tests of `diff` and `lint`.

use intercom_codegen::ir::Api;
use intercom_codegen::version::Version;
use intercom_codegen::{read, yaml};
use serde_json::Value;

/// A JSON pointer, which ends with `-` to append to a list, and the new value as YAML, empty to remove the present one.
pub type Edit = (&'static str, &'static str);

/// Reads a document as version 2.15, without overlays.
pub fn read_document(document: &Value) -> Api {
    read_text(&yaml::write(document))
}

/// Reads a description as version 2.15, without overlays.
pub fn read_text(text: &str) -> Api {
    read(text, &[], Version::Released(2, 15)).unwrap_or_else(|error| panic!("{error}")).0
}

/// Makes one edit.
pub fn edit(document: &mut Value, pointer: &str, value: &str) {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let key = key.replace("~1", "/").replace("~0", "~");
    let place = document.pointer_mut(parent);
    if place.is_none() {
        // The first operation of a path also creates the path.
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
