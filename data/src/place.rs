//! The traits of field types: a value is read into a [`Place`] and written from an [`Encode`].
//!
//! Traits with blanket impls are `#[doc(hidden)]` here and shown where the crate exports them: otherwise rustdoc lists these impls on
//! the page of every type of every crate.

use crate::object::Shape;
use crate::reader::{ReadError, Reader};
use crate::union::Alternative;
use crate::view::View;

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
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError>;

    /// The JSON that the type accepts, by which the alternative of a union is chosen.
    fn accepts() -> Accepts
    where
        Self: Sized;
}

/// A value that can be written as JSON.
#[doc(hidden)]
pub trait Encode {
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
pub trait Decode: Place + Encode + ConstDefault + Default {}

impl<T: Place + Encode + ConstDefault + Default> Decode for T {}

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
