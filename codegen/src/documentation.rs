//! Our own documentation of groups, operations, arguments, types, fields and enum values, kept as data in `descriptions/docs`.
//!
//! The imported descriptions have no prose. [`Documentation::apply`] writes ours to `summary`, `description` and keys of our own, after the
//! overlays and before lowering, so later steps treat our sentences and those of a user's description alike. A `summary` or
//! `description` that the description has is not replaced.

mod apply;
mod coverage;
mod parse;

pub use coverage::Coverage;

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use serde_json::Value;

use crate::diag::{Error, Result};
use crate::overlay::YamlFile;
use crate::version::{Version, Versions};

/// The documentation of all versions.
#[derive(Clone, Debug, Default)]
pub struct Documentation {
    /// The purpose of each group.
    groups: BTreeMap<String, Entry>,
    /// By method and path without parameter names; several entries if versions differ.
    operations: BTreeMap<String, Vec<OperationDoc>>,
    /// Sentences for a property name in any type.
    fields: IndexMap<String, Entry>,
    /// Names of properties that need no sentence if they are scalars without an `enum`.
    self_explaining: BTreeSet<String>,
    /// By the key below `components.schemas`.
    types: IndexMap<String, TypeDoc>,
}

/// A text and the file that it comes from.
#[derive(Clone, Debug)]
struct Entry {
    file: String,
    text: String,
}

#[derive(Clone, Debug)]
struct OperationDoc {
    file: String,
    /// Method, path and versions: the name of the entry in messages and in [`Used`].
    id: String,
    versions: Option<Versions>,
    summary: String,
    /// The details, the response and the errors, as Markdown.
    description: Option<String>,
    /// By the name of the parameter in the description.
    arguments: IndexMap<String, String>,
    /// The fields of the body, by dotted path.
    body: IndexMap<String, String>,
}

#[derive(Clone, Debug)]
struct TypeDoc {
    file: String,
    about: Option<String>,
    /// By dotted path.
    fields: IndexMap<String, String>,
    /// By the dotted path of the enum, which is empty if the schema itself is an enum; then by value.
    values: IndexMap<String, IndexMap<String, String>>,
}

/// The entries that applied to at least one description; see [`Documentation::unused`].
pub type Used = BTreeSet<String>;

impl Documentation {
    /// Reads the files of `descriptions/docs`.
    ///
    /// # Errors
    /// If a file has an unexpected path or structure, if a list of versions is invalid, or if two entries document the same group, type or
    /// operation. Several entries of an operation are allowed if at most one of them lacks `versions`. For a version, the last entry that
    /// lists it is used, otherwise the one without `versions`.
    pub(crate) fn parse<'f>(files: impl IntoIterator<Item = &'f YamlFile>) -> Result<Self> {
        parse::parse(files)
    }

    /// Writes the documentation for a version into its description, and adds the entries that applied to `used`.
    pub fn apply(&self, document: &mut Value, version: Version, used: &mut Used) {
        apply::apply(self, document, version, used);
    }

    /// Finds what still has no documentation in a description, after [`Documentation::apply`].
    pub fn coverage(&self, document: &Value) -> Coverage {
        coverage::coverage(self, document)
    }

    /// Returns an error for each entry that applied to none of the descriptions for which `used` was collected.
    pub fn unused(&self, used: &Used) -> Vec<Error> {
        let mut unused = Vec::new();
        let mut check = |file: &str, id: String| {
            if !used.contains(&id) {
                let error = Error::new(file, "", format!("`{id}` applies to no version"));
                unused.push(error.hint("correct the name, or remove the entry"));
            }
        };
        for (group, about) in &self.groups {
            check(&about.file, format!("group {group}"));
        }
        for doc in self.operations.values().flatten() {
            check(&doc.file, doc.id.clone());
            let arguments = doc.arguments.keys().map(|name| ("argument", name));
            for (kind, name) in arguments.chain(doc.body.keys().map(|path| ("body", path))) {
                check(&doc.file, format!("{} {kind} {name}", doc.id));
            }
        }
        for (name, entry) in &self.fields {
            check(&entry.file, format!("field {name}"));
        }
        for (schema, doc) in &self.types {
            check(&doc.file, format!("type {schema}"));
            for path in doc.fields.keys() {
                check(&doc.file, format!("{schema}.{path}"));
            }
            for (path, values) in &doc.values {
                for value in values.keys() {
                    check(&doc.file, format!("{schema}.{path}={value}"));
                }
            }
        }
        unused
    }
}

/// Whether two parameters are the same one: a parameter of an operation replaces the same parameter of its path.
fn is_same_parameter(left: &Value, right: &Value) -> bool {
    left.get("name") == right.get("name") && left.get("in") == right.get("in")
}

#[cfg(test)]
mod tests;
