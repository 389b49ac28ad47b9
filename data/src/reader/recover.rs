//! Recovery: going back to where a value began, keeping it as raw text, and reporting it as a mismatch.

use std::fmt;

use serde_json::Value;

use super::{Fault, Reader, Start};
use crate::note::{DecodeError, Step};
use crate::place::Place;

/// What a place takes, for messages.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Expected {
    A(&'static str),
    Object(&'static str),
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::A(what) => f.write_str(what),
            Self::Object(name) => write!(f, "an object ({name})"),
        }
    }
}

impl<'a> Reader<'a> {
    /// Goes back to where a value began and passes over it. What was noted in it on the way does not count.
    pub(crate) fn raw_from(&mut self, start: Start) -> Result<&'a str, Fault> {
        self.rewind(start);
        self.skip()?;
        Ok(self.since(start.at))
    }

    pub(crate) fn rewind(&mut self, start: Start) {
        (self.at, self.depth) = (start.at, start.depth);
        self.notes.truncate(start.notes);
    }

    /// Says that the value that comes next does not fit, and what does.
    pub(crate) fn unfit<T>(&mut self, expected: Expected) -> Result<T, Fault> {
        self.expected = expected;
        Err(Fault::Unfit)
    }

    /// Says that no field takes the value that comes next. Generated code calls this for numbers that are no field's.
    ///
    /// # Errors
    /// Always.
    #[doc(hidden)]
    #[cold]
    pub fn no_field(&mut self) -> Result<(), Fault> {
        self.unfit(Expected::A("a field"))
    }

    /// Says that the text is not JSON.
    #[cold]
    pub(crate) fn broken<T>(&mut self, why: &'static str) -> Result<T, Fault> {
        let why = if self.at >= self.text.len() { "the text ends too early" } else { why };
        self.broken = Some((self.at, why));
        Err(Fault::Broken)
    }

    /// Where the text turned out not to be JSON, and why.
    pub(crate) fn breakage(&self) -> (usize, &'static str) {
        self.broken.unwrap_or((self.at, "the text is not JSON"))
    }

    /// Reads a value apart from the others: what makes it unfit, or stops a strict decoding, is an error of this value only.
    /// Then it is passed over.
    ///
    /// # Errors
    /// Where the text is not JSON.
    pub fn attempt(&mut self, place: &mut dyn Place) -> Result<Result<(), DecodeError>, Fault> {
        let start = self.start();
        let error = match place.read(self) {
            Ok(()) => return Ok(Ok(())),
            Err(Fault::Broken) => return Err(Fault::Broken),
            Err(Fault::Stopped) => self.notes.take_error(),
            Err(Fault::Unfit) => None,
        };
        let raw = self.raw_from(start)?;
        Ok(Err(error.unwrap_or_else(|| DecodeError::new(self.refusal(raw)))))
    }

    /// How many mismatches were noted so far.
    pub fn noted(&self) -> usize {
        self.notes.count()
    }

    /// Adds an item's number to the path of everything that was noted since there were `noted` mismatches.
    pub fn in_item(&mut self, noted: usize, index: usize) {
        if self.notes.count() != noted {
            self.notes.step(noted, Step::Index(index));
        }
    }

    /// Adds a key, or several with dots between them, to the path of everything that was noted since there were `noted`
    /// mismatches.
    pub fn in_key(&mut self, noted: usize, key: &str) {
        if self.notes.count() != noted {
            self.notes.step(noted, Step::Key(key.into()));
        }
    }

    /// Forgets what was noted since there were `noted` mismatches.
    pub fn forget(&mut self, noted: usize) {
        self.notes.truncate(noted);
    }

    /// Notes the value that begins at `start`, which does not fit its place, and passes over it.
    ///
    /// # Errors
    /// Where it is not JSON, and where decoding is strict.
    #[cold]
    pub(crate) fn set_aside(&mut self, start: Start) -> Result<&'a str, Fault> {
        let expected = self.expected;
        let raw = self.raw_from(start)?;
        self.notes.add(|| format!("expected {expected}, found {}", kind(raw)).into(), Some(raw))?;
        Ok(raw)
    }

    /// The message of the last refusal: what the place expected, and what kind of value was found.
    pub(crate) fn refusal(&self, raw: &str) -> String {
        format!("expected {}, found {}", self.expected, kind(raw))
    }

    /// Adds a step to the path of everything that was noted since a value began.
    #[inline]
    pub(crate) fn step(&mut self, start: Start, step: impl FnOnce() -> Step) {
        if self.notes.count() != start.notes {
            self.notes.step(start.notes, step());
        }
    }

    /// Takes memory for something whose size the text does not bound.
    ///
    /// # Errors
    /// Where the values of the text would take many times its size.
    #[inline]
    pub fn charge(&mut self, bytes: usize) -> Result<(), Fault> {
        match self.memory.checked_sub(bytes) {
            Some(left) => {
                self.memory = left;
                Ok(())
            }
            None => self.unfit(Expected::A("a value within the memory limit of the body")),
        }
    }

    /// Whether the value that comes next replaces one; asked once.
    #[inline]
    pub(crate) fn replaces(&mut self) -> bool {
        std::mem::take(&mut self.again)
    }

    /// Whether the value that comes next replaces one, without [`replaces`](Self::replaces) knowing that it was asked.
    #[inline]
    pub(crate) fn is_replacing(&self) -> bool {
        self.again
    }

    pub(crate) fn set_replaces(&mut self, again: bool) {
        self.again = again;
    }

    pub(crate) fn note_quoted(&mut self, at: usize) {
        self.quoted_at = at;
    }

    /// Whether the value that begins at a position was text, and read as a number.
    #[inline]
    pub(crate) fn was_quoted(&self, start: Start) -> bool {
        self.quoted_at == start.at
    }

    pub(crate) fn note_nulls(&mut self, at: usize, nulls: Vec<u32>) {
        self.nulls = (at, nulls);
    }

    /// The positions of nulls that the list could not hold which began at a position.
    #[inline]
    pub(crate) fn nulls_of(&mut self, start: Start) -> Option<Vec<u32>> {
        (self.nulls.0 == start.at).then(|| std::mem::take(&mut self.nulls.1))
    }

    /// The value that began at `start` and was passed over, to be kept; `None` where it does not fit into a [`Value`], or
    /// takes too much memory. Then it is in the mismatch only.
    #[cold]
    pub(crate) fn keep(&mut self, start: Start) -> Option<Value> {
        let (end, depth) = (self.at, self.depth);
        self.at = start.at;
        let value = self.charge(size_of::<(Box<str>, Value)>()).and_then(|()| self.value());
        (self.at, self.depth) = (end, depth);
        value.ok()
    }
}

/// The kind of a raw JSON value, for messages.
pub(crate) fn kind(raw: &str) -> &'static str {
    match raw.as_bytes().first() {
        Some(b'{') => "an object",
        Some(b'[') => "an array",
        Some(b'"') => "a string",
        Some(b't' | b'f') => "a bool",
        Some(b'n') => "null",
        _ => "a number",
    }
}
