//! The traits of field types: [`Place`] to deserialize into, [`Field`] to serialize from.

use serde_json::{Map, Value};

use crate::extra::Extra;
use crate::object::{Object, Shape};
use crate::reader::{Fault, Reader};
use crate::union::Alternative;
use crate::{Id, Timestamp};

/// What a JSON value can be read into.
///
/// The loops over keys and items are not generic and call this trait for each value, so they are compiled once and not
/// for each type.
pub trait Place {
    /// Reads the value that comes next.
    ///
    /// # Errors
    /// Where the value does not fit, which leaves the place as it was, or the text is not JSON.
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault>;

    /// What fits; decides between the members of a union.
    fn accepts() -> Accepts
    where
        Self: Sized;
}

/// What a JSON value can be written from.
pub trait Field {
    /// What is there, in the terms of JSON.
    fn view(&self) -> View<'_>;
}

/// A type whose value with nothing set, its default, is a constant.
///
/// A constant is copied as a whole. A function that sets one field after the other would be longer, and there is one for
/// each type.
pub trait Unset: Sized {
    /// The value with nothing set.
    const UNSET: Self;
}

/// A type that a body, a field or an item can have.
pub trait Decode: Place + Field + Unset + Default {}

#[doc(hidden)] // on the page of every type it would only take room
impl<T: Place + Field + Unset + Default> Decode for T {}

/// The kinds of JSON that a type accepts. Other types are referred to by functions, so that types may be recursive.
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
    /// A string or an integer.
    Time,
    /// An object with these keys.
    Object(fn() -> &'static Shape),
    /// An object with free keys.
    Free,
    /// A list of these.
    List(fn() -> Accepts),
    /// Null, or this.
    Nullable(fn() -> Accepts),
    /// One of several.
    Union(&'static [Alternative]),
}

/// A value in the terms of JSON.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum View<'a> {
    /// Nothing: an `Option` without a value. In a list it is written as null.
    Absent,
    /// A bool.
    Bool(bool),
    /// An integer.
    Integer(i64),
    /// A number.
    Number(f64),
    /// A number that came as text, and is still the same.
    Quoted(&'a str),
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
    /// What the fields of an object do not hold, which is no value by itself.
    Extra(&'a Extra),
    /// An object with declared fields.
    Object(&'a dyn Object, &'static Shape),
    /// A list, and the positions of nulls that it could not hold.
    List(&'a dyn List, &'a [u32]),
    /// An object with free keys and values of one type.
    Map(&'a dyn Entries),
}

/// A list of values.
#[allow(clippy::len_without_is_empty, reason = "a method more would be compiled for every type")]
pub trait List {
    /// How many items there are.
    fn len(&self) -> usize;

    /// An item.
    fn item(&self, index: usize) -> View<'_>;
}

/// The entries of a map.
pub trait Entries {
    /// How many there are.
    fn count(&self) -> usize;

    /// All of them.
    fn entries(&self) -> Box<dyn Iterator<Item = (&str, View<'_>)> + '_>;
}
