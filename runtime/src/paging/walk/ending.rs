//! What follows on a page and on a failure, and whether an end is the end of the list.

use http::StatusCode;
use serde_json::{Map, Value};

use super::super::position::{Next, find, number};
use super::super::{End, PagingStyle};
use super::Walk;
use crate::error::Error;

/// How many empty pages in a row are accepted.
const MOST_EMPTY: u32 = 10;
/// The number of failures in a row after which the walk ends.
const MOST_FAILURES: u32 = 10;
/// How often a scroll begins again without progress.
const MOST_RESTARTS: u32 = 3;

impl Walk {
    /// What a failure means for the walk; `None` where it continues by itself.
    pub(in crate::paging) fn failed(&mut self, error: Error) -> Option<Error> {
        let lost = error.is_scroll_expired() || error.is_scroll_broken();
        if lost && self.scroll.restart && self.restarts < MOST_RESTARTS {
            self.restarts += 1;
            self.position = None;
            self.skip = 0;
            self.redo = self.delivered;
            self.fingerprint = None;
            return None;
        }
        self.failures += 1;
        if lost || self.failures >= MOST_FAILURES || is_final(&error) {
            self.end = Some(End::Failed);
            self.guard = None;
        }
        Some(error)
    }

    /// Continues with the next page, or ends.
    pub(super) fn advance(&mut self, next: &Next, count: usize, facts: &Map<String, Value>) {
        self.empty = if count == 0 { self.empty + 1 } else { 0 };
        let numbered = self.paging.style == PagingStyle::Page;
        let end = match (self.paging.style, next) {
            (PagingStyle::Page, _) if count == 0 && self.announces_more(facts) => End::Empty,
            (PagingStyle::Page | PagingStyle::Scroll, _) if count == 0 => End::Complete,
            // The response says that this is the end, although its total may say that items are missing. The total wins
            // only where it is certain: on an empty page, and with numbered pages.
            (_, Next::End) if (numbered || count == 0) && self.is_short() == Some(true) => End::NoPosition,
            (_, Next::Silent) if self.announces_more(facts) => End::NoPosition,
            (_, Next::End | Next::Silent) => End::Complete,
            (_, Next::Unknown) => End::NoPosition,
            (PagingStyle::Cursor, Next::At(position)) if !self.seen.insert(position) => End::Repeated,
            _ if self.empty >= MOST_EMPTY => End::Empty,
            (_, Next::At(position)) => {
                self.skip = 0;
                self.previous = self.position.replace(position.clone());
                return;
            }
        };
        self.skip = if end == End::Complete { 0 } else { count as u64 };
        self.end_with(end);
    }

    /// Ends the walk. The list is complete where all items were delivered, in whatever way the server ends it.
    pub(super) fn end_with(&mut self, end: End) {
        self.end = Some(match end {
            _ if self.is_short() == Some(false) => End::Complete,
            End::Complete => End::Complete,
            _ if self.is_at_limit() => End::Limit,
            end => end,
        });
        let too_early = matches!(self.end, Some(End::Repeated | End::Empty | End::NoPosition));
        self.tells_end = too_early && !self.lenient;
    }

    /// Whether a response without the position of a next page announces one nevertheless. Numbered pages go by the
    /// total, or else by the number of the last page; cursors the other way round.
    fn announces_more(&self, facts: &Map<String, Value>) -> bool {
        let numbered = |place: &str| number(find(facts, place)?);
        let this = match self.paging.style {
            PagingStyle::Page => self.position.as_deref().map_or(Some(1), |position| position.parse().ok()),
            // With a cursor, the last page has to come after this one. An empty numbered page need not be followed by
            // one: it was itself announced.
            PagingStyle::Cursor | PagingStyle::Scroll => numbered("pages.page").map(|page| page.saturating_add(1)),
        };
        let last = self.paging.last.and_then(numbered).or_else(|| numbered("pages.total_pages"));
        match (self.paging.style, self.is_short(), this, last) {
            (PagingStyle::Page, Some(short), ..) => short,
            // The list may have grown between two responses.
            (PagingStyle::Cursor, ..) if self.total_changed => false,
            (_, _, Some(this), Some(last)) => this <= last,
            (_, short, ..) => short == Some(true),
        }
    }

    /// Whether fewer items were delivered than the list has; `None` where that is not known.
    fn is_short(&self) -> Option<bool> {
        let total = self.total.filter(|_| self.from_start)?;
        Some(self.delivered < total)
    }

    pub(super) fn is_at_limit(&self) -> bool {
        self.limit.is_some_and(|limit| self.given >= limit) || self.max_pages.is_some_and(|most| self.pages >= most)
    }
}

/// Whether another request cannot help.
fn is_final(error: &Error) -> bool {
    let refused = |status: StatusCode| status.is_client_error() && !matches!(status.as_u16(), 408 | 425 | 429);
    error.is_request()
        || error.is_config()
        || error.is_redirect()
        || error.is_too_large()
        || error.is_status() && error.status().is_some_and(refused)
}
