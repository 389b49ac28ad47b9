//! Handling the response with a page: its items go to a sink, and the position of the next page is determined.

use std::ops::Range;

use super::super::incomplete::list_changed;
use super::super::position::{self, Next, find, number};
use super::super::scan::{Sink, scan};
use super::super::{Checkpoint, End, PagingStyle};
use super::Paginator;
use crate::data::{DecodeError, DecodeOptions, Mismatch};
use crate::error::Error;

/// The outcome of a response.
#[derive(Debug)]
pub(in crate::paging) enum PageOutcome {
    /// A page. Its items were passed to the sink.
    Page(Box<PageInfo>),
    /// The same page as the previous one.
    Repeated,
    /// The total number of items has changed, which is an error. The page is requested again.
    ListChanged(Error),
}

/// A page without its items.
#[derive(Debug)]
pub(in crate::paging) struct PageInfo {
    pub(in crate::paging) total_count: Option<u64>,
    pub(in crate::paging) page: Option<u64>,
    pub(in crate::paging) total_pages: Option<u64>,
    pub(in crate::paging) next: Option<String>,
    /// The position before the first delivered item of the page.
    pub(in crate::paging) start: Checkpoint,
    /// The position after the last item.
    pub(in crate::paging) after: Checkpoint,
    /// The mismatches of the items, up to the limit.
    pub(in crate::paging) mismatches: Vec<Mismatch>,
    /// How many mismatches there were beyond those in `mismatches`.
    pub(in crate::paging) omitted_mismatches: usize,
}

impl Paginator {
    /// Passes the items of a response to the sink, and determines how pagination continues.
    pub(in crate::paging) fn receive(
        &mut self,
        body: &[u8],
        options: DecodeOptions,
        sink: &mut dyn Sink,
    ) -> Result<PageOutcome, DecodeError> {
        let undelivered = self.undelivered();
        let scanned = scan(body, self.paging, options, undelivered.clone(), sink)?;
        let count = match scanned.list {
            Some(list) => list.count,
            None if scanned.null || !scanned.envelope.is_empty() => 0,
            None => {
                return Err(DecodeError::new(format!("expected a list at {}", self.paging.items.join(" or "))));
            }
        };
        let envelope = &scanned.envelope;
        let number_at = |path: &str| number(find(envelope, path)?);
        let total_count = self.paging.total.and_then(number_at).or_else(|| number_at("total_count"));
        if let Some(error) = self.compare_total(total_count) {
            return Ok(PageOutcome::ListChanged(error));
        }
        let fingerprint = scanned.list.filter(|list| list.count > 0).map(|list| list.fingerprint);
        if fingerprint.is_some() && fingerprint == self.fingerprint {
            // A checkpoint that is made now is after the previous page.
            self.position = self.previous.take();
            self.skip = self.previous_count as u64;
            self.end_with(End::Repeated);
            return Ok(PageOutcome::Repeated);
        }
        let requested = self.position.clone();
        let next = if scanned.bare { Next::End } else { position::next(self.paging, envelope, requested.as_deref()) };

        let (from, to) = (undelivered.start.min(count), undelivered.end.min(count));
        let mut start = self.checkpoint();
        start.skip = from as u64;
        // `from` items of this page are skipped: first those of `skip`, the rest because of `skip_after_restart`, which is reduced by that
        // rest.
        self.skip_after_restart -= self.skip_after_restart.min((from as u64).saturating_sub(self.skip));
        let taken = (to - from) as u64;
        self.delivered += taken;
        self.delivered_by_this_stream += taken;
        self.pages += 1;
        self.previous_count = count;
        self.failures = 0;
        if taken > 0 {
            self.restarts = 0;
        }
        self.fingerprint = fingerprint.or(self.fingerprint);
        if to < count {
            // The limit is reached within this page, so a checkpoint refers to this page.
            self.skip = to as u64;
            self.end = Some(End::Limit);
        } else {
            self.advance(&next, count, envelope);
        }

        let requested = requested.as_deref().map_or(Some(1), |requested| requested.parse().ok());
        Ok(PageOutcome::Page(Box::new(PageInfo {
            total_count,
            page: number_at("pages.page").or(requested.filter(|_| self.paging.style == PagingStyle::Page)),
            total_pages: self.paging.last.and_then(number_at).or_else(|| number_at("pages.total_pages")),
            next: match next {
                Next::At(position) => Some(position),
                Next::End | Next::Unspecified | Next::Missing => None,
            },
            start,
            after: self.checkpoint(),
            mismatches: scanned.mismatches,
            omitted_mismatches: scanned.omitted_mismatches,
        })))
    }

    /// Stores the total of a response. Returns an error if pages are numbered and the total has changed.
    fn compare_total(&mut self, total: Option<u64>) -> Option<Error> {
        let (before, total) = (self.total, total?);
        self.total = Some(total);
        let before = before.filter(|before| *before != total)?;
        self.total_changed = true;
        let is_error = self.paging.style == PagingStyle::Page && !self.lenient;
        is_error.then(|| list_changed(before, total, self.checkpoint()))
    }

    /// The indices of the items of the next page that are to be delivered.
    fn undelivered(&self) -> Range<usize> {
        let from = self.skip.saturating_add(self.skip_after_restart);
        let room = self.limit.map_or(u64::MAX, |limit| limit.saturating_sub(self.delivered_by_this_stream));
        let index = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        index(from)..index(from.saturating_add(room))
    }
}
