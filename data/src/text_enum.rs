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
    match position(T::TEXTS, &text).and_then(|place| T::KNOWN.get(place)) {
        Some(known) => known.clone(),
        None => T::unknown(text.into_owned()),
    }
}

fn position(texts: &[&str], text: &str) -> Option<usize> {
    texts.iter().position(|known| *known == text)
}

/// Reads a value.
///
/// # Errors
/// Where something else than a string comes next.
pub fn read<T: TextEnum>(reader: &mut Reader<'_>) -> Result<T, Fault> {
    reader.string().map(from_text)
}
