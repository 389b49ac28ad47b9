//! Unknown fields, explicit nulls and mismatched values, which an object keeps in addition to its declared fields.

use serde_json::Value;

/// What a JSON object contains in addition to the declared fields of its type: unknown keys, values that did not fit, and
/// which fields were null rather than absent. It is encoded with the object.
///
/// Not kept are values that `Value` cannot represent or that exceed the memory limit, keys that are not valid Unicode, all but one of
/// the values of a repeated key, and items that did not fit their type, if their list is not a field of an object but the whole
/// body, an item of another list, or a value of a map.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Extra {
    /// Bit i: field i was null, and is written as null as long as it is unset. Fields from index 64 on are stored as keys
    /// with the value null instead.
    nulls: u64,
    /// Bit i: field i is required (not an `Option`, see `Shape::required`) but was missing, and is not written as long as it is unset.
    missing: u64,
    /// Whether the whole body was null.
    null_body: bool,
    /// Boxed, so that it takes little space in the objects that do not have it, which are most.
    rare: Option<Box<Rare>>,
}

/// The parts of an [`Extra`] that most objects do not have.
#[derive(Clone, Debug, Default, PartialEq)]
struct Rare {
    /// Sorted by key, without duplicates.
    entries: Vec<(Box<str>, Value)>,
    /// The original text of numbers that were received as strings, with the index of the field.
    number_texts: Vec<(usize, Box<str>)>,
    /// The items that did not fit the item types of their lists.
    left_out: Vec<LeftOut>,
}

#[derive(Clone, Debug, PartialEq)]
struct LeftOut {
    field: usize,
    /// How many items the list had without those that did not fit. If the length has changed, the list was modified, and the
    /// positions no longer apply.
    length: usize,
    /// The items that did not fit, each with the index that it has when the list is written: the list then consists of the decoded items
    /// and these. An item that no `Value` can represent is not written, so these indices do not count it.
    items: Vec<(usize, Value)>,
}

impl Extra {
    pub(crate) const fn new() -> Self {
        Self { nulls: 0, missing: 0, null_body: false, rare: None }
    }

    /// The value of an unknown key, or of a field whose value did not fit. `None` if no value is kept for the key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        let entries = self.entries();
        find(entries, key).ok().map(|index| &entries[index].1)
    }

    /// Sets a key. If the type has a field with this key, the field takes precedence in encoding if it is set; if it is unset or
    /// was null, this value is written.
    pub fn insert(&mut self, key: impl Into<String>, value: impl Into<Value>) {
        let (key, value) = (key.into(), value.into());
        let entries = &mut self.rare_mut().entries;
        match find(entries, &key) {
            Ok(index) => entries[index].1 = value,
            Err(index) => entries.insert(index, (key.into(), value)),
        }
    }

    /// Removes a key and returns its value.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        let rare = self.rare.as_mut()?;
        let removed = find(&rare.entries, key).ok().map(|index| rare.entries.remove(index).1);
        self.drop_empty();
        removed
    }

    /// The keys and values, in the order of the keys.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.entries().iter().map(|(key, value)| (&**key, value))
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.entries().len()
    }

    /// Whether there are no keys.
    pub fn is_empty(&self) -> bool {
        self.entries().is_empty()
    }

    /// Whether the whole body was null, which some descriptions allow. Decoding then leaves every field unset.
    pub fn is_null_body(&self) -> bool {
        self.null_body
    }

    pub(crate) fn set_null_body(&mut self) {
        self.null_body = true;
    }

    /// Makes an unset field encode as null. Called by generated methods such as `clear_name`.
    #[doc(hidden)]
    pub fn set_null(&mut self, field: usize, name: &str) {
        self.remove_records(field);
        self.remove(name);
        self.push_null(field, name);
        self.sort_keys();
    }

    pub(crate) fn entries(&self) -> &[(Box<str>, Value)] {
        self.rare.as_ref().map_or(&[], |rare| &rare.entries)
    }

    fn rare_mut(&mut self) -> &mut Rare {
        self.rare.get_or_insert_default()
    }

    /// Records that a field was null. From field 64 on, null is stored as a key, and [`sort_keys`](Self::sort_keys) must be called after
    /// the last key was pushed.
    #[inline]
    pub(crate) fn push_null(&mut self, field: usize, name: &str) {
        match bit(field) {
            0 => self.push(name, Value::Null),
            bit => self.nulls |= bit,
        }
    }

    /// Appends a key while decoding. After the last one, [`sort_keys`](Self::sort_keys) must be called.
    pub(crate) fn push(&mut self, key: impl Into<Box<str>>, value: Value) {
        self.rare_mut().entries.push((key.into(), value));
    }

    /// Keeps the original text of a number that was received as a string.
    pub(crate) fn push_number_text(&mut self, field: usize, text: &str) {
        self.rare_mut().number_texts.push((field, text.into()));
    }

    /// Keeps the items that did not fit the item type of a list. The list has `length` other items.
    pub(crate) fn push_left_out(&mut self, field: usize, length: usize, items: Vec<(usize, Value)>) {
        self.rare_mut().left_out.push(LeftOut { field, length, items });
    }

    /// Removes the null, the number text and the left-out items that were recorded for a field. A value in `Rare::entries` stays.
    pub(crate) fn remove_records(&mut self, field: usize) {
        self.nulls &= !bit(field);
        if let Some(rare) = &mut self.rare {
            rare.number_texts.retain(|(known, _)| *known != field);
            rare.left_out.retain(|known| known.field != field);
        }
        self.drop_empty();
    }

    /// Drops the boxed part if it is empty, so that two objects with the same content compare as equal.
    fn drop_empty(&mut self) {
        self.rare.take_if(|rare| **rare == Rare::default());
    }

    /// Sorts the keys that were pushed, and keeps the last value of duplicate keys. Sorting once at the end takes
    /// O(n log n) steps; inserting each key in order would take O(n²).
    #[inline]
    pub(crate) fn sort_keys(&mut self) {
        if let Some(rare) = &mut self.rare {
            sort(&mut rare.entries);
        }
    }

    pub(crate) fn set_missing(&mut self, field: usize) {
        self.missing |= bit(field);
    }

    #[inline]
    pub(crate) fn is_null(&self, field: usize) -> bool {
        self.nulls & bit(field) != 0
    }

    /// Whether nothing is recorded. Then every field is written, except an `Option` that is `None`.
    #[inline]
    pub(crate) fn is_default(&self) -> bool {
        self.nulls | self.missing == 0 && !self.null_body && self.rare.is_none()
    }

    pub(crate) fn is_missing(&self, field: usize) -> bool {
        self.missing & bit(field) != 0
    }

    /// The original text of a field whose number was received as a string.
    pub(crate) fn number_text(&self, field: usize) -> Option<&str> {
        let texts = &self.rare.as_ref()?.number_texts;
        texts.iter().find(|(known, _)| *known == field).map(|(_, text)| &**text)
    }

    /// The items that were left out of the list of a field, if it still has as many items as when it was decoded.
    pub(crate) fn left_out(&self, field: usize, length: usize) -> &[(usize, Value)] {
        let all = self.rare.as_ref().map_or(&[][..], |rare| &rare.left_out);
        let known = all.iter().find(|known| known.field == field && known.length == length);
        known.map_or(&[], |known| &known.items)
    }
}

fn sort(keys: &mut Vec<(Box<str>, Value)>) {
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

/// The bit of a field; 0 from index 64 on.
#[inline]
pub(crate) const fn bit(field: usize) -> u64 {
    if field < 64 { 1 << field } else { 0 }
}
