//! Objects with arbitrary keys and values of one type. Values that do not fit the type are kept separately and written back.

use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};

use serde_json::Value;

use crate::mismatch::Step;
use crate::place::{Accepts, ConstDefault, Encode, Place};
use crate::reader::{Expected, ReadError, Reader};
use crate::view::{Entries, View};

/// A JSON object with arbitrary keys, whose values have one type. It derefs to a [`BTreeMap`].
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

    /// The values that did not fit the type.
    pub fn others(&self) -> &BTreeMap<String, Value> {
        &self.others
    }

    /// Returns the entries, without the values that did not fit the type.
    pub fn into_inner(self) -> BTreeMap<String, T> {
        self.entries
    }
}

impl<T> ConstDefault for Map<T> {
    const DEFAULT: Self = Self { entries: BTreeMap::new(), others: BTreeMap::new() };
}

impl<T> Default for Map<T> {
    fn default() -> Self {
        Self::DEFAULT
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

/// A map that entries are read into.
trait MapEntries {
    /// The size of a value in bytes.
    fn size(&self) -> usize;
    /// Reads the value of a key.
    fn read(&mut self, key: &str, reader: &mut Reader<'_>) -> Result<(), ReadError>;
    /// Keeps a value that did not fit. It is not written if the key also has a value that fits.
    fn keep_other(&mut self, key: &str, value: Value);
    /// Removes everything.
    fn clear(&mut self);
}

impl<T: Place + ConstDefault> MapEntries for Map<T> {
    fn size(&self) -> usize {
        size_of::<T>()
    }

    fn read(&mut self, key: &str, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        let mut value = T::DEFAULT;
        value.read(reader)?;
        self.entries.insert(key.to_owned(), value);
        Ok(())
    }

    fn keep_other(&mut self, key: &str, value: Value) {
        self.others.insert(key.to_owned(), value);
    }

    fn clear(&mut self) {
        *self = Self::default();
    }
}

/// Reads the entries of a map. Values that do not fit are kept separately and reported as mismatches.
fn read(map: &mut dyn MapEntries, reader: &mut Reader<'_>) -> Result<(), ReadError> {
    reader.open(b'{', Expected::What("an object"))?;
    if reader.take_replaces() {
        map.clear();
    }
    if reader.close_if_empty(b'}') {
        return Ok(());
    }
    // A `BTreeMap` allocates nodes of eleven entries. The first entry is charged for a whole node, and each further one twice, since nodes
    // may be only half full.
    let entry = size_of::<String>() + map.size();
    let mut charge = 11 * entry;
    loop {
        let key = reader.key()?;
        reader.colon()?;
        let start = reader.start();
        let outcome = match &key {
            Some(key) => reader.charge(std::mem::replace(&mut charge, 2 * entry)).and_then(|()| map.read(key, reader)),
            None => reader.mismatch(Expected::What("an entry whose key is valid Unicode")),
        };
        let outcome = match outcome {
            Err(ReadError::Mismatch) => reader.set_aside(start).map(|_| {
                if let (Some(key), Some(value)) = (&key, reader.keep(start)) {
                    map.keep_other(key, value);
                }
            }),
            outcome => outcome,
        };
        if let Some(key) = &key {
            reader.add_step(start, || Step::Key((**key).into()));
        }
        outcome?;
        if !reader.has_next(b'}')? {
            return Ok(());
        }
    }
}

impl<T: Place + ConstDefault> Place for Map<T> {
    #[inline]
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        read(self, reader)
    }

    fn accepts() -> Accepts {
        Accepts::AnyObject
    }
}

impl<T: Encode> Encode for Map<T> {
    #[inline]
    fn view(&self) -> View<'_> {
        View::Map(self)
    }
}

impl<T: Encode> Entries for Map<T> {
    fn count(&self) -> usize {
        self.entries().count()
    }

    fn entries(&self) -> Box<dyn Iterator<Item = (&str, View<'_>)> + '_> {
        let others = self.others.iter().filter(|(key, _)| !self.entries.contains_key(*key));
        let others = others.map(|(key, value)| (key.as_str(), View::Json(value)));
        Box::new(self.entries.iter().map(|(key, value)| (key.as_str(), value.view())).chain(others))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{Decoding, from_slice};

    #[test]
    fn a_value_of_another_type_is_kept_and_written_back() {
        let body = json!({"a": "x", "b": 1, "c": null});
        let decoded = from_slice::<Map<String>>(body.to_string().as_bytes(), Decoding::Tolerant).unwrap();
        assert_eq!((decoded.value.len(), decoded.value.others().len()), (1, 2));
        assert_eq!(serde_json::to_value(&decoded.value).unwrap(), body);
        let paths: Vec<&str> = decoded.mismatches.iter().map(|mismatch| mismatch.path()).collect();
        assert_eq!(paths, ["b", "c"]);
        assert!(from_slice::<Map<String>>(body.to_string().as_bytes(), Decoding::Strict).is_err());
    }

    #[test]
    fn setting_a_key_replaces_the_value_that_did_not_fit() {
        let mut map = from_slice::<Map<String>>(br#"{"a": 1}"#, Decoding::Tolerant).unwrap().value;
        map.insert("a".to_owned(), "x".to_owned());
        assert_eq!(serde_json::to_value(&map).unwrap(), json!({"a": "x"}));
    }
}
