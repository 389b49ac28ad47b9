//! The one way from a call to a response. No type parameters: it compiles once, for all operations.

mod attempt;
mod prepared;

use bytes::Bytes;

use crate::call::Call;
use crate::error::Error;
use crate::response::{Meta, Response};
use crate::transport::{Body, BoxFuture};
use prepared::Prepared;

/// What is done with a response body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Read into memory, within the client's bound.
    Buffer,
    /// Handed over unread.
    Stream,
}

/// Sends `call` and reads the body of the response.
pub(crate) fn buffered(call: Call) -> BoxFuture<'static, Result<Response<Bytes>, Error>> {
    Box::pin(async move {
        let (meta, _) = run(&call, Mode::Buffer).await?;
        Ok(Response::new(meta.body.clone(), meta))
    })
}

/// Sends `call` and hands over the head of the response, with the body still to be read.
pub(crate) fn streamed(call: Call) -> BoxFuture<'static, Result<(Box<Meta>, Body), Error>> {
    Box::pin(async move { run(&call, Mode::Stream).await })
}

async fn run(call: &Call, mode: Mode) -> Result<(Box<Meta>, Body), Error> {
    let prepared = Prepared::new(call).map_err(|error| error.at(call.endpoint, 0))?;
    let client = &*call.client.0;
    let limit = call.options.attempt_timeout.or(client.attempt_timeout);
    let limit = match (limit, call.options.timeout.or(client.timeout)) {
        (Some(attempt), Some(whole)) => Some(attempt.min(whole)),
        (attempt, whole) => attempt.or(whole),
    };
    let outcome = match crate::clock::within(&*client.clock, limit, attempt::run(call, &prepared, mode)).await {
        Ok(outcome) => outcome,
        Err(_) => Err(Error::timeout("the attempt took too long")),
    };
    match outcome {
        Ok((mut meta, body)) => {
            meta.attempts = 1;
            Ok((meta, body))
        }
        Err(error) => Err(error.at(call.endpoint, 1)),
    }
}
