//! The pages of an operation as a stream.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use serde::Serialize;
use serde_json::Value;

use super::sink::Decoder;
use super::walk::{Answer, Walk};
use super::{Checkpoint, End, Page, ScrollOptions};
use crate::call::Call;
use crate::data::{Decode, Mismatch};
use crate::error::Error;
use crate::response::Response;

/// The pages of an operation, one request each: a [`Stream`], also with async methods.
///
/// After an error, polling again requests the same page again, unless that cannot help, or the server ended the list too early
/// ([`Error::is_cut_off`]). See [the module](crate::paging) for the rules.
#[must_use = "a stream does nothing until it is polled"]
pub struct Pages<T> {
    walk: Walk,
    read: Read<T>,
}

/// Decodes a response. A function pointer, so that the rest does not depend on the type.
type Read<T> = fn(&mut Walk, Response<Bytes>) -> Result<Option<Page<T>>, Error>;

impl<T: Decode> Pages<T> {
    /// Emitted code calls this.
    #[doc(hidden)]
    pub fn new(call: Call) -> Self {
        Self { walk: Walk::new(call), read: read::<T> }
    }

    /// A single page, of the size that the request has.
    pub(super) fn single(call: Call) -> Self {
        let mut pages = Self::new(call);
        pages.walk.largest = false;
        pages.walk.set_max_pages(1);
        pages
    }
}

impl Pages<Value> {
    /// Pages whose items are decoded as `T` and encoded again, for tools that work on any operation.
    #[doc(hidden)]
    pub fn through<T: Decode + Serialize>(call: Call) -> Self {
        Self { walk: Walk::new(call), read: read_through::<T> }
    }
}

impl<T> Pages<T> {
    super::settings!(walk);

    /// The position after the last delivered page.
    pub fn checkpoint(&self) -> Checkpoint {
        self.walk.checkpoint()
    }

    /// Why the stream ended; `None` while it continues.
    pub fn end(&self) -> Option<End> {
        self.walk.end
    }

    /// The next page; `None` after the last.
    pub async fn next(&mut self) -> Option<Result<Page<T>, Error>> {
        std::future::poll_fn(|cx| self.poll_page(cx)).await
    }

    /// The next page; `None` after the last.
    ///
    /// # Errors
    /// Those of the request, and where the list was cut off ([`Error::is_cut_off`]) or the list changed meanwhile
    /// ([`Error::is_list_changed`]).
    pub async fn try_next(&mut self) -> Result<Option<Page<T>>, Error> {
        self.next().await.transpose()
    }

    /// All pages.
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
            let (response, span) = match ready!(self.walk.poll_response(cx)) {
                Some(Ok(answered)) => answered,
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            };
            let page = span.in_scope(|| (self.read)(&mut self.walk, response));
            span.decoded(self.walk.operation(), page.as_ref().map(set_aside));
            match page {
                Ok(Some(page)) => {
                    self.walk.load_ahead();
                    return Poll::Ready(Some(Ok(page)));
                }
                // The previous page again.
                Ok(None) => {}
                Err(error) => {
                    if let Some(error) = self.walk.failed(error) {
                        return Poll::Ready(Some(Err(error)));
                    }
                }
            }
        }
    }
}

fn set_aside<T>(page: &Option<Page<T>>) -> (&[Mismatch], usize) {
    page.as_ref().map_or((&[], 0), |page| page.response.meta().aside())
}

fn read<T: Decode>(walk: &mut Walk, response: Response<Bytes>) -> Result<Option<Page<T>>, Error> {
    let mut decoder = Decoder::<T>::new(response.meta(), walk.before);
    let taken = match walk.take(response.bytes(), response.meta().decoding, &mut decoder) {
        Ok(Answer::Page(taken)) => taken,
        Ok(Answer::Again) => return Ok(None),
        Ok(Answer::ListChanged(error)) => return Err(error.at(&response.meta().endpoint, response.attempts())),
        Err(error) => return Err(Error::decode(response.meta().clone(), error)),
    };
    let items = decoder.items;
    let mut response = response.map(drop);
    response.meta_mut().set_aside(taken.mismatches, taken.further);
    Ok(Some(Page {
        items,
        total_count: taken.total_count,
        page: taken.page,
        total_pages: taken.total_pages,
        next: taken.next,
        start: taken.start,
        after: taken.after,
        response,
    }))
}

fn read_through<T: Decode + Serialize>(
    walk: &mut Walk,
    response: Response<Bytes>,
) -> Result<Option<Page<Value>>, Error> {
    let Some(page) = read::<T>(walk, response)? else { return Ok(None) };
    let encode = |item: T| {
        serde_json::to_value(&item).map_err(|error| Error::request(format!("the item does not serialise: {error}")))
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
            .field("operation", &self.walk.operation())
            .field("end", &self.walk.end)
            .finish_non_exhaustive()
    }
}
