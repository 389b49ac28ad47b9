//! Connections: HTTP in front of [`Shared::serve`].

use std::convert::Infallible;
use std::fmt;
use std::net::TcpListener;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{HeaderValue, Response};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Full, Limited, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::sync::oneshot;

use crate::answer::{Answer, Content, Refusal};
use crate::handle::Shared;
use crate::request::Request;

/// The largest body that is read; the API takes less.
const LARGEST: usize = 64 << 20;

/// Serves until the sender of `stop` is dropped.
pub(crate) async fn run(listener: TcpListener, shared: Arc<Shared>, stop: oneshot::Receiver<()>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    let accept = async {
        loop {
            // The client gave up, or too many files are open; the next connection may succeed.
            let Ok((stream, _)) = listener.accept().await else {
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                continue;
            };
            let _ = stream.set_nodelay(true);
            let shared = Arc::clone(&shared);
            tokio::spawn(async move {
                let service = service_fn(move |request| serve(Arc::clone(&shared), request));
                let connection =
                    http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service);
                // A connection that the client breaks is not an error of the server.
                let _ = connection.await;
            });
        }
    };
    tokio::select! {
        () = accept => {}
        _ = stop => {}
    }
}

/// The connection is closed without an answer.
#[derive(Debug)]
struct Cut;

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection was cut as a fault")
    }
}

impl std::error::Error for Cut {}

type Body = BoxBody<Bytes, Cut>;

async fn serve(shared: Arc<Shared>, request: hyper::Request<Incoming>) -> Result<Response<Body>, Cut> {
    let (parts, body) = request.into_parts();
    let Ok(body) = Limited::new(body, LARGEST).collect().await else {
        let refusal = Refusal::new(413, "payload_too_large", "The body is larger than 64 MiB, or was cut off.");
        return Ok(response(refusal.answer("none"), false));
    };
    let request = Request::new(parts, body.to_bytes());
    let outcome = shared.serve(&request);
    if let Some(latency) = outcome.latency {
        tokio::time::sleep(latency).await;
    }
    outcome.answer.map(|answer| response(answer, outcome.cut_body)).ok_or(Cut)
}

fn response(answer: Answer, cut: bool) -> Response<Body> {
    let (media_type, bytes) = match answer.content {
        Content::Empty => (None, Bytes::new()),
        Content::Json(value) => (Some("application/json; charset=utf-8"), Bytes::from(value.to_string())),
        Content::Bytes(media_type, bytes) => (Some(media_type), bytes),
    };
    let length = bytes.len();
    let body = if cut {
        BoxBody::new(StreamBody::new(Frames::Half(bytes.slice(..length / 2))))
    } else {
        Full::new(bytes).map_err(|never: Infallible| match never {}).boxed()
    };
    let mut response = Response::new(body);
    *response.status_mut() = http::StatusCode::from_u16(answer.status).unwrap_or_default();
    let headers = response.headers_mut();
    if let Some(media_type) = media_type {
        headers.insert("content-type", HeaderValue::from_static(media_type));
    }
    if cut {
        headers.insert("content-length", HeaderValue::from(length));
    }
    headers.insert("x-intercom-mock", HeaderValue::from_static(answer.source.as_str()));
    for (name, value) in answer.headers {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name, value);
        }
    }
    response
}

/// The frames of a body that is cut off.
enum Frames {
    Half(Bytes),
    /// Yields once, so that the first half is sent before the connection closes.
    Pause,
    Cut,
}

impl futures_core::Stream for Frames {
    type Item = Result<Frame<Bytes>, Cut>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match std::mem::replace(&mut *self, Self::Cut) {
            Self::Half(bytes) => {
                *self = Self::Pause;
                Poll::Ready(Some(Ok(Frame::data(bytes))))
            }
            Self::Pause => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Self::Cut => Poll::Ready(Some(Err(Cut))),
        }
    }
}
