//! A call that is on its way.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;

use crate::call::Call;
use crate::clock::Clock;
use crate::error::Error;
use crate::response::Response;
use crate::send::{self, Buffered};
use crate::transport::BoxFuture;

/// A call that is sent when it is awaited; dropping it abandons the call.
///
/// It holds the same boxed future for every operation: only the last step, from bytes to `T`, differs.
#[must_use = "a call is sent when it is awaited"]
pub struct Pending<T> {
    /// The client's, for those who wait between calls.
    pub(crate) clock: Arc<dyn Clock>,
    raw: BoxFuture<'static, Buffered>,
    finish: fn(Response<Bytes>) -> Result<Response<T>, Error>,
}

impl<T> Pending<T> {
    pub(crate) fn new(call: Call, finish: fn(Response<Bytes>) -> Result<Response<T>, Error>) -> Self {
        Self { clock: call.client.0.clock.clone(), raw: send::buffered(call), finish }
    }
}

impl<T> Future for Pending<T> {
    type Output = Result<Response<T>, Error>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let (response, span) = ready!(self.raw.as_mut().poll(cx))?;
        let operation = response.meta().endpoint.id;
        let result = span.within(|| (self.finish)(response));
        span.decoded(operation, result.as_ref().map(|response| response.meta().aside()));
        Poll::Ready(result)
    }
}

impl<T> fmt::Debug for Pending<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pending { .. }")
    }
}
