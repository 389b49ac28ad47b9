//! One page.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::{Checkpoint, Pages};
use crate::call::Call;
use crate::data::{Decode, Mismatch};
use crate::error::Error;
use crate::response::Response;
use crate::secret::from_fn;

/// A page of an operation's results.
#[non_exhaustive]
pub struct Page<T> {
    /// The items. An item that does not fit its type at all is an `Err`, with its JSON as [`Error::body`].
    pub items: Vec<Result<T, Error>>,
    /// The total number of items of all pages, if the server sends it.
    pub total_count: Option<u64>,
    /// The number of this page, if the response or the request contains it; 1 for the first page of a numbered list.
    pub page: Option<u64>,
    /// The number of pages, if the server sends it.
    pub total_pages: Option<u64>,
    pub(super) next: Option<String>,
    pub(super) start: Checkpoint,
    pub(super) after: Checkpoint,
    pub(super) response: Response<()>,
}

impl<T> Page<T> {
    /// The position of the next page: a cursor, a page number or a scroll id; `None` on the last page, and if the position is missing.
    pub fn next_position(&self) -> Option<&str> {
        self.next.as_deref()
    }

    /// The response of the page: status, headers, rate limit, and mismatches of the items.
    pub fn response(&self) -> &Response<()> {
        &self.response
    }

    /// The mismatches of the items; see [`Response::mismatches`].
    pub fn mismatches(&self) -> &[Mismatch] {
        self.response.mismatches()
    }

    /// The position after this page.
    pub fn checkpoint(&self) -> Checkpoint {
        self.after.clone()
    }

    /// Returns the items, or the first error among them.
    ///
    /// # Errors
    /// If an item does not fit its type.
    pub fn into_items(self) -> Result<Vec<T>, Error> {
        self.items.into_iter().collect()
    }
}

/// The output does not contain the token of the request, even if the server has echoed it.
impl<T: fmt::Debug> fmt::Debug for Page<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields = from_fn(|f| {
            f.debug_struct("Page")
                .field("items", &self.items)
                .field("total_count", &self.total_count)
                .field("page", &self.page)
                .field("total_pages", &self.total_pages)
                .field("next", &self.next)
                .field("response", &self.response)
                .finish_non_exhaustive()
        });
        self.response.meta().secret.debug(f, &fields)
    }
}

/// The request of a page. It is sent when it is awaited.
#[must_use = "a call is sent when it is awaited"]
pub struct PendingPage<T>(Pages<T>);

impl<T: Decode> PendingPage<T> {
    /// Called by generated code.
    #[doc(hidden)]
    pub fn new(call: Call) -> Self {
        Self(Pages::single(call))
    }
}

impl<T> Future for PendingPage<T> {
    type Output = Result<Page<T>, Error>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let page = ready!(self.0.poll_page(cx));
        Poll::Ready(page.unwrap_or_else(|| Err(Error::request("the page was awaited before"))))
    }
}

impl<T> fmt::Debug for PendingPage<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PendingPage { .. }")
    }
}
