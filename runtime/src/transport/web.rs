//! The default transport in a browser: `fetch`, through reqwest.

use http::header::{CONTENT_ENCODING, CONTENT_LENGTH};

use super::{Body, Transport, TransportError, TransportFuture};

/// Sends requests with the browser's `fetch`, which follows redirects itself, so the client's rules for redirects do not apply. Bodies are
/// not streamed, but kept in memory.
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
            let response = self.0.execute(request).await.map_err(lost)?;
            let mut head = http::Response::new(Body::empty());
            *head.status_mut() = response.status();
            let headers = head.headers_mut();
            *headers = response.headers().clone();
            // `fetch` has decompressed the body; these headers describe the compressed one.
            headers.remove(CONTENT_ENCODING);
            headers.remove(CONTENT_LENGTH);
            *head.body_mut() = response.bytes().await.map_err(lost)?.into();
            Ok(head)
        })
    }
}

/// Makes the error of a request that was sent. The URL may contain ids and query values, so it is removed.
fn lost(error: reqwest::Error) -> TransportError {
    TransportError::lost(error.without_url())
}
