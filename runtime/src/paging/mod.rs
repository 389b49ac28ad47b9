//! Pagination.
//!
//! The request of an operation with pages can be sent in three more ways: `items()` is a stream of the items of all pages
//! ([`Items`]), `pages()` a stream of the pages ([`Pages`]), and `page()` a single page ([`Page`]). Both streams are called walks
//! below. They request the largest page that the operation is known to allow, unless `per_page` is set, and keep one page in memory.
//!
//! # How the next page is found
//!
//! The API is not consistent, so the rules are fixed here. `next` is the field that the operation's [`Paging`] names.
//!
//! | the response | what happens |
//! |---|---|
//! | `next` is a string or a number | it is the position of the next page |
//! | `next` is a URL | its query parameter with the name of the cursor is the position |
//! | `next` is an object | its member with the name of the cursor is the position |
//! | `next`, or `pages` around it, is null, empty or absent | the end, unless the number of the last page says that there is more |
//! | a flag says that there is no more | the end, whatever `next` is |
//! | numbers (`per_page`, `total_pages`, …) as texts | read as numbers |
//! | the items are under another of the keys that are known for them | they are taken from there; the first key with a list counts |
//! | the list is null, or absent although there is a total or `pages` | an empty page |
//! | the response is a bare list | one page of these items, and the end |
//! | the response has neither a list nor a total nor `pages` | an error ([`Error::is_decode`](crate::Error::is_decode)) |
//! | an item does not fit its type | one `Err` in its place, with the item's JSON as [`Error::body`](crate::Error::body) |
//! | an empty page with a cursor | the walk goes on, but not past ten empty pages in a row |
//! | an empty page of numbered pages or of a scroll | the end, or the walk was cut off: see below |
//! | `total_pages` too small | `next` decides |
//! | `total_pages` too large | the first empty page ends the walk: as cut off, unless the total says that this is all |
//!
//! [`Items::end`] and [`Pages::end`] return the reason afterwards.
//!
//! # Ends before the end of the list
//!
//! Where the API stops before the end of the list, the walk was cut off. That is an error
//! ([`Error::is_cut_off`](crate::Error::is_cut_off)) with the checkpoint, unless the total shows that all items were delivered, or
//! the walk is [`lenient`](Items::lenient):
//!
//! | the response | [`End`] |
//! |---|---|
//! | a cursor that was followed before | [`Repeated`](End::Repeated), after the page that it came with |
//! | the previous page again (from a server that ignores `page`) | [`Repeated`](End::Repeated), and nothing twice |
//! | an empty page of numbered pages, although the total, or else the number of the last page, announces more | [`Empty`](End::Empty) |
//! | ten empty pages with cursors in a row | [`Empty`](End::Empty) |
//! | there is more, but the position is missing | [`NoPosition`](End::NoPosition) |
//! | there is no `next`, although the number of the last page, or else the total, announces more | [`NoPosition`](End::NoPosition) |
//! | the last of the numbered pages, or an empty page, and fewer items than the total | [`NoPosition`](End::NoPosition) |
//!
//! # Lists that change meanwhile
//!
//! A cursor marks a place between two items, so insertions and deletions do not matter. Page numbers count from the beginning of the
//! list: where an item is inserted on an earlier page, the last item of a page comes again on the next one; where one is deleted, an
//! item is missed. A total that changes from page to page is an error ([`Error::is_list_changed`](crate::Error::is_list_changed)); polling
//! again requests the page again. Where responses have no total, or as many items were inserted as deleted, the change cannot be
//! detected: read such lists in a stable order, and compare ids.
//!
//! # Failures and resuming
//!
//! A page whose request failed gives one `Err`. Polling again requests the same page again, so no item is skipped or delivered twice.
//! The walk ends instead where another request cannot help (a 404, a request that is not valid), and after ten failures in a row. A
//! [`Checkpoint`] is the position as text, for another process.
//!
//! A scroll is different: each request moves the server to the next page, so a page whose response was lost cannot be requested
//! again. The walk ends with an error ([`Error::is_scroll_broken`](crate::Error::is_scroll_broken)), unless [`ScrollOptions`] says to
//! begin again. Requests of a scroll are never retried or sent in advance, and a checkpoint inside a page begins again, too.

/// The settings that `Items` and `Pages` have in common.
macro_rules! settings {
    ($inner:ident) => {
        /// Continues at a [`Checkpoint`]. The request must be the same as the one that the checkpoint was made by.
        ///
        /// A checkpoint of another operation or API version is an error when the stream is polled.
        pub fn resume(mut self, checkpoint: &Checkpoint) -> Self {
            self.set_checkpoint(checkpoint);
            self
        }

        /// Ends after this number of items.
        pub fn limit(mut self, items: u64) -> Self {
            self.set_limit(items);
            self
        }

        /// Ends after this number of pages.
        pub fn max_pages(mut self, pages: u64) -> Self {
            self.set_max_pages(pages);
            self
        }

        /// Loads the next page in the background while the caller handles this one, in a task on the current tokio runtime. It has
        /// no effect without a tokio runtime, on WebAssembly, and for scrolls.
        pub fn prefetch(mut self) -> Self {
            self.set_prefetch();
            self
        }

        /// Turns errors about the completeness of the list off: a walk that was cut off
        /// ([`Error::is_cut_off`](crate::Error::is_cut_off)) ends without an error, and a list that changes meanwhile
        /// ([`Error::is_list_changed`](crate::Error::is_list_changed)) is not reported. `end` still returns the reason of the end, and the
        /// checkpoint of such an end is not done.
        pub fn lenient(mut self) -> Self {
            self.set_lenient();
            self
        }

        /// Sets what happens while another scroll is open, and when this one is lost. It has no effect on other operations.
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
mod cut_off;
mod items;
mod page;
mod pages;
mod position;
mod request;
mod scan;
mod scroll;
mod seen;
mod sink;
mod walk;

pub use crate::endpoint::{Location, Paging, PagingStyle};
pub use checkpoint::Checkpoint;
pub use items::Items;
pub use page::{Page, PendingPage};
pub use pages::Pages;
pub use scroll::ScrollOptions;

/// Why a walk ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum End {
    /// The server says that there are no more items.
    Complete,
    /// The caller's `limit` or `max_pages` is reached.
    Limit,
    /// The server sent a cursor or a page for the second time, so there is no progress.
    Repeated,
    /// The server sent an empty page although it announced more items, or too many empty pages in a row.
    Empty,
    /// The server says that there are more items, but not where.
    NoPosition,
    /// A request failed, and sending it again would not help.
    Failed,
}
