//! Reads JSON text value by value.
//!
//! The reader is not generic, so it is compiled once, and it can do what tolerant decoding needs and serde's traits do not
//! offer: go back to where a value began, take it as raw text, and tell where it stands. [`skip`](Reader::skip) checks the
//! syntax of what it passes over; the other methods may refuse a value without looking at the rest of it, because whoever
//! recovers from the refusal goes back and skips.

mod number;
mod recover;
mod skip;
mod text;
mod value;

use std::borrow::Cow;

use serde_json::Value;

use crate::note::Notes;

pub(crate) use recover::Expected;
pub(crate) use text::plain;

/// How deep objects and lists may be nested. serde_json has the same limit.
pub(crate) const MAX_DEPTH: u32 = 127;

/// Why a value was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The value does not fit its place; the place is as it was. The reader knows what was expected.
    Unfit,
    /// The text is not JSON.
    Broken,
    /// Decoding is strict, and a value did not fit.
    Stopped,
}

/// Where a value begins, to go back to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Start {
    at: usize,
    depth: u32,
    notes: usize,
}

impl Start {
    /// The position in the text.
    pub(crate) fn at(&self) -> usize {
        self.at
    }
}

/// What is done with each member or item.
type Each<'e, 'a, K> = &'e mut dyn FnMut(&mut Reader<'a>, K) -> Result<(), Fault>;

/// A reader of JSON text, which also collects what did not fit.
#[derive(Debug)]
pub struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: u32,
    /// The depth of the value that the caller asked for: 0 for the whole body.
    root: u32,
    pub(crate) notes: Notes,
    /// How many bytes the lists, maps and raw values that are still to be read may take.
    memory: usize,
    /// What the place that refused a value last takes.
    expected: Expected,
    /// Where the text turned out not to be JSON, and why.
    broken: Option<(usize, &'static str)>,
    /// The value that follows stands under a key that came before: it replaces what is in its place.
    again: bool,
    /// Where the last JSON string began that was read as a number.
    quoted_at: usize,
    /// Of the last list that contained nulls which its type cannot hold: where the list began, and the positions of the
    /// nulls.
    nulls: (usize, Vec<u32>),
    /// How many unions around the current value are trying their members.
    pub(crate) trials: u32,
    /// The brackets that skipping has to close.
    open: Vec<u8>,
}

impl<'a> Reader<'a> {
    /// A reader of a text. `memory` bounds what lists, maps and raw values may take.
    pub(crate) fn new(text: &'a str, notes: Notes, memory: usize) -> Self {
        Self {
            text,
            at: 0,
            depth: 0,
            root: 0,
            notes,
            memory,
            expected: Expected::A("a value"),
            broken: None,
            again: false,
            quoted_at: usize::MAX,
            nulls: (usize::MAX, Vec::new()),
            trials: 0,
            open: Vec::new(),
        }
    }

    /// A reader of the text of a value that is part of another.
    pub(crate) fn inside(text: &'a str) -> Self {
        Self { depth: 1, ..Self::new(text, Notes::tolerant(0), usize::MAX) }
    }

    /// Whether the value that comes next is the whole body.
    pub(crate) fn is_body(&self) -> bool {
        self.depth == 0
    }

    /// The whole text.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// How many bytes of the text were read.
    pub fn position(&self) -> usize {
        self.at
    }

    /// The text from a position up to the current one.
    pub fn since(&self, position: usize) -> &'a str {
        self.text.get(position..self.at).unwrap_or_default()
    }

    /// The next byte that is no white space; the reader then stands at it.
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

    /// Passes over a byte of punctuation, if it comes next.
    #[inline]
    pub(crate) fn pass_byte(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    /// Where the value that comes next begins.
    #[inline]
    pub(crate) fn start(&mut self) -> Start {
        self.peek();
        Start { at: self.at, depth: self.depth, notes: self.notes.count() }
    }

    /// Begins an object or list, `open` being its bracket. The place stays as it is where something else comes.
    #[inline]
    pub(crate) fn enter(&mut self, open: u8, expected: Expected) -> Result<(), Fault> {
        if self.peek() != Some(open) {
            return self.unfit(expected);
        }
        if self.depth >= MAX_DEPTH {
            return self.unfit(Expected::A("at most 127 levels of nesting"));
        }
        self.depth += 1;
        self.at += 1;
        Ok(())
    }

    /// Whether another member or item follows, after one that was read.
    #[inline]
    pub(crate) fn goes_on(&mut self, close: u8) -> Result<bool, Fault> {
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
            _ => self.broken("a comma or the end of an object or list is missing"),
        }
    }

    /// Whether the object or list that was entered has nothing in it.
    #[inline]
    pub(crate) fn is_empty(&mut self, close: u8) -> bool {
        let empty = self.pass_byte(close);
        self.depth -= u32::from(empty);
        empty
    }

    /// Passes over this text, if it comes next.
    #[inline]
    pub(crate) fn pass_text(&mut self, text: &str) -> bool {
        let there = self.text.as_bytes().get(self.at..self.at + text.len()) == Some(text.as_bytes());
        self.at += if there { text.len() } else { 0 };
        there
    }

    /// Passes over the colon that follows a key.
    #[inline]
    pub(crate) fn colon(&mut self) -> Result<(), Fault> {
        if self.pass_byte(b':') { Ok(()) } else { self.broken("a colon is missing after a key") }
    }

    /// Reads the members of an object, each by a function that reads its value. A key that is no text, by its escapes, is
    /// passed over with its value.
    ///
    /// # Errors
    /// Where no object comes next, and those of the function.
    pub fn members(&mut self, each: Each<'_, 'a, Cow<'a, str>>) -> Result<(), Fault> {
        self.enter(b'{', Expected::A("an object"))?;
        if self.is_empty(b'}') {
            return Ok(());
        }
        loop {
            match self.key()? {
                Some(key) => {
                    self.colon()?;
                    self.peek();
                    each(self, key)?;
                }
                None => {
                    self.colon()?;
                    self.skip()?;
                }
            }
            if !self.goes_on(b'}')? {
                return Ok(());
            }
        }
    }

    /// Reads the items of a list, each by a function, which is told its position.
    ///
    /// # Errors
    /// Where no list comes next, and those of the function.
    pub fn items(&mut self, each: Each<'_, 'a, usize>) -> Result<(), Fault> {
        self.enter(b'[', Expected::A("an array"))?;
        if self.is_empty(b']') {
            return Ok(());
        }
        let mut index = 0;
        loop {
            self.peek();
            each(self, index)?;
            index += 1;
            if !self.goes_on(b']')? {
                return Ok(());
            }
        }
    }

    /// Takes the value that comes next as raw text.
    ///
    /// # Errors
    /// Where it is not JSON.
    pub fn raw(&mut self) -> Result<&'a str, Fault> {
        let start = self.start();
        self.raw_from(start)
    }

    /// Reads null, if that comes next.
    ///
    /// # Errors
    /// Where something else begins with an `n`.
    #[inline]
    pub fn null(&mut self) -> Result<bool, Fault> {
        if self.peek() != Some(b'n') {
            return Ok(false);
        }
        self.literal(b"null").map(|()| true)
    }

    pub(crate) fn bool(&mut self) -> Result<bool, Fault> {
        match self.peek() {
            Some(b't') => self.literal(b"true").map(|()| true),
            Some(b'f') => self.literal(b"false").map(|()| false),
            _ => self.unfit(Expected::A("a bool")),
        }
    }

    fn literal(&mut self, word: &'static [u8]) -> Result<(), Fault> {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        if !rest.starts_with(word) {
            return self.broken("a value is expected");
        }
        self.at += word.len();
        Ok(())
    }

    /// A value of any shape. Where the caller asked for such values, and not for a type with such a field, the memory
    /// limit does not apply.
    pub(crate) fn any(&mut self) -> Result<Value, Fault> {
        if self.depth == self.root {
            self.memory = usize::MAX;
        }
        self.value()
    }

    /// Begins a value that the caller asked for, such as an item of a page.
    pub fn begin_item(&mut self) {
        self.root = self.depth;
    }

    /// The number of bytes that were not read.
    pub(crate) fn rest(&self) -> usize {
        self.text.len() - self.at
    }
}
