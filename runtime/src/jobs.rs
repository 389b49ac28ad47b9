//! Asynchronous jobs of the API: exports and bulk jobs.
//!
//! An operation that starts a job responds with the id of the job. Another operation returns the status of the job. A
//! [`Poller`] calls the status operation until the job has ended. Store the id: with it, a poller in
//! another process can wait for the same job.
//!
//! ```
//! # use intercom_runtime::{Client, Error, Value};
//! # use std::time::Duration;
//! use intercom_runtime::jobs::{JobState, Poller};
//!
//! # async fn run(client: Client, id: String) -> Result<(), Error> {
//! // With a generated crate: `move || client.data_export().find(&id).send()`.
//! let status = move || client.get("/export/content/data/{id}").path("id", &id).send();
//! let job = Poller::new(status, |job| JobState::from_status(job["status"].as_str().unwrap_or_default()))
//!     .timeout(Duration::from_secs(600))
//!     .on_poll(|job| println!("{}", job["status"]))
//!     .wait()
//!     .await?;
//! if job.has_data() {
//!     println!("{}", job["download_url"]);
//! }
//! # Ok(())
//! # }
//! ```

use std::fmt;
use std::ops::Deref;
use std::time::Duration;

use crate::error::Error;
use crate::pending::Pending;
use crate::response::Response;
use crate::transport::BoxFuture;

/// The state of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum JobState {
    /// The job has not ended yet.
    Running,
    /// The job has succeeded.
    Done,
    /// The job has succeeded, but there is no data: an export of a time in which nothing happened.
    NoData,
    /// The job has failed, for this reason.
    Failed(String),
}

impl JobState {
    /// Maps the status of a job, as the API writes it, to a state. An unknown status counts as running; if no known one follows, the
    /// timeout of the poller ends the wait.
    pub fn from_status(status: &str) -> Self {
        match status.trim().to_ascii_lowercase().as_str() {
            "complete" | "completed" | "done" | "finished" | "succeeded" | "success" => Self::Done,
            "no_data" => Self::NoData,
            "aborted"
            | "canceled"
            | "cancelled"
            | "completed_with_errors"
            | "error"
            | "errored"
            | "expired"
            | "failed"
            | "failure"
            | "killed"
            | "rejected" => Self::Failed(status.trim().to_owned()),
            _ => Self::Running,
        }
    }
}

/// Polls the status of a job until the job has ended.
#[must_use = "a poller does nothing until `wait` is called"]
pub struct Poller<T> {
    source: Source<T>,
    state: Box<dyn Fn(&T) -> JobState + Send>,
    hook: Option<Hook<T>>,
    initial_delay: Duration,
    max_delay: Duration,
    timeout: Option<Duration>,
}

/// Where the status call comes from.
enum Source<T> {
    /// Starts the job. The response contains what the status call needs.
    Start(BoxFuture<'static, Result<StatusCall<T>, Error>>),
    /// The job has been started already.
    Started(StatusCall<T>),
}

/// Makes a call of the status operation.
type StatusCall<T> = Box<dyn FnMut() -> Pending<T> + Send>;

type Hook<T> = Box<dyn FnMut(&T) + Send>;

/// How many status calls in a row may fail with a temporary error.
const MAX_FAILURES: u32 = 5;

impl<T: Send + 'static> Poller<T> {
    /// Polls a job that has been started. `status` makes the call of the status operation for each poll. `state` returns the
    /// state of the job from the value of the response.
    pub fn new(
        status: impl FnMut() -> Pending<T> + Send + 'static,
        state: impl Fn(&T) -> JobState + Send + 'static,
    ) -> Self {
        Self::with_source(Source::Started(Box::new(status)), state)
    }

    /// Starts the job with the call `start` when the future of [`wait`](Self::wait) is awaited, and then polls it. `status` gets the
    /// response of `start`, and returns the function that makes the calls of the status operation.
    ///
    /// The poller does not repeat `start` if it fails; only the retry policy does.
    pub fn starting<S, C>(
        start: Pending<S>,
        status: impl FnOnce(Response<S>) -> C + Send + 'static,
        state: impl Fn(&T) -> JobState + Send + 'static,
    ) -> Self
    where
        S: Send + 'static,
        C: FnMut() -> Pending<T> + Send + 'static,
    {
        let start = Box::pin(async move { start.await.map(|started| Box::new(status(started)) as StatusCall<T>) });
        Self::with_source(Source::Start(start), state)
    }

    fn with_source(source: Source<T>, state: impl Fn(&T) -> JobState + Send + 'static) -> Self {
        Self {
            source,
            state: Box::new(state),
            hook: None,
            initial_delay: Duration::from_secs(1),
            max_delay: Duration::from_secs(30),
            timeout: Some(Duration::from_secs(3600)),
        }
    }

    /// Sets the delay after the first poll; one second by default. Each further delay is one and a half times as long, up to
    /// [`max_delay`](Self::max_delay).
    pub fn initial_delay(mut self, delay: Duration) -> Self {
        self.initial_delay = delay;
        self
    }

    /// Sets the maximum delay between two polls; 30 seconds by default.
    pub fn max_delay(mut self, delay: Duration) -> Self {
        self.max_delay = delay;
        self
    }

    /// Sets how long to wait for the job, from the first call of the status operation; one hour by default, and `None` removes the timeout.
    /// After a timeout the job itself continues.
    pub fn timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.timeout = limit.into();
        self
    }

    /// Calls `hook` with the value of every status response, to show progress.
    pub fn on_poll(mut self, hook: impl FnMut(&T) + Send + 'static) -> Self {
        self.hook = Some(Box::new(hook));
        self
    }

    /// Waits until the job has ended, and returns the last status response. Dropping the future does not cancel the job.
    ///
    /// # Errors
    /// [`Error::is_job`] if the job failed, with the last response in [`Error::body`]; [`Error::is_timeout`] if it did not end in time; and
    /// the error of a call. Up to five temporary errors of status calls in a row (server errors, connections that fail or are lost,
    /// timeouts, exceeded rate limits, errors of the token source) are ignored.
    pub fn wait(mut self) -> BoxFuture<'static, Result<Finished<T>, Error>> {
        Box::pin(async move {
            let mut status_call = match self.source {
                Source::Start(start) => start.await?,
                Source::Started(status_call) => status_call,
            };
            let mut started = None;
            let mut wait = self.initial_delay.min(self.max_delay);
            let mut failures = 0;
            loop {
                let pending = status_call();
                let clock = pending.clock.clone();
                let started = *started.get_or_insert_with(|| clock.now());
                match pending.await {
                    Ok(job) => {
                        failures = 0;
                        if let Some(hook) = &mut self.hook {
                            hook(&job);
                        }
                        match (self.state)(&job) {
                            JobState::Running => {}
                            JobState::Done => return Ok(Finished { response: job, has_data: true }),
                            JobState::NoData => return Ok(Finished { response: job, has_data: false }),
                            JobState::Failed(reason) => return Err(Error::job(job.into_meta(), &reason)),
                        }
                    }
                    Err(error) if is_temporary(&error) && failures < MAX_FAILURES => failures += 1,
                    Err(error) => return Err(error),
                }
                let spent = clock.now().saturating_sub(started).saturating_add(wait);
                if self.timeout.is_some_and(|timeout| spent >= timeout) {
                    return Err(Error::timeout("the job did not end in time"));
                }
                clock.sleep(wait).await;
                wait = wait.saturating_mul(3).checked_div(2).unwrap_or(wait).min(self.max_delay);
            }
        })
    }
}

/// The last status response of a job that succeeded. It derefs to the [`Response`].
#[derive(Clone, Debug)]
pub struct Finished<T> {
    response: Response<T>,
    has_data: bool,
}

impl<T> Finished<T> {
    /// Whether the job has a result. False for [`JobState::NoData`]: the download of such an export is a 404.
    pub fn has_data(&self) -> bool {
        self.has_data
    }

    /// Returns the response.
    pub fn into_response(self) -> Response<T> {
        self.response
    }

    /// Returns the value of the response.
    pub fn into_inner(self) -> T {
        self.response.into_inner()
    }
}

impl<T> Deref for Finished<T> {
    type Target = Response<T>;

    fn deref(&self) -> &Response<T> {
        &self.response
    }
}

/// Whether another status call may succeed.
fn is_temporary(error: &Error) -> bool {
    error.is_server_error()
        || error.is_connection_lost()
        || error.is_connect()
        || error.is_timeout()
        || error.is_rate_limited()
        || error.is_token()
}

impl<T> fmt::Debug for Poller<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Poller").field("timeout", &self.timeout).finish_non_exhaustive()
    }
}
