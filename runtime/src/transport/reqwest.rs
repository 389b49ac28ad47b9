//! The default transport. The only file that knows reqwest, so that its major versions do not become ours.

use std::time::Duration;

use super::{Body, BoxError, Transport, TransportError, TransportFuture};

/// reqwest behind the [`Transport`] trait, without its redirects, retries and decompression: the client has its own.
#[derive(Debug)]
pub(crate) struct Reqwest(::reqwest::Client);

/// Less than the minute after which load balancers usually close a connection: a request that meets the closing is lost,
/// and some requests must not be repeated.
#[cfg(not(target_arch = "wasm32"))]
const IDLE: Duration = Duration::from_secs(45);

#[cfg(not(target_arch = "wasm32"))]
impl Reqwest {
    /// Opens no connection yet; `connect_timeout` bounds name resolution, TCP and TLS together. Proxies are those of the
    /// environment, unless there is to be none: a token on its way to this machine must not take a detour in the clear.
    pub(crate) fn new(connect_timeout: Option<Duration>, proxies: bool) -> Result<Self, BoxError> {
        let mut builder =
            ::reqwest::Client::builder().redirect(::reqwest::redirect::Policy::none()).pool_idle_timeout(IDLE);
        if !proxies {
            builder = builder.no_proxy();
        }
        if let Some(limit) = connect_timeout {
            builder = builder.connect_timeout(limit);
        }
        #[cfg(feature = "rustls")]
        {
            builder = builder.tls_backend_preconfigured(tls_config()?);
        }
        Ok(Self(builder.build()?))
    }
}

/// rustls with its provider named here: a provider installed for the whole process is the application's choice.
#[cfg(all(feature = "rustls", not(target_arch = "wasm32")))]
fn tls_config() -> Result<rustls::ClientConfig, BoxError> {
    use rustls_platform_verifier::BuilderVerifierExt as _;
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_platform_verifier()?
        .with_no_client_auth();
    Ok(config)
}

#[cfg(not(target_arch = "wasm32"))]
impl Transport for Reqwest {
    fn send(&self, request: http::Request<Body>) -> TransportFuture<'_> {
        Box::pin(async move {
            let request = ::reqwest::Request::try_from(request.map(outgoing)).map_err(TransportError::invalid)?;
            let response = self.0.execute(request).await.map_err(classify)?;
            let (parts, body) = http::Response::<::reqwest::Body>::from(response).into_parts();
            let length = http_body::Body::size_hint(&body).exact();
            let body = match length {
                Some(0) => Body::empty(),
                _ => Body::stream(Box::pin(Incoming(body)), length),
            };
            Ok(http::Response::from_parts(parts, body))
        })
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn classify(error: ::reqwest::Error) -> TransportError {
    // The address carries ids and query values of the caller; the operation is named by our own error.
    let error = error.without_url();
    match (error.is_connect(), error.is_timeout()) {
        (true, true) => TransportError::connect_timeout(error),
        (true, false) => TransportError::connect(error),
        (false, true) => TransportError::timeout(error),
        (false, false) if error.is_builder() => TransportError::invalid(error),
        (false, false) => TransportError::lost(error),
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn outgoing(body: Body) -> ::reqwest::Body {
    match body.into_full() {
        Ok(bytes) => bytes.into(),
        Err((stream, length)) => ::reqwest::Body::wrap(Outgoing { stream: std::sync::Mutex::new(stream), length }),
    }
}

/// A streamed request body. The lock is never taken: it only makes the stream `Sync`, which reqwest asks for.
#[cfg(not(target_arch = "wasm32"))]
struct Outgoing {
    stream: std::sync::Mutex<super::ByteStream>,
    length: Option<u64>,
}

#[cfg(not(target_arch = "wasm32"))]
mod adapt {
    use std::pin::Pin;
    use std::task::{Context, Poll, ready};

    use bytes::Bytes;
    use futures_core::Stream;
    use http_body::{Body as HttpBody, Frame, SizeHint};

    use super::{BoxError, Outgoing};

    impl HttpBody for Outgoing {
        type Data = Bytes;
        type Error = BoxError;

        fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
            let stream = self.stream.get_mut().unwrap_or_else(|poisoned| poisoned.into_inner());
            let next = ready!(stream.as_mut().poll_next(cx));
            Poll::Ready(next.map(|chunk| chunk.map(Frame::data)))
        }

        fn size_hint(&self) -> SizeHint {
            self.length.map_or_else(SizeHint::default, SizeHint::with_exact)
        }
    }

    /// A response body as a stream of its data frames; trailers are dropped.
    pub(super) struct Incoming(pub(super) ::reqwest::Body);

    impl Stream for Incoming {
        type Item = Result<Bytes, BoxError>;

        fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
            loop {
                return Poll::Ready(match ready!(Pin::new(&mut self.0).poll_frame(cx)) {
                    None => None,
                    Some(Err(error)) => Some(Err(error.without_url().into())),
                    Some(Ok(frame)) => match frame.into_data() {
                        Ok(data) => Some(Ok(data)),
                        Err(_) => continue,
                    },
                });
            }
        }
    }
}
#[cfg(not(target_arch = "wasm32"))]
use adapt::Incoming;

/// In a browser the platform's `fetch` connects, follows redirects by its own rules, and gives bodies whole: it has no
/// streams that reqwest could use.
#[cfg(target_arch = "wasm32")]
impl Reqwest {
    pub(crate) fn new(_connect_timeout: Option<Duration>, _proxies: bool) -> Result<Self, BoxError> {
        Ok(Self(::reqwest::Client::builder().build()?))
    }
}

#[cfg(target_arch = "wasm32")]
impl Transport for Reqwest {
    fn send(&self, request: http::Request<Body>) -> TransportFuture<'_> {
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let mut body = match body.into_full() {
                Ok(bytes) => Body::from(bytes),
                Err((stream, length)) => Body::stream(stream, length),
            };
            let mut whole = Vec::new();
            while let Some(chunk) = body.next_chunk().await {
                whole.extend_from_slice(&chunk.map_err(TransportError::invalid)?);
            }
            let request = http::Request::from_parts(parts, whole);
            let request = ::reqwest::Request::try_from(request).map_err(TransportError::invalid)?;
            let response = self.0.execute(request).await.map_err(TransportError::lost)?;
            let mut head = http::Response::new(Body::empty());
            *head.status_mut() = response.status();
            *head.headers_mut() = response.headers().clone();
            *head.body_mut() = response.bytes().await.map_err(TransportError::lost)?.into();
            Ok(head)
        })
    }
}

#[cfg(all(test, feature = "rustls", not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn no_provider_is_installed_for_the_process() {
        Reqwest::new(None, true).unwrap();
        assert!(rustls::crypto::CryptoProvider::get_default().is_none());
    }
}
