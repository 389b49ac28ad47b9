//! Views: values in the data model of JSON, by which they are written, compared and shown by `Debug`. The functions are not generic, so
//! they are compiled once for all types.

use serde_json::{Map, Value};

use crate::extra::Extra;
use crate::object::{Object, Shape, views};
use crate::{Id, Timestamp};

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

impl View<'_> {
    /// Whether it equals the default value, which a field has if its key was absent or its value did not fit: `None`, 0, false,
    /// empty.
    pub(crate) fn is_unset(&self) -> bool {
        match self {
            Self::Absent => true,
            Self::Bool(value) => !value,
            Self::Integer(value) => *value == 0,
            Self::Number(value) => *value == 0.0,
            Self::NumberText(_) => false,
            Self::Text(text) => text.is_empty(),
            Self::Id(id) => id.is_empty(),
            Self::Time(time) => time.as_seconds() == 0 && time.as_text().is_none(),
            Self::Json(value) => value.is_null(),
            Self::Attributes(map) => map.is_empty(),
            // A default `extra` counts as unset. Otherwise a required object that was missing would be written as `{}`.
            Self::Extra(extra) => extra.is_default(),
            Self::Object(object, _) => is_unset(*object),
            Self::List(list, _) => list.len() == 0,
            Self::Map(map) => map.count() == 0,
        }
    }

    /// How many items a list has; 0 for other values.
    pub(crate) fn list_length(&self) -> usize {
        if let Self::List(list, _) = self { list.len() } else { 0 }
    }

    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Absent, Self::Absent) => true,
            (Self::Bool(left), Self::Bool(right)) => left == right,
            (Self::Integer(left), Self::Integer(right)) => left == right,
            (Self::Number(left), Self::Number(right)) => left == right,
            (Self::NumberText(left), Self::NumberText(right)) | (Self::Text(left), Self::Text(right)) => left == right,
            (Self::Id(left), Self::Id(right)) => left == right,
            (Self::Time(left), Self::Time(right)) => left == right,
            (Self::Json(left), Self::Json(right)) => left == right,
            (Self::Attributes(left), Self::Attributes(right)) => left == right,
            (Self::Extra(left), Self::Extra(right)) => left == right,
            (Self::Object(left, _), Self::Object(right, _)) => equal(*left, *right),
            (Self::List(left, _), Self::List(right, _)) => {
                left.len() == right.len() && (0..left.len()).all(|index| left.item(index).same(&right.item(index)))
            }
            (Self::Map(left), Self::Map(right)) => {
                let same =
                    |(left, right): ((&str, View<'_>), (&str, View<'_>))| left.0 == right.0 && left.1.same(&right.1);
                left.count() == right.count() && left.entries().zip(right.entries()).all(same)
            }
            _ => false,
        }
    }
}

fn is_unset(object: &dyn Object) -> bool {
    let mut unset = true;
    views(object, &mut |view| unset = unset && view.is_unset());
    unset
}

/// Compares two objects of the same type.
pub fn equal(left: &dyn Object, right: &dyn Object) -> bool {
    let mut all = Vec::new();
    views(left, &mut |view| all.push(*view));
    let (mut all, mut equal) = (all.iter(), true);
    views(right, &mut |right| equal = equal && all.next().is_some_and(|left| left.same(right)));
    equal
}

/// Compares two values.
pub fn same(left: View<'_>, right: View<'_>) -> bool {
    left.same(&right)
}

impl std::fmt::Debug for View<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let json = if f.alternate() { serde_json::to_string_pretty(self) } else { serde_json::to_string(self) };
        f.write_str(&json.map_err(|_| std::fmt::Error)?)
    }
}

/// Writes the `Debug` output of an object: its name and its JSON.
///
/// # Errors
/// Those of the formatter.
pub fn debug(object: &dyn Object, shape: &'static Shape, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
    f.write_str(shape.name)?;
    f.write_str(" ")?;
    std::fmt::Debug::fmt(&View::Object(object, shape), f)
}
