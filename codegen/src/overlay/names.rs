//! The table of names: the group and the method of operations, their aliases, and the names of arguments.
//!
//! ```yaml
//! table: names
//! entries:
//!   - reason: These are the names of the official SDK.
//!     names:
//!       listTags: tags.list
//!       GET /tags/{id}: tags.find
//!       listBrands: {name: brands.list, aliases: brands.list_brands}
//!       attachTagToContact: {name: tags.tag_contact, arguments: [contact_id, tag_id]}
//! ```
//!
//! The key is the operation id, or the method and the path. A name is for every version that has the operation.
//! `aliases` is an alias, or a list of aliases, in the same group or in another one. `arguments` are the names of the method's
//! first arguments, in their order.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::parse::fields;
use super::table::Entry;
use crate::diag::{Error, Result, join};
use crate::openapi::METHODS;

/// The names of an operation.
#[derive(Clone, Debug)]
struct Name {
    group: String,
    method: String,
    /// Its aliases, as `group.method`.
    aliases: Vec<String>,
    /// The names of its first arguments.
    arguments: Vec<String>,
}

/// The table of names.
#[derive(Clone, Debug)]
pub(super) struct Names(BTreeMap<String, Name>);

impl Names {
    /// Reads the names.
    pub fn parse(entries: &[Entry<'_>]) -> Result<Self> {
        let mut names = BTreeMap::new();
        for (place, key, entry) in entries {
            let (name, aliases, arguments) = match entry {
                Value::Object(_) => {
                    let keys = fields(entry, place, &["name", "aliases", "arguments"])?;
                    (keys.get("name").unwrap_or(&Value::Null), keys.get("aliases"), keys.get("arguments"))
                }
                name => (*name, None, None),
            };
            let (group, method) = group_and_method(name, place)?;
            let aliases = match aliases {
                Some(Value::Array(aliases)) => aliases.iter().collect(),
                aliases => Vec::from_iter(aliases),
            };
            let aliases: Vec<String> = aliases
                .into_iter()
                .map(|other| {
                    group_and_method(other, &join(place, "aliases")).map(|(group, method)| format!("{group}.{method}"))
                })
                .collect::<Result<_>>()?;
            let arguments = arguments_of(arguments, &join(place, "arguments"))?;
            let name = Name { group: group.to_owned(), method: method.to_owned(), aliases, arguments };
            names.insert((*key).to_owned(), name);
        }
        Ok(Self(names))
    }

    /// The operations that have a name.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Writes the names into the operations. Returns how many operations were named, and how many entries have no operation here.
    pub fn apply(&self, document: &mut Value) -> (usize, usize) {
        let mut given = 0;
        for (operation, key) in operations(document, |key| self.0.contains_key(key)) {
            if let Some(Name { group, method, aliases, arguments }) = self.0.get(&key) {
                operation.insert("x-sdk-group".to_owned(), json!(group));
                operation.insert("x-sdk-method".to_owned(), json!(method));
                if !aliases.is_empty() {
                    operation.insert("x-sdk-aliases".to_owned(), json!(aliases));
                }
                if !arguments.is_empty() {
                    operation.insert("x-sdk-arguments".to_owned(), json!(arguments));
                }
                given += 1;
            }
        }
        (given, self.0.len().saturating_sub(given))
    }
}

/// Whether a text is a name in snake case.
fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// The names of arguments.
fn arguments_of(given: Option<&Value>, place: &str) -> Result<Vec<String>> {
    let Some(given) = given else { return Ok(Vec::new()) };
    let names = given.as_array().map(|names| names.iter().map(|name| name.as_str().filter(|name| is_word(name))));
    names.and_then(|names| names.map(|name| name.map(str::to_owned)).collect::<Option<Vec<_>>>()).ok_or_else(|| {
        Error::new("", place, "expected a list of names in snake case")
            .hint("write `arguments: [contact_id, tag_id]`: the first arguments of the method, in their order")
    })
}

/// The group and the method of `group.method`.
fn group_and_method<'a>(name: &'a Value, place: &str) -> Result<(&'a str, &'a str)> {
    let name = name.as_str().and_then(|name| name.split_once('.'));
    name.filter(|(group, method)| is_word(group) && is_word(method)).ok_or_else(|| {
        Error::new("", place, "expected a group and a method in snake case")
            .hint("write `listTags: tags.list`, or `listTags: {name: tags.list, aliases: tags.list_tags}`")
    })
}

/// The operations of a document for which a table has an entry, each with the key of the entry.
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
