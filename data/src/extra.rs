//! Unknown fields, explicit nulls and values that did not fit, which an object keeps beside its declared fields.

use serde_json::Value;

/// The part of a JSON object that the fields of its type do not hold: keys that the description does not name, values
/// that did not fit, and which fields were null rather than absent. Written back on encoding, so nothing is lost.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Extra {
    /// Bit i: field i was null, and is written as null while it is unset. Fields past 63 stand among the keys as null.
    nulls: u64,
    /// Bit i: field i is always present by declaration but was missing, and is not written while it is unset.
    missing: u64,
    /// Whether the whole body was null.
    null_body: bool,
    /// Boxed, since most objects have none of it.
    rest: Option<Box<Rest>>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Rest {
    /// In the order of the keys, each once.
    keys: Vec<(Box<str>, Value)>,
    /// Numbers that came as text.
    quoted: Vec<(usize, Box<str>)>,
    /// Lists that had nulls which their type does not hold.
    nulls: Vec<ListNulls>,
}

#[derive(Clone, Debug, PartialEq)]
struct ListNulls {
    field: usize,
    /// How many items the list had otherwise. A list of another length is not the one that came.
    length: usize,
    positions: Vec<u32>,
}

impl Extra {
    pub(crate) const fn new() -> Self {
        Self { nulls: 0, missing: 0, null_body: false, rest: None }
    }

    /// The value of a key that the type does not name, or that did not fit its field.
    pub fn get(&self, key: &str) -> Option<&Value> {
        let keys = self.keys();
        find(keys, key).ok().map(|place| &keys[place].1)
    }

    /// Sets a key. Where the type has a field of that name, a field that is set wins.
    pub fn insert(&mut self, key: impl Into<String>, value: impl Into<Value>) {
        let (key, value) = (key.into(), value.into());
        let keys = &mut self.rest().keys;
        match find(keys, &key) {
            Ok(place) => keys[place].1 = value,
            Err(place) => keys.insert(place, (key.into(), value)),
        }
    }

    /// Removes a key and returns its value.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        let rest = self.rest.as_mut()?;
        let removed = find(&rest.keys, key).ok().map(|place| rest.keys.remove(place).1);
        self.tidy();
        removed
    }

    /// The keys and values, in the order of the keys.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.keys().iter().map(|(key, value)| (&**key, value))
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.keys().len()
    }

    /// Whether there are no keys.
    pub fn is_empty(&self) -> bool {
        self.keys().is_empty()
    }

    /// Whether the object came as a body that was null, which its description allows. Then every field is unset.
    pub fn is_null_body(&self) -> bool {
        self.null_body
    }

    pub(crate) fn set_null_body(&mut self) {
        self.null_body = true;
    }

    /// Makes an unset field encode as null. Emitted setters call this.
    #[doc(hidden)]
    pub fn set_null(&mut self, field: usize, name: &str) {
        self.push_null(field, name);
        self.settle();
    }

    pub(crate) fn keys(&self) -> &[(Box<str>, Value)] {
        self.rest.as_ref().map_or(&[], |rest| &rest.keys)
    }

    fn rest(&mut self) -> &mut Rest {
        self.rest.get_or_insert_default()
    }

    /// [`set_null`](Self::set_null) of a decoding, which settles at its end.
    #[inline]
    pub(crate) fn push_null(&mut self, field: usize, name: &str) {
        match bit(field) {
            0 => self.push(name, Value::Null),
            bit => self.nulls |= bit,
        }
    }

    /// Adds a key as it is decoded; [`settle`](Self::settle) follows when there are no more.
    pub(crate) fn push(&mut self, key: impl Into<Box<str>>, value: Value) {
        self.rest().keys.push((key.into(), value));
    }

    /// Keeps the text that a number came as.
    pub(crate) fn push_quoted(&mut self, field: usize, text: &str) {
        self.rest().quoted.push((field, text.into()));
    }

    /// Keeps where a list of `length` items had nulls.
    pub(crate) fn push_nulls(&mut self, field: usize, length: usize, positions: Vec<u32>) {
        self.rest().nulls.push(ListNulls { field, length, positions });
    }

    /// Forgets what was recorded of a field, whose key came again.
    pub(crate) fn forget(&mut self, field: usize, name: &str) {
        self.nulls &= !bit(field);
        if let Some(rest) = &mut self.rest {
            rest.keys.retain(|(key, _)| **key != *name);
            rest.quoted.retain(|(known, _)| *known != field);
            rest.nulls.retain(|known| known.field != field);
        }
        self.tidy();
    }

    /// Leaves nothing behind where there is nothing, so that equal objects are equal.
    fn tidy(&mut self) {
        self.rest.take_if(|rest| **rest == Rest::default());
    }

    /// Puts pushed keys into their order. Of a key that came twice the last value stays. One sort at the end keeps an
    /// object of a million unknown keys from taking a million squared steps.
    #[inline]
    pub(crate) fn settle(&mut self) {
        if let Some(rest) = &mut self.rest {
            settle(&mut rest.keys);
        }
    }

    pub(crate) fn set_missing(&mut self, field: usize) {
        self.missing |= bit(field);
    }

    #[inline]
    pub(crate) fn is_null(&self, field: usize) -> bool {
        self.nulls & bit(field) != 0
    }

    /// Whether nothing is recorded here. Then every field is written, except an `Option` that is `None`.
    #[inline]
    pub(crate) fn is_plain(&self) -> bool {
        self.nulls | self.missing == 0 && !self.null_body && self.rest.is_none()
    }

    pub(crate) fn is_missing(&self, field: usize) -> bool {
        self.missing & bit(field) != 0
    }

    /// The text that a field's number came as.
    pub(crate) fn quoted(&self, field: usize) -> Option<&str> {
        let quoted = &self.rest.as_ref()?.quoted;
        quoted.iter().find(|(known, _)| *known == field).map(|(_, text)| &**text)
    }

    /// Where a field's list had nulls, if it has as many items as then.
    pub(crate) fn list_nulls(&self, field: usize, length: usize) -> &[u32] {
        let nulls = self.rest.as_ref().map_or(&[][..], |rest| &rest.nulls);
        let known = nulls.iter().find(|known| known.field == field && known.length == length);
        known.map_or(&[], |known| &known.positions)
    }
}

fn settle(keys: &mut Vec<(Box<str>, Value)>) {
    if keys.len() < 2 {
        return;
    }
    keys.sort_by(|(left, _), (right, _)| left.cmp(right));
    keys.dedup_by(|later, earlier| {
        let twice = later.0 == earlier.0;
        if twice {
            std::mem::swap(later, earlier);
        }
        twice
    });
}

fn find(keys: &[(Box<str>, Value)], key: &str) -> Result<usize, usize> {
    keys.binary_search_by(|(known, _)| (**known).cmp(key))
}

/// The bit of a field; 0 for those past 63.
#[inline]
pub(crate) const fn bit(field: usize) -> u64 {
    if field < 64 { 1 << field } else { 0 }
}
