//! Decompression of gzip files while they are downloaded.

use std::fmt;
use std::io::{self, Write as _};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf as _, Bytes};
use flate2::write::GzDecoder;
use futures_core::Stream;
use tokio::io::AsyncWrite;

use super::{Chunks, Download, collect, copy};
use crate::error::Error;

/// A [`Download`] that is decompressed: a [`Stream`] of chunks of the content.
///
/// The content is decompressed piece by piece, so that a small file with huge content needs little memory. A gzip file can consist of
/// several members (complete gzip streams, one after the other). All of them are decompressed, and padding with zero bytes after the last
/// one is ignored, as by `gzip -d`. Other bytes after the last member are an error; `gzip -d` only warns about them.
pub struct Gunzip {
    download: Download,
    state: State,
    chunk: Bytes,
}

enum State {
    /// Before or within a member.
    Member(Box<GzDecoder<Vec<u8>>>),
    /// After a member. Another member or zero bytes may follow.
    Between,
    /// After a zero byte that followed a member. Only zero bytes may follow.
    Padding,
    Ended,
}

/// How many compressed bytes are decompressed at a time. The maximum compression factor of gzip is about 1,000, so a piece becomes at
/// most about 4 MiB.
const PIECE: usize = 4 << 10;

impl Gunzip {
    pub(super) fn new(download: Download) -> Self {
        Self { download, state: State::Member(Box::new(GzDecoder::new(Vec::new()))), chunk: Bytes::new() }
    }

    /// The underlying download. Its progress counts compressed bytes.
    pub fn download(&self) -> &Download {
        &self.download
    }

    /// The next chunk of the content, `None` at the end and after an error.
    ///
    /// # Errors
    /// As [`Download::next_chunk`], and [`Error::is_decode`] if the file is not valid gzip or is truncated.
    pub async fn next_chunk(&mut self) -> Option<Result<Bytes, Error>> {
        std::future::poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    /// Reads the whole content into memory.
    ///
    /// # Errors
    /// As [`next_chunk`](Self::next_chunk), and [`Error::is_too_large`] if it is larger than `max_body`.
    pub async fn bytes(mut self) -> Result<Bytes, Error> {
        collect(&mut self).await
    }

    /// Writes the whole content to `writer`, and returns the number of bytes.
    ///
    /// # Errors
    /// As [`next_chunk`](Self::next_chunk), and [`Error::is_io`] if the writer fails.
    pub async fn write_to(mut self, writer: &mut (dyn AsyncWrite + Unpin + Send)) -> Result<u64, Error> {
        copy(&mut self, writer).await
    }

    /// Decompresses a piece of the chunk.
    fn step(&mut self) -> io::Result<Vec<u8>> {
        match &mut self.state {
            State::Member(decoder) => {
                let taken = decoder.write(&self.chunk[..self.chunk.len().min(PIECE)])?;
                if taken == 0 {
                    return self.end_member();
                }
                self.chunk.advance(taken);
                Ok(std::mem::take(decoder.get_mut()))
            }
            State::Between | State::Padding => {
                let zeros = self.chunk.iter().take_while(|byte| **byte == 0).count();
                self.chunk.advance(zeros);
                if zeros > 0 {
                    self.state = State::Padding;
                }
                match (&self.state, self.chunk.is_empty()) {
                    (_, true) => {}
                    (State::Between, false) => self.state = State::Member(Box::new(GzDecoder::new(Vec::new()))),
                    _ => {
                        return Err(io::Error::new(
                            io::ErrorKind::InvalidData,
                            "there is other data after the zero bytes at the end of the file",
                        ));
                    }
                }
                Ok(Vec::new())
            }
            State::Ended => Ok(Vec::new()),
        }
    }

    /// Ends a member: checks its length and checksum, and returns the rest of its content.
    fn end_member(&mut self) -> io::Result<Vec<u8>> {
        match std::mem::replace(&mut self.state, State::Between) {
            State::Member(decoder) => decoder.finish(),
            _ => Ok(Vec::new()),
        }
    }

    fn fail(&mut self, error: io::Error) -> Error {
        self.state = State::Ended;
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
            if matches!(this.state, State::Ended) {
                return Poll::Ready(None);
            }
            let content = if this.chunk.is_empty() {
                match ready!(Pin::new(&mut this.download).poll_next(cx)) {
                    Some(Ok(chunk)) => {
                        this.chunk = chunk;
                        continue;
                    }
                    Some(Err(error)) => {
                        this.state = State::Ended;
                        return Poll::Ready(Some(Err(error)));
                    }
                    None => {
                        let rest = this.end_member();
                        this.state = State::Ended;
                        rest
                    }
                }
            } else {
                this.step()
            };
            match content {
                Ok(content) if content.is_empty() => {}
                Ok(content) => return Poll::Ready(Some(Ok(content.into()))),
                Err(error) => return Poll::Ready(Some(Err(this.fail(error)))),
            }
        }
    }
}

impl fmt::Debug for Gunzip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Gunzip").field(&self.download).finish()
    }
}
