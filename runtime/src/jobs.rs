//! Waiting for what the API does in its own time: exports, bulk jobs.
//!
//! Such an operation answers at once with the id of a job; another one tells how the job stands. A [`Poller`] asks that
//! one until the job has ended. Keep the id: a poller that asks for it goes on waiting in another process as well as in the
//! one that started the job.
//!
//! ```
//! # use intercom_runtime::{Client, Error, Value};
//! # use std::time::Duration;
//! use intercom_runtime::jobs::{JobState, Poller};
//!
//! # async fn run(client: Client, id: String) -> Result<(), Error> {
//! // With a generated crate: `move || client.data_export().find(&id).send()`.
//! let look = move || client.get("/export/content/data/{id}").path("id", &id).send();
//! let job = Poller::new(look, |job| JobState::of_status(job["status"].as_str().unwrap_or_default()))
//!     .deadline(Duration::from_secs(600))
//!     .on_look(|job| println!("{}", job["status"]))
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

/// How a job stands.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum JobState {
    /// Not ended yet.
    Running,
    /// Ended as it should.
    Done,
    /// Ended as it should, and there is nothing to fetch: an export of a time in which nothing happened.
    NoData,
    /// Ended otherwise, for this reason.
    Failed(String),
}

impl JobState {
    /// Reads the words that the API's jobs use. One that is not known counts as running: the deadline ends the wait.
    pub fn of_status(status: &str) -> Self {
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

/// Asks how a job stands until it has ended.
#[must_use = "a poller does nothing until `wait` is called"]
pub struct Poller<T> {
    look: Look<T>,
    judge: Box<dyn Fn(&T) -> JobState + Send>,
    hook: Option<Hook<T>>,
    first_wait: Duration,
    longest_wait: Duration,
    deadline: Option<Duration>,
}

enum Look<T> {
    /// Starts the job, and makes from the answer the function that asks for its status.
    Start(BoxFuture<'static, Result<Ask<T>, Error>>),
    Ask(Ask<T>),
}

/// Makes the call that looks.
type Ask<T> = Box<dyn FnMut() -> Pending<T> + Send>;

type Hook<T> = Box<dyn FnMut(&T) + Send>;

/// How many requests for the status may fail in a row for a temporary reason.
const MOST_FAILURES: u32 = 5;

impl<T: Send + 'static> Poller<T> {
    /// A poller that sends the call that `look` makes, again and again, until `judge` says of an answer that the job
    /// has ended.
    pub fn new(
        look: impl FnMut() -> Pending<T> + Send + 'static,
        judge: impl Fn(&T) -> JobState + Send + 'static,
    ) -> Self {
        Self::of(Look::Ask(Box::new(look)), judge)
    }

    /// Starts the job with `start` when [`wait`](Self::wait) is called. `look` gets the answer and returns a function
    /// that makes the call for the status; that call is sent until the job has ended.
    ///
    /// The call that starts is made once, with the retries of its client; only looks are repeated.
    pub fn starting<S, L>(
        start: Pending<S>,
        look: impl FnOnce(Response<S>) -> L + Send + 'static,
        judge: impl Fn(&T) -> JobState + Send + 'static,
    ) -> Self
    where
        S: Send + 'static,
        L: FnMut() -> Pending<T> + Send + 'static,
    {
        let start = Box::pin(async move { start.await.map(|started| Box::new(look(started)) as Ask<T>) });
        Self::of(Look::Start(start), judge)
    }

    fn of(look: Look<T>, judge: impl Fn(&T) -> JobState + Send + 'static) -> Self {
        Self {
            look,
            judge: Box::new(judge),
            hook: None,
            first_wait: Duration::from_secs(1),
            longest_wait: Duration::from_secs(30),
            deadline: Some(Duration::from_secs(3600)),
        }
    }

    /// The wait after the first look, one second by default. Each further one is half as long again.
    pub fn first_wait(mut self, wait: Duration) -> Self {
        self.first_wait = wait;
        self
    }

    /// The longest wait between two looks, 30 seconds by default.
    pub fn longest_wait(mut self, wait: Duration) -> Self {
        self.longest_wait = wait;
        self
    }

    /// Gives up after this long, an hour by default; the job itself goes on.
    pub fn deadline(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.deadline = limit.into();
        self
    }

    /// Calls `hook` with every answer, to show progress.
    pub fn on_look(mut self, hook: impl FnMut(&T) + Send + 'static) -> Self {
        self.hook = Some(Box::new(hook));
        self
    }

    /// Waits until the job has ended, and returns the last answer with how it ended. Dropping the future leaves the job alone.
    ///
    /// # Errors
    /// [`Error::is_job`] when the job failed, with the answer in [`Error::body`]; [`Error::is_timeout`] when it was not
    /// done in time; and the error of a request for the status. Temporary ones (server errors, lost connections,
    /// timeouts, full rate limits) are tolerated up to five times in a row.
    pub fn wait(mut self) -> BoxFuture<'static, Result<Finished<T>, Error>> {
        Box::pin(async move {
            let mut ask = match self.look {
                Look::Start(start) => start.await?,
                Look::Ask(ask) => ask,
            };
            let mut started = None;
            let mut wait = self.first_wait.min(self.longest_wait);
            let mut failures = 0;
            loop {
                let pending = ask();
                let clock = pending.clock.clone();
                let started = *started.get_or_insert_with(|| clock.now());
                match pending.await {
                    Ok(job) => {
                        failures = 0;
                        if let Some(hook) = &mut self.hook {
                            hook(&job);
                        }
                        match (self.judge)(&job) {
                            JobState::Running => {}
                            JobState::Done => return Ok(Finished { response: job, has_data: true }),
                            JobState::NoData => return Ok(Finished { response: job, has_data: false }),
                            JobState::Failed(reason) => return Err(Error::job(job.into_meta(), &reason)),
                        }
                    }
                    Err(error) if is_temporary(&error) && failures < MOST_FAILURES => failures += 1,
                    Err(error) => return Err(error),
                }
                let spent = clock.now().saturating_sub(started).saturating_add(wait);
                if self.deadline.is_some_and(|deadline| spent >= deadline) {
                    return Err(Error::timeout("the job was not done in time"));
                }
                clock.sleep(wait).await;
                wait = wait.saturating_mul(3).checked_div(2).unwrap_or(wait).min(self.longest_wait);
            }
        })
    }
}

/// The last answer of a job that ended as it should. It derefs to the [`Response`].
#[derive(Clone, Debug)]
pub struct Finished<T> {
    response: Response<T>,
    has_data: bool,
}

impl<T> Finished<T> {
    /// Whether there is something to fetch: false where the job says that nothing fell into its range
    /// ([`JobState::NoData`]), and its download is not found.
    pub fn has_data(&self) -> bool {
        self.has_data
    }

    /// The answer.
    pub fn into_response(self) -> Response<T> {
        self.response
    }

    /// The value of the answer alone.
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

/// Whether another request may succeed.
fn is_temporary(error: &Error) -> bool {
    error.is_server_error()
        || error.is_connection_lost()
        || error.is_connect()
        || error.is_timeout()
        || error.is_rate_limited()
}

impl<T> fmt::Debug for Poller<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Poller").field("deadline", &self.deadline).finish_non_exhaustive()
    }
}
