//! The table of resources: how a mock server imitates operations.
//!
//! ```yaml
//! table: resources
//! entries:
//!   - reason: Tags are created by name.
//!     operations:
//!       createTag: {collection: tags, action: create}
//! ```
//!
//! Keys are as in the table of names. An entry is for every version that has the operation.

use std::collections::BTreeMap;

use serde_json::Value;

use super::names::operations;
use super::table::Entry;
use crate::diag::{Error, Result};

/// The value of `x-sdk-resource` of each operation. `openapi::check` validates the values.
#[derive(Clone, Debug)]
pub(super) struct Resources(BTreeMap<String, Value>);

impl Resources {
    /// Reads the entries of the table.
    pub fn parse(entries: &[Entry<'_>]) -> Result<Self> {
        let mut resources = BTreeMap::new();
        for (place, key, resource) in entries {
            if !resource.is_object() {
                return Err(Error::new("", place, "expected a mapping")
                    .hint("write `createTag: {collection: tags, action: create}`"));
            }
            resources.insert((*key).to_owned(), (*resource).clone());
        }
        Ok(Self(resources))
    }

    /// The operations that have an entry.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Writes the resources into the operations. Returns how many operations were changed, and how many entries have no operation
    /// here.
    pub fn apply(&self, document: &mut Value) -> (usize, usize) {
        let mut given = 0;
        for (operation, key) in operations(document, |key| self.0.contains_key(key)) {
            if let Some(resource) = self.0.get(&key) {
                operation.insert("x-sdk-resource".to_owned(), resource.clone());
                given += 1;
            }
        }
        (given, self.0.len().saturating_sub(given))
    }
}
