//! The error of decoding.

use std::fmt;

use crate::mismatch::Mismatch;

/// The error of decoding: the text is not JSON, it does not fit the type as a whole, or, in strict decoding, a value in it
/// does not fit.
#[derive(Debug)]
pub struct DecodeError {
    path: String,
    message: String,
    position: Option<(usize, usize)>,
    source: Option<serde_json::Error>,
}

impl DecodeError {
    /// The path at which decoding failed, e.g. `data[3].owner_id`. Empty if the body as a whole does not fit or is not JSON, and for types
    /// that serde decodes.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The line and the column of a syntax error, counted from 1. `None` if the text is valid JSON that does not fit the
    /// type, and for types that serde decodes: their message contains the position.
    pub fn position(&self) -> Option<(usize, usize)> {
        self.position
    }

    /// An error with this message, without a path or a position.
    pub fn new(message: impl Into<String>) -> Self {
        Self::mismatch(String::new(), message.into())
    }

    /// An error about the value at a path.
    pub(crate) fn mismatch(path: String, message: String) -> Self {
        Self { path, message, position: None, source: None }
    }

    /// The error for the first mismatch of strict decoding.
    pub(crate) fn from_mismatch(mismatch: Mismatch) -> Self {
        Self::mismatch(mismatch.path().to_owned(), mismatch.message().to_owned())
    }

    /// A syntax error at a byte position.
    pub(crate) fn syntax(text: &[u8], at: usize, why: &str) -> Self {
        let before = &text[..at.min(text.len())];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
        Self { path: String::new(), message: why.to_owned(), position: Some((line, column)), source: None }
    }
}

impl From<serde_json::Error> for DecodeError {
    fn from(source: serde_json::Error) -> Self {
        Self { path: String::new(), message: source.to_string(), position: None, source: Some(source) }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)?;
        match self.position {
            Some((line, column)) => write!(f, " at line {line} column {column}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for DecodeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| source as _)
    }
}
