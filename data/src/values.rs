//! The impls of [`Place`] and [`Encode`] for scalars, ids, timestamps, free-form JSON and options, and that of [`Encode`] for [`Extra`].

use std::mem;

use serde_json::Value;

use crate::place::{Accepts, ConstDefault, Encode, Place};
use crate::reader::{Expected, ReadError, Reader};
use crate::view::View;
use crate::{Attributes, Extra, Id, Timestamp};

/// Implements [`ConstDefault`], [`Place`] and [`Encode`] for a type, from its default, the JSON that it accepts (a variant of `Accepts`),
/// an expression that reads it and one that makes its view.
macro_rules! leaf {
    ($type:ty, $default:expr, $accepts:ident, |$reader:ident| $read:expr, |$value:ident| $view:expr) => {
        impl ConstDefault for $type {
            const DEFAULT: Self = $default;
        }

        impl Place for $type {
            fn read(&mut self, $reader: &mut Reader<'_>) -> Result<(), ReadError> {
                *self = $read;
                Ok(())
            }

            fn accepts() -> Accepts {
                Accepts::$accepts
            }
        }

        impl Encode for $type {
            #[inline]
            fn view(&self) -> View<'_> {
                let $value = self;
                $view
            }
        }
    };
}

leaf!(String, String::new(), Text, |reader| reader.string()?.into_owned(), |text| View::Text(text));
leaf!(bool, false, Bool, |reader| reader.bool()?, |value| View::Bool(*value));
leaf!(i64, 0, Integer, |reader| integer(reader)?, |value| View::Integer(*value));
leaf!(f64, 0.0, Number, |reader| float(reader)?, |value| View::Number(*value));
leaf!(Value, Value::Null, Anything, |reader| reader.value_of_place()?, |value| View::Json(value));
leaf!(Id, Id::EMPTY, Id, |reader| id(reader)?, |id| View::Id(id));
leaf!(Timestamp, Timestamp::from_seconds(0), Time, |reader| timestamp(reader)?, |time| View::Time(time));
leaf!(Attributes, Attributes::new(), AnyObject, |reader| reader.map_of_values()?.into(), |it| View::Attributes(
    it.as_map()
));

/// Reads an integer, or a string that contains one.
fn integer(reader: &mut Reader<'_>) -> Result<i64, ReadError> {
    if reader.peek() == Some(b'"') { number_text(reader, "an integer") } else { reader.integer("an integer") }
}

/// Reads a number, or a string that contains one.
fn float(reader: &mut Reader<'_>) -> Result<f64, ReadError> {
    if reader.peek() != Some(b'"') {
        return reader.float();
    }
    let number: f64 = number_text(reader, "a number")?;
    // A text with too many digits is parsed as infinity.
    if number.is_finite() { Ok(number) } else { reader.mismatch(Expected::What("a number")) }
}

/// Reads a string that contains a number without an exponent, and records that it was a string.
#[cold]
fn number_text<T: std::str::FromStr>(reader: &mut Reader<'_>, expected: &'static str) -> Result<T, ReadError> {
    let start = reader.position();
    let text = reader.string()?;
    let plain = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'-' | b'.'));
    match text.parse() {
        Ok(number) if plain => {
            reader.set_number_text(start);
            Ok(number)
        }
        _ => reader.mismatch(Expected::What(expected)),
    }
}

fn id(reader: &mut Reader<'_>) -> Result<Id, ReadError> {
    if reader.peek() == Some(b'"') {
        return Ok(Id::from_text(reader.string()?));
    }
    reader.integer("an id (a string or an integer)").map(Id::from)
}

fn timestamp(reader: &mut Reader<'_>) -> Result<Timestamp, ReadError> {
    const EXPECTED: &str = "a time (Unix seconds or ISO 8601)";
    if reader.peek() != Some(b'"') {
        return reader.integer(EXPECTED).map(Timestamp::from_seconds);
    }
    match reader.string()?.parse() {
        Ok(time) => Ok(time),
        Err(_) => reader.mismatch(Expected::What(EXPECTED)),
    }
}

impl ConstDefault for Extra {
    const DEFAULT: Self = Self::new();
}

impl Encode for Extra {
    fn view(&self) -> View<'_> {
        View::Extra(self)
    }
}

/// An option that a value is read into. Its methods are compiled for every type, so they are as small as possible:
/// `get_or_insert_with` would compile to three times as much code.
trait Optional {
    /// Reads into the value, if there is one.
    fn read_value(&mut self, reader: &mut Reader<'_>) -> Option<Result<(), ReadError>>;
    /// Sets it to `Some` of the default value, or to `None`.
    fn reset(&mut self, some: bool);
}

impl<T: Place + Default> Optional for Option<T> {
    #[allow(clippy::manual_map, reason = "a closure would be compiled for every type")]
    fn read_value(&mut self, reader: &mut Reader<'_>) -> Option<Result<(), ReadError>> {
        match self {
            Some(value) => Some(value.read(reader)),
            None => None,
        }
    }

    fn reset(&mut self, some: bool) {
        // For `*self = …` the compiler would also emit code that cleans up if dropping the old value panics.
        drop(mem::replace(self, if some { Some(T::default()) } else { None }));
    }
}

fn read_optional(option: &mut dyn Optional, reader: &mut Reader<'_>) -> Result<(), ReadError> {
    if reader.null()? {
        option.reset(false);
        return Ok(());
    }
    // Only for a duplicate key can the option contain a value already; that value is kept if the new one does not fit.
    if reader.is_replacing()
        && let Some(outcome) = option.read_value(reader)
    {
        return outcome;
    }
    option.reset(true);
    let outcome = option.read_value(reader).unwrap_or(Ok(()));
    if outcome.is_err() {
        option.reset(false);
    }
    outcome
}

impl<T: Place + Default> Place for Option<T> {
    #[inline]
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        read_optional(self, reader)
    }

    fn accepts() -> Accepts {
        Accepts::Nullable(T::accepts)
    }
}

impl<T> ConstDefault for Option<T> {
    const DEFAULT: Self = None;
}

impl<T: Encode> Encode for Option<T> {
    #[inline]
    fn view(&self) -> View<'_> {
        match self {
            Some(value) => value.view(),
            None => View::Absent,
        }
    }
}
