//! A small language for searches: `open = true and (source.subject contains "refund" or priority = priority)`.
//!
//! It says what a query of the API can say, and is checked against the fields that the operation takes. A mistake is
//! shown with a caret below the word.

mod error;
mod field;
mod lexer;
mod parser;
mod text;

pub use text::text;

use intercom_catalog::SearchField;
use serde_json::Value;

use crate::failure::{Failure, Result};

/// Reads a query and gives it as the API takes it.
///
/// # Errors
/// What is wrong, with the query and a caret below the place.
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
  =  !=                        the value is the same, or another
  >  <  >=  <=                 for numbers and times
  contains, not contains       part of a text (also ~ and !~)
  starts_with, ends_with       also ^ and $
  in (a, b), not in (a, b)     one of a list, or none
  is null, is not null         there is no value, or there is one

Values with spaces or signs stand in single or double quotes; a backslash before a quote keeps it. Times are written as
2026-11-01, 2026-11-01T08:00:00Z, Unix seconds, now, today, or an age such as 7d, 12h or 30m; what has no zone is UTC.

The API takes at most 15 comparisons in a group, and groups inside of groups only once. The fields are listed by
`intercom GROUP search --help`; custom attributes are `custom_attributes.NAME`.
";

#[cfg(test)]
mod tests;
