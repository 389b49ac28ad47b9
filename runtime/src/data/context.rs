//! Where a decoding stands: its mode, its path, and what it has set aside.

use std::fmt;

use serde_json::Value;
use serde_json::value::RawValue;

/// How deep objects and lists may be nested in tolerant decoding; deeper values are set aside whole.
pub(super) const MAX_DEPTH: usize = 128;

/// One step of a path through a JSON document.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Field(&'static str),
    Key(String),
    Index(usize),
}

/// Carried through one decoding.
///
/// In the strict pass nothing is recorded until something fails; then each level adds its step on the way out. In the
/// tolerant pass the path is kept on the way in, so that a value set aside knows where it stood.
#[derive(Debug)]
pub struct Context {
    pub(super) tolerant: bool,
    /// Whether a strict decoding met a value that it could only keep as raw JSON.
    fell_short: bool,
    /// The value of the field that was read last, where it did not fit.
    pub(super) aside: Option<Value>,
    path: Vec<Step>,
    mismatches: Vec<Mismatch>,
}

impl Context {
    /// A context that fails at the first value that does not fit.
    pub fn strict() -> Self {
        Self { tolerant: false, fell_short: false, aside: None, path: Vec::new(), mismatches: Vec::new() }
    }

    /// A context that sets aside what does not fit. The input must come from JSON text.
    pub(super) fn tolerant() -> Self {
        Self { tolerant: true, fell_short: false, aside: None, path: Vec::new(), mismatches: Vec::new() }
    }

    pub(super) fn enter(&mut self, step: Step) {
        self.path.push(step);
    }

    pub(super) fn leave(&mut self) {
        self.path.pop();
    }

    pub(super) fn too_deep(&self) -> bool {
        self.path.len() > MAX_DEPTH
    }

    /// Notes the step that an error passes on its way out of a strict decoding.
    pub(super) fn failed_in(&mut self, step: Step) {
        self.path.push(step);
    }

    pub(super) fn fall_short(&mut self) {
        self.fell_short = true;
    }

    pub(super) fn fell_short(&self) -> bool {
        self.fell_short
    }

    /// Notes that the value where the decoding stands does not fit. A strict decoding has no path to note it under; it
    /// remembers that a tolerant one would have something to say.
    pub(super) fn set_aside(&mut self, message: String, raw: Option<&RawValue>) {
        if !self.tolerant {
            self.fell_short = true;
            return;
        }
        self.mismatches.push(Mismatch { path: render(self.path.iter()), message, raw: raw.map(ToOwned::to_owned) });
    }

    pub(super) fn into_mismatches(self) -> Vec<Mismatch> {
        self.mismatches
    }

    /// The path that a failed strict decoding left behind, outermost step first.
    pub(super) fn failed_path(&self) -> String {
        render(self.path.iter().rev())
    }
}

fn render<'a>(steps: impl Iterator<Item = &'a Step>) -> String {
    let mut path = String::new();
    for step in steps {
        let name = match step {
            Step::Field(name) => name,
            Step::Key(name) => name.as_str(),
            Step::Index(index) => {
                path.push_str(&format!("[{index}]"));
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

/// A value of a response that did not fit its declared type and was set aside.
#[derive(Clone, Debug)]
pub struct Mismatch {
    path: String,
    message: String,
    raw: Option<Box<RawValue>>,
}

impl Mismatch {
    /// The same, as seen from what the value is part of.
    pub(crate) fn within(mut self, place: &str) -> Self {
        let dot = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = format!("{place}{dot}{}", self.path);
        self
    }

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
        self.raw.as_deref().map(RawValue::get)
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.path.is_empty() { "(body)" } else { &self.path };
        write!(f, "{path}: {}", self.message)
    }
}

/// A body that could not be decoded at all.
#[derive(Debug)]
pub struct DecodeError {
    pub(super) path: String,
    pub(super) source: serde_json::Error,
}

impl DecodeError {
    /// Where decoding failed, e.g. `data[3].owner_id`; empty for the whole body.
    pub fn path(&self) -> &str {
        &self.path
    }
}

impl From<serde_json::Error> for DecodeError {
    fn from(source: serde_json::Error) -> Self {
        Self { path: String::new(), source }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() { self.source.fmt(f) } else { write!(f, "{}: {}", self.path, self.source) }
    }
}

impl std::error::Error for DecodeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}
