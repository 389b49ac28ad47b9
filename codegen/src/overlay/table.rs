//! Tables: files beside the overlays with many entries of one kind.
//!
//! A table has the key `table`, with its kind, which decides how its entries change a document. Entries are listed in blocks, each
//! with the reason for its entries.

use serde_json::{Map, Value};

use super::names::Names;
use super::parse::fields;
use super::presence::Presence;
use super::resources::Resources;
use crate::diag::{Error, Result, join};

/// A parsed table.
#[derive(Clone, Debug)]
pub(super) enum Table {
    Names(Names),
    Presence(Presence),
    Resources(Resources),
}

impl Table {
    /// Reads a table.
    pub fn parse(document: &Value) -> Result<Self> {
        let root = fields(document, "", &["table", "description", "entries"])?;
        if root.contains_key("x-versions") {
            return Err(Error::new("", "/x-versions", "a table cannot be restricted to versions").hint(
                "an entry applies to every version that has the operation or schema it names; for an exception, write an action in a later file",
            ));
        }
        let kind = root.get("table").unwrap_or(&Value::Null);
        match kind.as_str() {
            Some("names") => Names::parse(&entries(root, "names")?).map(Self::Names),
            Some("presence") => Presence::parse(&entries(root, "schemas")?).map(Self::Presence),
            Some("resources") => Resources::parse(&entries(root, "operations")?).map(Self::Resources),
            _ => Err(Error::new("", "/table", format!("{kind} is not a kind of table"))
                .hint("write `table: names`, `table: presence` or `table: resources`")),
        }
    }

    /// Applies the table to a document; returns how many operations or schemas it changed, and how many of its entries changed none.
    pub fn apply(&self, document: &mut Value) -> (usize, usize) {
        match self {
            Self::Names(names) => names.apply(document),
            Self::Presence(presence) => presence.apply(document),
            Self::Resources(resources) => resources.apply(document),
        }
    }
}

/// An entry of a table: its JSON pointer, its key and its value.
pub(super) type Entry<'a> = (String, &'a str, &'a Value);

/// Reads the entries of all blocks. Each block has a reason and a mapping of entries; a key that occurs twice is an error.
fn entries<'a>(root: &'a Map<String, Value>, key: &str) -> Result<Vec<Entry<'a>>> {
    let list = root.get("entries").and_then(Value::as_array).filter(|list| !list.is_empty()).ok_or_else(|| {
        Error::new("", "/entries", "there is no list of entries, or it is empty")
            .hint(format!("write a list of `{{reason, {key}}}`"))
    })?;
    let mut entries: Vec<Entry<'a>> = Vec::new();
    for (index, block) in list.iter().enumerate() {
        let pointer = join("/entries", index);
        let block = fields(block, &pointer, &["reason", key])?;
        if block.get("reason").and_then(Value::as_str).is_none_or(|reason| reason.trim().is_empty()) {
            return Err(Error::new("", &pointer, "the reason is missing, empty or not text")
                .hint("write `reason: how this is known`"));
        }
        let place = join(&pointer, key);
        let map = block.get(key).and_then(Value::as_object).filter(|map| !map.is_empty()).ok_or_else(|| {
            Error::new("", &place, "expected a mapping with at least one key").hint("remove the block if it is empty")
        })?;
        for (name, value) in map {
            let place = join(&place, name);
            if let Some((other, ..)) = entries.iter().find(|(_, known, _)| known == name) {
                return Err(Error::new("", place, format!("`{name}` is also at {other}")).hint("keep one of them"));
            }
            entries.push((place, name, value));
        }
    }
    Ok(entries)
}
