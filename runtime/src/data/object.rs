//! Objects with declared fields: decoding, encoding, and printing, from one list of fields.

mod read;
mod write;

use std::fmt;

use serde::Serialize;
use serde::de::Deserializer;
use serde_json::Value;

use super::context::Context;
use super::decode::{Decode, Kind};
use super::extra::Extra;
use super::field_index::FieldIndex;
use super::fields::{Fields, FieldsMut};
use super::union::Fit;

pub use read::{Outcome, Slot};
pub use write::{Writer, serialize};

/// A struct of a generated crate: it keeps what its declared fields do not hold.
pub trait Object: Decode + PartialEq {
    /// What is declared. The order of its fields numbers them for the functions.
    const SHAPE: Shape;

    /// The fields in order, and what they do not hold.
    fn fields(&self) -> (impl Fields, &Extra);

    /// The fields in order, to be filled, and what they do not hold.
    fn fields_mut(&mut self) -> (impl FieldsMut, &mut Extra);
}

/// What is declared of an object.
#[derive(Debug)]
pub struct Shape {
    name: &'static str,
    fields: &'static [&'static str],
    required: &'static [usize],
    tags: &'static [(&'static str, &'static [&'static str])],
    list: Option<usize>,
}

impl Shape {
    /// The object that a bare array stands for, and what to say of it; `None` where no field takes arrays.
    pub(super) fn of_list(&self, items: &str) -> Option<(String, String)> {
        let name = self.fields.get(self.list?)?;
        let message = format!("a bare array where an object ({}) is declared; taken as its `{name}`", self.name);
        Some((format!("{{\"{name}\":{items}}}"), message))
    }

    /// The type's name, for error messages, and the JSON keys.
    pub const fn new(name: &'static str, fields: &'static [&'static str]) -> Self {
        Self { name, fields, required: &[], tags: &[], list: None }
    }

    /// The fields that are always present.
    pub const fn required(mut self, required: &'static [usize]) -> Self {
        self.required = required;
        self
    }

    /// Fields that hold one of a few fixed texts, which tells this type from others in a union.
    pub const fn tags(mut self, tags: &'static [(&'static str, &'static [&'static str])]) -> Self {
        self.tags = tags;
        self
    }

    /// The field that takes the items where a bare array stands in place of the object.
    pub const fn list(mut self, list: usize) -> Self {
        self.list = Some(list);
        self
    }
}

/// The kind of the types that are an [`Object`].
#[derive(Debug)]
pub enum ObjectKind {}

impl<T: Object> Kind<T> for ObjectKind {
    #[inline]
    fn decode_into<'de, D: Deserializer<'de>>(
        target: &mut T,
        deserializer: D,
        context: &mut Context,
    ) -> Result<(), D::Error> {
        let (mut fields, extra) = target.fields_mut();
        let index = const { &FieldIndex::of(T::SHAPE.fields) };
        read::object(&mut fields, extra, const { &T::SHAPE }, index, deserializer, context)
    }

    // Else an object that is missing, though always present by declaration, would be written as an empty one.
    fn is_unset(value: &T) -> bool {
        *value == T::default()
    }

    fn fit(value: &Value) -> Fit {
        fit(value, &T::SHAPE)
    }

    fn shape() -> Option<&'static Shape> {
        Some(const { &T::SHAPE })
    }
}

/// `PartialEq` of an object.
pub fn equal<T: Object>(left: &T, right: &T) -> bool {
    let ((left, left_extra), (right, right_extra)) = (left.fields(), right.fields());
    left.same(right) && left_extra == right_extra
}

/// `Deserialize` of an object, which fails where a value does not fit.
///
/// # Errors
/// Where the value does not fit.
pub fn deserialize<'de, T: Decode, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let mut value = T::default();
    value.decode_into(deserializer, &mut Context::strict())?;
    Ok(value)
}

/// `Debug` of an object: its name and the JSON it would be sent as.
///
/// # Errors
/// Those of the formatter.
pub fn debug<T: Object + Serialize>(object: &T, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let json = serde_json::to_string(object).map_err(|_| fmt::Error)?;
    write!(f, "{} {json}", T::SHAPE.name)
}

/// How well a JSON value fits an object: by its tags, then by the keys that it shares with the declared fields.
fn fit(value: &Value, shape: &Shape) -> Fit {
    let Value::Object(map) = value else { return Fit::Impossible };
    let mut tagged = false;
    for (key, texts) in shape.tags {
        match map.get(*key).and_then(Value::as_str) {
            Some(text) if texts.contains(&text) => tagged = true,
            Some(_) => return Fit::Impossible,
            None => {}
        }
    }
    let complete =
        shape.required.iter().all(|&field| map.get(shape.fields[field]).is_some_and(|value| !value.is_null()));
    let shared = map.keys().filter(|key| shape.fields.contains(&key.as_str())).count();
    let score = if complete { u32::try_from(shared).unwrap_or(u32::MAX) } else { 0 };
    if tagged { Fit::Tagged(score) } else { Fit::Possible(score) }
}
