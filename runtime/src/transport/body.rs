//! The body of a request or a response: bytes in memory, or a stream.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;

use super::{BoxError, ByteStream};

/// The body of a request or a response.
///
/// It is a [`Stream`] of chunks. [`as_bytes`](Self::as_bytes) returns the whole body if it is in memory.
pub struct Body(Kind);

enum Kind {
    Full(Option<Bytes>),
    Stream { stream: ByteStream, length: Option<u64> },
}

impl Body {
    /// An empty body.
    pub fn empty() -> Self {
        Self(Kind::Full(None))
    }

    /// A body that is a stream. `length` is its length in bytes, if it is known.
    pub fn stream(stream: ByteStream, length: Option<u64>) -> Self {
        Self(Kind::Stream { stream, length })
    }

    /// The whole body, unless it is a stream.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match &self.0 {
            Kind::Full(bytes) => Some(bytes.as_deref().unwrap_or_default()),
            Kind::Stream { .. } => None,
        }
    }

    /// The length of the body in bytes, if it is known.
    pub fn len(&self) -> Option<u64> {
        match &self.0 {
            Kind::Full(bytes) => Some(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64)),
            Kind::Stream { length, .. } => *length,
        }
    }

    /// Whether the body is known to have no bytes: it is empty, or a stream whose length is known to be 0. A stream that was read to its
    /// end is not empty.
    pub fn is_empty(&self) -> bool {
        self.len() == Some(0)
    }

    /// The next chunk, `None` at the end.
    ///
    /// # Errors
    /// Those of the stream, usually a lost connection.
    pub async fn next_chunk(&mut self) -> Option<Result<Bytes, BoxError>> {
        std::future::poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    #[cfg(all(feature = "reqwest-0-13", not(target_arch = "wasm32")))]
    pub(crate) fn into_full(self) -> Result<Bytes, (ByteStream, Option<u64>)> {
        match self.0 {
            Kind::Full(bytes) => Ok(bytes.unwrap_or_default()),
            Kind::Stream { stream, length } => Err((stream, length)),
        }
    }
}

impl Stream for Body {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match &mut self.0 {
            Kind::Full(bytes) => Poll::Ready(bytes.take().map(Ok)),
            Kind::Stream { stream, .. } => stream.as_mut().poll_next(cx),
        }
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Full(bytes) => f.debug_tuple("Body").field(&bytes.as_ref().map_or(0, Bytes::len)).finish(),
            Kind::Stream { length, .. } => f.debug_struct("Body").field("stream", length).finish(),
        }
    }
}

impl Default for Body {
    fn default() -> Self {
        Self::empty()
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self(Kind::Full((!bytes.is_empty()).then_some(bytes)))
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Bytes::from(bytes).into()
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Bytes::from(text).into()
    }
}

impl From<&'static str> for Body {
    fn from(text: &'static str) -> Self {
        Bytes::from_static(text.as_bytes()).into()
    }
}
