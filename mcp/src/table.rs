//! The curated tools and the searchable objects, as data: `tools.json`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

/// What `tools.json` holds.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Table {
    /// The objects of `search` and `fetch`, in the order in which they are listed to agents.
    pub objects: Vec<Object>,
    /// The curated tools.
    pub tools: Vec<CuratedTool>,
}

/// A kind of object that `search` finds and `fetch` gets.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Object {
    /// Its name as `object_type`: `conversations`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The prefix of ids: `conversation_`.
    pub prefix: String,
    /// The operation that gets one by its id.
    pub find: String,
    /// Operations that search; the first that the version has is used.
    pub search: Vec<String>,
    /// The fields in which free text is searched.
    pub text: Vec<String>,
    /// The paths of a title; the first that contains text is used.
    pub title: Vec<String>,
    /// The path of its page in the app.
    pub link: String,
}

/// A tool that calls an operation with arguments of its own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CuratedTool {
    /// The name.
    pub name: String,
    /// The name for people.
    pub title: String,
    /// The operation that is called.
    pub operation: String,
    /// What it does.
    pub description: String,
    /// The key of the items in results of paginated operations.
    pub items: Option<String>,
    /// The number of items on a page by default.
    pub per_page: Option<u32>,
    /// Values that are always sent, by their place: `body.NAME`.
    #[serde(default)]
    pub constants: BTreeMap<String, String>,
    /// The arguments, except for those of its pagination.
    #[serde(default)]
    pub arguments: Vec<Argument>,
}

/// An argument of a curated tool. Type and documentation are the catalog's where the table does not give them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Argument {
    /// The name.
    pub name: String,
    /// Where it goes: `path` (the only parameter of the path), `query.NAME`, `body.NAME`, `filter.FIELD` (a condition of a
    /// search) or `filters.PREFIX` (an object whose keys are fields below the prefix).
    pub to: String,
    /// The operator of a condition; equality by default.
    pub operator: Option<String>,
    /// Whether it must be given; what the catalog says by default.
    pub required: Option<bool>,
    /// What it means; what the catalog says by default.
    pub description: Option<String>,
}

/// The table, which is read once.
pub(crate) fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        // A test parses the file, so this cannot fail for a user.
        serde_json::from_str(include_str!("../tools.json")).unwrap_or(Table { objects: Vec::new(), tools: Vec::new() })
    })
}

impl Table {
    /// An id without the prefix of a kind of object.
    pub fn bare<'a>(&self, id: &'a str) -> &'a str {
        self.objects.iter().find_map(|object| id.strip_prefix(&object.prefix)).unwrap_or(id)
    }
}

#[cfg(test)]
mod tests {
    use super::Table;

    #[test]
    fn the_table_can_be_read() {
        let table: Table = serde_json::from_str(include_str!("../tools.json")).expect("tools.json fits its type");
        assert!(table.tools.len() > 20 && table.objects.len() == 5);
    }
}
