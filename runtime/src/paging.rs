//! Pagination.
//!
//! The request of an operation with pages has methods for them: `items()` returns a stream of the items of all pages ([`Items`]),
//! `pages()` a stream of the pages ([`Pages`]), and `page()` a single page ([`Page`]). Unless `per_page` is set, the streams request the
//! maximum page size that the operation is known to allow, or fewer items if `limit` is less. They keep one page in memory, or two with
//! `prefetch`.
//!
//! # How the next page is found
//!
//! The API is not consistent, so these are the rules. `next` is the value at the path [`Paging::next`].
//!
//! | the response | what happens |
//! |---|---|
//! | `next` is a string or a number | it is the position of the next page |
//! | `next` is a URL | its query parameter [`Paging::position`] is the position |
//! | `next` is an object | its member [`Paging::position`] (of a dotted path, the last part) is the position |
//! | `next`, or `pages` around it, is null, empty or absent | the end, or an early end (see below); numbered pages continue if the number of the last page says that there is more |
//! | the value at [`Paging::more`] is false | the end, or an early end (see below), whatever `next` is |
//! | numbers (`page`, `total_pages`, the total) are strings | they are read as numbers |
//! | the list is at any of the paths [`Paging::items`] | its items are returned; of two lists, the one whose path comes first |
//! | the list is null, or absent although there is another member that pagination uses, such as a total or `pages` | an empty page |
//! | the response is an array | one page with these items, and the end |
//! | the response has neither a list nor another member that pagination uses | an error ([`Error::is_decode`](crate::Error::is_decode)) |
//! | an item does not fit its type at all | an `Err` in place of the item, with its JSON as [`Error::body`](crate::Error::body) |
//! | an empty page with a cursor | the next page is requested, unless it is the tenth empty page in a row |
//! | an empty page of numbered pages | the end of the list, or an early end (see below) |
//! | an empty page of a scroll | the end of the list |
//! | `total_pages` is too small | `next` is used |
//! | `total_pages` is too large | the first empty page is the end; it is an early end unless the total says that the list is complete |
//!
//! [`Items::end`] and [`Pages::end`] return the reason why a stream has ended.
//!
//! # Ends before the end of the list
//!
//! If the API stops before the end of the list, the stream ends with an error ([`Error::is_cut_off`](crate::Error::is_cut_off)) that
//! contains the checkpoint, unless the total shows that all items were delivered, or the stream is [`lenient`](Items::lenient):
//!
//! | the response | [`End`] |
//! |---|---|
//! | a cursor that was used before | [`Repeated`](End::Repeated), after the page that contains it |
//! | the same page as before (from a server that ignores `page`) | [`Repeated`](End::Repeated); its items are not returned again |
//! | an empty page of numbered pages, although the total, or else the number of the last page, announces more | [`Empty`](End::Empty) |
//! | ten empty pages with cursors in a row | [`Empty`](End::Empty) |
//! | there are more items, but the position is missing (not for numbered pages, which continue with the next number) | [`NoPosition`](End::NoPosition) |
//! | there is no `next`, although the number of the last page, or else the total, announces more (not for numbered pages) | [`NoPosition`](End::NoPosition) |
//! | the response says that there is no next page, but fewer items than the total were delivered (for cursors only if the page is empty; never for scrolls) | [`NoPosition`](End::NoPosition) |
//!
//! # Lists that change while they are read
//!
//! A cursor marks a position between two items, so insertions and deletions do not matter. Page numbers count from the beginning of the
//! list. If an item is inserted on an earlier page, the last item of a page is returned again on the next page; if one is deleted, an
//! item is missed. A total that changes from page to page is therefore an error
//! ([`Error::is_list_changed`](crate::Error::is_list_changed)); polling again requests the page again. The change cannot be detected if
//! responses have no total, or if as many items were inserted as deleted: read such lists in a stable order, and compare ids.
//!
//! # Failures and resuming
//!
//! A page whose request fails is one `Err`. Polling again requests the same page again, so that no item is skipped or delivered twice.
//! The stream ends if another request cannot succeed (a 404, a request that is not valid), and after ten failures in a row. A
//! [`Checkpoint`] is the position as text, with which another process can resume.
//!
//! Scrolls are different: each request moves the server to the next page, so a page whose response was lost cannot be requested again. The
//! stream ends with an error ([`Error::is_scroll_broken`](crate::Error::is_scroll_broken)), unless [`ScrollOptions`] allow a restart. A
//! request of a scroll is not idempotent, so by default it is only retried if the server has not carried it out; and it is not prefetched.
//! A scroll that is resumed at a checkpoint within a page starts again from its first page and skips the items that were delivered.

/// Defines the settings that `Items` and `Pages` have in common. `$inner` is the field to which they are passed on.
macro_rules! settings {
    ($inner:ident) => {
        /// Continues at a [`Checkpoint`]. The request must have the same parameters as the one that the checkpoint is from.
        ///
        /// A checkpoint that does not fit the request, such as one of another operation or API version, is an error when the stream is
        /// polled.
        pub fn resume(mut self, checkpoint: &Checkpoint) -> Self {
            self.set_checkpoint(checkpoint);
            self
        }

        /// Sets the maximum number of items to return.
        pub fn limit(mut self, items: u64) -> Self {
            self.set_limit(items);
            self
        }

        /// Sets the maximum number of pages to request.
        pub fn max_pages(mut self, pages: u64) -> Self {
            self.set_max_pages(pages);
            self
        }

        /// Requests the next page in the background while the caller handles the current one, in a task of the current tokio runtime. It
        /// has no effect without a tokio runtime, on WebAssembly, and for scrolls.
        pub fn prefetch(mut self) -> Self {
            self.set_prefetch();
            self
        }

        /// Disables the errors about incomplete lists: [`Error::is_cut_off`](crate::Error::is_cut_off) and
        /// [`Error::is_list_changed`](crate::Error::is_list_changed). `end` still returns the reason of the end, and `is_done` of the
        /// checkpoint is false if the list was cut off.
        pub fn lenient(mut self) -> Self {
            self.set_lenient();
            self
        }

        /// Sets what happens if another scroll is open, and if this scroll is lost. It has no effect on operations that are not scrolls.
        pub fn scroll(mut self, options: ScrollOptions) -> Self {
            self.set_scroll(options);
            self
        }

        pub(super) fn set_checkpoint(&mut self, checkpoint: &Checkpoint) {
            self.$inner.set_checkpoint(checkpoint);
        }

        pub(super) fn set_limit(&mut self, items: u64) {
            self.$inner.set_limit(items);
        }

        pub(super) fn set_max_pages(&mut self, pages: u64) {
            self.$inner.set_max_pages(pages);
        }

        pub(super) fn set_prefetch(&mut self) {
            self.$inner.set_prefetch();
        }

        pub(super) fn set_lenient(&mut self) {
            self.$inner.set_lenient();
        }

        pub(super) fn set_scroll(&mut self, options: ScrollOptions) {
            self.$inner.set_scroll(options);
        }
    };
}
use settings;

mod checkpoint;
mod cycle;
mod decoder;
mod incomplete;
mod items;
mod page;
mod pages;
mod paginator;
mod position;
mod request;
mod scan;
mod scroll;

pub use crate::endpoint::{Location, Paging, PagingStyle};
pub use checkpoint::Checkpoint;
pub use items::Items;
pub use page::{Page, PendingPage};
pub use pages::Pages;
pub use scroll::ScrollOptions;

/// Why pagination ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum End {
    /// The list is complete: the server says that there are no more items, or as many items were delivered as it announced.
    Complete,
    /// The caller's `limit` or `max_pages` is reached.
    Limit,
    /// The server sent a cursor or a page for the second time, so there is no progress.
    Repeated,
    /// The server sent an empty page although it announced more items, or too many empty pages in a row.
    Empty,
    /// The server says that there are more items, but sent no position of the next page.
    NoPosition,
    /// A request failed or is not valid, and sending it again cannot succeed; or ten requests in a row failed.
    Failed,
}
