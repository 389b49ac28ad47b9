//! Blocking calls.
//!
//! The feature `blocking` adds a blocking method to what is otherwise awaited: [`Pending::wait`], [`PendingDownload::wait`], and
//! [`wait`] for any other future of this crate. One thread, started on first use, drives the connections of all calls, while the
//! caller's thread sleeps.
//!
//! ```no_run
//! # fn run(call: intercom_runtime::Call) -> Result<(), intercom_runtime::Error> {
//! let me = call.send_json::<intercom_runtime::Value>().wait()?;
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

/// Blocks until a future of this crate is ready: pages, jobs, chunks of a download.
///
/// It works on any thread that may be blocked, including those of `tokio::task::spawn_blocking` and `block_in_place`.
///
/// # Errors
/// [`Error::is_request`] in an async task, where blocking would stop all other tasks of the thread: await instead. Also where the
/// thread that drives connections cannot be started.
pub fn wait<F: Future>(future: F) -> Result<F::Output, Error> {
    if is_in_task() {
        return Err(Error::request("a blocking call in an async task: await it, or wait in `spawn_blocking`"));
    }
    let handle = runtime().map_err(|error| {
        Error::request("the thread for blocking calls could not be started").with_source(error.into())
    })?;
    // The future is polled on this thread. Its sockets and timers belong to the thread of the runtime, which wakes this one.
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

/// Whether this thread is polling an async task. Threads for blocking work belong to a runtime, too, but only a task has a
/// cooperative budget, after which tokio makes its resources return `Pending`.
fn is_in_task() -> bool {
    /// More than the budget of a task.
    const STEPS: usize = 1_000;
    let mut context = Context::from_waker(Waker::noop());
    let mut spend = || pin!(tokio::task::consume_budget()).poll(&mut context).is_pending();
    Handle::try_current().is_ok() && (0..STEPS).any(|_| spend())
}

/// The runtime that drives connections, on a thread that lives as long as the process.
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
    /// Sends the call and blocks until the response has come.
    ///
    /// # Errors
    /// As awaiting it, and in an async task; see [`wait`].
    pub fn wait(self) -> Result<Response<T>, Error> {
        wait(self)?
    }
}

impl PendingDownload {
    /// Starts the download and blocks until the head of the response has come.
    ///
    /// # Errors
    /// As awaiting it, and in an async task; see [`wait`].
    pub fn wait(self) -> Result<Download, Error> {
        wait(self)?
    }
}

impl Download {
    /// The download as a blocking [`Read`](io::Read). An [`Error`] of the download is the inner error of the [`io::Error`]. Reading in
    /// an async task is an error; see [`wait`].
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
            match wait(next).map_err(io::Error::other)? {
                Some(chunk) => self.chunk = chunk.map_err(io::Error::other)?,
                None => return Ok(0),
            }
        }
        let count = buffer.len().min(self.chunk.len());
        buffer[..count].copy_from_slice(&self.chunk.split_to(count));
        Ok(count)
    }
}
