//! The default transport in a browser: the platform's `fetch`, by way of reqwest.

use super::{Body, Transport, TransportError, TransportFuture};

/// The platform's `fetch` connects, follows redirects by its own rules, and gives bodies whole: it has no streams that
/// could be used.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fetch(reqwest::Client);

impl Transport for Fetch {
    fn send(&self, request: http::Request<Body>) -> TransportFuture<'_> {
        Box::pin(async move {
            let (parts, mut body) = request.into_parts();
            let mut whole = Vec::new();
            while let Some(chunk) = body.next_chunk().await {
                whole.extend_from_slice(&chunk.map_err(TransportError::invalid)?);
            }
            let request = http::Request::from_parts(parts, whole);
            let request = reqwest::Request::try_from(request).map_err(TransportError::invalid)?;
            let response = self.0.execute(request).await.map_err(TransportError::lost)?;
            let mut head = http::Response::new(Body::empty());
            *head.status_mut() = response.status();
            *head.headers_mut() = response.headers().clone();
            *head.body_mut() = response.bytes().await.map_err(TransportError::lost)?.into();
            Ok(head)
        })
    }
}
