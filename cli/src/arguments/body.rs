//! The whole body: from a file, from standard input, or as it is.

use std::io::Read as _;

use serde_json::Value;

use crate::failure::{Failure, Result};

/// Reads JSON from a file, from standard input (`-`), or from the argument itself where it begins like an object or a list.
///
/// # Errors
/// Where there is no such file or the text is not JSON, with the line and column.
pub fn document(source: &str) -> Result<Value> {
    let (name, text) = if source.trim_start().starts_with(['{', '[']) {
        ("--body".to_owned(), source.to_owned())
    } else if source == "-" {
        let mut text = String::new();
        let read = std::io::stdin().lock().read_to_string(&mut text);
        read.map_err(|error| Failure::unreadable("standard input", &error))?;
        ("standard input".to_owned(), text)
    } else {
        let text = std::fs::read_to_string(source).map_err(|error| Failure::unreadable(source, &error))?;
        (source.to_owned(), text)
    };
    serde_json::from_str(&text).map_err(|error| Failure::usage(format!("{name} is not JSON: {error}")))
}
