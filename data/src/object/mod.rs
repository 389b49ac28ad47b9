//! Objects with declared fields: the trait that generated structs implement, and the schema that it refers to.

mod members;
mod read;

use crate::Id;
use crate::extra::{Extra, bit};
use crate::field_index::FieldIndex;
use crate::place::{Accepts, Field, Place, View};
use crate::reader::{Fault, Reader};

pub(crate) use members::{Key, members};

/// A struct of a generated crate: declared fields, and an [`Extra`] for everything else that the JSON object held.
///
/// It only gives access to its fields: the loops that read and write objects are compiled once for all types.
pub trait Object {
    /// The declared schema. The order of its fields numbers them for [`read_field`](Self::read_field).
    fn shape() -> &'static Shape
    where
        Self: Sized;

    /// Reads the value that comes next into the field with this number.
    ///
    /// # Errors
    /// Those of [`Place::read`].
    fn read_field(&mut self, field: usize, reader: &mut Reader<'_>) -> Result<(), Fault>;

    /// What the fields do not hold.
    fn extra_mut(&mut self) -> &mut Extra;

    /// Shows the [`Extra`], and then every field in the order of the schema.
    fn fields<'a>(&'a self, fields: &mut Fields<'a, '_>);
}

/// Takes the view of each field of an object, and passes it to a function. It is a type of its own: with a trait object
/// in the signature, rustc would type-check each line of generated code more slowly.
#[allow(missing_debug_implementations, reason = "it holds a function and nothing else")]
pub struct Fields<'a, 'f>(&'f mut dyn FnMut(View<'a>));

impl<'a> Fields<'a, '_> {
    /// Shows the field that comes next. What is inlined is one call of a function that is compiled once.
    #[inline]
    pub fn show<T: Field>(&mut self, field: &'a T) {
        self.show_field(field);
    }

    #[inline(never)]
    fn show_field(&mut self, field: &'a dyn Field) {
        (self.0)(field.view());
    }
}

/// Calls a function for the [`Extra`] of an object, and then for each field in the order of the schema.
pub(crate) fn views<'a>(object: &'a dyn Object, each: &mut dyn FnMut(View<'a>)) {
    object.fields(&mut Fields(each));
}

/// A boxed object is the object.
impl<T: Object> Object for Box<T> {
    #[inline]
    fn shape() -> &'static Shape {
        T::shape()
    }

    #[inline]
    fn read_field(&mut self, field: usize, reader: &mut Reader<'_>) -> Result<(), Fault> {
        (**self).read_field(field, reader)
    }

    #[inline]
    fn extra_mut(&mut self) -> &mut Extra {
        (**self).extra_mut()
    }

    #[inline]
    fn fields<'a>(&'a self, fields: &mut Fields<'a, '_>) {
        (**self).fields(fields);
    }
}

#[doc(hidden)] // on the page of every type it would only take room
impl<T: Object> Place for T {
    #[inline]
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        read::read(self, T::shape(), reader)
    }

    #[inline]
    fn accepts() -> Accepts {
        Accepts::Object(T::shape)
    }
}

#[doc(hidden)]
impl<T: Object> Field for T {
    #[inline]
    fn view(&self) -> View<'_> {
        View::Object(self, T::shape())
    }
}

/// The value of one field. It walks over all of them, for the rare cases that need one out of order.
pub(crate) fn field<'a>(object: &'a dyn Object, field: usize) -> View<'a> {
    let (mut found, mut number) = (View::Absent, 0);
    views(object, &mut |view| {
        // The first is the `Extra`.
        if number == field + 1 {
            found = view;
        }
        number += 1;
    });
    found
}

/// The declared schema of an object.
#[derive(Debug)]
pub struct Shape {
    pub(crate) name: &'static str,
    /// The keys as JSON text with the colon: `"name":`. One comparison then reads a key, and one copy writes it.
    keys: &'static [&'static str],
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
    /// As a string or an integer: written in the form in which it came.
    AsIs,
    Text,
    Integer,
}

impl Shape {
    /// The type's name, for error messages, and the keys, each as `"name":`.
    pub const fn new(name: &'static str, keys: &'static [&'static str]) -> Self {
        let (index, plain_keys) = (FieldIndex::of(keys), are_plain(keys));
        Self {
            name,
            keys,
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

    /// The number of the field with this key.
    pub(crate) fn find(&self, key: &str) -> Option<usize> {
        self.index.find(self.keys, key)
    }

    /// The key of a field as JSON text with the colon, if that needs no escapes.
    #[inline]
    pub(crate) fn quoted_key(&self, field: usize) -> Option<&'static str> {
        self.keys.get(field).copied().filter(|_| self.plain_keys)
    }

    /// The key of a field; empty where there is no such field.
    pub(crate) fn field_name(&self, field: usize) -> &'static str {
        self.keys.get(field).map_or("", |quoted| unquoted(quoted))
    }

    pub(crate) fn field_count(&self) -> usize {
        self.keys.len()
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

/// The key in `"key":`.
pub(crate) const fn unquoted(quoted: &str) -> &str {
    let Some((_, rest)) = quoted.split_at_checked(1) else { return "" };
    match rest.split_at_checked(rest.len().saturating_sub(2)) {
        Some((key, _)) => key,
        None => "",
    }
}

/// Whether no key has a character that JSON escapes.
const fn are_plain(keys: &[&str]) -> bool {
    let mut key = 0;
    while key < keys.len() {
        let bytes = unquoted(keys[key]).as_bytes();
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
    /// Whether it is written as a number where it is declared in this form.
    pub(crate) fn is_number_as(&self, form: IdForm) -> bool {
        match form {
            IdForm::Text => false,
            IdForm::AsIs => self.is_number(),
            // `007` and `+7` are not what they would be as numbers.
            IdForm::Integer => self.as_i64().is_some_and(|number| number.to_string() == self.as_str()),
        }
    }
}
