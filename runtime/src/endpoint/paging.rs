//! The pagination of an operation, which generated crates contain as constants.

/// The pagination of an operation: which parameter takes the position (such as a cursor), and where the response contains the next one.
/// Places in a JSON body are given as dotted paths.
///
/// ```
/// use intercom_runtime::paging::{Location, Paging, PagingStyle};
///
/// static CONTACTS: Paging = Paging::new(PagingStyle::Cursor, Location::Query, "starting_after", &["data"])
///     .per_page("per_page")
///     .max_per_page(150)
///     .next("pages.next.starting_after")
///     .total("total_count");
///
/// static COMPANIES: Paging = Paging::new(PagingStyle::Page, Location::Query, "page", &["data"])
///     .per_page("per_page")
///     .next("pages.next")
///     .last("pages.total_pages")
///     .total("total_count");
/// ```
///
/// Names are `'static` because they are constants of the API. A program that reads them at run time has to leak them:
/// `Box::leak(Box::new(Paging::new(…)))`, with `String::leak` for the names.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Paging {
    /// The kind of position that the operation uses.
    pub style: PagingStyle,
    /// Whether the position and the page size are sent in the query or in the body.
    pub location: Location,
    /// The query parameter, or the path in the body, of the position: `starting_after`, `pagination.starting_after`.
    pub position: &'static str,
    /// The query parameter, or the path in the body, of the page size.
    pub per_page: Option<&'static str>,
    /// The maximum page size that the API is known to accept.
    pub max_per_page: Option<u32>,
    /// The paths at which the response body may contain the items, tried in order.
    pub items: &'static [&'static str],
    /// The path of the next position in the response body; empty if the responses have none.
    pub next: &'static str,
    /// The path of the number of the last page in the response body.
    pub last: Option<&'static str>,
    /// The path of a bool in the response body that says whether there are more pages.
    pub more: Option<&'static str>,
    /// The path of the total number of items in the response body.
    pub total: Option<&'static str>,
}

impl Paging {
    /// The pagination of lists by cursor, such as contacts and conversations: `starting_after` and `per_page` in the query, the next cursor
    /// or URL at `pages.next`. Most other lists are numbered; [`Paging`] has an example.
    pub const LIST: Self = Self::new(PagingStyle::Cursor, Location::Query, "starting_after", Self::ITEMS)
        .per_page("per_page")
        .next("pages.next")
        .total("total_count");

    /// The pagination of searches: `pagination` in the JSON body, the next cursor at `pages.next`.
    pub const SEARCH: Self = Self::new(PagingStyle::Cursor, Location::Body, "pagination.starting_after", Self::ITEMS)
        .per_page("pagination.per_page")
        .next("pages.next")
        .total("total_count");

    /// The keys of lists in responses of the API.
    const ITEMS: &[&str] = &[
        "data",
        "conversations",
        "tickets",
        "companies",
        "segments",
        "events",
        "activity_logs",
        "side_conversations",
        "admins",
        "teams",
        "tags",
    ];

    /// Makes pagination whose position is sent in the parameter `position`. `items` are the paths at which the response body may contain
    /// the items, tried in order.
    pub const fn new(
        style: PagingStyle,
        location: Location,
        position: &'static str,
        items: &'static [&'static str],
    ) -> Self {
        Self {
            style,
            location,
            position,
            per_page: None,
            max_per_page: None,
            items,
            next: "",
            last: None,
            more: None,
            total: None,
        }
    }

    /// Sets [`per_page`](Self::per_page).
    pub const fn per_page(mut self, name: &'static str) -> Self {
        self.per_page = Some(name);
        self
    }

    /// Sets [`max_per_page`](Self::max_per_page).
    pub const fn max_per_page(mut self, max: u32) -> Self {
        self.max_per_page = Some(max);
        self
    }

    /// Sets [`next`](Self::next).
    pub const fn next(mut self, path: &'static str) -> Self {
        self.next = path;
        self
    }

    /// Sets [`last`](Self::last).
    pub const fn last(mut self, path: &'static str) -> Self {
        self.last = Some(path);
        self
    }

    /// Sets [`more`](Self::more).
    pub const fn more(mut self, path: &'static str) -> Self {
        self.more = Some(path);
        self
    }

    /// Sets [`total`](Self::total).
    pub const fn total(mut self, path: &'static str) -> Self {
        self.total = Some(path);
        self
    }

    /// Why a page of `operation` cannot have `count` items; `None` if it can.
    pub(crate) fn page_size_error(&self, operation: &str, count: u32) -> Option<String> {
        match self.max_per_page {
            _ if count == 0 => Some(format!("the page size of {operation} must be at least 1, not 0")),
            Some(max) if count > max => Some(format!("a page of {operation} has at most {max} items, not {count}")),
            _ => None,
        }
    }
}

/// The kinds of position in a list that the API uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PagingStyle {
    /// An opaque cursor: a page contains the cursor of the next one.
    Cursor,
    /// A page number, counted from 1.
    Page,
    /// A scroll id. It is valid for a minute, and an app can have one open scroll at a time.
    Scroll,
}

/// Where paging parameters are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Location {
    /// As query parameters.
    Query,
    /// As members of the JSON body.
    Body,
}
