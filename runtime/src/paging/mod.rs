//! How operations return their results in pages.

/// The paging facts of an operation: where its cursor goes and where the next one is found.
#[derive(Debug)]
pub struct Paging {
    /// What kind of position the operation takes.
    pub style: PagingStyle,
    /// Where the position and the page size are sent.
    pub location: Location,
    /// The name of the parameter that holds the position: `starting_after`, `page`, `scroll_param`.
    pub cursor: &'static str,
    /// The name of the parameter that holds the page size.
    pub per_page: Option<&'static str>,
    /// The largest page that the API accepts.
    pub max_per_page: Option<u32>,
    /// The path of the items in the response body, a member name each step; empty where the body is the array.
    pub items: &'static [&'static str],
    /// The dotted path of the next position in the response body.
    pub next: &'static str,
    /// The dotted path of a boolean that tells whether there is more.
    pub more: Option<&'static str>,
    /// The dotted path of the number of items in all pages.
    pub total: Option<&'static str>,
}

/// The kinds of position that the API uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PagingStyle {
    /// An opaque cursor that comes with each page.
    Cursor,
    /// A page number counted from 1.
    Page,
    /// A scroll handle, valid for a minute and for one reader at a time.
    Scroll,
}

/// Where paging parameters are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Location {
    /// As query parameters.
    Query,
    /// As members of the JSON body.
    Body,
}
