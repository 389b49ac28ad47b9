//! OpenAPI 3.0: its grammar as data, and the steps that work by this grammar.
//!
//! `grammar` and `vocabulary` are tables. `check` reports violations of them. `normalise` rewrites equivalent
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

/// Whether the value of a key is data or a mapping of examples, where a key such as `description` is not documentation of the API.
pub(crate) fn is_data_key(key: &str) -> bool {
    matches!(key, "example" | "examples" | "default" | "enum")
}

/// Whether the value of a key is a mapping of schemas or responses. Its keys are names or statuses, which may be equal to a
/// keyword such as `default`.
pub(crate) fn has_names(key: &str) -> bool {
    matches!(key, "properties" | "schemas" | "responses")
}

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
