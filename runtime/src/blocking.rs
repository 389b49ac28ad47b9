//! Blocking calls.
//!
//! The feature `blocking` adds [`Pending::block`], [`PendingDownload::block`] and [`Download::into_read`], and the function [`block_on`]
//! for other futures of this crate. One background thread, which is started on first use, drives the connections of all blocking calls. The
//! caller's thread sleeps meanwhile.
//!
//! ```no_run
//! # fn run(call: intercom_runtime::Call) -> Result<(), intercom_runtime::Error> {
//! let me = call.send_json::<intercom_runtime::Value>().block()?;
//! # Ok(())
//! # }
//! ```

use std::io;
use std::pin::{Pin, pin};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use tokio::runtime::{Builder, Handle};

use crate::download::{Download, PendingDownload};
use crate::error::Error;
use crate::pending::Pending;
use crate::response::Response;

/// Blocks until a future of this crate is ready, such as the next page or the end of a job.
///
/// It can be called on any thread that may be blocked, including those of `tokio::task::spawn_blocking` and `block_in_place`.
///
/// # Errors
/// [`Error::is_request`] in an async task, where blocking would stop all other tasks of the thread; await the future there. Also if
/// the background thread cannot be started.
pub fn block_on<F: Future>(future: F) -> Result<F::Output, Error> {
    if is_in_task() {
        return Err(Error::request("blocking call in an async task: await it instead, or block in `spawn_blocking`"));
    }
    let handle = runtime().map_err(|error| {
        Error::request("the thread for blocking calls could not be started").with_source(error.into())
    })?;
    // The future is polled on this thread. Its sockets and timers are driven by the background thread, which wakes this one.
    let _entered = handle.enter();
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return Ok(value);
        }
        thread::park();
    }
}

/// Whether this thread is polling an async task. `Handle::try_current` alone is not enough, since threads for blocking work also
/// belong to a runtime. Only a task has a cooperative budget, so this function uses it up: if tokio then returns `Pending`,
/// the thread is polling a task. That task gets an error, and yields at its next await of a resource of tokio.
fn is_in_task() -> bool {
    /// More than the budget of a task.
    const STEPS: usize = 1_000;
    let mut context = Context::from_waker(Waker::noop());
    let mut is_exhausted = || pin!(tokio::task::consume_budget()).poll(&mut context).is_pending();
    Handle::try_current().is_ok() && (0..STEPS).any(|_| is_exhausted())
}

/// The runtime of the background thread, which runs until the process ends.
fn runtime() -> Result<Handle, String> {
    static RUNTIME: OnceLock<Result<Handle, String>> = OnceLock::new();
    let started = RUNTIME.get_or_init(|| {
        let start = || -> io::Result<Handle> {
            let runtime = Builder::new_current_thread().enable_all().build()?;
            let handle = runtime.handle().clone();
            let drive = move || runtime.block_on(std::future::pending::<()>());
            thread::Builder::new().name("intercom-blocking".to_owned()).spawn(drive)?;
            Ok(handle)
        };
        start().map_err(|error| error.to_string())
    });
    started.clone()
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

impl<T> Pending<T> {
    /// Sends the call and blocks until the response has been received.
    ///
    /// # Errors
    /// As awaiting it, and in an async task; see [`block_on`].
    pub fn block(self) -> Result<Response<T>, Error> {
        block_on(self)?
    }
}

impl PendingDownload {
    /// Starts the download and blocks until the head of the response has been received.
    ///
    /// # Errors
    /// As awaiting it, and in an async task; see [`block_on`].
    pub fn block(self) -> Result<Download, Error> {
        block_on(self)?
    }
}

impl Download {
    /// Converts the download to a blocking [`Read`](io::Read). An [`Error`] of the download is the inner error of the [`io::Error`].
    /// Reading in an async task is an error; see [`block_on`].
    pub fn into_read(self) -> DownloadReader {
        DownloadReader { download: self, chunk: bytes::Bytes::new() }
    }
}

/// A [`Download`] as a blocking reader.
#[derive(Debug)]
pub struct DownloadReader {
    download: Download,
    chunk: bytes::Bytes,
}

impl io::Read for DownloadReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.chunk.is_empty() {
            let mut next = Pin::new(&mut self.download);
            let next = std::future::poll_fn(|cx| futures_core::Stream::poll_next(next.as_mut(), cx));
            match block_on(next).map_err(io::Error::other)? {
                Some(chunk) => self.chunk = chunk.map_err(io::Error::other)?,
                None => return Ok(0),
            }
        }
        let count = buffer.len().min(self.chunk.len());
        buffer[..count].copy_from_slice(&self.chunk.split_to(count));
        Ok(count)
    }
}
