//! Decides how pagination continues after a page or a failure, and whether the list is complete at the end.

use http::StatusCode;
use serde_json::{Map, Value};

use super::super::position::{Next, find, number};
use super::super::{End, PagingStyle};
use super::Paginator;
use crate::error::Error;

/// The number of empty pages in a row after which pagination ends.
const MAX_EMPTY_PAGES: u32 = 10;
/// The number of failures in a row after which pagination ends.
const MAX_FAILURES: u32 = 10;
/// How many times in a row a scroll is restarted without progress.
const MAX_RESTARTS: u32 = 3;

impl Paginator {
    /// Handles a failed request. Returns the error for the caller; `None` if pagination continues without one.
    pub(in crate::paging) fn failed(&mut self, error: Error) -> Option<Error> {
        let lost = error.is_scroll_expired() || error.is_scroll_broken();
        if lost && self.scroll.restart && self.restarts < MAX_RESTARTS {
            self.restarts += 1;
            self.position = None;
            self.skip = 0;
            self.skip_after_restart = self.delivered;
            self.fingerprint = None;
            return None;
        }
        self.failures += 1;
        if lost || self.failures >= MAX_FAILURES || is_final(&error) {
            self.end = Some(End::Failed);
            self.guard = None;
        }
        Some(error)
    }

    /// Continues with the next page, or ends pagination.
    pub(super) fn advance(&mut self, next: &Next, count: usize, envelope: &Map<String, Value>) {
        self.empty_pages = if count == 0 { self.empty_pages + 1 } else { 0 };
        let numbered = self.paging.style == PagingStyle::Page;
        let end = match (self.paging.style, next) {
            (PagingStyle::Page, _) if count == 0 && self.announces_more(envelope) => End::Empty,
            (PagingStyle::Page | PagingStyle::Scroll, _) if count == 0 => End::Complete,
            // The response says that this is the last page, but the total says that items are missing. The total is trusted more than
            // such a response only on an empty page and for numbered pages. If the response says nothing, `announces_more` decides.
            (_, Next::End) if (numbered || count == 0) && self.lacks_items() == Some(true) => End::NoPosition,
            (_, Next::Unspecified) if self.announces_more(envelope) => End::NoPosition,
            (_, Next::End | Next::Unspecified) => End::Complete,
            (_, Next::Missing) => End::NoPosition,
            (PagingStyle::Cursor, Next::At(position)) if !self.cursors.insert(position) => End::Repeated,
            _ if self.empty_pages >= MAX_EMPTY_PAGES => End::Empty,
            (_, Next::At(position)) => {
                self.skip = 0;
                self.previous = self.position.replace(position.clone());
                return;
            }
        };
        // `position` remains that of this page, so a checkpoint skips the items of this page, which were delivered.
        self.skip = if end == End::Complete { 0 } else { count as u64 };
        self.end_with(end);
    }

    /// Ends pagination. If all items were delivered according to the total, the list is complete, whatever `end` is.
    pub(super) fn end_with(&mut self, end: End) {
        self.end = Some(match end {
            _ if self.lacks_items() == Some(false) => End::Complete,
            End::Complete => End::Complete,
            _ if self.is_at_limit() => End::Limit,
            end => end,
        });
        let is_incomplete = matches!(self.end, Some(End::Repeated | End::Empty | End::NoPosition));
        self.report_end = is_incomplete && !self.lenient;
    }

    /// Whether more items are announced. It is called for an empty numbered page, and for a response that does not say whether there is a
    /// next page (`Next::Unspecified`). For numbered pages the total is used if there is one, otherwise the number of the last page. For
    /// cursors it is the other way round.
    fn announces_more(&self, envelope: &Map<String, Value>) -> bool {
        let number_at = |path: &str| number(find(envelope, path)?);
        // The number of the page on which the missing items would be: for numbered pages the current page, which is empty; for cursors the
        // page after it. More items are announced if the announced number of pages is at least this number.
        let missing_from = match self.paging.style {
            PagingStyle::Page => self.position.as_deref().map_or(Some(1), |position| position.parse().ok()),
            PagingStyle::Cursor | PagingStyle::Scroll => number_at("pages.page").map(|page| page.saturating_add(1)),
        };
        let last = self.paging.last.and_then(number_at).or_else(|| number_at("pages.total_pages"));
        match (self.paging.style, self.lacks_items(), missing_from, last) {
            (PagingStyle::Page, Some(lacks_items), ..) => lacks_items,
            // The list may have grown between two responses, so the numbers do not prove that items are missing.
            (PagingStyle::Cursor, ..) if self.total_changed => false,
            (_, _, Some(missing_from), Some(last)) => missing_from <= last,
            (_, lacks_items, ..) => lacks_items == Some(true),
        }
    }

    /// Whether fewer items were delivered than the list has; `None` if it is not known.
    fn lacks_items(&self) -> Option<bool> {
        let total = self.total.filter(|_| self.from_start)?;
        Some(self.delivered < total)
    }

    pub(super) fn is_at_limit(&self) -> bool {
        self.limit.is_some_and(|limit| self.delivered_by_this_stream >= limit)
            || self.max_pages.is_some_and(|max| self.pages >= max)
    }
}

/// Whether sending the request again cannot succeed.
fn is_final(error: &Error) -> bool {
    let refused = |status: StatusCode| status.is_client_error() && !matches!(status.as_u16(), 408 | 425 | 429);
    error.is_request()
        || error.is_config()
        || error.is_redirect()
        || error.is_too_large()
        || error.is_status() && error.status().is_some_and(refused)
}
