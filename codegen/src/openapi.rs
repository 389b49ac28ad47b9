//! OpenAPI 3.0 as far as the generator knows it: its grammar as data, and what is done with it.
//!
//! `grammar` and `vocabulary` are tables; `check` reports every violation of them; `normalise` rewrites equivalent
//! notations to one form, so that lowering handles only that form.

mod check;
pub(crate) mod grammar;
mod nearest;
mod normalise;
mod reference;
pub(crate) mod vocabulary;

pub(crate) use check::{Checked, check};
pub(crate) use normalise::normalise;

use serde_json::Value;

use crate::diag::{Error, Result};

/// The keys of a path item that hold operations.
pub(crate) const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Checks that the document says that it is an OpenAPI 3.0 description: only then does the grammar apply.
///
/// # Errors
/// Where it is another document, or one of another version.
pub(crate) fn is_openapi(document: &Value) -> Result<()> {
    let error = |pointer: &str, found: String| {
        Err(Error::new("", pointer, format!("not an OpenAPI 3.0 description: {found}"))
            .hint("give an OpenAPI 3.0 description, in YAML or JSON; it says `openapi: 3.0.1` or the like"))
    };
    match document.get("openapi") {
        Some(Value::String(version)) if version == "3.0" || version.starts_with("3.0.") => Ok(()),
        Some(version) => error("/openapi", format!("`openapi` is {version}")),
        None if document.is_object() => error("", "it has no `openapi`".to_owned()),
        None => error("", "the top is not a mapping".to_owned()),
    }
}
