//! Errors and warnings of the generator, with the place of the problem.
//!
//! A place is a file, a line (for errors only) and a JSON pointer, as far as they are known. Every error of a
//! description has a hint on what to do, so that a failed run can be fixed without reading the generator's source.

use std::fmt;

/// The result of a step of the generator.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error of the generator, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Details>);

/// The contents of an [`Error`]; boxed, so that `Result` stays small.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Details {
    file: String,
    line: Option<usize>,
    pointer: String,
    missing: String,
    message: String,
    hint: String,
}

impl Error {
    /// An error at a JSON pointer (`""` is the whole document) of a file (`""` if its name is not known here; a caller
    /// may add it with [`Error::in_file`]).
    pub fn new(file: impl Into<String>, pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self(Box::new(Details {
            file: file.into(),
            line: None,
            pointer: pointer.into(),
            missing: String::new(),
            message: message.into(),
            hint: String::new(),
        }))
    }

    /// Sets the place where something is missing, so that an action that removed it can be named.
    #[must_use]
    pub(crate) fn misses(mut self, pointer: impl Into<String>) -> Self {
        self.0.missing = pointer.into();
        self
    }

    /// The place where something is missing; `""` if nothing is.
    pub(crate) fn missing(&self) -> &str {
        &self.0.missing
    }

    /// Sets another place.
    #[must_use]
    pub(crate) fn at(mut self, pointer: impl Into<String>) -> Self {
        self.0.pointer = pointer.into();
        self
    }

    /// Sets the line of the place; `None` keeps the line that is set.
    #[must_use]
    pub(crate) fn at_line(mut self, line: Option<usize>) -> Self {
        self.0.line = line.or(self.0.line);
        self
    }

    /// Sets the hint on what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = hint.into();
        self
    }

    /// Sets the file, unless it is set already. Code that works on a document does not know its path; its caller does.
    #[must_use]
    pub fn in_file(mut self, file: impl Into<String>) -> Self {
        if self.0.file.is_empty() {
            self.0.file = file.into();
        }
        self
    }

    /// The file that contains the place; `""` if it is not set.
    pub fn file(&self) -> &str {
        &self.0.file
    }

    /// The line of the place in its file, counted from 1; `None` if it is not known.
    pub fn line(&self) -> Option<usize> {
        self.0.line
    }

    /// The JSON pointer of the place, `""` for the whole document.
    pub fn pointer(&self) -> &str {
        &self.0.pointer
    }

    /// What is wrong.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// A hint on what to do about it; `""` if there is none.
    pub fn hint_text(&self) -> &str {
        &self.0.hint
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        place(f, &self.0.file, self.0.line, &self.0.pointer)?;
        f.write_str(&self.0.message)?;
        if !self.0.hint.is_empty() {
            write!(f, "\n  hint: {}", self.0.hint)?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

/// The errors of a failed run. There is at least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Errors {
    first: Error,
    rest: Vec<Error>,
}

/// How many errors are displayed; the others are only counted.
const SHOWN: usize = 20;

impl Errors {
    /// The errors, if there are any.
    pub(crate) fn of(errors: Vec<Error>) -> Option<Self> {
        let mut errors = errors.into_iter();
        Some(Self { first: errors.next()?, rest: errors.collect() })
    }

    /// The first of the errors.
    pub fn first(&self) -> &Error {
        &self.first
    }

    /// All of the errors.
    pub fn iter(&self) -> impl Iterator<Item = &Error> {
        std::iter::once(&self.first).chain(&self.rest)
    }

    /// Sets the file of the errors that have none yet.
    #[must_use]
    pub fn in_file(self, file: impl AsRef<str>) -> Self {
        let named = |error: Error| error.in_file(file.as_ref());
        Self { first: named(self.first), rest: self.rest.into_iter().map(named).collect() }
    }
}

impl From<Error> for Errors {
    fn from(error: Error) -> Self {
        Self { first: error, rest: Vec::new() }
    }
}

impl fmt::Display for Errors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.first.fmt(f)?;
        self.rest.iter().take(SHOWN - 1).try_for_each(|error| write!(f, "\n{error}"))?;
        match self.rest.len().saturating_sub(SHOWN - 1) {
            0 => Ok(()),
            1 => f.write_str("\n… and one more error"),
            more => write!(f, "\n… and {more} more errors"),
        }
    }
}

impl std::error::Error for Errors {}

/// Something that the generator ignored or translated inexactly. Warnings are shown and counted, so that this is noticed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The kind of warning, in kebab case. Reports count warnings by kind.
    pub code: &'static str,
    /// The file that contains the place; `""` for the description.
    pub file: String,
    /// The JSON pointer of the place.
    pub pointer: String,
    /// What was found, and what the generator did.
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
        place(f, &self.file, None, &self.pointer)?;
        write!(f, "{} [{}]", self.message, self.code)
    }
}

/// Writes `file:line#pointer: `, without the parts that are not known; `line 3#pointer: ` if the file is not.
fn place(f: &mut fmt::Formatter<'_>, file: &str, line: Option<usize>, pointer: &str) -> fmt::Result {
    f.write_str(file)?;
    match line {
        Some(line) if file.is_empty() => write!(f, "line {line}")?,
        Some(line) => write!(f, ":{line}")?,
        None => {}
    }
    if !pointer.is_empty() {
        write!(f, "#{pointer}")?;
    }
    if file.is_empty() && line.is_none() && pointer.is_empty() { Ok(()) } else { f.write_str(": ") }
}

/// Appends a key or an index to a JSON pointer, escaped by RFC 6901.
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
        assert_eq!(Error::new("a.yaml", "/a", "odd").at_line(Some(3)).to_string(), "a.yaml:3#/a: odd");
    }

    #[test]
    fn twenty_errors_are_shown_and_the_rest_is_counted() {
        let errors = |count: usize| Errors::of((0..count).map(|i| Error::new("", "", format!("e{i}"))).collect());
        assert_eq!(errors(0), None);
        let (short, long) = (errors(20).unwrap().to_string(), errors(23).unwrap().in_file("a").to_string());
        assert_eq!((short.lines().count(), short.lines().last()), (20, Some("e19")));
        assert_eq!((long.lines().count(), long.lines().last()), (21, Some("… and 3 more errors")));
    }

    #[test]
    fn a_warning_shows_its_code() {
        let warning = Warning::new("odd-type", "a.yaml", "/info", "read as text");
        assert_eq!(warning.to_string(), "a.yaml#/info: read as text [odd-type]");
    }
}
