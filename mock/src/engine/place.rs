//! Places in JSON: dotted paths of keys.

use serde_json::{Map, Value};

/// The value at a place, where no list is on the way.
pub(crate) fn get<'a>(value: &'a Value, place: &str) -> Option<&'a Value> {
    place.split('.').filter(|key| !key.is_empty()).try_fold(value, |value, key| value.get(key))
}

/// All values at a place; a list, on the way or at the end, stands for each of its items.
pub(crate) fn each<'a>(value: &'a Value, place: &str, found: &mut Vec<&'a Value>) {
    any(value, place, &mut |value| {
        found.push(value);
        false
    });
}

/// Whether any of the values at a place fulfils a condition; no value after it is looked at.
pub(crate) fn any<'a>(value: &'a Value, place: &str, holds: &mut dyn FnMut(&'a Value) -> bool) -> bool {
    if let Value::Array(values) = value {
        return values.iter().any(|value| any(value, place, holds));
    }
    if place.is_empty() {
        return holds(value);
    }
    // A key may have a dot in it: the name of a custom attribute.
    if let Some(value) = value.get(place) {
        return any(value, "", holds);
    }
    let Some((key, rest)) = place.split_once('.') else { return false };
    value.get(key).is_some_and(|value| any(value, rest, holds))
}

/// Whether a value is at a place.
pub(crate) fn has(item: &Value, place: &str, wanted: &Value) -> bool {
    any(item, place, &mut |value| same(value, wanted))
}

/// Puts a value at a place, and creates the objects that are missing.
pub(crate) fn set(target: &mut Value, place: &str, new: Value) {
    if let Some(slot) = slot(target, place) {
        *slot = new;
    }
}

/// The list at a place, which is made where there is none.
pub(crate) fn list<'a>(target: &'a mut Value, place: &str) -> Option<&'a mut Vec<Value>> {
    let slot = slot(target, place)?;
    if !slot.is_array() {
        *slot = Value::Array(Vec::new());
    }
    slot.as_array_mut()
}

fn slot<'a>(target: &'a mut Value, place: &str) -> Option<&'a mut Value> {
    place.split('.').filter(|key| !key.is_empty()).try_fold(target, |target, key| {
        if !target.is_object() {
            *target = Value::Object(Map::new());
        }
        Some(target.as_object_mut()?.entry(key).or_insert(Value::Null))
    })
}

/// Merges objects key by key; anything else is replaced.
pub(crate) fn merge(target: &mut Value, new: Value) {
    match (target, new) {
        (Value::Object(target), Value::Object(new)) => {
            for (key, value) in new {
                merge(target.entry(key).or_insert(Value::Null), value);
            }
        }
        (target, new) => *target = new,
    }
}

/// Whether two values are equal, or scalars with the same text: the API writes ids as numbers and as texts.
pub(crate) fn same(left: &Value, right: &Value) -> bool {
    left == right || (is_key(left) && is_key(right) && text(left) == text(right))
}

/// A string as it is, any other value as JSON.
pub(crate) fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn is_key(value: &Value) -> bool {
    value.is_string() || value.is_number() || value.is_boolean()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn places_lead_through_objects_and_lists() {
        let value = json!({"tags": {"data": [{"id": "1"}, {"id": 2}]}, "custom": {"a.b": 3}});
        let all = |place: &str| {
            let mut found = Vec::new();
            each(&value, place, &mut found);
            found.into_iter().map(Value::to_string).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(all("tags.data.id"), "\"1\" 2");
        assert_eq!(all("custom.a.b"), "3");
        assert_eq!(all("tags.none.id"), "");
        let mut target = json!({"a": 1});
        set(&mut target, "a.b", json!(2));
        list(&mut target, "c.d").unwrap().push(json!(3));
        merge(&mut target, json!({"a": {"e": 4}}));
        assert_eq!(target, json!({"a": {"b": 2, "e": 4}, "c": {"d": [3]}}));
        assert!(same(&json!("5"), &json!(5)) && !same(&json!(null), &json!("null")));
    }
}
