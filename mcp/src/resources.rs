//! Resources: a page of documentation for each operation and type, and a list of all operations.

use rmcp::ErrorData;
use rmcp::model::{ListResourcesResult, ReadResourceResult, Resource, ResourceContents, ResourceTemplate};

use crate::failure::did_you_mean;
use crate::reference;
use crate::server::Shared;

const OPERATIONS: &str = "intercom://operations";
const OPERATION: &str = "intercom://operation/";
const TYPE: &str = "intercom://type/";
const MARKDOWN: &str = "text/markdown";

/// How many resources are on a page of the list.
const PER_PAGE: usize = 200;

impl Shared {
    /// A page of the list; the cursor is the number of resources before it.
    ///
    /// # Errors
    /// Where the cursor is not a number.
    pub(crate) fn list_resources(&self, cursor: Option<&str>) -> Result<ListResourcesResult, ErrorData> {
        let start = match cursor {
            None => 0,
            Some(cursor) => cursor.parse::<usize>().map_err(|_| {
                ErrorData::invalid_params("the cursor is not one of this list; start without a cursor", None)
            })?,
        };
        let index = Resource::new(OPERATIONS, "operations").with_title("All operations").with_mime_type(MARKDOWN);
        let operations = self
            .catalog
            .operations
            .iter()
            .map(|operation| page(OPERATION, &operation.id, operation.summary.as_deref()));
        let types = self.catalog.types.iter().map(|ty| page(TYPE, &ty.name, first_line(ty.doc.as_deref())));
        let total = 1 + self.catalog.operations.len() + self.catalog.types.len();
        let resources = std::iter::once(index).chain(operations).chain(types).skip(start).take(PER_PAGE).collect();
        let mut result = ListResourcesResult::with_all_items(resources);
        let next = start.saturating_add(PER_PAGE);
        result.next_cursor = (next < total).then(|| next.to_string());
        Ok(result)
    }

    /// The templates of the URIs.
    pub(crate) fn resource_templates() -> Vec<ResourceTemplate> {
        vec![
            ResourceTemplate::new(format!("{OPERATION}{{operation}}"), "operation")
                .with_title("Reference of an operation")
                .with_description(
                    "What an operation does, its arguments and its response, such as intercom://operation/contacts.update",
                )
                .with_mime_type(MARKDOWN),
            ResourceTemplate::new(format!("{TYPE}{{type}}"), "type")
                .with_title("Reference of a type")
                .with_description("The fields of a type, such as intercom://type/Contact")
                .with_mime_type(MARKDOWN),
        ]
    }

    /// The names that an argument of a template may have: first those that begin with a text, then others that contain it.
    pub(crate) fn complete(&self, template: &str, text: &str) -> Vec<String> {
        let names: Vec<&str> = match template.split_once('{') {
            Some((OPERATION, _)) => self.catalog.operations.iter().map(|operation| operation.id.as_str()).collect(),
            Some((TYPE, _)) => self.catalog.types.iter().map(|ty| ty.name.as_str()).collect(),
            _ => Vec::new(),
        };
        let text = text.to_lowercase();
        let (begin, contain): (Vec<&str>, Vec<&str>) = names
            .into_iter()
            .filter(|name| name.to_lowercase().contains(&text))
            .partition(|name| name.to_lowercase().starts_with(&text));
        begin.into_iter().chain(contain).map(str::to_owned).collect()
    }

    /// The page with this URI.
    ///
    /// # Errors
    /// Where there is no such page, with similar ones if there are some.
    pub(crate) fn read_resource(&self, uri: &str) -> Result<ReadResourceResult, ErrorData> {
        let missing = |near: String| {
            let text = format!(
                "there is no resource {uri}.{near} Resources are {OPERATIONS}, {OPERATION}GROUP.METHOD and {TYPE}NAME."
            );
            ErrorData::resource_not_found(text, None)
        };
        let text = if uri == OPERATIONS {
            reference::index(&self.catalog)
        } else if let Some(id) = uri.strip_prefix(OPERATION) {
            let known = self.catalog.operations.iter().map(|operation| operation.id.as_str());
            let operation = self.catalog.operation(id).ok_or_else(|| missing(did_you_mean(id, known)))?;
            reference::operation(&self.catalog, operation)
        } else if let Some(name) = uri.strip_prefix(TYPE) {
            let known = self.catalog.types.iter().map(|ty| ty.name.as_str());
            let ty = self.catalog.type_named(name).ok_or_else(|| missing(did_you_mean(name, known)))?;
            reference::ty(&self.catalog, ty)
        } else {
            return Err(missing(String::new()));
        };
        Ok(ReadResourceResult::new(vec![ResourceContents::text(text, uri).with_mime_type(MARKDOWN)]))
    }
}

fn page(base: &str, name: &str, doc: Option<&str>) -> Resource {
    let resource = Resource::new(format!("{base}{name}"), name).with_mime_type(MARKDOWN);
    match doc {
        Some(doc) => resource.with_description(doc),
        None => resource,
    }
}

fn first_line(doc: Option<&str>) -> Option<&str> {
    doc?.lines().next()
}
