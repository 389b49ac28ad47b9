//! Enums of strings that stay open: a value that the description does not name is kept as text.

use crate::reader::{Fault, Reader};

/// An enum of a generated crate.
pub trait TextEnum: Sized + 'static {
    /// The texts of the declared values, in the order of the variants.
    const TEXTS: &'static [&'static str];

    /// The value as text.
    fn as_str(&self) -> &str;

    /// The variant with this number, or the one for undeclared values, which takes the text.
    fn of(variant: usize, text: String) -> Self;
}

/// The value for a text.
pub fn from_text<T: TextEnum>(text: String) -> T {
    T::of(position(T::TEXTS, &text), text)
}

/// Reads a string: the number of its variant, and its text where no variant has it.
///
/// # Errors
/// Where something else than a string comes next.
pub fn read(reader: &mut Reader<'_>, texts: &[&str]) -> Result<(usize, String), Fault> {
    let text = reader.string()?;
    let variant = position(texts, &text);
    // A declared value allocates nothing.
    Ok((variant, if variant < texts.len() { String::new() } else { text.into_owned() }))
}

/// The number of the variant with this text; past all of them where there is none.
fn position(texts: &[&str], text: &str) -> usize {
    texts.iter().position(|known| *known == text).unwrap_or(texts.len())
}
