//! The table of resources: what each operation does to the data of a workspace.
//!
//! ```yaml
//! table: resources
//! entries:
//!   - reason: Tags are created by name.
//!     operations:
//!       createTag: {collection: tags, action: create}
//! ```
//!
//! Operations are named as in the table of names, and an entry holds in every version that has the operation.

use std::collections::BTreeMap;

use serde_json::Value;

use super::names::operations;
use super::table::Entry;
use crate::diag::{Error, Result};

/// The value of `x-sdk-resource` of each operation. The check of the document looks at what is in it.
#[derive(Clone, Debug)]
pub(super) struct Resources(BTreeMap<String, Value>);

impl Resources {
    /// Reads the resources.
    pub fn parse(facts: &[Entry<'_>]) -> Result<Self> {
        let mut resources = BTreeMap::new();
        for (place, key, resource) in facts {
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

    /// Gives the operations their resources; counts those that were given, and those whose operation is not there.
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
