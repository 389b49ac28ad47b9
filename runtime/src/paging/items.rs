//! The items of all pages as a stream.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec;

use futures_core::Stream;
use serde::Serialize;
use serde_json::Value;

use super::{Checkpoint, End, Pages, ScrollOptions};
use crate::call::Call;
use crate::data::{Decode, Mismatch};
use crate::error::Error;

/// The items of all pages: a [`Stream`], which also has async methods. One page is in memory at a time, two with
/// [`prefetch`](Self::prefetch).
///
/// An error means that a request failed, that one item does not fit its type, or that the list changed while it was read. If the
/// stream is polled after an error, it continues after that item, or sends the failed request again. It ends if sending again cannot
/// succeed. The last item of the stream may be the error that the server ended the list too early ([`Error::is_cut_off`]). See
/// [the module](crate::paging) for the rules.
///
/// ```
/// # async fn run(mut items: intercom_runtime::paging::Items<String>) -> Result<(), intercom_runtime::Error> {
/// while let Some(item) = items.try_next().await? {
///     println!("{item}");
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "a stream does nothing until it is polled"]
pub struct Items<T> {
    pages: Pages<T>,
    current: vec::IntoIter<Result<T, Error>>,
    /// The position of the current page.
    start: Option<Checkpoint>,
    /// The mismatches of the items of the current page.
    mismatches: Vec<Mismatch>,
    /// How many items of the current page were delivered.
    delivered: u64,
}

impl<T: Decode> Items<T> {
    /// Called by generated code.
    #[doc(hidden)]
    pub fn new(call: Call) -> Self {
        Self::from_pages(Pages::new(call))
    }
}

impl Items<Value> {
    /// Items that are decoded as `T` and encoded as JSON again, for tools that work with any operation.
    #[doc(hidden)]
    pub fn through<T: Decode + Serialize>(call: Call) -> Self {
        Self::from_pages(Pages::through::<T>(call))
    }
}

impl<T> Items<T> {
    super::settings!(pages);

    fn from_pages(pages: Pages<T>) -> Self {
        Self { pages, current: Vec::new().into_iter(), start: None, mismatches: Vec::new(), delivered: 0 }
    }

    /// The position after the last delivered item.
    pub fn checkpoint(&self) -> Checkpoint {
        match &self.start {
            Some(start) if self.current.len() > 0 => {
                let mut here = start.clone();
                here.skip = here.skip.saturating_add(self.delivered);
                here.delivered = here.delivered.saturating_add(self.delivered);
                here
            }
            _ => self.pages.checkpoint(),
        }
    }

    /// The mismatches of the page that contains the last delivered item. A path such as `data[3].owner_id` contains the index of the item
    /// in that page, counted from 0.
    pub fn mismatches(&self) -> &[Mismatch] {
        &self.mismatches
    }

    /// Why the stream ended; `None` as long as more items may follow.
    pub fn end(&self) -> Option<End> {
        self.pages.end().filter(|_| self.current.len() == 0)
    }

    /// The next item; `None` after the last.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        // If an item is in memory, no waker is needed. Returning it here moves a large item fewer times.
        if self.current.len() > 0 {
            self.delivered += 1;
            return self.current.next();
        }
        std::future::poll_fn(|cx| self.poll_item(cx)).await
    }

    /// The next item; `None` after the last.
    ///
    /// # Errors
    /// Those of the requests. Also if an item does not fit its type, if the list was cut off ([`Error::is_cut_off`]), or if it changed
    /// while it was read ([`Error::is_list_changed`]).
    pub async fn try_next(&mut self) -> Result<Option<T>, Error> {
        if self.current.len() > 0 {
            self.delivered += 1;
            return self.current.next().transpose();
        }
        self.next().await.transpose()
    }

    /// Collects all items. If an error occurs, the items so far are dropped. To keep them, or to resume at a checkpoint, call
    /// [`try_next`](Self::try_next) in a loop.
    ///
    /// # Errors
    /// Those of [`try_next`](Self::try_next).
    pub async fn try_collect<C: Default + Extend<T>>(mut self) -> Result<C, Error> {
        let mut all = C::default();
        while let Some(item) = self.try_next().await? {
            all.extend([item]);
        }
        Ok(all)
    }

    fn poll_item(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<T, Error>>> {
        loop {
            if let Some(item) = self.current.next() {
                self.delivered += 1;
                return Poll::Ready(Some(item));
            }
            match ready!(self.pages.poll_page(cx)) {
                Some(Ok(page)) => {
                    self.mismatches = page.response.into_meta().mismatches;
                    self.current = page.items.into_iter();
                    self.start = Some(page.start);
                    self.delivered = 0;
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

/// No field is structurally pinned.
impl<T> Unpin for Items<T> {}

impl<T> Stream for Items<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_item(cx)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.current.len(), None)
    }
}

impl<T> fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("pages", &self.pages).field("buffered", &self.current.len()).finish()
    }
}
