//! The walk over the pages of an operation: which request comes next, and whether one does. No type parameters: one copy
//! serves every operation.

use std::ops::Range;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::StatusCode;
use serde::de::Error as _;

use super::position::{self, Next, find, number};
use super::scan::{Sink, scan};
use super::scroll::{ScrollGuard, ScrollOptions};
use super::seen::Seen;
use super::{Checkpoint, End, Paging, PagingStyle};
use crate::call::Call;
use crate::data;
use crate::error::Error;
use crate::response::Response;
use crate::send;
use crate::transport::BoxFuture;

/// How many empty pages in a row are followed.
const MOST_EMPTY: u32 = 10;
/// After how many failures in a row a walk ends.
const MOST_FAILURES: u32 = 10;
/// How often a scroll is begun again without getting further.
const MOST_RESTARTS: u32 = 3;

pub(super) struct Walk {
    call: Call,
    paging: &'static Paging,
    mistake: Option<Error>,

    limit: Option<u64>,
    max_pages: Option<u64>,
    pub(super) prefetch: bool,
    pub(super) largest: bool,
    scroll: ScrollOptions,

    /// Of the page to ask for next; none is the first.
    position: Option<String>,
    /// How many items of that page were delivered.
    skip: u64,
    /// How many items are still to be left out since the scroll was begun again.
    redo: u64,
    per_page: Option<u32>,
    begun: bool,
    delivered: u64,
    /// Without those before a checkpoint.
    given: u64,
    pages: u64,
    /// How many items the page before had.
    pub(super) before: usize,
    empty: u32,
    failures: u32,
    restarts: u32,
    fingerprint: Option<u64>,
    seen: Seen,
    pub(super) end: Option<End>,

    acquiring: Option<BoxFuture<'static, Result<ScrollGuard, Error>>>,
    guard: Option<ScrollGuard>,
    pending: Option<BoxFuture<'static, Result<Response<Bytes>, Error>>>,
    ready: Option<Result<Response<Bytes>, Error>>,
}

/// What is known of a page beside its items.
#[derive(Debug)]
pub(super) struct Taken {
    pub(super) total_count: Option<u64>,
    pub(super) page: Option<u64>,
    pub(super) total_pages: Option<u64>,
    pub(super) next: Option<String>,
    /// Before the first delivered item of the page.
    pub(super) start: Checkpoint,
    /// After the last one.
    pub(super) after: Checkpoint,
    /// Where the list stood.
    pub(super) place: &'static str,
}

/// Stands in where a request that does not page is walked: it fails before anything is read from it.
static NOTHING: Paging = Paging {
    style: PagingStyle::Cursor,
    location: super::Location::Query,
    cursor: "",
    per_page: None,
    max_per_page: None,
    items: &[],
    next: "",
    last: None,
    more: None,
    total: None,
};

impl Walk {
    pub(super) fn new(call: Call) -> Self {
        let paging = call.endpoint.paging.unwrap_or(&NOTHING);
        let mistake =
            call.endpoint.paging.is_none().then(|| Error::request("the operation does not page").at(call.endpoint, 0));
        let (position, per_page) = (call.position(paging), call.page_size(paging));
        Self {
            call,
            paging,
            mistake,
            limit: None,
            max_pages: None,
            prefetch: false,
            largest: true,
            scroll: ScrollOptions::new(),
            position,
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
            end: None,
            acquiring: None,
            guard: None,
            pending: None,
            ready: None,
        }
    }

    pub(super) fn operation(&self) -> &'static str {
        self.call.endpoint.id
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

    pub(super) fn set_scroll(&mut self, options: ScrollOptions) {
        self.scroll = options;
    }

    /// Goes on where a checkpoint says.
    pub(super) fn set_checkpoint(&mut self, checkpoint: &Checkpoint) {
        if let Some(refusal) = checkpoint.refusal(self.call.endpoint.id, &self.call.version()) {
            self.mistake = Some(Error::checkpoint(refusal).at(self.call.endpoint, 0));
            return;
        }
        if self.paging.style == PagingStyle::Scroll && checkpoint.skip > 0 {
            // A scroll does not give a page twice: it is begun again.
            self.position = None;
            self.redo = checkpoint.delivered;
        } else {
            self.position.clone_from(&checkpoint.cursor);
            self.skip = checkpoint.skip;
        }
        self.delivered = checkpoint.delivered;
        self.per_page = checkpoint.per_page.or(self.per_page);
        self.end = checkpoint.done.then_some(End::Complete);
    }

    /// Where the walk stands before the next page.
    pub(super) fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            operation: self.call.endpoint.id.to_owned(),
            version: self.call.version().into_owned(),
            cursor: self.position.clone(),
            skip: self.skip,
            delivered: self.delivered,
            per_page: self.per_page,
            done: matches!(self.end, Some(End::Complete | End::Repeated | End::Empty | End::NoPosition)),
        }
    }

    /// The answer with the next page; `None` after the last.
    pub(super) fn poll_response(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Response<Bytes>, Error>>> {
        loop {
            if let Some(mistake) = self.mistake.take() {
                self.end = Some(End::Failed);
                return Poll::Ready(Some(Err(mistake)));
            }
            if self.end.is_none() && self.is_at_limit() {
                self.end = Some(End::Limit);
            }
            if self.end.is_some() {
                self.guard = None;
                return Poll::Ready(None);
            }
            if self.pending.is_none() && self.ready.is_none() {
                if let Err(error) = ready!(self.poll_guard(cx)) {
                    if let Some(error) = self.failed(error) {
                        return Poll::Ready(Some(Err(error)));
                    }
                    continue;
                }
                self.begin();
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

    /// Loads the next page while the caller is at work on this one.
    pub(super) fn load_ahead(&mut self, cx: &mut Context<'_>) {
        // A scroll that is a page ahead of its reader could not be resumed where the reader is.
        let ahead = self.prefetch && self.paging.style != PagingStyle::Scroll;
        if !ahead || self.ready.is_some() || self.end.is_some() || self.mistake.is_some() || self.is_at_limit() {
            return;
        }
        if self.pending.is_none() {
            self.begin();
        }
        if let Poll::Ready(result) = self.poll_pending(cx) {
            self.ready = Some(result);
        }
    }

    fn poll_pending(&mut self, cx: &mut Context<'_>) -> Poll<Result<Response<Bytes>, Error>> {
        if let Some(result) = self.ready.take() {
            return Poll::Ready(result);
        }
        let Some(pending) = &mut self.pending else { return Poll::Pending };
        let result = ready!(pending.as_mut().poll(cx));
        self.pending = None;
        if let (Some(guard), Ok(_)) = (&self.guard, &result) {
            guard.renew(self.call.client.0.clock.now());
        }
        Poll::Ready(result)
    }

    /// The right to scroll, where the operation scrolls.
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
        self.guard = Some(result.map_err(|error| error.at(self.call.endpoint, 0))?);
        Poll::Ready(Ok(()))
    }

    /// Makes the request for the next page.
    fn begin(&mut self) {
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
        self.pending = Some(send::buffered(call));
    }

    /// What a failure means for the walk; `None` where it goes on by itself.
    pub(super) fn failed(&mut self, error: Error) -> Option<Error> {
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

    /// Takes the items of an answer, and finds out where the next page is. `None` where the answer is the page before.
    pub(super) fn take(&mut self, body: &[u8], sink: &mut dyn Sink) -> Result<Option<Taken>, serde_json::Error> {
        let wanted = self.wanted();
        let scanned = scan(data::text(body)?, self.paging, wanted.clone(), sink)?;
        let (count, place) = match scanned.list {
            Some(list) => (list.count, list.place),
            None if scanned.null || !scanned.facts.is_empty() => (0, 0),
            None => return Err(serde_json::Error::custom(format!("no list at {}", self.paging.items.join(" or ")))),
        };
        let fingerprint = scanned.list.filter(|list| list.count > 0).map(|list| list.fingerprint);
        if fingerprint.is_some() && fingerprint == self.fingerprint {
            self.end = Some(End::Repeated);
            return Ok(None);
        }
        let asked = self.position.clone();
        let next =
            if scanned.bare { Next::None } else { position::next(self.paging, &scanned.facts, asked.as_deref()) };

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
            // The limit is inside this page: whoever goes on begins with it.
            self.skip = to as u64;
            self.end = Some(End::Limit);
        } else {
            self.skip = 0;
            self.advance(&next, count);
        }

        let facts = &scanned.facts;
        let numbered = |place: &str| number(find(facts, place)?);
        let asked = asked.as_deref().map_or(Some(1), |asked| asked.parse().ok());
        Ok(Some(Taken {
            total_count: self.paging.total.and_then(numbered).or_else(|| numbered("total_count")),
            page: numbered("pages.page").or(asked.filter(|_| self.paging.style == PagingStyle::Page)),
            total_pages: self.paging.last.and_then(numbered).or_else(|| numbered("pages.total_pages")),
            next: match next {
                Next::At(position) => Some(position),
                Next::None | Next::Unknown => None,
            },
            start,
            after: self.checkpoint(),
            place: self.paging.items.get(place).copied().filter(|_| !scanned.bare).unwrap_or_default(),
        }))
    }

    /// Which items of the next page are to be delivered.
    fn wanted(&self) -> Range<usize> {
        let from = self.skip.saturating_add(self.redo);
        let room = self.limit.map_or(u64::MAX, |limit| limit.saturating_sub(self.given));
        let index = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        index(from)..index(from.saturating_add(room))
    }

    /// Moves on to the next page, or ends.
    fn advance(&mut self, next: &Next, count: usize) {
        self.empty = if count == 0 { self.empty + 1 } else { 0 };
        self.end = match (self.paging.style, next) {
            (PagingStyle::Page | PagingStyle::Scroll, _) if count == 0 => Some(End::Complete),
            (_, Next::None) => Some(End::Complete),
            (_, Next::Unknown) => Some(End::NoPosition),
            (PagingStyle::Cursor, Next::At(position)) if !self.seen.insert(position) => Some(End::Repeated),
            _ if self.empty >= MOST_EMPTY => Some(End::Empty),
            (_, Next::At(position)) => {
                self.position = Some(position.clone());
                None
            }
        };
    }

    fn is_at_limit(&self) -> bool {
        self.limit.is_some_and(|limit| self.given >= limit) || self.max_pages.is_some_and(|most| self.pages >= most)
    }
}

/// Whether asking again cannot help.
fn is_final(error: &Error) -> bool {
    let refused = |status: StatusCode| status.is_client_error() && !matches!(status.as_u16(), 408 | 425 | 429);
    error.is_request()
        || error.is_config()
        || error.is_redirect()
        || error.is_too_large()
        || error.is_status() && error.status().is_some_and(refused)
}
