//! Enums of strings. A value that the description does not list is kept as text in the variant `Unknown`.

use crate::reader::{Fault, Reader};

/// An enum of strings in a generated crate.
pub trait TextEnum: Sized + 'static {
    /// The strings of the declared variants, in order.
    const TEXTS: &'static [&'static str];

    /// The value as a string.
    fn as_str(&self) -> &str;

    /// The variant with this number, or, if there is none, the variant for unknown values with the text.
    fn of(variant: usize, text: String) -> Self;
}

/// Converts a string to a value of the enum.
pub fn from_text<T: TextEnum>(text: String) -> T {
    T::of(position(T::TEXTS, &text), text)
}

/// Reads a string. Returns the number of its variant, and the text if it is not a declared one.
///
/// # Errors
/// If the next value is not a string.
pub fn read(reader: &mut Reader<'_>, texts: &[&str]) -> Result<(usize, String), Fault> {
    let text = reader.string()?;
    let variant = position(texts, &text);
    // For a declared value nothing is allocated.
    Ok((variant, if variant < texts.len() { String::new() } else { text.into_owned() }))
}

/// The number of the variant with this text; the number of variants if there is none.
fn position(texts: &[&str], text: &str) -> usize {
    texts.iter().position(|known| *known == text).unwrap_or(texts.len())
}
