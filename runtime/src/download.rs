//! Downloads: response bodies that are streamed.

#[cfg(feature = "gzip")]
mod gunzip;
mod resume;

#[cfg(feature = "gzip")]
pub use gunzip::Gunzip;

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use http::{HeaderMap, StatusCode};
use tokio::io::AsyncWrite;

use crate::call::Call;
use crate::error::Error;
use crate::meta::{Meta, request_id};
use crate::send;
use crate::transport::{Body, BoxFuture, MaybeSend};
use resume::{Rest, Resume};

impl Call {
    /// Sends the call and streams the body of the response.
    pub fn download(self) -> PendingDownload {
        PendingDownload::new(self)
    }
}

/// A download that starts when it is awaited. It resolves to a [`Download`] when the head of the response has been received.
#[must_use = "a download starts when it is awaited"]
pub struct PendingDownload(BoxFuture<'static, Result<Download, Error>>);

impl PendingDownload {
    pub(crate) fn new(call: Call) -> Self {
        Self(Box::pin(async move {
            let (meta, body) = send::streamed(call.clone()).await?;
            let stall = call.limits().attempt_timeout;
            let resume = Resume::new(&call, &meta);
            let length = content_length(&body, &meta.headers);
            Ok(Download {
                meta,
                state: State::Reading(body),
                call,
                stall,
                timer: None,
                received: 0,
                length,
                resume,
                progress: None,
            })
        }))
    }
}

impl Future for PendingDownload {
    type Output = Result<Download, Error>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(cx)
    }
}

impl fmt::Debug for PendingDownload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PendingDownload { .. }")
    }
}

/// The body of a response as a [`Stream`] of chunks.
///
/// If the connection is lost or stalls, the download is resumed if possible. The operation must be idempotent, the server must support
/// ranges and send a strong validator of the file (`ETag` or `Last-Modified`), and the file must not have changed. The retry policy limits
/// how many attempts in a row may fail without progress.
///
/// ```
/// # async fn run(call: intercom_runtime::Call) -> Result<(), intercom_runtime::Error> {
/// let mut download = call.download().await?;
/// download.on_progress(|progress| println!("{} of {:?} bytes", progress.received, progress.total));
/// let mut file = Vec::new(); // tokio::fs::File::create("export.csv.gz").await?
/// download.write_to(&mut file).await?;
/// # Ok(())
/// # }
/// ```
pub struct Download {
    meta: Box<Meta>,
    state: State,
    call: Call,
    /// The maximum time between two chunks.
    stall: Option<Duration>,
    timer: Option<BoxFuture<'static, ()>>,
    received: u64,
    length: Option<u64>,
    resume: Option<Resume>,
    progress: Option<ProgressHook>,
}

type ProgressHook = Box<dyn FnMut(Progress) + Send>;

enum State {
    Reading(Body),
    Resuming(BoxFuture<'static, Result<Rest, Error>>),
    Ended,
}

/// The progress of a download.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// The number of bytes that were received so far.
    pub received: u64,
    /// The total number of bytes, if the server has sent it.
    pub total: Option<u64>,
}

impl Download {
    /// The length of the body in bytes, if the server has sent it.
    pub fn len(&self) -> Option<u64> {
        self.length
    }

    /// Whether the server has sent a length of zero.
    pub fn is_empty(&self) -> bool {
        self.len() == Some(0)
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.meta.status
    }

    /// The response headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.meta.headers
    }

    /// The request id, `X-Request-Id`, if there is one. Intercom's support can find the request by it.
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.meta.headers)
    }

    /// The progress of the download.
    pub fn progress(&self) -> Progress {
        Progress { received: self.received, total: self.length }
    }

    /// Calls `hook` after each chunk.
    pub fn on_progress(&mut self, hook: impl FnMut(Progress) + Send + 'static) {
        self.progress = Some(Box::new(hook));
    }

    /// The next chunk, `None` at the end and after an error.
    ///
    /// # Errors
    /// If the download cannot be resumed: [`Error::is_connection_lost`] after the connection was lost, and [`Error::is_timeout`] if no
    /// chunk was received within the attempt timeout. If the request that resumes it fails, the error of that request. Also
    /// [`Error::is_connection_lost`] if the body is longer than announced, or is not the rest of the same file.
    pub async fn next_chunk(&mut self) -> Option<Result<Bytes, Error>> {
        std::future::poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    /// Reads the whole body into memory.
    ///
    /// # Errors
    /// As [`next_chunk`](Self::next_chunk), and [`Error::is_too_large`] if it is larger than `max_body`.
    pub async fn bytes(mut self) -> Result<Bytes, Error> {
        collect(&mut self).await
    }

    /// Writes the whole body to `writer`, and returns the number of bytes.
    ///
    /// # Errors
    /// As [`next_chunk`](Self::next_chunk), and [`Error::is_io`] if the writer fails.
    pub async fn write_to(mut self, writer: &mut (dyn AsyncWrite + Unpin + Send)) -> Result<u64, Error> {
        copy(&mut self, writer).await
    }

    /// Decompresses the body as gzip. Data exports are gzip files, even if their name does not end in `.gz`.
    #[cfg(feature = "gzip")]
    pub fn gunzip(self) -> Gunzip {
        Gunzip::new(self)
    }

    /// Resumes the download after an error of the body. Returns the error if it cannot be resumed.
    fn resume_after(&mut self, error: Error) -> Option<Error> {
        self.timer = None;
        let error = error.at(&self.meta.endpoint, self.meta.attempts);
        let resuming =
            self.resume.as_mut().and_then(|resume| resume.resume(&self.call, self.received, self.length, &error));
        match resuming {
            Some(resuming) => {
                self.state = State::Resuming(resuming);
                None
            }
            None => {
                self.state = State::Ended;
                Some(error)
            }
        }
    }
}

impl Stream for Download {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            let body = match &mut this.state {
                State::Ended => return Poll::Ready(None),
                State::Resuming(resuming) => match ready!(resuming.as_mut().poll(cx)) {
                    Ok(rest) => {
                        this.state = State::Reading(rest.body);
                        this.length = Some(rest.total);
                        continue;
                    }
                    Err(error) => {
                        this.state = State::Ended;
                        return Poll::Ready(Some(Err(error)));
                    }
                },
                State::Reading(body) => body,
            };
            let error = match Pin::new(body).poll_next(cx) {
                Poll::Ready(None) if this.length.is_none_or(|length| this.received >= length) => {
                    this.state = State::Ended;
                    return Poll::Ready(None);
                }
                Poll::Ready(None) => Error::lost("the body is shorter than its `Content-Length`".into()),
                Poll::Ready(Some(Ok(chunk))) => {
                    this.timer = None;
                    this.received += chunk.len() as u64;
                    if this.length.is_some_and(|length| this.received > length) {
                        this.state = State::Ended;
                        let error = Error::unusable("the body is longer than its `Content-Length`".into());
                        return Poll::Ready(Some(Err(error.at(&this.meta.endpoint, this.meta.attempts))));
                    }
                    if let Some(resume) = &mut this.resume {
                        resume.progressed(chunk.len());
                    }
                    let progress = this.progress();
                    if let Some(hook) = &mut this.progress {
                        hook(progress);
                    }
                    return Poll::Ready(Some(Ok(chunk)));
                }
                Poll::Ready(Some(Err(error))) => Error::lost(error),
                Poll::Pending => {
                    let Some(limit) = this.stall else { return Poll::Pending };
                    let clock = &this.call.client.0.clock;
                    ready!(this.timer.get_or_insert_with(|| clock.timer(limit)).as_mut().poll(cx));
                    Error::timeout("the download stalled")
                }
            };
            if let Some(error) = this.resume_after(error) {
                return Poll::Ready(Some(Err(error)));
            }
        }
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("status", &self.meta.status)
            .field("progress", &self.progress())
            .finish_non_exhaustive()
    }
}

/// The length of the body. `Content-Length` is not used if `Content-Encoding` is set, since a transport may have decompressed the body.
fn content_length(body: &Body, headers: &HeaderMap) -> Option<u64> {
    let named = || headers.get(http::header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok();
    body.len().or_else(|| if headers.contains_key(http::header::CONTENT_ENCODING) { None } else { named() })
}

/// A download, decompressed or not.
trait Chunks: Stream<Item = Result<Bytes, Error>> + Unpin + MaybeSend {
    fn download(&self) -> &Download;
}

impl Chunks for Download {
    fn download(&self) -> &Download {
        self
    }
}

async fn next(chunks: &mut dyn Chunks) -> Option<Result<Bytes, Error>> {
    std::future::poll_fn(|cx| Pin::new(&mut *chunks).poll_next(cx)).await
}

async fn collect(chunks: &mut dyn Chunks) -> Result<Bytes, Error> {
    let limit = chunks.download().call.limits().max_body;
    let mut whole = BytesMut::new();
    while let Some(chunk) = next(chunks).await {
        let chunk = chunk?;
        if whole.len() as u64 + chunk.len() as u64 > limit {
            return Err(Error::too_large((*chunks.download().meta).clone(), limit));
        }
        whole.extend_from_slice(&chunk);
    }
    Ok(whole.freeze())
}

async fn copy(chunks: &mut dyn Chunks, writer: &mut (dyn AsyncWrite + Unpin + Send)) -> Result<u64, Error> {
    let mut written = 0;
    let failed = |error: std::io::Error, chunks: &dyn Chunks| {
        let meta = &chunks.download().meta;
        Error::io("the writer failed").with_source(error.into()).at(&meta.endpoint, meta.attempts)
    };
    while let Some(chunk) = next(chunks).await {
        let mut chunk = chunk?;
        while !chunk.is_empty() {
            match std::future::poll_fn(|cx| Pin::new(&mut *writer).poll_write(cx, &chunk)).await {
                Ok(0) => return Err(failed(std::io::ErrorKind::WriteZero.into(), chunks)),
                Ok(count) => {
                    written += count as u64;
                    bytes::Buf::advance(&mut chunk, count);
                }
                Err(error) => return Err(failed(error, chunks)),
            }
        }
    }
    match std::future::poll_fn(|cx| Pin::new(&mut *writer).poll_flush(cx)).await {
        Ok(()) => Ok(written),
        Err(error) => Err(failed(error, chunks)),
    }
}
