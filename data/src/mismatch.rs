//! Mismatches: values that do not fit their declared type, with their paths.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use crate::error::DecodeError;
use crate::reader::ReadError;

/// One step of a path through a JSON document.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Field(&'static str),
    Key(Box<str>),
    Index(usize),
}

/// A value of a body that did not fit its declared type, or a missing field that is no `Option`.
#[derive(Clone, Debug)]
pub struct Mismatch {
    path: String,
    message: Cow<'static, str>,
    raw: Option<Box<str>>,
}

impl Mismatch {
    /// The path of the value, e.g. `data[3].owner_id`; empty for the whole body.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What was expected and what was found.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The JSON text of the value; `None` if a field is missing, or if an array was read as the list field of an object.
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

/// A mismatch whose path is not complete yet. Decoding does not track the current path, which would cost time for every
/// value. Instead, each level adds its step to the new mismatches when it is done.
#[derive(Debug)]
struct Unlocated {
    /// The steps of the path, innermost first.
    steps: Vec<Step>,
    message: Cow<'static, str>,
    raw: Option<Box<str>>,
}

/// The mismatches that were found so far. They are kept up to a limit; further ones are only counted.
#[derive(Debug)]
pub(crate) struct Mismatches {
    strict: bool,
    limit: usize,
    count: usize,
    kept: Vec<Unlocated>,
}

impl Mismatches {
    /// Collects up to `limit` mismatches.
    pub(crate) fn tolerant(limit: usize) -> Self {
        Self { strict: false, limit, count: 0, kept: Vec::new() }
    }

    /// Makes the first mismatch end decoding.
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

    /// Adds a mismatch at the current value.
    ///
    /// # Errors
    /// If decoding is strict.
    pub(crate) fn add(
        &mut self,
        message: impl FnOnce() -> Cow<'static, str>,
        raw: Option<&str>,
    ) -> Result<(), ReadError> {
        if self.kept.len() < self.limit {
            self.kept.push(Unlocated { steps: Vec::new(), message: message(), raw: raw.map(Into::into) });
        }
        self.count += 1;
        if self.strict { Err(ReadError::Stopped) } else { Ok(()) }
    }

    /// Adds a step to the paths of the mismatches from index `first` on.
    #[cold]
    pub(crate) fn add_step(&mut self, first: usize, step: Step) {
        for mismatch in self.kept.iter_mut().skip(first) {
            mismatch.steps.push(step.clone());
        }
    }

    /// Removes the last mismatch and returns it as an error. It is called in strict decoding only, where the first mismatch ends the value,
    /// so that there is at most one.
    pub(crate) fn take_error(&mut self) -> Option<DecodeError> {
        let last = self.kept.pop()?;
        self.count = self.kept.len();
        Some(DecodeError::mismatch(render(&last.steps), last.message.into_owned()))
    }

    /// Removes the mismatches from index `first` on.
    pub(crate) fn truncate(&mut self, first: usize) {
        self.count = self.count.min(first);
        self.kept.truncate(first);
    }

    /// The mismatches that were kept, and how many more there were.
    pub(crate) fn into_kept(self) -> (Vec<Mismatch>, usize) {
        let omitted = self.count - self.kept.len();
        let located =
            |found: Unlocated| Mismatch { path: render(&found.steps), message: found.message, raw: found.raw };
        (self.kept.into_iter().map(located).collect(), omitted)
    }
}

/// The path as text.
fn render(steps: &[Step]) -> String {
    // 16 bytes for each step, which is a short name or an index.
    let mut path = String::with_capacity(16 * steps.len());
    for step in steps.iter().rev() {
        let name: &str = match step {
            Step::Field(name) => name,
            Step::Key(name) => name,
            Step::Index(index) => {
                // Writing to memory cannot fail.
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
