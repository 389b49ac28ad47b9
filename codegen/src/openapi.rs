//! OpenAPI 3.0: its grammar as data, and the steps that work by this grammar.
//!
//! `grammar` and `vocabulary` are tables. `check` reports violations of them. `normalise` rewrites equivalent
//! notations to one form, so that lowering handles only that form.

mod check;
pub(crate) mod grammar;
mod nearest;
mod normalise;
mod raw;
mod reference;
pub(crate) mod vocabulary;

pub(crate) use check::{Checked, check};
pub(crate) use normalise::normalise;
pub(crate) use raw::{METHODS, each_operation, is_data_key, is_map_of_named_parts, resolve};

use serde_json::Value;

use crate::diag::{Error, Result};

/// Checks that the document declares itself as an OpenAPI 3.0 description; the grammar is for this version only.
///
/// # Errors
/// Where it is another document, or one of another version.
pub(crate) fn check_is_openapi(document: &Value) -> Result<()> {
    let error = |pointer: &str, found: String| {
        Err(Error::new("", pointer, format!("not an OpenAPI 3.0 description: {found}"))
            .hint("use an OpenAPI 3.0 description in YAML or JSON; it contains a line such as `openapi: 3.0.1`"))
    };
    match document.get("openapi") {
        Some(Value::String(version)) if version == "3.0" || version.starts_with("3.0.") => Ok(()),
        Some(version) => error("/openapi", format!("`openapi` is {version}")),
        None if document.is_object() => error("", "it has no `openapi`".to_owned()),
        None => error("", "the document is not a mapping".to_owned()),
    }
}
