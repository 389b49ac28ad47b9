//! Objects with declared fields: the trait that generated structs implement, and their schema, [`Shape`].

mod members;
mod read;

use crate::Id;
use crate::extra::{Extra, bit};
use crate::field_index::FieldIndex;
use crate::place::{Accepts, Encode, Place};
use crate::reader::{ReadError, Reader};
use crate::view::View;

pub(crate) use members::{Key, members};

/// A struct of a generated crate: declared fields, and an [`Extra`] for everything else in the JSON object.
///
/// The trait only gives access to the fields. The loops that read and write objects are compiled once for all types.
pub trait Object {
    /// The declared schema. The number of a field in [`read_field`](Self::read_field) is its index in the schema.
    ///
    /// It is a function and not a constant: rustc prepares the constants of a crate for other crates even in `cargo check`,
    /// which took a fifth of the time to check a generated crate.
    fn shape() -> &'static Shape
    where
        Self: Sized;

    /// Reads the value that comes next into the field with this number.
    ///
    /// # Errors
    /// Those of [`Place::read`], and a mismatch if there is no such field.
    fn read_field(&mut self, field: usize, reader: &mut Reader<'_>) -> Result<(), ReadError>;

    /// What the object contains in addition to its declared fields.
    fn extra_mut(&mut self) -> &mut Extra;

    /// Calls [`Fields::visit`] for the [`Extra`], and then for every field in the order of the schema.
    fn fields<'a>(&'a self, fields: &mut Fields<'a, '_>);
}

/// Passes the view of each field of an object to a function. It is a type and not a `&mut dyn FnMut`, because rustc
/// type-checks calls of a method in generated code faster.
#[allow(missing_debug_implementations, reason = "it holds a function and nothing else")]
pub struct Fields<'a, 'f>(&'f mut dyn FnMut(&View<'a>));

impl<'a> Fields<'a, '_> {
    /// Passes on the view of the next field. It is not inlined, so that a type adds only one call for each field. It takes no `&dyn
    /// Encode` either: the processor would mispredict the virtual call of `view`, which makes encoding slower by a tenth.
    #[inline(never)]
    pub fn visit<T: Encode>(&mut self, field: &'a T) {
        (self.0)(&field.view());
    }
}

/// Calls a function for the [`Extra`] of an object, and then for each field in the order of the schema.
pub(crate) fn views<'a>(object: &'a dyn Object, each: &mut dyn FnMut(&View<'a>)) {
    object.fields(&mut Fields(each));
}

/// Recursive types contain boxed objects.
impl<T: Object> Object for Box<T> {
    #[inline]
    fn shape() -> &'static Shape {
        T::shape()
    }

    #[inline]
    fn read_field(&mut self, field: usize, reader: &mut Reader<'_>) -> Result<(), ReadError> {
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

#[doc(hidden)] // it would be listed on the documentation page of every type
impl<T: Object> Place for T {
    #[inline]
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        read::read(self, T::shape(), reader)
    }

    #[inline]
    fn accepts() -> Accepts {
        Accepts::Object(T::shape())
    }
}

#[doc(hidden)]
impl<T: Object> Encode for T {
    #[inline]
    fn view(&self) -> View<'_> {
        View::Object(self, T::shape())
    }
}

/// The value of one field; absent if there is no such field. It visits all fields, since an object gives no access to a single one; only
/// rare cases need it.
pub(crate) fn field<'a>(object: &'a dyn Object, field: usize) -> View<'a> {
    let (mut found, mut number) = (View::Absent, 0);
    views(object, &mut |view| {
        // The first view is the `Extra`.
        if number == field + 1 {
            found = *view;
        }
        number += 1;
    });
    found
}

/// The declared schema of an object: its fields and their properties.
#[derive(Debug)]
pub struct Shape {
    pub(crate) name: &'static str,
    /// The keys as JSON text with the colon, `"name":`, so that reading a key is one comparison and writing it is one copy.
    keys: &'static [&'static str],
    /// Bit i: field i is required, that is, not an `Option`: it is expected in each value that is read. This and the other bits record no
    /// fields from index 64 on.
    pub(crate) required: u64,
    /// Keys whose value is a constant string.
    pub(crate) tags: &'static [(&'static str, &'static str)],
    /// The field that is filled with the items if an array is received instead of the object.
    pub(crate) list: Option<usize>,
    /// Whether a body of this type may be null.
    pub(crate) nullable: bool,
    /// Bit i: field i contains ids that are declared as strings.
    text_ids: u64,
    /// Bit i: field i contains ids that are declared as integers.
    integer_ids: u64,
    /// Whether all keys can be written without escapes.
    plain_keys: bool,
    index: FieldIndex,
}

/// The declared form of an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IdForm {
    /// No form is declared: the id is written as it was received.
    AsIs,
    Text,
    Integer,
}

impl Shape {
    /// A schema with the name of the type, for error messages, and the keys, each as `"name":`.
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

    /// Sets the fields that are required.
    pub const fn required(mut self, required: &[usize]) -> Self {
        self.required = bits(required);
        self
    }

    /// Sets the keys whose value is a constant string, which distinguishes this type from others in a union.
    pub const fn tags(mut self, tags: &'static [(&'static str, &'static str)]) -> Self {
        self.tags = tags;
        self
    }

    /// Sets the field that is filled with the items if an array is received instead of the object.
    pub const fn list(mut self, list: usize) -> Self {
        self.list = Some(list);
        self
    }

    /// Sets whether a body of this type may be null. For a null body, all fields are unset, and [`Extra::is_null_body`] is true.
    pub const fn nullable(mut self, nullable: bool) -> Self {
        self.nullable = nullable;
        self
    }

    /// Sets the fields whose ids are declared as strings.
    pub const fn text_ids(mut self, fields: &[usize]) -> Self {
        self.text_ids = bits(fields);
        self
    }

    /// Sets the fields whose ids are declared as integers.
    pub const fn integer_ids(mut self, fields: &[usize]) -> Self {
        self.integer_ids = bits(fields);
        self
    }

    /// The number of the field with this key; `None` if the key is unknown.
    pub(crate) fn find(&self, key: &str) -> Option<usize> {
        self.index.find(self.keys, key)
    }

    /// The key of a field as JSON text with the colon; `None` if a key of the type needs escapes, or if there is no such field.
    #[inline]
    pub(crate) fn encoded_key(&self, field: usize) -> Option<&'static str> {
        self.keys.get(field).copied().filter(|_| self.plain_keys)
    }

    /// The key of a field; empty if there is no such field.
    pub(crate) fn field_name(&self, field: usize) -> &'static str {
        self.keys.get(field).map_or("", |encoded| key_of(encoded))
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
pub(crate) const fn key_of(encoded: &str) -> &str {
    let Some((_, rest)) = encoded.split_at_checked(1) else { return "" };
    match rest.split_at_checked(rest.len().saturating_sub(2)) {
        Some((key, _)) => key,
        None => "",
    }
}

/// Whether no key contains a character that JSON escapes.
const fn are_plain(keys: &[&str]) -> bool {
    let mut key = 0;
    while key < keys.len() {
        let bytes = key_of(keys[key]).as_bytes();
        let mut index = 0;
        while index < bytes.len() {
            if matches!(bytes[index], b'"' | b'\\' | 0..0x20) {
                return false;
            }
            index += 1;
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
    /// Whether the id is encoded as a number if this form is declared.
    pub(crate) fn is_number_as(&self, form: IdForm) -> bool {
        match form {
            IdForm::Text => false,
            IdForm::AsIs => self.is_number(),
            // As numbers, `007` and `+7` would be changed to `7`.
            IdForm::Integer => self.as_i64().is_some_and(|number| number.to_string() == self.as_str()),
        }
    }
}
