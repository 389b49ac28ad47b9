//! Enums of strings that stay open: a value that the description does not name is kept as text.

use std::borrow::Cow;

use crate::reader::{Fault, Reader};

/// An enum of a generated crate.
pub trait TextEnum: Clone + 'static {
    /// The values that the description names.
    const KNOWN: &'static [Self];
    /// Their texts, in the same order.
    const TEXTS: &'static [&'static str];

    /// The value as it stands in JSON.
    fn as_str(&self) -> &str;

    /// A value that the description does not name.
    fn unknown(text: String) -> Self;
}

/// The value for a text. A known one is not copied.
pub fn from_text<T: TextEnum>(text: Cow<'_, str>) -> T {
    let known = known(T::TEXTS, &text).and_then(|place| T::KNOWN.get(place));
    match known {
        Some(known) => known.clone(),
        None => T::unknown(text.into_owned()),
    }
}

fn known(texts: &[&str], text: &str) -> Option<usize> {
    texts.iter().position(|known| *known == text)
}

/// Reads a value.
///
/// # Errors
/// Where something else than a string comes next.
pub fn read<T: TextEnum>(reader: &mut Reader<'_>) -> Result<T, Fault> {
    match reader.known(T::TEXTS)? {
        Ok(place) => match T::KNOWN.get(place) {
            Some(known) => Ok(known.clone()),
            None => reader.broken("a text without a value"),
        },
        Err(text) => Ok(T::unknown(text)),
    }
}

impl Reader<'_> {
    /// Reads a string: its place among the known ones, or what it is.
    fn known(&mut self, texts: &[&str]) -> Result<Result<usize, String>, Fault> {
        let text = self.string()?;
        Ok(known(texts, &text).ok_or_else(|| text.into_owned()))
    }
}
