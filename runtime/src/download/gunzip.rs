//! Decoding of gzip files while they come.

use std::fmt;
use std::io::Write as _;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf as _, Bytes};
use flate2::write::MultiGzDecoder;
use futures_core::Stream;
use tokio::io::AsyncWrite;

use super::{Chunks, Download, collect, copy};
use crate::error::Error;

/// A [`Download`] decoded as gzip: a [`Stream`] of the chunks of the content.
///
/// The content is decoded piece by piece, so that a small file that unpacks to a huge one needs little memory at a time.
pub struct Gunzip {
    download: Download,
    /// `None` when all is decoded.
    decoder: Option<MultiGzDecoder<Vec<u8>>>,
    chunk: Bytes,
}

/// How much is decoded at a time: a thousand times as much may come out.
const PIECE: usize = 4 << 10;

impl Gunzip {
    pub(super) fn new(download: Download) -> Self {
        Self { download, decoder: Some(MultiGzDecoder::new(Vec::new())), chunk: Bytes::new() }
    }

    /// The download underneath: its headers and progress, in bytes as they are sent.
    pub fn download(&self) -> &Download {
        &self.download
    }

    /// The next chunk of the content, `None` at the end and after an error.
    ///
    /// # Errors
    /// As [`Download::next_chunk`], and [`Error::is_decode`] where the file is not gzip or ends early.
    pub async fn next_chunk(&mut self) -> Option<Result<Bytes, Error>> {
        std::future::poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    /// All of the content in memory.
    ///
    /// # Errors
    /// As [`next_chunk`](Self::next_chunk), and [`Error::is_too_large`] beyond the client's bound for bodies.
    pub async fn bytes(mut self) -> Result<Bytes, Error> {
        collect(&mut self).await
    }

    /// Writes all of the content to `writer`, and returns the number of bytes.
    ///
    /// # Errors
    /// As [`next_chunk`](Self::next_chunk), and [`Error::is_io`] when the writer fails.
    pub async fn write_to(mut self, writer: &mut (dyn AsyncWrite + Unpin + Send)) -> Result<u64, Error> {
        copy(&mut self, writer).await
    }

    fn fail(&mut self, error: std::io::Error) -> Error {
        self.decoder = None;
        Error::not_gzip((*self.download.meta).clone()).with_source(error.into())
    }
}

impl Chunks for Gunzip {
    fn download(&self) -> &Download {
        &self.download
    }
}

impl Stream for Gunzip {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            let Some(decoder) = &mut this.decoder else { return Poll::Ready(None) };
            if !this.chunk.is_empty() {
                let piece = &this.chunk[..this.chunk.len().min(PIECE)];
                match decoder.write(piece) {
                    // The end of the last member, and then something else: `gzip` ignores that too.
                    Ok(0) => this.chunk.clear(),
                    Ok(count) => this.chunk.advance(count),
                    Err(error) => return Poll::Ready(Some(Err(this.fail(error)))),
                }
            } else {
                match ready!(Pin::new(&mut this.download).poll_next(cx)) {
                    Some(Ok(chunk)) => this.chunk = chunk,
                    Some(Err(error)) => {
                        this.decoder = None;
                        return Poll::Ready(Some(Err(error)));
                    }
                    None => {
                        let Some(decoder) = this.decoder.take() else { return Poll::Ready(None) };
                        return match decoder.finish() {
                            Ok(rest) if rest.is_empty() => Poll::Ready(None),
                            Ok(rest) => Poll::Ready(Some(Ok(rest.into()))),
                            Err(error) => Poll::Ready(Some(Err(this.fail(error)))),
                        };
                    }
                }
            }
            if let Some(decoder) = &mut this.decoder
                && !decoder.get_ref().is_empty()
            {
                return Poll::Ready(Some(Ok(std::mem::take(decoder.get_mut()).into())));
            }
        }
    }
}

impl fmt::Debug for Gunzip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Gunzip").field(&self.download).finish()
    }
}
