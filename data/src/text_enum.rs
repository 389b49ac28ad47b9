//! Enums of strings that stay open: a value that the description does not name is kept as text.

use std::borrow::Cow;

use crate::reader::{Fault, Reader};

/// An enum of a generated crate.
pub trait TextEnum: 'static {
    /// The texts of the declared values, in the order of the variants.
    fn texts() -> &'static [&'static str]
    where
        Self: Sized;

    /// The value as text.
    fn as_str(&self) -> &str;

    /// Makes it the variant with this number.
    fn set(&mut self, variant: usize);

    /// Makes it a text that no variant has.
    fn set_unknown(&mut self, text: String);
}

/// The value for a text.
pub fn from_text<T: TextEnum + Default>(text: String) -> T {
    let mut value = T::default();
    set(&mut value, T::texts(), text.into());
    value
}

/// Reads a string into an enum with these texts.
///
/// # Errors
/// Where something else than a string comes next.
pub fn read(value: &mut dyn TextEnum, texts: &[&str], reader: &mut Reader<'_>) -> Result<(), Fault> {
    set(value, texts, reader.string()?);
    Ok(())
}

/// A declared value allocates nothing.
fn set(value: &mut dyn TextEnum, texts: &[&str], text: Cow<'_, str>) {
    match texts.iter().position(|known| *known == text) {
        Some(variant) => value.set(variant),
        None => value.set_unknown(text.into_owned()),
    }
}
