//! The table of names: the group and the method of each operation.
//!
//! ```yaml
//! table: names
//! entries:
//!   - reason: The official SDK calls them so.
//!     names:
//!       listTags: tags.list
//!       GET /tags/{id}: tags.find
//! ```
//!
//! An operation is named by its operation id, or by its method and path where it has none. A name holds in every version
//! that has the operation.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::table::Fact;
use crate::diag::{Error, Result};

/// The methods that an operation may have, as keys of a path.
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Group and method of each operation.
#[derive(Clone, Debug)]
pub(super) struct Names(BTreeMap<String, (String, String)>);

impl Names {
    /// Reads the names.
    pub fn parse(facts: &[Fact<'_>]) -> Result<Self> {
        let mut names = BTreeMap::new();
        for (place, key, name) in facts {
            let name = name.as_str().and_then(|name| name.split_once('.')).filter(|(group, method)| {
                let word = |text: &str| {
                    text.starts_with(|c: char| c.is_ascii_lowercase())
                        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
                };
                word(group) && word(method)
            });
            let (group, method) = name.ok_or_else(|| {
                Error::new("", place, "expected a group and a method in snake case").hint("write `listTags: tags.list`")
            })?;
            names.insert((*key).to_owned(), (group.to_owned(), method.to_owned()));
        }
        Ok(Self(names))
    }

    /// The operations that have a name.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Gives the operations their names; counts those that were given, and those whose operation is not there.
    pub fn apply(&self, document: &mut Value) -> (usize, usize) {
        let mut given = 0;
        for (operation, key) in operations(document, |key| self.0.contains_key(key)) {
            if let Some((group, method)) = self.0.get(&key) {
                operation.insert("x-sdk-group".to_owned(), json!(group));
                operation.insert("x-sdk-method".to_owned(), json!(method));
                given += 1;
            }
        }
        (given, self.0.len().saturating_sub(given))
    }
}

/// The operations of a document that a table has, each with its key: its id, or its method and path.
pub(super) fn operations(
    document: &mut Value,
    known: impl Fn(&str) -> bool,
) -> impl Iterator<Item = (&mut Map<String, Value>, String)> {
    let paths = document.get_mut("paths").and_then(Value::as_object_mut).into_iter().flatten();
    let all = paths.flat_map(|(path, item)| {
        let methods = item.as_object_mut().into_iter().flatten();
        methods.filter(|(method, _)| METHODS.contains(&method.as_str())).map(move |(method, it)| (path, method, it))
    });
    all.filter_map(move |(path, method, operation)| {
        let operation = operation.as_object_mut()?;
        let id = operation.get("operationId").and_then(Value::as_str).filter(|id| known(id)).map(str::to_owned);
        let key = id.or_else(|| Some(format!("{} {path}", method.to_uppercase())).filter(|key| known(key)))?;
        Some((operation, key))
    })
}
