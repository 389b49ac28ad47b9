//! The transport: the interface between the client and the network, with the types of the `http` crate.
//!
//! The client uses [`http::Request`] and [`http::Response`] with a [`Body`]. The default transport is
//! [`HttpTransport`], which uses hyper, or, on WebAssembly, one that uses `fetch`. Implement [`Transport`] to test without a network, or
//! wrap a transport to record, replay or log:
//!
//! ```
//! use intercom_runtime::transport::{Body, Transport, TransportFuture};
//!
//! #[derive(Debug)]
//! struct Log<T>(T);
//!
//! impl<T: Transport> Transport for Log<T> {
//!     fn send(&self, request: http::Request<Body>) -> TransportFuture<'_> {
//!         println!("{} {}", request.method(), request.uri().path());
//!         self.0.send(request)
//!     }
//! }
//! ```

mod body;
#[cfg(all(any(feature = "transport", feature = "reqwest-0-13"), not(target_arch = "wasm32")))]
mod body_adapters;
#[cfg(all(feature = "transport", not(target_arch = "wasm32")))]
mod connect;
#[cfg(all(feature = "transport", not(target_arch = "wasm32")))]
mod hyper_transport;
#[cfg(all(feature = "reqwest-0-13", not(target_arch = "wasm32")))]
mod reqwest_transport;
#[cfg(all(feature = "transport", not(target_arch = "wasm32")))]
mod tls;
#[cfg(all(feature = "transport", target_arch = "wasm32"))]
mod web;

pub use body::Body;
#[cfg(all(feature = "transport", not(target_arch = "wasm32")))]
pub use hyper_transport::{HttpTransport, HttpTransportBuilder};
#[cfg(all(feature = "reqwest-0-13", not(target_arch = "wasm32")))]
pub use reqwest_transport::ReqwestTransport;
#[cfg(all(feature = "transport", target_arch = "wasm32"))]
pub(crate) use web::Fetch;

use std::error::Error as StdError;
use std::fmt;
use std::pin::Pin;

use futures_core::Stream;

/// Any error, boxed.
pub type BoxError = Box<dyn StdError + Send + Sync>;

/// A boxed future. It is `Send`, except on WebAssembly, where the types of the host are not `Send`.
#[cfg(not(target_arch = "wasm32"))]
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
/// A boxed future. It is `Send`, except on WebAssembly, where the types of the host are not `Send`.
#[cfg(target_arch = "wasm32")]
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// A boxed stream of bytes. It is `Send`, except on WebAssembly, where the types of the host are not `Send`.
#[cfg(not(target_arch = "wasm32"))]
pub type ByteStream = Pin<Box<dyn Stream<Item = Result<bytes::Bytes, BoxError>> + Send>>;
/// A boxed stream of bytes. It is `Send`, except on WebAssembly, where the types of the host are not `Send`.
#[cfg(target_arch = "wasm32")]
pub type ByteStream = Pin<Box<dyn Stream<Item = Result<bytes::Bytes, BoxError>>>>;

/// `Send`, except on WebAssembly, where the types of the host are not `Send`.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) trait MaybeSend: Send {}
#[cfg(not(target_arch = "wasm32"))]
impl<T: Send + ?Sized> MaybeSend for T {}
/// `Send`, except on WebAssembly, where the types of the host are not `Send`.
#[cfg(target_arch = "wasm32")]
pub(crate) trait MaybeSend {}
#[cfg(target_arch = "wasm32")]
impl<T: ?Sized> MaybeSend for T {}

/// The future of [`Transport::send`]: the head of the response, with a body that is read later.
pub type TransportFuture<'a> = BoxFuture<'a, Result<http::Response<Body>, TransportError>>;

/// Sends a request and returns its response.
///
/// An implementation must not retry, follow redirects or convert a status to an error, since the client does this. It sends the request
/// unchanged, including the `authorization` header, to the server in the request's URI. Dropping the future must cancel the request. The
/// default transport on WebAssembly is an exception: `fetch` follows redirects itself.
pub trait Transport: fmt::Debug + Send + Sync + 'static {
    /// Sends `request` and resolves when the head of the response has been received.
    fn send(&self, request: http::Request<Body>) -> TransportFuture<'_>;
}

impl<T: Transport + ?Sized> Transport for std::sync::Arc<T> {
    fn send(&self, request: http::Request<Body>) -> TransportFuture<'_> {
        (**self).send(request)
    }
}

/// The error of a transport that received no response.
///
/// Its kind says whether the server may have received the request. After [`connect`](Self::connect) and
/// [`connect_timeout`](Self::connect_timeout) the server has not received it, so these are retried even if the request is not
/// idempotent.
#[derive(Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    source: BoxError,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TransportErrorKind {
    Connect,
    ConnectTimeout,
    Lost,
    Timeout,
    Invalid,
}

impl TransportError {
    /// No connection could be opened (name resolution, TCP, TLS), so no part of the request was sent.
    pub fn connect(source: impl Into<BoxError>) -> Self {
        Self { kind: TransportErrorKind::Connect, source: source.into() }
    }

    /// As [`connect`](Self::connect), because of the connect timeout.
    pub fn connect_timeout(source: impl Into<BoxError>) -> Self {
        Self { kind: TransportErrorKind::ConnectTimeout, source: source.into() }
    }

    /// The connection was lost, or the response is not valid HTTP. The server may have carried out the request.
    pub fn lost(source: impl Into<BoxError>) -> Self {
        Self { kind: TransportErrorKind::Lost, source: source.into() }
    }

    /// A timeout of the transport. The server may have carried out the request.
    pub fn timeout(source: impl Into<BoxError>) -> Self {
        Self { kind: TransportErrorKind::Timeout, source: source.into() }
    }

    /// The request is not valid for this transport, so a retry would fail as well.
    pub fn invalid(source: impl Into<BoxError>) -> Self {
        Self { kind: TransportErrorKind::Invalid, source: source.into() }
    }

    pub(crate) fn into_parts(self) -> (TransportErrorKind, BoxError) {
        (self.kind, self.source)
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            TransportErrorKind::Connect => "no connection to the server",
            TransportErrorKind::ConnectTimeout => "connecting to the server took too long",
            TransportErrorKind::Lost => "the connection was lost",
            TransportErrorKind::Timeout => "the transport timed out",
            TransportErrorKind::Invalid => "the request cannot be sent",
        })
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&*self.source)
    }
}
