//! The future of a call.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use serde::de::DeserializeOwned;

use crate::call::Call;
use crate::clock::Clock;
use crate::data::Decode;
use crate::error::Error;
use crate::response::{Buffered, Response};
use crate::send;
use crate::transport::BoxFuture;

/// A call that is sent when it is awaited. Dropping it cancels the call.
///
/// It contains a boxed future that is the same for every operation. Only the last step, decoding the body as `T`, is generic.
#[must_use = "a call is sent when it is awaited"]
pub struct Pending<T> {
    /// The clock of the client, with which a poller waits between calls.
    pub(crate) clock: Arc<dyn Clock>,
    raw: BoxFuture<'static, Buffered>,
    finish: Finish<T>,
}

/// Makes the result of a call, which includes decoding the body of the response.
pub(crate) type Finish<T> = fn(Buffered) -> Result<Response<T>, Error>;

impl<T> Pending<T> {
    pub(crate) fn new(call: Call, finish: Finish<T>) -> Self {
        let (clock, raw) = begin(call);
        Self { clock, raw, finish }
    }
}

/// The part of [`Pending::new`] that is compiled once for all types.
fn begin(call: Call) -> (Arc<dyn Clock>, BoxFuture<'static, Buffered>) {
    (call.client.0.clock.clone(), send::buffered(call))
}

impl<T> Future for Pending<T> {
    type Output = Result<Response<T>, Error>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.raw.as_mut().poll(cx) {
            Poll::Ready(result) => Poll::Ready((self.finish)(result)),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl<T> fmt::Debug for Pending<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pending { .. }")
    }
}

impl Call {
    /// Sends the call and decodes a JSON body.
    pub fn send_json<T: Decode>(self) -> Pending<T> {
        Pending::new(self, Response::decode)
    }

    /// Sends the call and decodes a JSON body as any type that implements serde's `Deserialize`. Types of the API in it are decoded as by
    /// [`send_json`](Self::send_json).
    pub fn send_as<T: DeserializeOwned>(self) -> Pending<T> {
        Pending::new(self, Response::decode_as)
    }

    /// Sends the call and returns the body as text.
    pub fn send_text(self) -> Pending<String> {
        Pending::new(self, |result| Ok(result?.0.text()))
    }

    /// Sends the call and ignores the body, which is kept in [`Response::bytes`].
    pub fn send_empty(self) -> Pending<()> {
        Pending::new(self, |result| Ok(result?.0.map(|_| ())))
    }

    /// Sends the call and returns the raw body.
    pub fn send_raw(self) -> Pending<Bytes> {
        Pending::new(self, |result| Ok(result?.0))
    }
}
