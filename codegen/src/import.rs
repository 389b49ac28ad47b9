//! Imports an upstream description: keeps the interface that it describes.
//!
//! The project keeps facts: paths, operation ids, schemas, enums, limits, examples. It leaves out prose, which belongs
//! to its authors and changes independently of the interface, so diffs show changes of the interface only. `walk`
//! rewrites a document by the grammar of OpenAPI, and `redact` replaces the text in examples. `count` counts the facts
//! of both documents with separate code, and a difference is an error, so nothing is lost silently.

mod count;
mod reason;
mod redact;
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
    /// The project's description, YAML, with a line at its top that says where it comes from.
    pub yaml: String,
    /// The facts in the upstream description.
    pub before: Counts,
    /// The facts in the project's description; the same as before, or the import fails.
    pub after: Counts,
    /// Fields that OpenAPI 3.0 does not know: they are left out.
    pub warnings: Vec<Warning>,
}

/// Turns an upstream description into interface facts.
///
/// The import is deterministic and idempotent: importing the output gives the output again. Errors and warnings name no
/// file; the caller adds it.
pub fn import(upstream: &str) -> Result<Imported> {
    let document = yaml::read(upstream)?;
    check_kind(&document)?;
    let before = count::count(&document);
    let (facts, warnings) = walk::walk(&document)?;
    let text = format!("{HEAD}{}", yaml::write(&facts));
    // Counted from the text, so that reading and writing are checked as well.
    let after = count::count(&yaml::read(&text)?);
    if let Some(difference) = before.difference(&after) {
        return Err(Error::new("", "", format!("the import would change the interface: {difference}"))
            .hint("a fact stands where codegen/src/openapi/grammar.rs does not look for it"));
    }
    Ok(Imported { yaml: text, before, after, warnings })
}

/// The top of an imported description.
const HEAD: &str = "# Interface facts, written by `cargo xtask import`; SOURCES.toml says from what. Do not edit: overlays/ is for changes.\n";

/// Whether the document is an OpenAPI 3.0 description at all.
fn check_kind(document: &Value) -> Result<()> {
    openapi::is_openapi(document)?;
    for (key, hint) in [("info", "title and version are required"), ("paths", "`paths: {}` if there are none")] {
        if !document.get(key).is_some_and(Value::is_object) {
            return Err(Error::new("", "", format!("is not an OpenAPI description: it has no `{key}`")).hint(hint));
        }
    }
    Ok(())
}
