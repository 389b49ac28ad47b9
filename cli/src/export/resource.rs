//! What can be exported, and by which operations. They are found by their paths, which are the same in all versions.

use intercom_catalog::{Catalog, Operation};

use crate::failure::{Failure, Result};

/// A kind of object that can be exported.
#[derive(Debug)]
pub struct Resource {
    pub name: &'static str,
    /// Lists all of them.
    list: Option<(&'static str, &'static str)>,
    /// Finds those that were updated since a time.
    search: Option<(&'static str, &'static str)>,
    /// Reads one in full.
    detail: Option<(&'static str, &'static str)>,
    /// The field of the parts: an object with `total_count` and the list. Empty if there are no parts.
    pub parts: &'static str,
}

/// What can be exported.
pub const RESOURCES: &[Resource] = &[
    Resource {
        name: "contacts",
        list: Some(("GET", "/contacts")),
        search: Some(("POST", "/contacts/search")),
        detail: None,
        parts: "",
    },
    Resource {
        name: "conversations",
        list: Some(("GET", "/conversations")),
        search: Some(("POST", "/conversations/search")),
        detail: Some(("GET", "/conversations/{}")),
        parts: "conversation_parts",
    },
    Resource {
        name: "tickets",
        list: None,
        search: Some(("POST", "/tickets/search")),
        detail: Some(("GET", "/tickets/{}")),
        parts: "ticket_parts",
    },
    // `POST /companies/list` ends after 10,000 companies; the scroll does not.
    Resource { name: "companies", list: Some(("GET", "/companies/scroll")), search: None, detail: None, parts: "" },
];

/// The operation that lists, and whether it is a search by time.
pub struct Listing<'a> {
    pub operation: &'a Operation,
    pub searches: bool,
}

impl Resource {
    /// The operation that lists all, or those that were updated since a time.
    ///
    /// # Errors
    /// Where the version has none.
    pub fn listing<'a>(&self, catalog: &'a Catalog, since: bool) -> Result<Listing<'a>> {
        let search = self.search.filter(|_| since || self.list.is_none());
        let place = search.or(self.list);
        let operation = place.and_then(|(method, path)| find(catalog, method, path));
        let missing = || Failure::usage(format!("API version {} has no list of {}", catalog.version, self.name));
        Ok(Listing { operation: operation.ok_or_else(missing)?, searches: search.is_some() })
    }

    /// The operation that reads one in full, if that returns more than the list.
    pub fn detail<'a>(&self, catalog: &'a Catalog) -> Option<&'a Operation> {
        let (method, path) = self.detail?;
        find(catalog, method, path)
    }
}

/// The operation of a path, whatever its placeholders are called.
fn find<'a>(catalog: &'a Catalog, method: &str, path: &str) -> Option<&'a Operation> {
    let same = |template: &str| {
        template.split('/').count() == path.split('/').count()
            && template.split('/').zip(path.split('/')).all(|(a, b)| a == b || a.starts_with('{') && b == "{}")
    };
    catalog.operations.iter().find(|operation| operation.http_method == method && same(&operation.path))
}
