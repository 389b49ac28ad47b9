//! Bodies that are handed over while they come.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use http::{HeaderMap, StatusCode};

use crate::call::Call;
use crate::error::Error;
use crate::response::{Meta, request_id};
use crate::send;
use crate::transport::{Body, BoxFuture};

/// A download that starts when it is awaited: it resolves to a [`Download`] once the server has answered.
#[must_use = "a download starts when it is awaited"]
pub struct PendingDownload(BoxFuture<'static, Result<Download, Error>>);

impl PendingDownload {
    pub(crate) fn new(call: Call) -> Self {
        Self(Box::pin(async move {
            let stall = call.options.attempt_timeout.or(call.client.0.attempt_timeout);
            let again = call.clone();
            let (meta, body) = send::streamed(call).await?;
            Ok(Download { meta, body, call: again, stall, timer: None, received: 0 })
        }))
    }
}

impl Future for PendingDownload {
    type Output = Result<Download, Error>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(cx)
    }
}

impl fmt::Debug for PendingDownload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PendingDownload { .. }")
    }
}

/// A body on its way: a [`Stream`] of its chunks. Bytes come as the server sends them, compressed if it says so in
/// `Content-Encoding` or if that is what the file is.
pub struct Download {
    meta: Box<Meta>,
    body: Body,
    call: Call,
    stall: Option<Duration>,
    timer: Option<BoxFuture<'static, ()>>,
    received: u64,
}

impl Download {
    /// The length in bytes that the server announced.
    pub fn len(&self) -> Option<u64> {
        self.body.len().or_else(|| self.meta.headers.get(http::header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok())
    }

    /// Whether the server announced that there is nothing to come.
    pub fn is_empty(&self) -> bool {
        self.len() == Some(0)
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.meta.status
    }

    /// The response headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.meta.headers
    }

    /// The id under which the server logged the request.
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.meta.headers)
    }

    /// How many bytes have come so far.
    pub fn received(&self) -> u64 {
        self.received
    }

    /// The next chunk, `None` at the end.
    ///
    /// # Errors
    /// [`Error::is_connection_lost`] when the body breaks off, [`Error::is_timeout`] when nothing comes for as long as
    /// an attempt may take.
    pub async fn next_chunk(&mut self) -> Option<Result<Bytes, Error>> {
        std::future::poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    /// All of it in memory.
    ///
    /// # Errors
    /// As [`next_chunk`](Self::next_chunk), and [`Error::is_too_large`] beyond the client's bound for bodies.
    pub async fn bytes(mut self) -> Result<Bytes, Error> {
        let limit = self.call.client.0.max_body;
        let mut whole = BytesMut::new();
        while let Some(chunk) = self.next_chunk().await {
            let chunk = chunk?;
            if whole.len() as u64 + chunk.len() as u64 > limit {
                return Err(Error::too_large(*self.meta, limit));
            }
            whole.extend_from_slice(&chunk);
        }
        Ok(whole.freeze())
    }
}

impl Stream for Download {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if let Poll::Ready(chunk) = Pin::new(&mut this.body).poll_next(cx) {
            this.timer = None;
            return Poll::Ready(chunk.map(|chunk| match chunk {
                Ok(bytes) => {
                    this.received += bytes.len() as u64;
                    Ok(bytes)
                }
                Err(error) => Err(Error::lost(error).at(this.meta.endpoint, this.meta.attempts)),
            }));
        }
        let Some(limit) = this.stall else { return Poll::Pending };
        let clock = &this.call.client.0.clock;
        match this.timer.get_or_insert_with(|| clock.timer(limit)).as_mut().poll(cx) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(()) => {
                this.body = Body::empty();
                let error = Error::timeout("the download stalled").at(this.meta.endpoint, this.meta.attempts);
                Poll::Ready(Some(Err(error)))
            }
        }
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("status", &self.meta.status)
            .field("len", &self.len())
            .field("received", &self.received)
            .finish_non_exhaustive()
    }
}
