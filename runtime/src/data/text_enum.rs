//! Enums of strings that stay open: a value that the description does not name is kept as text.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserializer, Visitor};

/// An enum of a generated crate.
pub trait TextEnum: Sized + Clone + 'static {
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

/// `Deserialize` of an open enum. A known value is not copied.
///
/// # Errors
/// Where the value is no string.
pub fn decode<'de, T: TextEnum, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_str(TextVisitor(PhantomData))
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
