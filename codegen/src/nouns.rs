//! Numbers with their nouns, for messages.

use std::borrow::Cow;

use crate::names;

/// A number with its noun: `1 change`, `2 changes`.
pub fn counted(count: usize, noun: &str) -> String {
    format!("{count} {}", inflected(count, noun))
}

/// A noun as it is written after this number: `change` after 1, else `changes`.
pub(crate) fn inflected(count: usize, noun: &str) -> Cow<'_, str> {
    match count {
        1 => Cow::Borrowed(noun),
        _ => Cow::Owned(names::plural(noun).unwrap_or_else(|| format!("{noun}es"))),
    }
}
