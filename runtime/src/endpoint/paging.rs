//! What is known of how an operation pages: constants that generated crates carry.

/// The paging facts of an operation: where its cursor goes and where the next one is found. Places are dotted paths.
///
/// ```
/// use intercom_runtime::paging::{Location, Paging, PagingStyle};
///
/// static CONTACTS: Paging = Paging::new(PagingStyle::Cursor, Location::Query, "starting_after", &["data"])
///     .per_page("per_page")
///     .max_per_page(150)
///     .next("pages.next.starting_after")
///     .total("total_count");
/// ```
///
/// Names are `'static` since they are constants of the API. A program that reads them at run time, from its arguments, keeps
/// them for as long as it runs: `Box::leak(Box::new(Paging::new(…)))` with `String::leak` for the names.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Paging {
    /// What kind of position the operation takes.
    pub style: PagingStyle,
    /// Where the position and the page size are sent.
    pub location: Location,
    /// The parameter, or the path in the body, that holds the position: `starting_after`, `pagination.starting_after`.
    pub cursor: &'static str,
    /// The parameter, or the path in the body, that holds the page size.
    pub per_page: Option<&'static str>,
    /// The largest page that is known to be accepted.
    pub max_per_page: Option<u32>,
    /// Where the items may be in the response body, tried in order.
    pub items: &'static [&'static str],
    /// Where the next position is; empty where there is none.
    pub next: &'static str,
    /// Where the number of the last page is.
    pub last: Option<&'static str>,
    /// Where a bool tells whether there is more.
    pub more: Option<&'static str>,
    /// Where the number of items in all pages is.
    pub total: Option<&'static str>,
}

impl Paging {
    /// How most lists page: `starting_after` and `per_page` in the query, the next cursor or address at `pages.next`.
    pub const LIST: Self = Self::new(PagingStyle::Cursor, Location::Query, "starting_after", Self::ITEMS)
        .per_page("per_page")
        .next("pages.next")
        .total("total_count");

    /// How searches page: `pagination` in the JSON body, the next cursor at `pages.next`.
    pub const SEARCH: Self = Self::new(PagingStyle::Cursor, Location::Body, "pagination.starting_after", Self::ITEMS)
        .per_page("pagination.per_page")
        .next("pages.next")
        .total("total_count");

    /// Where the API's lists are in an answer.
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

    /// Paging whose position is sent in the parameter that `cursor` names. `items` are the places where the list may
    /// be, tried in order.
    pub const fn new(
        style: PagingStyle,
        location: Location,
        cursor: &'static str,
        items: &'static [&'static str],
    ) -> Self {
        Self {
            style,
            location,
            cursor,
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
    pub const fn max_per_page(mut self, most: u32) -> Self {
        self.max_per_page = Some(most);
        self
    }

    /// Sets [`next`](Self::next).
    pub const fn next(mut self, place: &'static str) -> Self {
        self.next = place;
        self
    }

    /// Sets [`last`](Self::last).
    pub const fn last(mut self, place: &'static str) -> Self {
        self.last = Some(place);
        self
    }

    /// Sets [`more`](Self::more).
    pub const fn more(mut self, place: &'static str) -> Self {
        self.more = Some(place);
        self
    }

    /// Sets [`total`](Self::total).
    pub const fn total(mut self, place: &'static str) -> Self {
        self.total = Some(place);
        self
    }

    /// Why a page cannot have that many items, if so.
    pub(crate) fn refusal(&self, operation: &str, count: u32) -> Option<String> {
        match self.max_per_page {
            _ if count == 0 => Some(format!("a page of {operation} holds at least one item")),
            Some(max) if count > max => Some(format!("a page of {operation} holds at most {max} items, not {count}")),
            _ => None,
        }
    }
}

/// The kinds of position that the API uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
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
#[non_exhaustive]
pub enum Location {
    /// As query parameters.
    Query,
    /// As members of the JSON body.
    Body,
}
