//! The pages of an operation as a stream.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use serde::Serialize;
use serde_json::Value;

use super::decoder::Decoder;
use super::paginator::{PageOutcome, Paginator};
use super::{Checkpoint, End, Page, ScrollOptions};
use crate::call::Call;
use crate::data::{Decode, Mismatch};
use crate::error::Error;
use crate::response::Response;

/// The pages of an operation, one request for each: a [`Stream`], which also has async methods.
///
/// After an error, polling again requests the same page again, unless that cannot succeed or the server ended the list too early
/// ([`Error::is_cut_off`]). See [the module](crate::paging) for the rules.
#[must_use = "a stream does nothing until it is polled"]
pub struct Pages<T> {
    paginator: Paginator,
    read: Read<T>,
}

/// Decodes a response. It is a function pointer, so that other code does not depend on the type of the items.
type Read<T> = fn(&mut Paginator, Response<Bytes>) -> Result<Option<Page<T>>, Error>;

impl<T: Decode> Pages<T> {
    /// Called by generated code.
    #[doc(hidden)]
    pub fn new(call: Call) -> Self {
        Self { paginator: Paginator::new(call), read: read::<T> }
    }

    /// A single page, with the page size of the request.
    pub(super) fn single(call: Call) -> Self {
        let mut pages = Self::new(call);
        pages.paginator.use_max_page_size = false;
        pages.paginator.set_max_pages(1);
        pages
    }
}

impl Pages<Value> {
    /// Pages whose items are decoded as `T` and encoded as JSON again, for tools that work with any operation.
    #[doc(hidden)]
    pub fn through<T: Decode + Serialize>(call: Call) -> Self {
        Self { paginator: Paginator::new(call), read: read_through::<T> }
    }
}

impl<T> Pages<T> {
    super::settings!(paginator);

    /// The position after the last delivered page.
    pub fn checkpoint(&self) -> Checkpoint {
        self.paginator.checkpoint()
    }

    /// Why the stream ended; `None` as long as more pages may follow.
    pub fn end(&self) -> Option<End> {
        self.paginator.end
    }

    /// The next page; `None` after the last.
    pub async fn next(&mut self) -> Option<Result<Page<T>, Error>> {
        std::future::poll_fn(|cx| self.poll_page(cx)).await
    }

    /// The next page; `None` after the last.
    ///
    /// # Errors
    /// Those of the request. Also if the list was cut off ([`Error::is_cut_off`]), or if it changed while it was read
    /// ([`Error::is_list_changed`]).
    pub async fn try_next(&mut self) -> Result<Option<Page<T>>, Error> {
        self.next().await.transpose()
    }

    /// Collects all pages.
    ///
    /// # Errors
    /// Those of [`try_next`](Self::try_next).
    pub async fn try_collect<C: Default + Extend<Page<T>>>(mut self) -> Result<C, Error> {
        let mut all = C::default();
        while let Some(page) = self.try_next().await? {
            all.extend([page]);
        }
        Ok(all)
    }

    pub(super) fn poll_page(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Page<T>, Error>>> {
        loop {
            let (response, span) = match ready!(self.paginator.poll_response(cx)) {
                Some(Ok(received)) => received,
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            };
            let page = span.in_scope(|| (self.read)(&mut self.paginator, response));
            span.decoded(self.paginator.operation(), page.as_ref().map(mismatches_of));
            match page {
                Ok(Some(page)) => {
                    self.paginator.prefetch_next();
                    return Poll::Ready(Some(Ok(page)));
                }
                // The previous page was repeated: the next iteration ends the stream.
                Ok(None) => {}
                Err(error) => {
                    if let Some(error) = self.paginator.failed(error) {
                        return Poll::Ready(Some(Err(error)));
                    }
                }
            }
        }
    }
}

fn mismatches_of<T>(page: &Option<Page<T>>) -> (&[Mismatch], usize) {
    page.as_ref().map_or((&[], 0), |page| page.response.meta().mismatches())
}

fn read<T: Decode>(paginator: &mut Paginator, response: Response<Bytes>) -> Result<Option<Page<T>>, Error> {
    let mut decoder = Decoder::<T>::new(response.meta(), paginator.previous_count);
    let info = match paginator.receive(response.bytes(), response.meta().decoding, &mut decoder) {
        Ok(PageOutcome::Page(info)) => info,
        Ok(PageOutcome::Repeated) => return Ok(None),
        Ok(PageOutcome::ListChanged(error)) => return Err(error.at(&response.meta().endpoint, response.attempts())),
        Err(error) => return Err(Error::decode(response.meta().clone(), error)),
    };
    let items = decoder.items;
    let mut response = response.map(drop);
    response.meta_mut().set_mismatches(info.mismatches, info.omitted_mismatches);
    Ok(Some(Page {
        items,
        total_count: info.total_count,
        page: info.page,
        total_pages: info.total_pages,
        next: info.next,
        start: info.start,
        after: info.after,
        response,
    }))
}

fn read_through<T: Decode + Serialize>(
    paginator: &mut Paginator,
    response: Response<Bytes>,
) -> Result<Option<Page<Value>>, Error> {
    let Some(page) = read::<T>(paginator, response)? else { return Ok(None) };
    let encode = |item: T| {
        serde_json::to_value(&item).map_err(|error| Error::request(format!("the item cannot be serialized: {error}")))
    };
    Ok(Some(Page {
        items: page.items.into_iter().map(|item| item.and_then(encode)).collect(),
        total_count: page.total_count,
        page: page.page,
        total_pages: page.total_pages,
        next: page.next,
        start: page.start,
        after: page.after,
        response: page.response,
    }))
}

impl<T> Stream for Pages<T> {
    type Item = Result<Page<T>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_page(cx)
    }
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("operation", &self.paginator.operation())
            .field("end", &self.paginator.end)
            .finish_non_exhaustive()
    }
}
