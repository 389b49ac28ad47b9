//! Objects with declared fields: what a generated type says of itself, and what is done with it.

mod entries;
mod read;

use crate::Id;
use crate::extra::{Extra, bit};
use crate::field_index::FieldIndex;
use crate::place::{Field, Place, View};

pub(crate) use entries::{Key, entries};
pub use read::read;

/// A struct of a generated crate: it gives a place for each of its fields, and keeps what they do not hold.
pub trait Object: Place + Field {
    /// What is declared. The order of its fields numbers them for the functions.
    fn shape() -> &'static Shape
    where
        Self: Sized;

    /// The place of a field, to be read into; that of [`Extra`] for all numbers past the fields.
    fn place(&mut self, field: usize) -> &mut dyn Place;

    /// A field, to be written; [`Extra`] for all numbers past the fields.
    fn field(&self, field: usize) -> &dyn Field;
}

/// The number that stands for what the fields do not hold.
const EXTRA: usize = usize::MAX;

/// What the fields of an object do not hold.
pub fn extra(object: &dyn Object) -> &Extra {
    static NONE: Extra = Extra::new();
    match object.field(EXTRA).view() {
        View::Extra(extra) => extra,
        _ => &NONE,
    }
}

/// What the fields of an object do not hold, to be changed.
pub fn extra_mut(object: &mut dyn Object) -> Option<&mut Extra> {
    object.place(EXTRA).as_extra()
}

/// What is declared of an object.
#[derive(Debug)]
pub struct Shape {
    pub(crate) name: &'static str,
    pub(crate) fields: &'static [&'static str],
    /// Bit i: field i is always present.
    pub(crate) required: u64,
    /// Keys that hold a fixed text.
    pub(crate) tags: &'static [(&'static str, &'static str)],
    pub(crate) list: Option<usize>,
    /// Whether a body may be null in its place.
    pub(crate) nullable: bool,
    /// Bit i: field i holds ids which are declared as text, or as integers.
    text_ids: u64,
    integer_ids: u64,
    /// Whether no key has anything to escape.
    plain_keys: bool,
    index: FieldIndex,
}

/// How an id is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IdForm {
    /// As either.
    AsIs,
    Text,
    Integer,
}

impl Shape {
    /// The type's name, for error messages, and the JSON keys.
    pub const fn new(name: &'static str, fields: &'static [&'static str]) -> Self {
        let (index, plain_keys) = (FieldIndex::of(fields), are_plain(fields));
        Self {
            name,
            fields,
            required: 0,
            tags: &[],
            list: None,
            nullable: false,
            text_ids: 0,
            integer_ids: 0,
            plain_keys,
            index,
        }
    }

    /// The fields that are always present.
    pub const fn required(mut self, required: &[usize]) -> Self {
        self.required = bits(required);
        self
    }

    /// Keys that hold a fixed text, which tells this type from others in a union.
    pub const fn tags(mut self, tags: &'static [(&'static str, &'static str)]) -> Self {
        self.tags = tags;
        self
    }

    /// The field that takes the items where a bare array stands in place of the object.
    pub const fn list(mut self, list: usize) -> Self {
        self.list = Some(list);
        self
    }

    /// Says that null is a value of the type. A body that is null leaves all fields unset; [`Extra::is_null_body`] tells.
    pub const fn nullable(mut self, nullable: bool) -> Self {
        self.nullable = nullable;
        self
    }

    /// The fields whose ids are declared as text.
    pub const fn text_ids(mut self, fields: &[usize]) -> Self {
        self.text_ids = bits(fields);
        self
    }

    /// The fields whose ids are declared as integers.
    pub const fn integer_ids(mut self, fields: &[usize]) -> Self {
        self.integer_ids = bits(fields);
        self
    }

    pub(crate) fn find(&self, key: &str) -> Option<usize> {
        self.index.find(self.fields, key)
    }

    pub(crate) fn field_name(&self, field: usize) -> &'static str {
        self.fields.get(field).copied().unwrap_or_default()
    }

    pub(crate) fn id_form(&self, field: usize) -> IdForm {
        let bit = bit(field);
        match (self.text_ids & bit != 0, self.integer_ids & bit != 0) {
            (true, _) => IdForm::Text,
            (_, true) => IdForm::Integer,
            _ => IdForm::AsIs,
        }
    }
}

const fn are_plain(keys: &[&str]) -> bool {
    let mut key = 0;
    while key < keys.len() {
        let bytes = keys[key].as_bytes();
        let mut place = 0;
        while place < bytes.len() {
            if matches!(bytes[place], b'"' | b'\\' | 0..0x20) {
                return false;
            }
            place += 1;
        }
        key += 1;
    }
    true
}

const fn bits(fields: &[usize]) -> u64 {
    let (mut bits, mut next) = (0, 0);
    while next < fields.len() {
        bits |= bit(fields[next]);
        next += 1;
    }
    bits
}

impl Id {
    /// The identifier in the form in which it is declared, where it can be converted: as a number, or as text.
    pub(crate) fn number_as(&self, form: IdForm) -> Option<i64> {
        match form {
            IdForm::Text => None,
            IdForm::AsIs => self.is_number().then(|| self.as_i64()).flatten(),
            // `007` and `+7` are not what they would be as numbers.
            IdForm::Integer => self.as_i64().filter(|number| number.to_string() == self.as_str()),
        }
    }
}
