//! Mismatches: values that do not fit their declared type, and the paths to them; and the error of decoding.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use crate::reader::Fault;

/// One step of a path through a JSON document.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Field(&'static str),
    Key(Box<str>),
    Index(usize),
}

/// A value of a body that did not fit its declared type and was set aside.
#[derive(Clone, Debug)]
pub struct Mismatch {
    path: String,
    message: Cow<'static, str>,
    raw: Option<Box<str>>,
}

impl Mismatch {
    /// Where the value stood, e.g. `data[3].owner_id`; empty for the whole body.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What was expected and what was found.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The JSON text of the value; `None` where a field that is always present was missing.
    pub fn raw(&self) -> Option<&str> {
        self.raw.as_deref()
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.path.is_empty() { "(body)" } else { &self.path };
        write!(f, "{path}: {}", self.message)
    }
}

/// A mismatch whose path is still growing: each level that decoding leaves adds its step, so that nothing is kept for
/// values that fit.
#[derive(Debug)]
struct Noted {
    /// Innermost first.
    steps: Vec<Step>,
    message: Cow<'static, str>,
    raw: Option<Box<str>>,
}

/// The mismatches of a decoding, up to a limit, and how many there were.
#[derive(Debug)]
pub(crate) struct Notes {
    strict: bool,
    limit: usize,
    count: usize,
    kept: Vec<Noted>,
}

impl Notes {
    /// Notes of a tolerant decoding.
    pub(crate) fn tolerant(limit: usize) -> Self {
        Self { strict: false, limit, count: 0, kept: Vec::new() }
    }

    /// Notes of a decoding that ends with the first.
    pub(crate) fn strict() -> Self {
        Self { strict: true, limit: 1, count: 0, kept: Vec::new() }
    }

    #[inline]
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    pub(crate) fn is_strict(&self) -> bool {
        self.strict
    }

    /// Notes a mismatch where decoding stands.
    ///
    /// # Errors
    /// Where decoding is strict.
    pub(crate) fn add(&mut self, message: impl FnOnce() -> Cow<'static, str>, raw: Option<&str>) -> Result<(), Fault> {
        if self.kept.len() < self.limit {
            self.kept.push(Noted { steps: Vec::new(), message: message(), raw: raw.map(Into::into) });
        }
        self.count += 1;
        if self.strict { Err(Fault::Stopped) } else { Ok(()) }
    }

    /// Adds a step to the paths of the notes from number `first` on.
    #[cold]
    pub(crate) fn step(&mut self, first: usize, step: Step) {
        for note in self.kept.iter_mut().skip(first) {
            note.steps.push(step.clone());
        }
    }

    /// Takes the last note as an error.
    pub(crate) fn take_error(&mut self) -> Option<DecodeError> {
        let note = self.kept.pop()?;
        self.count = self.kept.len();
        Some(DecodeError::unfit(render(&note.steps), note.message.into_owned()))
    }

    /// Forgets the notes from number `first` on.
    pub(crate) fn truncate(&mut self, first: usize) {
        self.count = self.count.min(first);
        self.kept.truncate(first);
    }

    /// The mismatches that were kept, and how many more there were.
    pub(crate) fn into_mismatches(self) -> (Vec<Mismatch>, usize) {
        let further = self.count - self.kept.len();
        let finished = |note: Noted| Mismatch { path: render(&note.steps), message: note.message, raw: note.raw };
        (self.kept.into_iter().map(finished).collect(), further)
    }
}

fn render(steps: &[Step]) -> String {
    // A name and a number such as `data[3].`, for each.
    let mut path = String::with_capacity(16 * steps.len());
    for step in steps.iter().rev() {
        let name: &str = match step {
            Step::Field(name) => name,
            Step::Key(name) => name,
            Step::Index(index) => {
                // Writing to a text does not fail.
                let _ = write!(path, "[{index}]");
                continue;
            }
        };
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(name);
    }
    path
}

/// Why a body, or a part of it, could not be decoded: it is not JSON, does not fit as a whole, or, in strict decoding,
/// a value in it does not fit.
#[derive(Debug)]
pub struct DecodeError {
    path: String,
    message: String,
    position: Option<(usize, usize)>,
    source: Option<serde_json::Error>,
}

impl DecodeError {
    /// Where decoding failed, e.g. `data[3].owner_id`; empty for the whole body, and where it is not JSON.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The line and the column, counted from 1, where the body turned out not to be JSON; `None` where it is, but does
    /// not fit, and for types that serde decodes, whose message names the position.
    pub fn position(&self) -> Option<(usize, usize)> {
        self.position
    }

    /// A body that does not fit, as a whole.
    pub fn new(message: impl Into<String>) -> Self {
        Self::unfit(String::new(), message.into())
    }

    /// A value that does not fit.
    pub(crate) fn unfit(path: String, message: String) -> Self {
        Self { path, message, position: None, source: None }
    }

    /// The first mismatch of a strict decoding.
    pub(crate) fn mismatch(mismatch: Mismatch) -> Self {
        Self::unfit(mismatch.path, mismatch.message.into_owned())
    }

    /// A text that is not JSON from a position on.
    pub(crate) fn broken(text: &[u8], at: usize, why: &str) -> Self {
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
