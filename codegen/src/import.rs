//! Imports an upstream description: keeps the interface and leaves out the prose.
//!
//! The interface is what programs depend on: paths, operation ids, schemas, enums, limits, examples and so on. The prose belongs
//! to its authors and changes independently, so without it a diff shows changes of the interface only. `walk` rewrites a
//! document by the grammar of OpenAPI, and `redact` replaces prose in examples. To detect losses, `count` counts the elements
//! of both documents with separate code, and a difference is an error.

mod count;
mod redact;
mod response_description;
#[cfg(test)]
mod tests;
mod walk;

pub use count::Counts;

use serde_json::Value;

use crate::diag::{Error, Result, Warning};
use crate::{openapi, yaml};

/// The result of an import.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The imported description as YAML; the first line is a comment that says how it was made.
    pub yaml: String,
    /// How many elements of each kind it has: as many as the upstream description.
    pub counts: Counts,
    /// Warnings about fields that were left out because OpenAPI 3.0 does not define them. Extensions (`x-…`) are left out without a
    /// warning, but an extension among the paths or the statuses makes the import fail.
    pub warnings: Vec<Warning>,
}

/// Imports an upstream description.
///
/// The import is deterministic and idempotent: importing the result changes nothing. Errors and warnings have no file name; the
/// caller adds it.
///
/// # Errors
/// Where the text is not an OpenAPI 3.0 description, another value stands where a mapping or a list must be, or an element would be
/// lost.
pub fn import(upstream: &str) -> Result<Imported> {
    let document = yaml::read(upstream)?;
    check_is_description(&document)?;
    let before = count::count(&document);
    let (rewritten, warnings) = walk::walk(&document)?;
    let text = format!("{HEAD}{}", yaml::write(&rewritten));
    // The written text is counted, so that mistakes of writing and reading are found as well.
    let after = count::count(&yaml::read(&text)?);
    if let Some(difference) = before.difference(&after) {
        return Err(Error::new("", "", format!("the import would change the interface: {difference}")).hint(
            "find what changes: codegen/src/openapi/grammar/tables.rs may lack a key, or an extension holds an element",
        ));
    }
    Ok(Imported { yaml: text, counts: after, warnings })
}

/// The first line of an imported description.
const HEAD: &str = "# An upstream description without its prose, written by `cargo xtask import`; descriptions/SOURCES.toml names the source. Do not edit; write corrections in descriptions/overlays.\n";

/// Checks that the document is an OpenAPI 3.0 description at all.
fn check_is_description(document: &Value) -> Result<()> {
    openapi::check_is_openapi(document)?;
    for (key, hint) in
        [("info", "write `info: {title: …, version: …}`"), ("paths", "write `paths: {}` if there are none")]
    {
        if !document.get(key).is_some_and(Value::is_object) {
            return Err(Error::new(
                "",
                "",
                format!("not an OpenAPI 3.0 description: `{key}` is missing or not a mapping"),
            )
            .hint(hint));
        }
    }
    Ok(())
}
