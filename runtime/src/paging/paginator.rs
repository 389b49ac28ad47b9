//! The state machine of pagination. This file sends the requests, [`receive`] handles their responses, and [`ending`] decides how
//! pagination continues or ends. It has no type parameters, so that it is compiled once for all operations.

mod ending;
mod receive;

pub(super) use receive::PageOutcome;

use std::task::{Context, Poll, ready};

use super::cycle::CycleDetector;
use super::incomplete::cut_off;
use super::scroll::{ScrollGuard, ScrollOptions};
use super::{Checkpoint, End, Paging, PagingStyle};
use crate::call::Call;
use crate::error::Error;
use crate::response::Buffered;
use crate::send;
use crate::transport::BoxFuture;

/// The settings, the position in the list, and the current request.
pub(super) struct Paginator {
    call: Call,
    paging: &'static Paging,
    /// Why pagination cannot start: the first poll returns this error.
    invalid: Option<Error>,

    limit: Option<u64>,
    max_pages: Option<u64>,
    prefetch: bool,
    /// Whether to request the maximum page size of the operation if the request has no page size.
    pub(super) use_max_page_size: bool,
    lenient: bool,
    scroll: ScrollOptions,

    /// Whether `delivered` counts from the beginning of the list and can be compared with the total. False if the caller has set a position
    /// in the request. A resumed stream counts on from its checkpoint.
    from_start: bool,
    /// The position of the next page to request; `None` for the first page.
    position: Option<String>,
    /// The position of the page before `position`.
    previous: Option<String>,
    /// How many items of the page at `position` were delivered already.
    skip: u64,
    /// How many items to skip because they were delivered before the scroll was restarted.
    skip_after_restart: u64,
    per_page: Option<u32>,
    /// Whether a request was made.
    started: bool,
    /// The number of delivered items, including those before a checkpoint.
    delivered: u64,
    /// The number of items that this stream has delivered, without those before a checkpoint.
    delivered_by_this_stream: u64,
    /// The number of received pages.
    pages: u64,
    /// The number of items of the previous page.
    pub(super) previous_count: usize,
    /// The number of empty pages in a row.
    empty_pages: u32,
    /// The number of failures in a row.
    failures: u32,
    /// The number of restarts of a scroll in a row, without progress.
    restarts: u32,
    /// The fingerprint of the last page that was not empty.
    fingerprint: Option<u64>,
    cursors: CycleDetector,
    /// The total number of items in the last response.
    total: Option<u64>,
    /// Whether an earlier response had another total.
    total_changed: bool,
    pub(super) end: Option<End>,
    /// Whether the next poll has to return an error because the list is incomplete.
    report_end: bool,

    /// The lock of scrolls, while this scroll waits for it.
    acquiring: Option<BoxFuture<'static, Result<ScrollGuard, Error>>>,
    /// The lock of scrolls, once this scroll has it.
    guard: Option<ScrollGuard>,
    /// The request of the next page, if it was made already.
    pending: Option<BoxFuture<'static, Buffered>>,
}

/// A placeholder for operations without pagination. Their first poll fails before it is used.
static NO_PAGING: Paging = Paging::new(PagingStyle::Cursor, super::Location::Query, "", &[]);

impl Paginator {
    pub(super) fn new(call: Call) -> Self {
        let paging = call.endpoint.paging.unwrap_or(&NO_PAGING);
        let (position, per_page) = (call.position(paging), call.page_size(paging));
        let invalid = match call.endpoint.paging {
            None => Some("the operation has no pages".to_owned()),
            Some(paging) => per_page.and_then(|count| paging.page_size_error(&call.endpoint.id, count)),
        };
        let invalid = invalid.map(|reason| Error::request(reason).at(&call.endpoint, 0));
        Self {
            call,
            paging,
            invalid,
            limit: None,
            max_pages: None,
            prefetch: false,
            use_max_page_size: true,
            lenient: false,
            scroll: ScrollOptions::new(),
            from_start: position.is_none(),
            position,
            previous: None,
            skip: 0,
            skip_after_restart: 0,
            per_page,
            started: false,
            delivered: 0,
            delivered_by_this_stream: 0,
            pages: 0,
            previous_count: 0,
            empty_pages: 0,
            failures: 0,
            restarts: 0,
            fingerprint: None,
            cursors: CycleDetector::default(),
            total: None,
            total_changed: false,
            end: None,
            report_end: false,
            acquiring: None,
            guard: None,
            pending: None,
        }
    }

    pub(super) fn operation(&self) -> &str {
        &self.call.endpoint.id
    }

    pub(super) fn set_limit(&mut self, items: u64) {
        self.limit = Some(items);
    }

    pub(super) fn set_max_pages(&mut self, pages: u64) {
        self.max_pages = Some(pages);
    }

    pub(super) fn set_prefetch(&mut self) {
        self.prefetch = true;
    }

    pub(super) fn set_lenient(&mut self) {
        self.lenient = true;
    }

    pub(super) fn set_scroll(&mut self, options: ScrollOptions) {
        self.scroll = options;
    }

    /// Continues at a checkpoint.
    pub(super) fn set_checkpoint(&mut self, checkpoint: &Checkpoint) {
        if let Some(reason) = checkpoint.refusal_for(&self.call.endpoint.id, self.call.version(), self.paging) {
            self.invalid = Some(Error::invalid_checkpoint(reason).at(&self.call.endpoint, 0));
            return;
        }
        if self.paging.style == PagingStyle::Scroll && checkpoint.skip > 0 {
            // A page of a scroll cannot be requested again, so the scroll restarts from the first page.
            self.position = None;
            self.skip_after_restart = checkpoint.delivered;
        } else {
            self.position.clone_from(&checkpoint.position);
            self.skip = checkpoint.skip;
        }
        self.delivered = checkpoint.delivered;
        self.total = checkpoint.total;
        self.per_page = checkpoint.per_page.or(self.per_page);
        self.end = checkpoint.done.then_some(End::Complete);
    }

    /// The current position, before the next page.
    pub(super) fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            operation: self.call.endpoint.id.clone().into_owned(),
            version: self.call.version().to_owned(),
            position: self.position.clone(),
            skip: self.skip.saturating_add(self.skip_after_restart),
            delivered: self.delivered,
            per_page: self.per_page,
            total: self.total.filter(|_| self.paging.style == PagingStyle::Page),
            done: self.end == Some(End::Complete),
        }
    }

    /// Polls the response with the next page; `None` after the last.
    pub(super) fn poll_response(&mut self, cx: &mut Context<'_>) -> Poll<Option<Buffered>> {
        loop {
            if let Some(error) = self.invalid.take() {
                self.end = Some(End::Failed);
                return Poll::Ready(Some(Err(error)));
            }
            if self.end.is_none() && self.is_at_limit() {
                self.end = Some(End::Limit);
            }
            if let Some(end) = self.end {
                self.guard = None;
                let error = std::mem::take(&mut self.report_end).then(|| {
                    let error = cut_off(end, self.total, self.checkpoint());
                    Err(error.at(&self.call.endpoint, 0))
                });
                return Poll::Ready(error);
            }
            if self.pending.is_none() {
                if let Err(error) = ready!(self.poll_guard(cx)) {
                    if let Some(error) = self.failed(error) {
                        return Poll::Ready(Some(Err(error)));
                    }
                    continue;
                }
                let call = self.next_call();
                self.pending = Some(send::buffered(call));
            }
            match ready!(self.poll_pending(cx)) {
                Ok(response) => return Poll::Ready(Some(Ok(response))),
                Err(error) => {
                    if let Some(error) = self.failed(error) {
                        return Poll::Ready(Some(Err(error)));
                    }
                }
            }
        }
    }

    /// Requests the next page in the background, if `prefetch` is set and there is a tokio runtime.
    pub(super) fn prefetch_next(&mut self) {
        // A page of a scroll cannot be requested again, so a scroll that has prefetched a page could not be resumed at the one before.
        let is_enabled = self.prefetch && self.paging.style != PagingStyle::Scroll;
        if is_enabled && self.pending.is_none() && self.end.is_none() && self.invalid.is_none() && !self.is_at_limit() {
            let call = self.next_call();
            self.pending = send::in_background(call);
        }
    }

    fn poll_pending(&mut self, cx: &mut Context<'_>) -> Poll<Buffered> {
        let Some(pending) = &mut self.pending else { return Poll::Pending };
        let result = ready!(pending.as_mut().poll(cx));
        self.pending = None;
        if let (Some(guard), Ok(_)) = (&self.guard, &result) {
            guard.renew(self.call.client.0.clock.now());
        }
        Poll::Ready(result)
    }

    /// Acquires the lock of scrolls, if the operation is a scroll.
    fn poll_guard(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        if self.paging.style != PagingStyle::Scroll || self.guard.is_some() {
            return Poll::Ready(Ok(()));
        }
        let client = &*self.call.client.0;
        let acquiring = self.acquiring.get_or_insert_with(|| {
            ScrollGuard::acquire(client.scroll.clone(), client.clock.clone(), self.scroll.fail_if_busy)
        });
        let result = ready!(acquiring.as_mut().poll(cx));
        self.acquiring = None;
        self.guard = Some(result.map_err(|error| error.at(&self.call.endpoint, 0))?);
        Poll::Ready(Ok(()))
    }

    /// Makes the call for the next page.
    fn next_call(&mut self) -> Call {
        if !self.started {
            self.started = true;
            if self.use_max_page_size {
                let room = self.limit.map(|limit| u32::try_from(limit.saturating_add(self.skip)).unwrap_or(u32::MAX));
                let largest = self.paging.max_per_page.map(|max| room.map_or(max, |room| max.min(room)));
                self.per_page = self.per_page.or(largest);
            }
            if let Some(position) = &self.position {
                self.cursors.insert(position);
            }
        }
        let mut call = self.call.clone();
        if let Some(count) = self.per_page {
            call.set_page_size(self.paging, count);
        }
        if let Some(position) = &self.position {
            call.set_position(self.paging, position);
        }
        call
    }
}
