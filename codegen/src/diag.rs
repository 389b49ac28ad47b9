//! What the generator says when something is wrong: errors and warnings that name a place.
//!
//! A place is a file and a JSON pointer into it, because the document was read from YAML, changed by overlays and
//! resolved through references: a line number would point into a text that nobody sees. Every error carries a hint on
//! what to do, so that a failed run can be fixed without reading the generator's source.

use std::fmt;

/// The result of a step of the generator.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why the generator stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Details>);

/// The parts of an [`Error`]; boxed there, so that a `Result` stays small on the way that succeeds.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Details {
    file: String,
    pointer: String,
    message: String,
    hint: String,
}

impl Error {
    /// An error at a JSON pointer (`""` is the whole document) of a file (`""` where the caller knows the name and adds
    /// it with [`Error::in_file`]).
    pub fn new(file: impl Into<String>, pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self(Box::new(Details {
            file: file.into(),
            pointer: pointer.into(),
            message: message.into(),
            hint: String::new(),
        }))
    }

    /// Says what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = hint.into();
        self
    }

    /// Names the file where the error does not name one yet: code that works on a document does not know its path.
    #[must_use]
    pub fn in_file(mut self, file: impl Into<String>) -> Self {
        if self.0.file.is_empty() {
            self.0.file = file.into();
        }
        self
    }

    /// The file that holds the place.
    pub fn file(&self) -> &str {
        &self.0.file
    }

    /// The JSON pointer of the place, `""` for the whole document.
    pub fn pointer(&self) -> &str {
        &self.0.pointer
    }

    /// What is wrong.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What to do about it, `""` where there is nothing to say.
    pub fn help(&self) -> &str {
        &self.0.hint
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        place(f, &self.0.file, &self.0.pointer)?;
        f.write_str(&self.0.message)?;
        if !self.0.hint.is_empty() {
            write!(f, "\n  hint: {}", self.0.hint)?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

/// Something that the generator went past: counted and shown, so that nothing is skipped in silence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The kind of warning, in kebab case: what counts are grouped by.
    pub code: &'static str,
    /// The file that holds the place.
    pub file: String,
    /// The JSON pointer of the place.
    pub pointer: String,
    /// What was found, and what the generator did instead.
    pub message: String,
}

impl Warning {
    /// A warning at a JSON pointer of a file.
    pub fn new(
        code: &'static str,
        file: impl Into<String>,
        pointer: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self { code, file: file.into(), pointer: pointer.into(), message: message.into() }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        place(f, &self.file, &self.pointer)?;
        write!(f, "{} [{}]", self.message, self.code)
    }
}

/// Writes `file#pointer: `, or the part of it that is known.
fn place(f: &mut fmt::Formatter<'_>, file: &str, pointer: &str) -> fmt::Result {
    match (file.is_empty(), pointer.is_empty()) {
        (true, true) => Ok(()),
        (false, true) => write!(f, "{file}: "),
        (_, false) => write!(f, "{file}#{pointer}: "),
    }
}

/// Appends a key or an index to a JSON pointer, escaped as RFC 6901 asks.
pub fn join(pointer: &str, segment: impl fmt::Display) -> String {
    let segment = segment.to_string();
    if segment.contains(['~', '/']) {
        format!("{pointer}/{}", segment.replace('~', "~0").replace('/', "~1"))
    } else {
        format!("{pointer}/{segment}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_shows_its_place_and_its_hint() {
        let error =
            Error::new("", join("/paths", "/me"), "no method").hint("add one").in_file("a.yaml").in_file("b.yaml");
        assert_eq!(error.to_string(), "a.yaml#/paths/~1me: no method\n  hint: add one");
        assert_eq!(Error::new("a.yaml", "", "empty").to_string(), "a.yaml: empty");
        assert_eq!(Error::new("", "", "empty").to_string(), "empty");
    }

    #[test]
    fn a_warning_shows_its_code() {
        let warning = Warning::new("odd-type", "a.yaml", "/info", "read as text");
        assert_eq!(warning.to_string(), "a.yaml#/info: read as text [odd-type]");
    }
}
