//! The traits of field types: a value is read into a [`Place`] and written from a [`Field`].
//!
//! Traits with blanket impls are `#[doc(hidden)]` here and shown where the crate exports them: otherwise rustdoc lists these impls on
//! the page of every type of every crate.

use serde_json::{Map, Value};

use crate::extra::Extra;
use crate::object::{Object, Shape};
use crate::reader::{Fault, Reader};
use crate::union::Alternative;
use crate::{Id, Timestamp};

/// A variable that a JSON value can be read into. The design, and the name, are those of the crate `miniserde`.
///
/// The loops over keys and items are not generic and call this trait for each value, so they are compiled once and not
/// for each type.
#[doc(hidden)]
pub trait Place {
    /// Reads the next value.
    ///
    /// # Errors
    /// If the value does not fit, which leaves the place unchanged; if the text is not JSON; or if decoding is strict and a part of the
    /// value does not fit.
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault>;

    /// The JSON that the type accepts, by which the alternative of a union is chosen.
    fn accepts() -> Accepts
    where
        Self: Sized;
}

/// A value that can be written as JSON.
#[doc(hidden)]
pub trait Field {
    /// The value in the data model of JSON.
    fn view(&self) -> View<'_>;
}

/// A type whose default is a constant.
///
/// A constant is copied as a whole. A function that sets one field after the other would be longer, and be compiled for each
/// type.
#[doc(hidden)]
pub trait ConstDefault: Sized {
    /// The default value.
    const DEFAULT: Self;
}

/// A type that can be decoded: the type of a body, a field or an item.
#[doc(hidden)]
pub trait Decode: Place + Field + ConstDefault + Default {}

impl<T: Place + Field + ConstDefault + Default> Decode for T {}

/// The JSON for which a union chooses a type. A number field also reads a string that contains a number, but a union does not choose a
/// number type for a string. The types of items and of nullable values are given as functions, so that types can be recursive.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Accepts {
    /// Any JSON.
    Anything,
    /// A string.
    Text,
    /// A bool.
    Bool,
    /// An integer.
    Integer,
    /// A number.
    Number,
    /// A string or an integer.
    Id,
    /// A string or an integer. Whether it is a point in time is only found when it is read.
    Time,
    /// An object with these declared fields.
    Object(&'static Shape),
    /// An object with any keys.
    AnyObject,
    /// A list of items of this type.
    List(fn() -> Accepts),
    /// Null, or a value of this type.
    Nullable(fn() -> Accepts),
    /// One of several alternatives.
    Union(&'static [Alternative]),
}

/// A value in the data model of JSON.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum View<'a> {
    /// No value: an `Option` that is `None`. As a field it is left out, unless the field is recorded as null. As an item, a value of a map
    /// or a whole body it is written as null.
    Absent,
    /// A bool.
    Bool(bool),
    /// An integer.
    Integer(i64),
    /// A number.
    Number(f64),
    /// A number that was received as a string and has not been changed since.
    NumberText(&'a str),
    /// A string.
    Text(&'a str),
    /// An identifier.
    Id(&'a Id),
    /// A point in time.
    Time(&'a Timestamp),
    /// JSON of any shape.
    Json(&'a Value),
    /// A JSON object of any shape.
    Attributes(&'a Map<String, Value>),
    /// The [`Extra`] of an object, which is not a value of its own.
    Extra(&'a Extra),
    /// An object with declared fields.
    Object(&'a dyn Object, &'static Shape),
    /// A list, and the received items that did not fit its item type, with their positions.
    List(&'a dyn List, &'a [(usize, Value)]),
    /// An object with arbitrary keys and values of one type.
    Map(&'a dyn Entries),
}

/// A list of values.
#[allow(clippy::len_without_is_empty, reason = "another method would be compiled for every type")]
pub trait List {
    /// How many items there are.
    fn len(&self) -> usize;

    /// The item at an index.
    fn item(&self, index: usize) -> View<'_>;
}

/// The entries of a map.
pub trait Entries {
    /// How many entries there are.
    fn count(&self) -> usize;

    /// All entries.
    fn entries(&self) -> Box<dyn Iterator<Item = (&str, View<'_>)> + '_>;
}
