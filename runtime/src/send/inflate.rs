//! Decompression of response bodies. The limits of body sizes apply to the decompressed bytes.

use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap, HeaderValue};

use super::Mode;
use crate::transport::Body;

/// With the feature `gzip`, requests a compressed response, unless the caller has set `Accept-Encoding`. It is not requested for downloads,
/// because they can be resumed: a range of the compressed bytes is not a range of the file.
pub(super) fn accept(headers: &mut HeaderMap, mode: Mode) {
    if cfg!(feature = "gzip") && mode == Mode::Buffer {
        headers.entry(ACCEPT_ENCODING).or_insert(HeaderValue::from_static("gzip"));
    }
}

/// With the feature `gzip`, decompresses a gzip body, unless it is that of a download, and removes the headers that describe the compressed
/// form.
pub(super) fn decode(headers: &mut HeaderMap, body: Body, mode: Mode) -> Body {
    let mut codings = headers.get_all(CONTENT_ENCODING).iter();
    let coding = codings.next().map(|coding| coding.as_bytes().trim_ascii());
    let is_gzip = coding.is_some_and(|coding| coding.eq_ignore_ascii_case(b"gzip")) && codings.next().is_none();
    if !cfg!(feature = "gzip") || mode != Mode::Buffer || !is_gzip || body.is_empty() {
        return body;
    }
    headers.remove(CONTENT_ENCODING);
    headers.remove(CONTENT_LENGTH);
    inflate(body)
}

#[cfg(not(feature = "gzip"))]
fn inflate(body: Body) -> Body {
    body
}

#[cfg(feature = "gzip")]
fn inflate(body: Body) -> Body {
    Body::stream(Box::pin(on::Inflated::new(body)), None)
}

#[cfg(feature = "gzip")]
mod on {
    use std::io::Write as _;
    use std::pin::Pin;
    use std::task::{Context, Poll, ready};

    use bytes::{Buf as _, Bytes};
    use flate2::write::GzDecoder;
    use futures_core::Stream;

    use crate::transport::{Body, BoxError};

    /// A body that is decompressed piece by piece.
    pub(super) struct Inflated {
        body: Body,
        /// `None` at the end.
        decoder: Option<GzDecoder<Vec<u8>>>,
        chunk: Bytes,
    }

    /// How many compressed bytes are decompressed at a time, which gives at most about 4 MiB.
    const PIECE: usize = 4 << 10;

    impl Inflated {
        pub(super) fn new(body: Body) -> Self {
            Self { body, decoder: Some(GzDecoder::new(Vec::new())), chunk: Bytes::new() }
        }
    }

    impl Stream for Inflated {
        type Item = Result<Bytes, BoxError>;

        fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
            let this = &mut *self;
            loop {
                let Some(decoder) = &mut this.decoder else { return Poll::Ready(None) };
                if this.chunk.is_empty() {
                    match ready!(Pin::new(&mut this.body).poll_next(cx)) {
                        Some(Ok(chunk)) => this.chunk = chunk,
                        end => {
                            let finished = this.decoder.take().map(GzDecoder::finish);
                            return Poll::Ready(match (end, finished) {
                                (Some(Err(error)), _) => Some(Err(error)),
                                (_, Some(Err(error))) => Some(Err(error.into())),
                                (_, Some(Ok(rest))) if !rest.is_empty() => Some(Ok(rest.into())),
                                _ => None,
                            });
                        }
                    }
                    continue;
                }
                match decoder.write(&this.chunk[..this.chunk.len().min(PIECE)]) {
                    // The gzip stream has ended; further bytes are ignored.
                    Ok(0) => this.chunk.clear(),
                    Ok(count) => this.chunk.advance(count),
                    Err(error) => {
                        this.decoder = None;
                        return Poll::Ready(Some(Err(error.into())));
                    }
                }
                if !decoder.get_ref().is_empty() {
                    return Poll::Ready(Some(Ok(std::mem::take(decoder.get_mut()).into())));
                }
            }
        }
    }
}
