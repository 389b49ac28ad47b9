//! What an object held beside its declared fields.

use std::collections::BTreeMap;

use serde_json::Value;

/// The part of a JSON object that the fields of its type do not hold: keys that the description does not name, values
/// that did not fit, and which fields were null rather than absent. Written back on encoding, so nothing is lost.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Extra {
    /// Bit i: field i was null, and is written as null while it is unset. Fields past 63 stand in `keys` as null.
    nulls: u64,
    /// Bit i: field i is always present by declaration but was missing, and is not written while it is unset.
    missing: u64,
    keys: BTreeMap<String, Value>,
}

impl Extra {
    /// The value of a key that the type does not name, or that did not fit its field.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.keys.get(key)
    }

    /// Sets a key. Where the type has a field of that name, a field that is set wins.
    pub fn insert(&mut self, key: impl Into<String>, value: impl Into<Value>) {
        self.keys.insert(key.into(), value.into());
    }

    /// Removes a key and returns its value.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        self.keys.remove(key)
    }

    /// The keys and values, in the order of the keys.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.keys.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there are no keys.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Makes an unset field encode as null. Emitted setters call this.
    #[doc(hidden)]
    pub fn set_null(&mut self, field: usize, name: &str) {
        match bit(field) {
            Some(bit) => self.nulls |= bit,
            None => self.insert(name, Value::Null),
        }
    }

    pub(super) fn set_missing(&mut self, field: usize) {
        self.missing |= bit(field).unwrap_or(0);
    }

    pub(super) fn is_null(&self, field: usize) -> bool {
        self.nulls & bit(field).unwrap_or(0) != 0
    }

    pub(super) fn is_missing(&self, field: usize) -> bool {
        self.missing & bit(field).unwrap_or(0) != 0
    }
}

fn bit(field: usize) -> Option<u64> {
    u32::try_from(field).ok().and_then(|shift| 1u64.checked_shl(shift))
}
