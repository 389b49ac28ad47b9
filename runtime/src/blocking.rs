//! Calls without async.
//!
//! The feature `blocking` adds a method to wait to everything that is otherwise awaited: [`Pending::wait`],
//! [`PendingDownload::wait`], and [`wait`] for any other future of this crate. One thread, started on first use, drives
//! the connections of all of them; the caller's thread sleeps meanwhile.
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

/// Waits for a future of this crate: pages, jobs, chunks of a download.
///
/// It works on any thread that may be blocked, also within `tokio::task::spawn_blocking` and `block_in_place`.
///
/// # Errors
/// [`Error::is_request`] in an async task, where waiting would stop everything else on the thread: await instead. And where
/// the system does not let the process start a thread.
pub fn wait<F: Future>(future: F) -> Result<F::Output, Error> {
    if is_in_task() {
        return Err(Error::request("a blocking call in an async task: await it, or wait in `spawn_blocking`"));
    }
    let handle = runtime().map_err(|error| {
        Error::request("the thread for blocking calls could not be started").with_source(error.into())
    })?;
    // The future runs here; what it opens (sockets, timers) belongs to the runtime's thread and wakes this one.
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

/// Whether this thread is in the middle of polling an async task. Threads that may be blocked belong to a runtime, too; but
/// only in a task there is a budget of steps, after which tokio makes the task wait for its next turn.
fn is_in_task() -> bool {
    /// More than any budget.
    const STEPS: usize = 1_000;
    let mut context = Context::from_waker(Waker::noop());
    let mut spend = || pin!(tokio::task::consume_budget()).poll(&mut context).is_pending();
    Handle::try_current().is_ok() && (0..STEPS).any(|_| spend())
}

/// The runtime that drives connections, on a thread of its own that lives as long as the process.
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
    /// Sends the call and waits for the answer on this thread.
    ///
    /// # Errors
    /// As awaiting it, and in an async task; see [`wait`].
    pub fn wait(self) -> Result<Response<T>, Error> {
        wait(self)?
    }
}

impl PendingDownload {
    /// Starts the download and waits for the head of the answer on this thread.
    ///
    /// # Errors
    /// As awaiting it, and in an async task; see [`wait`].
    pub fn wait(self) -> Result<Download, Error> {
        wait(self)?
    }
}

impl Download {
    /// The download as a [`Read`](io::Read), which waits on this thread. An [`Error`] of the download is the inner error
    /// of the [`io::Error`]. Reading in an async task is an error; see [`wait`].
    pub fn into_read(self) -> DownloadReader {
        DownloadReader { download: self, chunk: bytes::Bytes::new() }
    }
}

/// A [`Download`] to read from.
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
