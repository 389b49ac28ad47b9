//! Waiting for the rate limit instead of running into it.

mod paced;
mod queue;

pub use paced::Paced;
pub use queue::{Queue, Schedule};

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;

use crate::clock::Clock;
use crate::rate_limit::RateLimit;
use crate::transport::BoxFuture;

/// Spreads the calls of a client over time. Every attempt asks before it is sent.
///
/// [`Paced`] does it for one process. Give the same one, in an `Arc`, to all clients that call for the same app. The
/// crate `intercom-throttle-redis` shares the limit between processes. To write another one, implement a [`Schedule`], which
/// decides about moments only, and wrap it in a [`Queue`].
pub trait Throttle: Send + Sync + 'static {
    /// Resolves when an attempt may be sent. It counts against the limit from then on. Dropping the future before it
    /// resolves gives its place in the queue back.
    ///
    /// # Errors
    /// [`TooLate`], without waiting, where the attempt's turn comes after [`Turn::deadline`].
    fn acquire<'a>(&'a self, turn: Turn<'a>) -> BoxFuture<'a, Result<(), TooLate>>;

    /// Called once for each [`acquire`](Self::acquire) that resolved to `Ok`: the attempt has ended or was abandoned, or,
    /// where `sent` is false, it was not sent after all and does not count against the limit.
    fn release(&self, sent: bool) {
        let _ = sent;
    }

    /// Called with what each answer of the API says of the rate limit, before its attempt is released.
    fn observe(&self, seen: &Observation, clock: &dyn Clock) {
        let _ = (seen, clock);
    }
}

/// What an attempt tells the throttle when it asks to be sent.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Turn<'a> {
    /// The client's clock.
    pub clock: &'a Arc<dyn Clock>,
    /// The last moment, on that clock, at which sending the attempt still makes sense.
    pub deadline: Option<Duration>,
}

impl<'a> Turn<'a> {
    /// Asks for a turn at any time.
    pub fn new(clock: &'a Arc<dyn Clock>) -> Self {
        Self { clock, deadline: None }
    }

    /// Asks for a turn before `deadline`, a moment on the clock.
    pub fn before(mut self, deadline: impl Into<Option<Duration>>) -> Self {
        self.deadline = deadline.into();
        self
    }
}

/// The rate limit has no room for an attempt before its deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TooLate;

impl fmt::Display for TooLate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the rate limit has no room before the deadline")
    }
}

impl std::error::Error for TooLate {}

/// What an answer of the API says of the rate limit.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Observation {
    /// The status.
    pub status: StatusCode,
    /// Whether the server refused the call because the rate limit window is full.
    pub refused: bool,
    /// The rate limit headers, if there were any.
    pub rate_limit: Option<RateLimit>,
    /// How long the server asks to wait, from `Retry-After`.
    pub retry_after: Option<Duration>,
    /// The time since 1970-01-01 UTC by the server's clock: the header `Date` where this machine's clock is off.
    pub server_time: Duration,
}

impl Observation {
    /// An answer that says nothing of the rate limit; fill in what it said.
    pub fn new(status: StatusCode, server_time: Duration) -> Self {
        Self { status, refused: false, rate_limit: None, retry_after: None, server_time }
    }

    /// How long nothing should be sent: after a 429, after a 503 with `Retry-After`, and where no more than `reserve` calls
    /// are left in the window. `window` is how long a window is at most; a longer `Retry-After` counts up to five minutes.
    pub fn pause(&self, window: Duration, reserve: u32) -> Option<Duration> {
        const LONGEST: Duration = Duration::from_secs(300);
        let end = self.rate_limit.and_then(|limit| limit.reset_in(self.server_time));
        let end = end.unwrap_or(window).min(window);
        if self.refused || self.status == StatusCode::SERVICE_UNAVAILABLE && self.retry_after.is_some() {
            return Some(self.retry_after.unwrap_or(end).min(LONGEST));
        }
        (self.rate_limit?.remaining? <= reserve).then_some(end)
    }
}

impl<T: Throttle + ?Sized> Throttle for Arc<T> {
    fn acquire<'a>(&'a self, turn: Turn<'a>) -> BoxFuture<'a, Result<(), TooLate>> {
        (**self).acquire(turn)
    }

    fn release(&self, sent: bool) {
        (**self).release(sent);
    }

    fn observe(&self, seen: &Observation, clock: &dyn Clock) {
        (**self).observe(seen, clock);
    }
}

/// An attempt that a throttle let through. Dropping it releases it.
pub(crate) struct Permit<'a> {
    throttle: &'a dyn Throttle,
    pub(crate) sent: bool,
}

impl<'a> Permit<'a> {
    pub(crate) async fn acquire(throttle: &'a dyn Throttle, turn: Turn<'a>) -> Result<Permit<'a>, TooLate> {
        throttle.acquire(turn).await?;
        Ok(Permit { throttle, sent: false })
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.throttle.release(self.sent);
    }
}
