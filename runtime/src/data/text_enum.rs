//! Enums of strings that stay open: a value that the description does not name is kept as text.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserializer, Visitor};
use serde_json::Value;

use super::context::Context;
use super::decode::{Decode, Kind};
use super::union::Fit;

/// An enum of a generated crate.
pub trait TextEnum: Decode + Clone + 'static {
    /// The values that the description names.
    const KNOWN: &'static [Self];

    /// The value as it stands in JSON.
    fn as_str(&self) -> &str;

    /// A value that the description does not name.
    fn unknown(text: String) -> Self;

    /// The value for a text.
    fn from_text(text: &str) -> Self {
        let known = Self::KNOWN.iter().find(|known| known.as_str() == text);
        known.cloned().unwrap_or_else(|| Self::unknown(text.to_owned()))
    }
}

/// The kind of the types that are a [`TextEnum`].
#[derive(Debug)]
pub enum TextKind {}

impl<T: TextEnum> Kind<T> for TextKind {
    /// A known value is not copied.
    fn decode_into<'de, D: Deserializer<'de>>(
        target: &mut T,
        deserializer: D,
        _: &mut Context,
    ) -> Result<(), D::Error> {
        *target = deserializer.deserialize_str(TextVisitor(PhantomData))?;
        Ok(())
    }

    fn is_unset(value: &T) -> bool {
        value.as_str().is_empty()
    }

    fn fit(value: &Value) -> Fit {
        <String as Decode>::fit(value)
    }
}

struct TextVisitor<T>(PhantomData<T>);

impl<T: TextEnum> Visitor<'_> for TextVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E>(self, text: &str) -> Result<T, E> {
        Ok(T::from_text(text))
    }
}
