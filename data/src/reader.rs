//! A pull parser: reads JSON text value by value.
//!
//! The reader is not generic, so it is compiled once. It offers what tolerant decoding needs and serde's traits do not have: it
//! can return to the start of a value, take the value as raw text, and report its path. A method that returns
//! [`ReadError::Mismatch`] may have read only a part of the value. To recover, the caller returns to the start of the value and
//! skips it ([`Reader::raw_from`]), which checks the syntax of the whole value.

mod number;
mod recover;
mod skip;
mod text;
mod value;

use std::borrow::Cow;

use serde_json::Value;

use crate::mismatch::Mismatches;

pub(crate) use recover::Expected;
pub(crate) use text::unescaped_length;

/// The maximum depth of nested objects and lists that are decoded, the same as in serde_json. Skipped values have no limit.
pub(crate) const MAX_DEPTH: u32 = 127;

/// Why a value was not decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReadError {
    /// The value does not fit its place, which is unchanged. The reader stores what was expected.
    Mismatch,
    /// The text is not JSON.
    Syntax,
    /// Decoding is strict and has found a mismatch.
    Stopped,
}

/// The state of the reader at the start of a value, to return to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Start {
    at: usize,
    depth: u32,
    mismatches: usize,
}

impl Start {
    /// The position in the text.
    pub(crate) fn at(&self) -> usize {
        self.at
    }
}

/// A function that reads the value of a member, whose key it gets, or of an item, whose index it gets.
type ReadValue<'f, 'a, K> = &'f mut dyn FnMut(&mut Reader<'a>, K) -> Result<(), ReadError>;

/// A reader of JSON text, which also collects the mismatches.
#[derive(Debug)]
pub struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: u32,
    /// The depth of the value that the caller asked for: 0 for the whole body.
    root: u32,
    pub(crate) mismatches: Mismatches,
    /// How many bytes of memory the lists, maps and [`Value`]s may still use.
    memory: usize,
    /// What was expected at the last mismatch.
    expected: Expected,
    /// The position of the syntax error, and its message.
    syntax_error: Option<(usize, &'static str)>,
    /// Whether the next value has a duplicate key, so that it replaces the value that its place contains.
    replaces: bool,
    /// True while `clear` (object/read.rs) unsets the fields of an object, before the value of a duplicate key is read into the object.
    /// Each field then reads an empty value such as `null` or `{}`, and missing fields are not reported.
    clears: bool,
    /// The position of the last JSON string that was read as a number.
    number_text_at: usize,
    /// The position in the text of the last list with items that did not fit, and these items with their positions in the list.
    left_out: (usize, Vec<(usize, Value)>),
    /// How many unions around the current value are trying their alternatives.
    pub(crate) trial_depth: u32,
    /// The closing brackets that [`skip`](Self::skip) still expects.
    expected_closes: Vec<u8>,
}

impl<'a> Reader<'a> {
    /// A reader of a text. `memory` limits how many bytes lists, maps and [`Value`]s may use.
    pub(crate) fn new(text: &'a str, mismatches: Mismatches, memory: usize) -> Self {
        Self {
            text,
            at: 0,
            depth: 0,
            root: 0,
            mismatches,
            memory,
            expected: Expected::What("a value"),
            syntax_error: None,
            replaces: false,
            clears: false,
            number_text_at: usize::MAX,
            left_out: (usize::MAX, Vec::new()),
            trial_depth: 0,
            expected_closes: Vec::new(),
        }
    }

    /// A reader of an empty value that clears a field (see the field `clears`). It is not a whole body, and it keeps no mismatches.
    pub(crate) fn clearing(text: &'a str) -> Self {
        Self { depth: 1, replaces: true, clears: true, ..Self::new(text, Mismatches::tolerant(0), usize::MAX) }
    }

    /// Whether the text is an empty value that clears a field.
    pub(crate) fn clears(&self) -> bool {
        self.clears
    }

    /// Whether the next value is the whole body.
    pub(crate) fn is_body(&self) -> bool {
        self.depth == 0
    }

    /// The whole text.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// The current position in the text, in bytes.
    pub fn position(&self) -> usize {
        self.at
    }

    /// The text from a position up to the current one.
    pub fn since(&self, position: usize) -> &'a str {
        self.text.get(position..self.at).unwrap_or_default()
    }

    /// Skips white space, and returns the next byte without reading it; `None` at the end of the text.
    #[inline]
    pub fn peek(&mut self) -> Option<u8> {
        let byte = self.byte();
        match byte {
            Some(b' ' | b'\n' | b'\r' | b'\t') => self.peek_past_space(),
            byte => byte,
        }
    }

    fn peek_past_space(&mut self) -> Option<u8> {
        while let Some(byte) = self.byte() {
            if !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                return Some(byte);
            }
            self.at += 1;
        }
        None
    }

    #[inline]
    pub(crate) fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Skips a punctuation character, if it is next after white space. Returns whether it was.
    #[inline]
    pub(crate) fn skip_byte(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    /// The start of the next value.
    #[inline]
    pub(crate) fn start(&mut self) -> Start {
        self.peek();
        Start { at: self.at, depth: self.depth, mismatches: self.mismatches.count() }
    }

    /// Reads `open`, the opening bracket of an object or list.
    #[inline]
    pub(crate) fn open(&mut self, open: u8, expected: Expected) -> Result<(), ReadError> {
        if self.peek() != Some(open) {
            return self.mismatch(expected);
        }
        if self.depth >= MAX_DEPTH {
            return self.mismatch(Expected::What("at most 127 levels of nesting"));
        }
        self.depth += 1;
        self.at += 1;
        Ok(())
    }

    /// Reads the comma or the closing bracket after a member or item. Returns whether another one follows.
    #[inline]
    pub(crate) fn has_next(&mut self, close: u8) -> Result<bool, ReadError> {
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                Ok(true)
            }
            Some(byte) if byte == close => {
                self.at += 1;
                self.depth -= 1;
                Ok(false)
            }
            _ => self.syntax_error("expected a comma or the end of the object or list"),
        }
    }

    /// Reads the closing bracket, if it follows the opening one. Returns whether the object or list is empty.
    #[inline]
    pub(crate) fn close_if_empty(&mut self, close: u8) -> bool {
        let empty = self.skip_byte(close);
        self.depth -= u32::from(empty);
        empty
    }

    /// Skips this text, if it is next. Returns whether it was.
    #[inline]
    pub(crate) fn skip_text(&mut self, text: &str) -> bool {
        let is_next = self.text.as_bytes().get(self.at..self.at + text.len()) == Some(text.as_bytes());
        self.at += if is_next { text.len() } else { 0 };
        is_next
    }

    /// Reads the colon after a key.
    #[inline]
    pub(crate) fn colon(&mut self) -> Result<(), ReadError> {
        if self.skip_byte(b':') { Ok(()) } else { self.syntax_error("expected a colon after a key") }
    }

    /// Reads an object. Calls `read_value` with the key of each member, to read its value. A member whose key is not valid
    /// Unicode, because of an unpaired surrogate, is skipped.
    ///
    /// # Errors
    /// If the next value is not an object or is nested too deep, or the text is not JSON, and those of the function.
    pub fn members(&mut self, read_value: ReadValue<'_, 'a, Cow<'a, str>>) -> Result<(), ReadError> {
        self.open(b'{', Expected::What("an object"))?;
        if self.close_if_empty(b'}') {
            return Ok(());
        }
        loop {
            match self.key()? {
                Some(key) => {
                    self.colon()?;
                    self.peek();
                    read_value(self, key)?;
                }
                None => {
                    self.colon()?;
                    self.skip()?;
                }
            }
            if !self.has_next(b'}')? {
                return Ok(());
            }
        }
    }

    /// Reads a list. Calls `read_value` with the index of each item, to read it.
    ///
    /// # Errors
    /// If the next value is not a list or is nested too deep, or the text is not JSON, and those of the function.
    pub fn items(&mut self, read_value: ReadValue<'_, 'a, usize>) -> Result<(), ReadError> {
        self.open(b'[', Expected::What("an array"))?;
        if self.close_if_empty(b']') {
            return Ok(());
        }
        let mut index = 0;
        loop {
            self.peek();
            read_value(self, index)?;
            index += 1;
            if !self.has_next(b']')? {
                return Ok(());
            }
        }
    }

    /// Reads the next value as raw text.
    ///
    /// # Errors
    /// If it is not JSON.
    pub fn raw(&mut self) -> Result<&'a str, ReadError> {
        let start = self.start();
        self.raw_from(start)
    }

    /// Reads null, if it is next. Returns whether it was.
    ///
    /// # Errors
    /// If the next value begins with an `n` and is not null.
    #[inline]
    pub fn null(&mut self) -> Result<bool, ReadError> {
        if self.peek() != Some(b'n') {
            return Ok(false);
        }
        self.literal(b"null").map(|()| true)
    }

    pub(crate) fn bool(&mut self) -> Result<bool, ReadError> {
        match self.peek() {
            Some(b't') => self.literal(b"true").map(|()| true),
            Some(b'f') => self.literal(b"false").map(|()| false),
            _ => self.mismatch(Expected::What("a bool")),
        }
    }

    fn literal(&mut self, word: &'static [u8]) -> Result<(), ReadError> {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        if !rest.starts_with(word) {
            return self.syntax_error("expected a value");
        }
        self.at += word.len();
        Ok(())
    }

    /// Reads a value into a place of the type [`Value`]. If the place is the whole body or an item of a page, the memory limit is lifted;
    /// otherwise this is [`value`](Self::value).
    pub(crate) fn value_of_place(&mut self) -> Result<Value, ReadError> {
        if self.depth == self.root {
            self.memory = usize::MAX;
        }
        self.value()
    }

    /// Marks the next value as a root: one whose type the caller has chosen, such as an item of a page. If it is decoded as [`Value`], the
    /// memory limit does not apply to it.
    pub fn mark_root(&mut self) {
        self.root = self.depth;
    }

    /// The number of bytes that were not read yet.
    pub(crate) fn bytes_left(&self) -> usize {
        self.text.len() - self.at
    }
}
