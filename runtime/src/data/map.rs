//! Objects with free keys and values of one type. A value of another type stays beside them, and goes back as it came.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::{Deref, DerefMut};

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use super::context::{Context, Step};
use super::decode::{Decode, Kind, Seed, decode_or_set_aside, raw_to_value};
use super::union::Fit;

/// A JSON object whose keys the description leaves open and whose values have one type. It is used like the
/// [`BTreeMap`] that it holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Map<T> {
    entries: BTreeMap<String, T>,
    others: BTreeMap<String, Value>,
}

impl<T> Map<T> {
    /// An empty map.
    pub fn new() -> Self {
        Self::default()
    }

    /// The values that did not fit.
    pub fn others(&self) -> &BTreeMap<String, Value> {
        &self.others
    }

    /// The values that fit.
    pub fn into_inner(self) -> BTreeMap<String, T> {
        self.entries
    }
}

impl<T> Default for Map<T> {
    fn default() -> Self {
        Self { entries: BTreeMap::new(), others: BTreeMap::new() }
    }
}

impl<T> Deref for Map<T> {
    type Target = BTreeMap<String, T>;

    fn deref(&self) -> &BTreeMap<String, T> {
        &self.entries
    }
}

impl<T> DerefMut for Map<T> {
    fn deref_mut(&mut self) -> &mut BTreeMap<String, T> {
        &mut self.entries
    }
}

impl<T> From<BTreeMap<String, T>> for Map<T> {
    fn from(entries: BTreeMap<String, T>) -> Self {
        Self { entries, others: BTreeMap::new() }
    }
}

impl<K: Into<String>, T> FromIterator<(K, T)> for Map<T> {
    fn from_iter<I: IntoIterator<Item = (K, T)>>(pairs: I) -> Self {
        pairs.into_iter().map(|(key, value)| (key.into(), value)).collect::<BTreeMap<_, _>>().into()
    }
}

impl<K: Into<String>, T, const N: usize> From<[(K, T); N]> for Map<T> {
    fn from(pairs: [(K, T); N]) -> Self {
        pairs.into_iter().collect()
    }
}

impl<T> IntoIterator for Map<T> {
    type Item = (String, T);
    type IntoIter = std::collections::btree_map::IntoIter<String, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Map<T> {
    type Item = (&'a String, &'a T);
    type IntoIter = std::collections::btree_map::Iter<'a, String, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.iter()
    }
}

impl<T: Serialize> Serialize for Map<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (key, value) in &self.entries {
            map.serialize_entry(key, value)?;
        }
        for (key, value) in self.others.iter().filter(|(key, _)| !self.entries.contains_key(*key)) {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

impl<'de, T: Decode> Deserialize<'de> for Map<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut map = Self::default();
        map.decode_into(deserializer, &mut Context::strict())?;
        Ok(map)
    }
}

impl<T: Decode> Decode for Map<T> {
    type Kind = Self;
}

impl<T: Decode> Kind<Self> for Map<T> {
    fn decode_into<'de, D: Deserializer<'de>>(
        target: &mut Self,
        deserializer: D,
        context: &mut Context,
    ) -> Result<(), D::Error> {
        deserializer.deserialize_map(MapVisitor(target, context))
    }

    fn is_unset(value: &Self) -> bool {
        value.entries.is_empty() && value.others.is_empty()
    }

    fn fit(value: &Value) -> Fit {
        if value.is_object() { Fit::Possible(0) } else { Fit::Impossible }
    }
}

struct MapVisitor<'t, 'c, T>(&'t mut Map<T>, &'c mut Context);

impl<'de, T: Decode> Visitor<'de> for MapVisitor<'_, '_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let Self(map, context) = self;
        *map = Map::default();
        while let Some(key) = entries.next_key::<String>()? {
            if context.tolerant {
                let raw = entries.next_value::<&RawValue>()?;
                context.enter(Step::Key(key.clone()));
                match (decode_or_set_aside(raw, context), raw_to_value(raw)) {
                    (Some(value), _) => drop(map.entries.insert(key, value)),
                    (None, Some(other)) => drop(map.others.insert(key, other)),
                    // What no value can hold is in the mismatch.
                    (None, None) => {}
                }
                context.leave();
                continue;
            }
            let mut value = T::default();
            match entries.next_value_seed(Seed { target: &mut value, context }) {
                Ok(()) => drop(map.entries.insert(key, value)),
                Err(error) => {
                    context.failed_in(Step::Key(key));
                    return Err(error);
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{Decoding, from_slice};
    use super::*;

    #[test]
    fn a_value_of_another_type_goes_back_as_it_came() {
        let body = json!({"a": "x", "b": 1, "c": null});
        let decoded = from_slice::<Map<String>>(body.to_string().as_bytes(), Decoding::Tolerant).unwrap();
        assert_eq!((decoded.value.len(), decoded.value.others().len()), (1, 2));
        assert_eq!(serde_json::to_value(&decoded.value).unwrap(), body);
        let paths: Vec<&str> = decoded.mismatches.iter().map(|mismatch| mismatch.path()).collect();
        assert_eq!(paths, ["b", "c"]);
        assert!(from_slice::<Map<String>>(body.to_string().as_bytes(), Decoding::Strict).is_err());
    }

    #[test]
    fn setting_a_key_replaces_what_did_not_fit() {
        let mut map = from_slice::<Map<String>>(br#"{"a": 1}"#, Decoding::Tolerant).unwrap().value;
        map.insert("a".to_owned(), "x".to_owned());
        assert_eq!(serde_json::to_value(&map).unwrap(), json!({"a": "x"}));
    }
}
