//! Enums of strings. A value that the description does not list is kept as text in the variant `Unknown`.

use std::borrow::Cow;

use crate::reader::{ReadError, Reader};

/// An enum of strings in a generated crate.
pub trait TextEnum: 'static {
    /// The strings of the declared variants, in order.
    fn texts() -> &'static [&'static str]
    where
        Self: Sized;

    /// The value as a string.
    fn as_str(&self) -> &str;

    /// Sets the variant with this number. If there is none, takes the text and sets `Unknown`.
    fn set(&mut self, variant: usize, text: &mut String);
}

/// Converts a string to a value of the enum.
pub fn from_text<T: TextEnum + Default>(text: String) -> T {
    let mut value = T::default();
    set(&mut value, T::texts(), text.into());
    value
}

/// Reads a string into an enum with these texts.
///
/// # Errors
/// If the next value is not a string.
pub fn read(value: &mut dyn TextEnum, texts: &[&str], reader: &mut Reader<'_>) -> Result<(), ReadError> {
    set(value, texts, reader.string()?);
    Ok(())
}

/// Sets the variant with this text, or `Unknown`. A declared value allocates nothing.
fn set(value: &mut dyn TextEnum, texts: &[&str], text: Cow<'_, str>) {
    match texts.iter().position(|known| *known == text) {
        Some(variant) => value.set(variant, &mut String::new()),
        // No variant has this number.
        None => value.set(usize::MAX, &mut text.into_owned()),
    }
}
