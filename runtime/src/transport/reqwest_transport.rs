//! A transport that uses a client of reqwest.

use std::sync::Mutex;

use super::body_adapters::{Incoming, Outgoing};
use super::{Body, Transport, TransportError, TransportFuture};

/// A transport that uses a client of reqwest 0.13, which the application builds. It needs the feature `reqwest-0-13`.
///
/// Build the client with `redirect(Policy::none())`, since this crate follows redirects itself. Enable a TLS feature of reqwest, since this
/// crate enables none.
///
/// ```
/// # fn run() -> Result<(), Box<dyn std::error::Error>> {
/// use intercom_runtime::transport::ReqwestTransport;
/// use intercom_runtime::{Client, ClientBuilder};
///
/// let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
/// let client: Client = ClientBuilder::for_version("2.15", "example/1.0")
///     .token("token")
///     .transport(ReqwestTransport::new(http))
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct ReqwestTransport(::reqwest::Client);

impl ReqwestTransport {
    /// Makes a transport that uses `client`.
    pub fn new(client: ::reqwest::Client) -> Self {
        Self(client)
    }
}

impl Transport for ReqwestTransport {
    fn send(&self, request: http::Request<Body>) -> TransportFuture<'_> {
        Box::pin(async move {
            let request = ::reqwest::Request::try_from(request.map(outgoing)).map_err(TransportError::invalid)?;
            let response = self.0.execute(request).await.map_err(classify)?;
            Ok(http::Response::<::reqwest::Body>::from(response).map(Incoming::into_body))
        })
    }
}

fn classify(error: ::reqwest::Error) -> TransportError {
    // The URL may contain ids and query values, so it is removed. Our own error contains the operation.
    let error = error.without_url();
    match (error.is_connect(), error.is_timeout()) {
        (true, true) => TransportError::connect_timeout(error),
        (true, false) => TransportError::connect(error),
        (false, true) => TransportError::timeout(error),
        (false, false) if error.is_builder() => TransportError::invalid(error),
        (false, false) => TransportError::lost(error),
    }
}

fn outgoing(body: Body) -> ::reqwest::Body {
    match body.into_full() {
        Ok(bytes) => bytes.into(),
        Err((stream, length)) => ::reqwest::Body::wrap(Shared(Mutex::new(Outgoing(Body::stream(stream, length))))),
    }
}

/// A body that is `Sync`, as reqwest requires. The lock is never contended.
struct Shared(Mutex<Outgoing>);

impl http_body::Body for Shared {
    type Data = bytes::Bytes;
    type Error = super::BoxError;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<Self::Data>, Self::Error>>> {
        let body = self.0.get_mut().unwrap_or_else(|poisoned| poisoned.into_inner());
        std::pin::Pin::new(body).poll_frame(cx)
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.0.lock().map_or_else(|_| http_body::SizeHint::default(), |body| body.size_hint())
    }
}
