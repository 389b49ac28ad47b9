//! How operations return their results in pages, and how all of them are walked.
//!
//! A request that pages has three more ways to be sent: `items()` gives the items of all pages, one after the other
//! ([`Items`]), `pages()` the pages ([`Pages`]), `page()` a single one ([`Page`]). Both walks ask for the largest page
//! that the operation is known to allow, unless `per_page` says otherwise, and keep one page in memory.
//!
//! # When a walk goes on
//!
//! Servers are not consistent, so the rules are fixed here. `next` is what the operation's [`Paging`] names.
//!
//! | the answer | what happens |
//! |---|---|
//! | `next` is a text or a number | it is the position of the next page |
//! | `next` is an address | its parameter of the cursor's name is the position |
//! | `next` is an object | its member of the cursor's name is the position |
//! | `next`, or `pages` around it, is null, empty or absent | the end, unless the number of the last page says that there is more |
//! | a flag says that there is no more | the end, whatever `next` is |
//! | numbers (`per_page`, `total_pages`, …) as texts | read as numbers |
//! | the items stand under another of the names that are known for them | taken from there; the first name that has a list counts |
//! | the list is null, or absent beside a total or `pages` | an empty page |
//! | the answer is a bare list | one page of these items, and the end |
//! | the answer has neither list nor total nor `pages` | an error ([`Error::is_decode`](crate::Error::is_decode)) |
//! | an item does not fit its type | one `Err` in its place, with the item's JSON as [`Error::body`](crate::Error::body) |
//! | an empty page with a cursor | the walk goes on, but not past ten empty pages in a row |
//! | an empty page of numbered pages or of a scroll | the end, or the walk was cut off: see below |
//! | `total_pages` too small | `next` decides |
//! | `total_pages` too large | the first empty page ends the walk: as cut off, unless the total says that this is all |
//!
//! [`Items::end`] and [`Pages::end`] tell afterwards which it was.
//!
//! # When a walk was cut off
//!
//! Some ends are not the end of the list. They are an error ([`Error::is_cut_off`](crate::Error::is_cut_off)) with the
//! checkpoint, unless the total says that everything was delivered, or the walk is [`lenient`](Items::lenient):
//!
//! | the answer | [`End`] |
//! |---|---|
//! | a cursor that was followed before | [`Repeated`](End::Repeated), after the page that it came with |
//! | the page before once more (a server that ignores `page`) | [`Repeated`](End::Repeated), and nothing twice |
//! | an empty page of numbered pages, although the total, or else the number of the last page, announces more | [`Empty`](End::Empty) |
//! | ten empty pages with cursors in a row | [`Empty`](End::Empty) |
//! | it says that there is more, but not where | [`NoPosition`](End::NoPosition) |
//! | it says nothing of a next page, and the number of the last page, or else the total, announces more | [`NoPosition`](End::NoPosition) |
//! | the last of the numbered pages, or an empty page, and fewer items than the total | [`NoPosition`](End::NoPosition) |
//!
//! # When the list changes meanwhile
//!
//! A cursor stands between two items, so insertions and deletions move no item past it. Page numbers count from the
//! beginning: an item that is inserted before the reader makes the last item of a page come again on the next one, and a
//! deletion there makes an item be missed. Where answers have a total, a total that changes from page to page is an error
//! ([`Error::is_shifted`](crate::Error::is_shifted)); polling on asks for the page again. Where they have none, or where as
//! many items were inserted as deleted, the shift cannot be noticed: read such lists in a stable order, and by id.
//!
//! # Failures and resuming
//!
//! A page that could not be had gives one `Err`; polling on asks for the same page again, so nothing is skipped and
//! nothing comes twice. Where asking again cannot help (a 404, a request that cannot be sent), and after ten failures in
//! a row, the walk ends instead. A [`Checkpoint`] is the same position as text, for another process.
//!
//! A scroll is different: the server moves on with each request, so a page whose answer was lost is gone. The walk ends
//! with an error ([`Error::is_scroll_broken`](crate::Error::is_scroll_broken)) unless [`ScrollOptions`] says to begin
//! again; no request of a scroll is sent twice or ahead of time, and a checkpoint inside a page begins again too.

/// The settings that a walk has, whether it gives items or pages.
macro_rules! settings {
    ($inner:ident) => {
        /// Goes on where a [`Checkpoint`] says. The request must be the same that the checkpoint was made of.
        ///
        /// A checkpoint of another operation or API version is an error when the stream is polled.
        pub fn resume(mut self, checkpoint: &Checkpoint) -> Self {
            self.set_checkpoint(checkpoint);
            self
        }

        /// Ends after so many items.
        pub fn limit(mut self, items: u64) -> Self {
            self.set_limit(items);
            self
        }

        /// Ends after so many pages.
        pub fn max_pages(mut self, pages: u64) -> Self {
            self.set_max_pages(pages);
            self
        }

        /// Loads the next page while the caller is at work on this one, in a task of its own on the tokio runtime that
        /// the walk runs on. Without such a runtime, on WebAssembly and for scrolls it changes nothing.
        pub fn prefetch(mut self) -> Self {
            self.set_prefetch();
            self
        }

        /// Takes what the server delivers for all there is: a walk that was cut off
        /// ([`Error::is_cut_off`](crate::Error::is_cut_off)) ends without an error, and a list that changes during the
        /// walk ([`Error::is_shifted`](crate::Error::is_shifted)) is not reported. `end` still tells why it ended, and
        /// the checkpoint of such an end is not done.
        pub fn lenient(mut self) -> Self {
            self.set_lenient();
            self
        }

        /// What happens when another scroll is under way, and when this one is lost. Without effect on other walks.
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
    /// The server says that there is no more.
    Complete,
    /// The caller's `limit` or `max_pages` is reached.
    Limit,
    /// The server gave a cursor or a page for the second time: it does not go on from here.
    Repeated,
    /// The server gave an empty page although it announced more items, or too many empty pages in a row.
    Empty,
    /// The server says that there is more, but not where.
    NoPosition,
    /// A page could not be had, and asking again would not help.
    Failed,
}
