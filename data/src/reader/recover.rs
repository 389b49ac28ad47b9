//! Recovery from mismatches: returning to the start of a value, skipping it, and reporting it as a mismatch.

use std::fmt;

use serde_json::Value;

use super::{ReadError, Reader, Start};
use crate::error::DecodeError;
use crate::mismatch::Step;
use crate::place::Place;

/// What was expected, for error messages.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Expected {
    /// A description with an article, such as `a string`.
    What(&'static str),
    /// An object of the type with this name.
    ObjectOf(&'static str),
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::What(what) => f.write_str(what),
            Self::ObjectOf(name) => write!(f, "an object ({name})"),
        }
    }
}

impl<'a> Reader<'a> {
    /// Returns to the start of a value, skips it, and returns its text. Mismatches that were found in it are removed.
    pub(crate) fn raw_from(&mut self, start: Start) -> Result<&'a str, ReadError> {
        self.rewind(start);
        self.skip()?;
        Ok(self.since(start.at))
    }

    pub(crate) fn rewind(&mut self, start: Start) {
        (self.at, self.depth) = (start.at, start.depth);
        self.mismatches.truncate(start.mismatches);
    }

    /// Returns a mismatch of the next value, and stores what was expected.
    pub(crate) fn mismatch<T>(&mut self, expected: Expected) -> Result<T, ReadError> {
        self.expected = expected;
        Err(ReadError::Mismatch)
    }

    /// Returns a mismatch for a field number that does not exist. Generated code calls this in the last arm of its `match`.
    ///
    /// # Errors
    /// Always.
    #[doc(hidden)]
    #[cold]
    pub fn no_field(&mut self) -> Result<(), ReadError> {
        self.mismatch(Expected::What("a declared field"))
    }

    /// Returns a syntax error at the current position.
    #[cold]
    pub(crate) fn syntax_error<T>(&mut self, why: &'static str) -> Result<T, ReadError> {
        let why = if self.at >= self.text.len() { "unexpected end of the text" } else { why };
        self.syntax_error = Some((self.at, why));
        Err(ReadError::Syntax)
    }

    /// The position and the message of the syntax error.
    pub(crate) fn last_syntax_error(&self) -> (usize, &'static str) {
        self.syntax_error.unwrap_or((self.at, "the text is not JSON"))
    }

    /// Reads a value whose failure does not end decoding. If the value as a whole does not fit or, in strict decoding, a part of it
    /// does not, it is skipped, and the inner result is the error.
    ///
    /// # Errors
    /// If the text is not JSON.
    pub fn try_read(&mut self, place: &mut dyn Place) -> Result<Result<(), DecodeError>, ReadError> {
        let start = self.start();
        let error = match place.read(self) {
            Ok(()) => return Ok(Ok(())),
            Err(ReadError::Syntax) => return Err(ReadError::Syntax),
            Err(ReadError::Stopped) => self.mismatches.take_error(),
            Err(ReadError::Mismatch) => None,
        };
        let raw = self.raw_from(start)?;
        Ok(Err(error.unwrap_or_else(|| DecodeError::new(self.mismatch_message(raw)))))
    }

    /// How many mismatches were found so far.
    pub fn mismatch_count(&self) -> usize {
        self.mismatches.count()
    }

    /// Adds the index of an item to the paths of the mismatches from number `first` on.
    pub fn add_index_to_paths(&mut self, first: usize, index: usize) {
        if self.mismatches.count() != first {
            self.mismatches.add_step(first, Step::Index(index));
        }
    }

    /// Adds a key, or several keys separated by dots, to the paths of the mismatches from number `first` on.
    pub fn add_key_to_paths(&mut self, first: usize, key: &str) {
        if self.mismatches.count() != first {
            self.mismatches.add_step(first, Step::Key(key.into()));
        }
    }

    /// Removes the mismatches from number `first` on.
    pub fn discard_mismatches(&mut self, first: usize) {
        self.mismatches.truncate(first);
    }

    /// Skips the value that begins at `start` and does not fit its place, and adds it to the mismatches.
    ///
    /// # Errors
    /// If it is not JSON, or decoding is strict.
    #[cold]
    pub(crate) fn set_aside(&mut self, start: Start) -> Result<&'a str, ReadError> {
        let expected = self.expected;
        let raw = self.raw_from(start)?;
        self.mismatches.add(|| format!("expected {expected}, found {}", json_type(raw)).into(), Some(raw))?;
        Ok(raw)
    }

    /// The message of the last mismatch: what was expected, and the JSON type of the value.
    pub(crate) fn mismatch_message(&self, raw: &str) -> String {
        format!("expected {}, found {}", self.expected, json_type(raw))
    }

    /// Adds a step to the paths of the mismatches that were found since a value began.
    #[inline]
    pub(crate) fn add_step(&mut self, start: Start, step: impl FnOnce() -> Step) {
        if self.mismatches.count() != start.mismatches {
            self.mismatches.add_step(start.mismatches, step());
        }
    }

    /// Counts bytes against the memory limit, before they are allocated. Needed for values that can use much more memory than
    /// their text, such as a list of empty objects.
    ///
    /// # Errors
    /// If the limit is exceeded.
    #[inline]
    pub fn charge(&mut self, bytes: usize) -> Result<(), ReadError> {
        match self.memory.checked_sub(bytes) {
            Some(left) => {
                self.memory = left;
                Ok(())
            }
            None => self.mismatch(Expected::What("a value within the memory limit of the body")),
        }
    }

    /// Whether the next value replaces an earlier one of the same key. Resets the flag.
    #[inline]
    pub(crate) fn take_replaces(&mut self) -> bool {
        std::mem::take(&mut self.replaces)
    }

    /// Like [`take_replaces`](Self::take_replaces), but does not reset the flag.
    #[inline]
    pub(crate) fn is_replacing(&self) -> bool {
        self.replaces
    }

    pub(crate) fn set_replaces(&mut self, replaces: bool) {
        self.replaces = replaces;
    }

    /// Records that the string at a position was read as a number.
    pub(crate) fn set_number_text(&mut self, at: usize) {
        self.number_text_at = at;
    }

    /// Whether the value was a string that was read as a number.
    #[inline]
    pub(crate) fn was_number_text(&self, start: Start) -> bool {
        self.number_text_at == start.at
    }

    /// Records the items that were left out of the list at a position.
    pub(crate) fn set_left_out(&mut self, at: usize, items: Vec<(usize, Value)>) {
        self.left_out = (at, items);
    }

    /// Takes the items that were left out of the list that begins at `start`, if there are any.
    #[inline]
    pub(crate) fn left_out_of(&mut self, start: Start) -> Option<Vec<(usize, Value)>> {
        (self.left_out.0 == start.at).then(|| std::mem::take(&mut self.left_out.1))
    }

    /// Reads a skipped value again, as a [`Value`] to keep. `None` if it does not fit into a [`Value`] or uses too much memory.
    #[cold]
    pub(crate) fn keep(&mut self, start: Start) -> Option<Value> {
        let (end, depth) = (self.at, self.depth);
        self.at = start.at;
        let value = self.charge(size_of::<(Box<str>, Value)>()).and_then(|()| self.value());
        (self.at, self.depth) = (end, depth);
        value.ok()
    }
}

/// The JSON type of a raw value, for error messages.
fn json_type(raw: &str) -> &'static str {
    match raw.as_bytes().first() {
        Some(b'{') => "an object",
        Some(b'[') => "an array",
        Some(b'"') => "a string",
        Some(b't' | b'f') => "a bool",
        Some(b'n') => "null",
        _ => "a number",
    }
}
