//! Problems of arguments that prevent a call.

use std::fmt;

use crate::check;

/// A problem that prevents a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where it is, as a JSON pointer into the arguments: `/body/email`, `/path/contact_id`; empty if it is not about one argument.
    pub pointer: String,
    /// What is wrong: `is missing`, `expected a whole number, found "x"`.
    pub message: String,
}

impl Problem {
    pub(super) fn new(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), message: message.into() }
    }
}

impl From<check::Problem> for Problem {
    fn from(mut problem: check::Problem) -> Self {
        let pointer = std::mem::take(&mut problem.pointer);
        Self { pointer, message: problem.to_string() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.pointer.is_empty() {
            return f.write_str(&self.message);
        }
        write!(f, "{}: {}", self.pointer, self.message)
    }
}

/// The error for a call that was not sent, with the problems that were found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    operation: String,
    problems: Vec<Problem>,
}

impl Refusal {
    pub(super) fn new(operation: &str, problems: Vec<Problem>) -> Self {
        Self { operation: operation.to_owned(), problems }
    }

    /// The id of the operation; empty if the arguments were not read for an operation.
    pub fn operation(&self) -> &str {
        &self.operation
    }

    /// The problems, at least one.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.operation.is_empty() {
            write!(f, "{}: ", self.operation)?;
        }
        for (index, problem) in self.problems.iter().enumerate() {
            if index > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Refusal {}
