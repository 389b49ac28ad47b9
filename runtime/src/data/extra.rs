//! What an object held beside its declared fields.

use serde_json::Value;

/// The part of a JSON object that the fields of its type do not hold: keys that the description does not name, values
/// that did not fit, and which fields were null rather than absent. Written back on encoding, so nothing is lost.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Extra {
    /// Bit i: field i was null, and is written as null while it is unset. Fields past 63 stand in `keys` as null.
    nulls: u64,
    /// Bit i: field i is always present by declaration but was missing, and is not written while it is unset.
    missing: u64,
    /// In the order of the keys, each once.
    keys: Vec<(Box<str>, Value)>,
}

impl Extra {
    /// The value of a key that the type does not name, or that did not fit its field.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.find(key).ok().map(|place| &self.keys[place].1)
    }

    /// Sets a key. Where the type has a field of that name, a field that is set wins.
    pub fn insert(&mut self, key: impl Into<String>, value: impl Into<Value>) {
        let (key, value) = (key.into(), value.into());
        match self.find(&key) {
            Ok(place) => self.keys[place].1 = value,
            Err(place) => self.keys.insert(place, (key.into(), value)),
        }
    }

    /// Removes a key and returns its value.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        self.find(key).ok().map(|place| self.keys.remove(place).1)
    }

    /// The keys and values, in the order of the keys.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.keys.iter().map(|(key, value)| (&**key, value))
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
        self.push_null(field, name);
        self.settle();
    }

    /// [`set_null`](Self::set_null) of a decoding, which settles at its end.
    #[inline]
    pub(super) fn push_null(&mut self, field: usize, name: &str) {
        if !self.note_null(field) {
            self.push(name, Value::Null);
        }
    }

    /// Notes that a field was null, if it has a bit for that.
    #[inline]
    pub(super) fn note_null(&mut self, field: usize) -> bool {
        let bit = bit(field);
        self.nulls |= bit;
        bit != 0
    }

    /// Adds a key as it is decoded; [`settle`](Self::settle) follows when there are no more.
    pub(super) fn push(&mut self, key: impl Into<Box<str>>, value: Value) {
        self.keys.push((key.into(), value));
    }

    /// Puts pushed keys into their order. Of a key that came twice the last value stays. One sort at the end keeps an
    /// object of a million unknown keys from taking a million squared steps.
    #[inline]
    pub(super) fn settle(&mut self) {
        if self.keys.len() < 2 {
            return;
        }
        self.keys.sort_by(|(left, _), (right, _)| left.cmp(right));
        self.keys.dedup_by(|later, earlier| {
            let twice = later.0 == earlier.0;
            if twice {
                std::mem::swap(later, earlier);
            }
            twice
        });
    }

    fn find(&self, key: &str) -> Result<usize, usize> {
        self.keys.binary_search_by(|(known, _)| (**known).cmp(key))
    }

    pub(super) fn set_missing(&mut self, field: usize) {
        self.missing |= bit(field);
    }

    pub(super) fn is_null(&self, field: usize) -> bool {
        self.nulls & bit(field) != 0
    }

    pub(super) fn is_missing(&self, field: usize) -> bool {
        self.missing & bit(field) != 0
    }
}

/// The bit of a field; 0 for those past 63.
pub(super) fn bit(field: usize) -> u64 {
    if field < 64 { 1 << field } else { 0 }
}
