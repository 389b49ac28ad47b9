//! Conversion of bodies to and from those of hyper and reqwest.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use http_body::{Body as HttpBody, Frame, SizeHint};

use super::{Body, BoxError};

/// The body of a request, as a body of the crate `http-body`.
pub(super) struct Outgoing(pub(super) Body);

impl HttpBody for Outgoing {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let next = ready!(Pin::new(&mut self.0).poll_next(cx));
        Poll::Ready(next.map(|chunk| chunk.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        self.0.len().map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

/// The body of a response as a stream of its data; trailers are dropped.
pub(super) struct Incoming<B>(B);

impl<B> Incoming<B>
where
    B: HttpBody<Data = Bytes, Error: Into<BoxError>> + Send + Unpin + 'static,
{
    pub(super) fn into_body(body: B) -> Body {
        match body.size_hint().exact() {
            Some(0) => Body::empty(),
            length => Body::stream(Box::pin(Self(body)), length),
        }
    }
}

impl<B: HttpBody<Data = Bytes, Error: Into<BoxError>> + Unpin> Stream for Incoming<B> {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            return Poll::Ready(match ready!(Pin::new(&mut self.0).poll_frame(cx)) {
                None => None,
                Some(Err(error)) => Some(Err(error.into())),
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => Some(Ok(data)),
                    Err(_) => continue,
                },
            });
        }
    }
}
