//! The state machine of pagination: which request comes next, or why the list has ended. It has no type parameters, so that it is
//! compiled once for all operations.

mod ending;

use std::ops::Range;
use std::task::{Context, Poll, ready};

use super::cut_off::{cut_off, list_changed};
use super::position::{self, Next, find, number};
use super::scan::{Sink, scan};
use super::scroll::{ScrollGuard, ScrollOptions};
use super::seen::Seen;
use super::{Checkpoint, End, Paging, PagingStyle};
use crate::call::Call;
use crate::data::{DecodeError, DecodeOptions, Mismatch};
use crate::error::Error;
use crate::send::{self, Buffered};
use crate::transport::BoxFuture;

/// The settings, the position, and the current request.
pub(super) struct Walk {
    call: Call,
    paging: &'static Paging,
    mistake: Option<Error>,

    limit: Option<u64>,
    max_pages: Option<u64>,
    prefetch: bool,
    /// Whether to request the largest page that the operation allows, where the request has no page size.
    pub(super) largest: bool,
    lenient: bool,
    scroll: ScrollOptions,

    /// Whether the walk began with the first page, so that the number of delivered items can be compared with the total.
    from_start: bool,
    /// The position of the next page to request; `None` for the first page.
    position: Option<String>,
    /// The position of the page before that.
    previous: Option<String>,
    /// How many items of the page at `position` were delivered already.
    skip: u64,
    /// How many items are still to be left out, after the scroll was begun again.
    redo: u64,
    per_page: Option<u32>,
    begun: bool,
    delivered: u64,
    /// The number of delivered items, without those before a checkpoint.
    given: u64,
    pages: u64,
    /// How many items the previous page had.
    pub(super) before: usize,
    empty: u32,
    failures: u32,
    restarts: u32,
    fingerprint: Option<u64>,
    seen: Seen,
    /// The total of the last response, and whether an earlier response had another total.
    total: Option<u64>,
    total_changed: bool,
    pub(super) end: Option<End>,
    /// Whether the error of the end is still to be returned.
    tells_end: bool,

    acquiring: Option<BoxFuture<'static, Result<ScrollGuard, Error>>>,
    guard: Option<ScrollGuard>,
    pending: Option<BoxFuture<'static, Buffered>>,
}

/// The outcome of a response.
#[derive(Debug)]
pub(super) enum Answer {
    Page(Box<Taken>),
    /// The previous page again.
    Again,
    /// The total has changed; no items were taken.
    ListChanged(Error),
}

/// A page without its items.
#[derive(Debug)]
pub(super) struct Taken {
    pub(super) total_count: Option<u64>,
    pub(super) page: Option<u64>,
    pub(super) total_pages: Option<u64>,
    pub(super) next: Option<String>,
    /// The position before the first delivered item of the page.
    pub(super) start: Checkpoint,
    /// The position after the last item.
    pub(super) after: Checkpoint,
    /// The mismatches of the items.
    pub(super) mismatches: Vec<Mismatch>,
    /// How many more mismatches there were.
    pub(super) further: usize,
}

/// For a request of an operation without pages, which fails before this is used.
static NOTHING: Paging = Paging::new(PagingStyle::Cursor, super::Location::Query, "", &[]);

impl Walk {
    pub(super) fn new(call: Call) -> Self {
        let paging = call.endpoint.paging.unwrap_or(&NOTHING);
        let (position, per_page) = (call.position(paging), call.page_size(paging));
        let mistake = match call.endpoint.paging {
            None => Some("the operation does not page".to_owned()),
            Some(paging) => per_page.and_then(|count| paging.refusal(&call.endpoint.id, count)),
        };
        let mistake = mistake.map(|mistake| Error::request(mistake).at(&call.endpoint, 0));
        Self {
            call,
            paging,
            mistake,
            limit: None,
            max_pages: None,
            prefetch: false,
            largest: true,
            lenient: false,
            scroll: ScrollOptions::new(),
            from_start: position.is_none(),
            position,
            previous: None,
            skip: 0,
            redo: 0,
            per_page,
            begun: false,
            delivered: 0,
            given: 0,
            pages: 0,
            before: 0,
            empty: 0,
            failures: 0,
            restarts: 0,
            fingerprint: None,
            seen: Seen::default(),
            total: None,
            total_changed: false,
            end: None,
            tells_end: false,
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
        if let Some(refusal) = checkpoint.refusal(&self.call.endpoint.id, &self.call.version(), self.paging) {
            self.mistake = Some(Error::invalid_checkpoint(refusal).at(&self.call.endpoint, 0));
            return;
        }
        if self.paging.style == PagingStyle::Scroll && checkpoint.skip > 0 {
            // A scroll does not deliver a page twice, so it begins again.
            self.position = None;
            self.redo = checkpoint.delivered;
        } else {
            self.position.clone_from(&checkpoint.cursor);
            self.skip = checkpoint.skip;
        }
        self.delivered = checkpoint.delivered;
        self.total = checkpoint.total;
        self.per_page = checkpoint.per_page.or(self.per_page);
        self.end = checkpoint.done.then_some(End::Complete);
    }

    /// The checkpoint before the next page.
    pub(super) fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            operation: self.call.endpoint.id.clone().into_owned(),
            version: self.call.version().into_owned(),
            cursor: self.position.clone(),
            skip: self.skip.saturating_add(self.redo),
            delivered: self.delivered,
            per_page: self.per_page,
            total: self.total.filter(|_| self.paging.style == PagingStyle::Page),
            done: self.end == Some(End::Complete),
        }
    }

    /// The response with the next page; `None` after the last.
    pub(super) fn poll_response(&mut self, cx: &mut Context<'_>) -> Poll<Option<Buffered>> {
        loop {
            if let Some(mistake) = self.mistake.take() {
                self.end = Some(End::Failed);
                return Poll::Ready(Some(Err(mistake)));
            }
            if self.end.is_none() && self.is_at_limit() {
                self.end = Some(End::Limit);
            }
            if let Some(end) = self.end {
                self.guard = None;
                let told = std::mem::take(&mut self.tells_end).then(|| {
                    let error = cut_off(end, self.total, self.checkpoint());
                    Err(error.at(&self.call.endpoint, 0))
                });
                return Poll::Ready(told);
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

    /// Loads the next page in the background, if there is a tokio runtime.
    pub(super) fn load_ahead(&mut self) {
        // A scroll whose next page is loaded already could not be resumed at the current page.
        let ahead = self.prefetch && self.paging.style != PagingStyle::Scroll;
        if ahead && self.pending.is_none() && self.end.is_none() && self.mistake.is_none() && !self.is_at_limit() {
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

    /// The lock of scrolls, where the operation is a scroll.
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

    /// The call for the next page.
    fn next_call(&mut self) -> Call {
        if !self.begun {
            self.begun = true;
            if self.largest {
                let room = self.limit.map(|limit| u32::try_from(limit.saturating_add(self.skip)).unwrap_or(u32::MAX));
                let largest = self.paging.max_per_page.map(|max| room.map_or(max, |room| max.min(room)));
                self.per_page = self.per_page.or(largest);
            }
            if let Some(position) = &self.position {
                self.seen.insert(position);
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

    /// Takes the items of a response, and finds the next page.
    pub(super) fn take(
        &mut self,
        body: &[u8],
        options: DecodeOptions,
        sink: &mut dyn Sink,
    ) -> Result<Answer, DecodeError> {
        let wanted = self.wanted();
        let scanned = scan(body, self.paging, options, wanted.clone(), sink)?;
        let count = match scanned.list {
            Some(list) => list.count,
            None if scanned.null || !scanned.facts.is_empty() => 0,
            None => return Err(DecodeError::new(format!("no list at {}", self.paging.items.join(" or ")))),
        };
        let facts = &scanned.facts;
        let numbered = |place: &str| number(find(facts, place)?);
        let total_count = self.paging.total.and_then(numbered).or_else(|| numbered("total_count"));
        if let Some(error) = self.compare_total(total_count) {
            return Ok(Answer::ListChanged(error));
        }
        let fingerprint = scanned.list.filter(|list| list.count > 0).map(|list| list.fingerprint);
        if fingerprint.is_some() && fingerprint == self.fingerprint {
            // A checkpoint taken now is after the previous page.
            self.position = self.previous.take();
            self.skip = self.before as u64;
            self.end_with(End::Repeated);
            return Ok(Answer::Again);
        }
        let asked = self.position.clone();
        let next = if scanned.bare { Next::End } else { position::next(self.paging, facts, asked.as_deref()) };

        let (from, to) = (wanted.start.min(count), wanted.end.min(count));
        let mut start = self.checkpoint();
        start.skip = from as u64;
        self.redo -= self.redo.min((from as u64).saturating_sub(self.skip));
        let taken = (to - from) as u64;
        self.delivered += taken;
        self.given += taken;
        self.pages += 1;
        self.before = count;
        self.failures = 0;
        if taken > 0 {
            self.restarts = 0;
        }
        self.fingerprint = fingerprint.or(self.fingerprint);
        if to < count {
            // The limit is inside this page, so a checkpoint begins with this page.
            self.skip = to as u64;
            self.end = Some(End::Limit);
        } else {
            self.advance(&next, count, facts);
        }

        let asked = asked.as_deref().map_or(Some(1), |asked| asked.parse().ok());
        Ok(Answer::Page(Box::new(Taken {
            total_count,
            page: numbered("pages.page").or(asked.filter(|_| self.paging.style == PagingStyle::Page)),
            total_pages: self.paging.last.and_then(numbered).or_else(|| numbered("pages.total_pages")),
            next: match next {
                Next::At(position) => Some(position),
                Next::End | Next::Silent | Next::Unknown => None,
            },
            start,
            after: self.checkpoint(),
            mismatches: scanned.mismatches,
            further: scanned.further,
        })))
    }

    /// Stores the total of a response. An error where pages are numbered and the total has changed.
    fn compare_total(&mut self, total: Option<u64>) -> Option<Error> {
        let (before, total) = (self.total, total?);
        self.total = Some(total);
        let before = before.filter(|before| *before != total)?;
        self.total_changed = true;
        let tells = self.paging.style == PagingStyle::Page && !self.lenient;
        tells.then(|| list_changed(before, total, self.checkpoint()))
    }

    /// Which items of the next page are to be delivered.
    fn wanted(&self) -> Range<usize> {
        let from = self.skip.saturating_add(self.redo);
        let room = self.limit.map_or(u64::MAX, |limit| limit.saturating_sub(self.given));
        let index = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        index(from)..index(from.saturating_add(room))
    }
}
