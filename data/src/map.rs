//! Objects with free keys and values of one type. A value of another type stays beside them, and goes back as it came.

use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};

use serde_json::Value;

use crate::note::Step;
use crate::place::{Accepts, Entries, Field, Place, Unset, View};
use crate::reader::{Expected, Fault, Reader};

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

impl<T> Unset for Map<T> {
    const UNSET: Self = Self { entries: BTreeMap::new(), others: BTreeMap::new() };
}

impl<T> Default for Map<T> {
    fn default() -> Self {
        Self::UNSET
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

/// A map that is being filled.
trait MapEntries {
    /// The size of a value.
    fn size(&self) -> usize;
    /// Reads the value of a key.
    fn read(&mut self, key: &str, reader: &mut Reader<'_>) -> Result<(), Fault>;
    /// Keeps a value that did not fit. It is not written while the key has one that fits.
    fn keep(&mut self, key: &str, value: Value);
    /// Removes everything.
    fn clear(&mut self);
}

impl<T: Place + Unset> MapEntries for Map<T> {
    fn size(&self) -> usize {
        size_of::<T>()
    }

    fn read(&mut self, key: &str, reader: &mut Reader<'_>) -> Result<(), Fault> {
        let mut value = T::UNSET;
        value.read(reader)?;
        self.entries.insert(key.to_owned(), value);
        Ok(())
    }

    fn keep(&mut self, key: &str, value: Value) {
        self.others.insert(key.to_owned(), value);
    }

    fn clear(&mut self) {
        *self = Self::default();
    }
}

/// Reads the entries of a map. Values that do not fit are kept beside it, and noted.
fn read(map: &mut dyn MapEntries, reader: &mut Reader<'_>) -> Result<(), Fault> {
    reader.enter(b'{', Expected::A("an object"))?;
    if reader.replaces() {
        map.clear();
    }
    if reader.is_empty(b'}') {
        return Ok(());
    }
    // The map allocates room for eleven entries at once.
    let entry = size_of::<String>() + map.size();
    let mut charge = 11 * entry;
    loop {
        let key = reader.key()?;
        reader.colon()?;
        let start = reader.start();
        let outcome = match &key {
            Some(key) => reader.charge(std::mem::replace(&mut charge, 2 * entry)).and_then(|()| map.read(key, reader)),
            None => reader.unfit(Expected::A("a value whose key has no unpaired surrogate")),
        };
        let outcome = match outcome {
            Err(Fault::Unfit) => reader.set_aside(start).map(|_| {
                if let (Some(key), Some(value)) = (&key, reader.keep(start)) {
                    map.keep(key, value);
                }
            }),
            outcome => outcome,
        };
        if let Some(key) = &key {
            reader.step(start, || Step::Key((**key).into()));
        }
        outcome?;
        if !reader.goes_on(b'}')? {
            return Ok(());
        }
    }
}

impl<T: Place + Unset> Place for Map<T> {
    #[inline]
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        read(self, reader)
    }

    fn accepts() -> Accepts {
        Accepts::Free
    }
}

impl<T: Field> Field for Map<T> {
    #[inline]
    fn view(&self) -> View<'_> {
        View::Map(self)
    }
}

impl<T: Field> Entries for Map<T> {
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
