//! The trait of everything that a field can hold, and the two passes of decoding a body.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use super::context::{Context, DecodeError, MAX_DEPTH, Mismatch};
use super::object::Shape;
use super::union::Fit;

/// What a response body becomes where a value does not fit its declared type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Decoding {
    /// Sets the value aside, reports it as a [`Mismatch`] and keeps everything else.
    #[default]
    Tolerant,
    /// Fails with the path of the value.
    Strict,
}

/// A decoded body and what had to be set aside.
#[derive(Clone, Debug)]
pub struct Decoded<T> {
    /// The value.
    pub value: T,
    /// What did not fit, in the order of the body. Empty on the fast path.
    pub mismatches: Vec<Mismatch>,
}

/// A type that a field, a list item or a whole body can have.
///
/// A generated type only names its kind. A crate has hundreds of types, and each function of each would cost its users
/// compile time; so the functions are those of the kind.
pub trait Decode: Default {
    /// What the type is to JSON: an object, a text, a union, or something of its own.
    type Kind: Kind<Self>;

    /// Whether JSON may leave the value out or say null.
    const OPTIONAL: bool = <Self::Kind as Kind<Self>>::OPTIONAL;

    /// Decodes one value in place, into a fresh default: large structs are filled where they will stay.
    ///
    /// # Errors
    /// Where the value does not fit; a tolerant context sets parts of it aside first.
    #[inline]
    fn decode_into<'de, D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
        context: &mut Context,
    ) -> Result<(), D::Error> {
        Self::Kind::decode_into(self, deserializer, context)
    }

    /// Whether the value is what an absent or unusable field leaves behind.
    #[inline]
    fn is_unset(&self) -> bool {
        Self::Kind::is_unset(self)
    }

    /// How well a JSON value fits this type; decides between the members of a union.
    fn fit(value: &Value) -> Fit {
        Self::Kind::fit(value)
    }
}

/// How the types of a kind are decoded. The functions are those of [`Decode`]; `shape` is that of an object.
#[allow(missing_docs, clippy::missing_errors_doc)]
pub trait Kind<T> {
    const OPTIONAL: bool = false;

    fn decode_into<'de, D: Deserializer<'de>>(
        target: &mut T,
        deserializer: D,
        context: &mut Context,
    ) -> Result<(), D::Error>;

    fn is_unset(value: &T) -> bool;

    fn fit(value: &Value) -> Fit;

    fn shape() -> Option<&'static Shape> {
        None
    }
}

/// Decodes a JSON body: strictly first, and, in [`Decoding::Tolerant`], a second time setting aside what does not fit.
///
/// # Errors
/// Where the text is not JSON, the body as a whole has another shape, or the mode is strict and something does not fit.
pub fn from_slice<T: Decode>(body: &[u8], mode: Decoding) -> Result<Decoded<T>, DecodeError> {
    let body = text(body).map_err(|source| DecodeError { path: String::new(), source })?;
    let mut strict = Context::strict();
    match decode_text(body, &mut strict) {
        Ok(value) if mode == Decoding::Strict || !strict.fell_short() => Ok(Decoded { value, mismatches: Vec::new() }),
        Err(source) if mode == Decoding::Strict => Err(DecodeError { path: strict.failed_path(), source }),
        _ => from_slice_tolerant(body),
    }
}

/// A body as text: checked once as a whole, which costs less than checking each string of it.
///
/// # Errors
/// Where it is not UTF-8, with the position.
pub(crate) fn text(body: &[u8]) -> Result<&str, serde_json::Error> {
    std::str::from_utf8(body).map_err(|error| match serde_json::from_slice::<Value>(body) {
        Err(error) => error,
        Ok(_) => serde_json::Error::custom(error),
    })
}

#[cold]
fn from_slice_tolerant<T: Decode>(body: &str) -> Result<Decoded<T>, DecodeError> {
    let mut tolerant = Context::tolerant();
    match decode_text(body, &mut tolerant) {
        Ok(value) => Ok(Decoded { value, mismatches: tolerant.into_mismatches() }),
        Err(source) => Err(DecodeError { path: String::new(), source }),
    }
}

/// Decodes a JSON value strictly, through its text, so that no second copy of the decoding code is instantiated.
///
/// # Errors
/// Where the value does not fit, with the path of the first part that does not.
pub fn from_value<T: Decode>(value: &Value) -> Result<T, DecodeError> {
    let text = serde_json::to_vec(value).map_err(|source| DecodeError { path: String::new(), source })?;
    from_slice(&text, Decoding::Strict).map(|decoded| decoded.value)
}

/// Decodes the value that a text begins with, strictly and in place, and tells its length; `None` where it does not fit as
/// it is, which leaves a part of it in place.
pub(crate) fn decode_first<T: Decode>(text: &str, place: &mut T) -> Option<usize> {
    let mut context = Context::strict();
    let mut deserializer = serde_json::Deserializer::from_str(text);
    place.decode_into(&mut deserializer, &mut context).ok()?;
    // Only a stream of values tells where one ends.
    (!context.fell_short()).then(|| deserializer.into_iter::<IgnoredAny>().byte_offset())
}

/// Decodes the list that a text begins with, strictly, and tells its length; `None` where an item does not fit as it is,
/// which leaves some of them in `items`.
pub(crate) fn decode_list<T: Decode, E>(text: &str, items: &mut Vec<Result<T, E>>) -> Option<usize> {
    struct ListVisitor<'i, 'c, T, E> {
        items: &'i mut Vec<Result<T, E>>,
        context: &'c mut Context,
    }

    impl<'de, T: Decode, E> Visitor<'de> for ListVisitor<'_, '_, T, E> {
        type Value = ();

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
            while list.next_element_seed(Push(&mut *self.items, &mut *self.context))?.is_some() {}
            Ok(())
        }
    }

    struct Push<'i, 'c, T, E>(&'i mut Vec<Result<T, E>>, &'c mut Context);

    impl<'de, T: Decode, E> DeserializeSeed<'de> for Push<'_, '_, T, E> {
        type Value = ();

        fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
            self.0.push(Ok(T::default()));
            match self.0.last_mut() {
                Some(Ok(target)) => target.decode_into(deserializer, self.1),
                _ => Ok(()),
            }
        }
    }

    let mut context = Context::strict();
    let mut deserializer = serde_json::Deserializer::from_str(text);
    deserializer.deserialize_seq(ListVisitor { items, context: &mut context }).ok()?;
    (!context.fell_short()).then(|| deserializer.into_iter::<IgnoredAny>().byte_offset())
}

/// Decodes JSON text.
pub(super) fn decode_text<T: Decode>(text: &str, context: &mut Context) -> Result<T, serde_json::Error> {
    let mut value = T::default();
    read_text(text, T::Kind::shape(), context, &mut in_place(&mut value))?;
    Ok(value)
}

/// Decodes into one value. All that decodes text is compiled once and calls this, the only part of it for each type.
pub(super) type InPlace<'t> = dyn FnMut(&mut Json<'_>, &mut Context) -> Result<(), serde_json::Error> + 't;

type Json<'j> = serde_json::Deserializer<serde_json::de::StrRead<'j>>;

/// The [`InPlace`] of a value.
pub(super) fn in_place<T: Decode>(
    target: &mut T,
) -> impl FnMut(&mut Json<'_>, &mut Context) -> Result<(), serde_json::Error> {
    |json, context| target.decode_into(json, context)
}

fn read_text(
    text: &str,
    shape: Option<&'static Shape>,
    context: &mut Context,
    decode: &mut InPlace<'_>,
) -> Result<(), serde_json::Error> {
    let object = shape.filter(|_| context.tolerant).and_then(|shape| of_bare_array(text, shape, context));
    let mut json = Json::from_str(object.as_deref().unwrap_or(text));
    decode(&mut json, context)?;
    json.end()
}

/// Where a bare array stands in place of an object, the object whose list it is.
#[cold]
fn of_bare_array(text: &str, shape: &Shape, context: &mut Context) -> Option<String> {
    if !text.trim_start().starts_with('[') || serde_json::from_str::<IgnoredAny>(text).is_err() {
        return None;
    }
    let (object, message) = shape.of_list(text)?;
    context.set_aside(message, None);
    Some(object)
}

/// Decodes the text of one value where a tolerant decoding stands; sets it aside and returns `None` where it does not fit.
#[cold]
pub(super) fn decode_or_set_aside<T: Decode>(raw: &RawValue, context: &mut Context) -> Option<T> {
    let mut value = T::default();
    let fits = fits(raw, T::Kind::shape(), context, &mut in_place(&mut value));
    fits.then_some(value)
}

/// Whether the text of one value fits where a tolerant decoding stands; sets it aside where it does not.
pub(super) fn fits(
    raw: &RawValue,
    shape: Option<&'static Shape>,
    context: &mut Context,
    decode: &mut InPlace<'_>,
) -> bool {
    if context.too_deep() {
        context.set_aside(format!("nested deeper than {MAX_DEPTH} levels"), Some(raw));
        return false;
    }
    match read_text(raw.get(), shape, context, decode) {
        Ok(()) => true,
        Err(error) => {
            context.set_aside(without_position(&error), Some(raw));
            false
        }
    }
}

/// serde_json ends its messages with a position, which would be relative to the value and mislead.
pub(super) fn without_position(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rfind(" at line ") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}

/// Passes the place of a nested value, and the context, through serde's traits.
pub(super) struct Seed<'t, 'c, T> {
    pub(super) target: &'t mut T,
    pub(super) context: &'c mut Context,
}

impl<'de, T: Decode> DeserializeSeed<'de> for Seed<'_, '_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.target.decode_into(deserializer, self.context)
    }
}

/// Turns set-aside text into a value that `extra` can keep; `None` where it does not fit into one (a number beyond f64).
pub(super) fn raw_to_value(raw: &RawValue) -> Option<Value> {
    serde_json::from_str(raw.get()).ok()
}
