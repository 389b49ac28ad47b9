//! A mistake in a query and its span.

use std::ops::Range;

use unicode_width::UnicodeWidthStr as _;

use crate::failure::Failure;

/// What is wrong, and the bytes of the query that it is about.
#[derive(Debug)]
pub struct Mistake {
    message: String,
    span: Range<usize>,
}

impl Mistake {
    pub fn new(message: impl Into<String>, span: Range<usize>) -> Self {
        Self { message: message.into(), span }
    }

    /// The message, the query, and carets below the word.
    pub fn into_failure(self, query: &str) -> Failure {
        // A query over several lines is shown as one.
        let shown = |text: &str| text.replace(|c: char| c.is_control(), " ");
        let before = shown(query.get(..self.span.start).unwrap_or_default()).width();
        let word = shown(query.get(self.span.clone()).unwrap_or_default()).width().max(1);
        let carets = format!("{}{}", " ".repeat(before), "^".repeat(word));
        Failure::usage(format!("{}\n  {}\n  {carets}", self.message, shown(query)))
    }
}
