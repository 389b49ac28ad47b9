//! A small language for searches: `open = true and (source.subject contains "refund" or priority = not_priority)`.
//!
//! It has all operators of the API, and a query is checked against the fields of the operation. A mistake in a word is shown with carets
//! below it.

mod error;
mod field;
mod lexer;
mod parser;
mod text;

pub use text::text;

use intercom_catalog::SearchField;
use serde_json::Value;

use crate::failure::{Failure, Result};

/// Parses a query and returns it as JSON for the API.
///
/// # Errors
/// What is wrong; if it is about a part of the query, with carets below that part.
pub fn parse(written: &str, fields: &[SearchField]) -> Result<Value> {
    let query = lexer::tokens(written).and_then(|tokens| parser::parse(tokens, fields));
    let query = query.map_err(|mistake| mistake.into_failure(written))?;
    match query.validation_error() {
        None => Ok(query.to_json()),
        Some(mistake) => Err(Failure::usage(mistake)),
    }
}

/// How to write a query.
pub const HELP: &str = "\
A query compares fields with values and joins comparisons with `and`, `or` and parentheses; `and` binds closer than `or`.

  intercom conversations search 'open = true and created_at > 2026-11-01'
  intercom contacts search 'role = user and (email ends_with \"@example.com\" or owner_id = 123)'
  intercom tickets search 'open = true and updated_at > 7d'

Operators:
  =  !=                        equal, not equal
  >  <  >=  <=                 for numbers and times
  contains, not contains       part of a text (also ~ and !~)
  starts_with, ends_with       also ^ and $
  in (a, b), not in (a, b)     one of the values, none of them
  is null, is not null         without a value, with a value

Put values with spaces or operators in single or double quotes; escape a quote with a backslash. Times are written as
2026-11-01, 2026-11-01T08:00:00Z, Unix seconds, now, today, or as an age: 7d, 12h, 30m. Without a time zone they are UTC.

The API accepts at most 15 comparisons in a group, and one level of groups inside of groups. The fields are listed by
`intercom GROUP search --help`; custom attributes are `custom_attributes.NAME`.
";

#[cfg(test)]
mod tests;
