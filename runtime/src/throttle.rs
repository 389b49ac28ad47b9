//! Throttles delay calls so that the rate limit is not exceeded.

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

/// Decides when the attempts of a client are sent.
///
/// [`Paced`] is the throttle for one process. Share one, in an `Arc`, between all clients of the same app. The crate
/// `intercom-throttle-redis` has a throttle for several processes. To write another one, implement a [`Schedule`], which only computes
/// times, and wrap it in a [`Queue`].
pub trait Throttle: Send + Sync + 'static {
    /// Resolves when an attempt may be sent. From then on the attempt counts against the limit. If the future is dropped before it
    /// resolves, the attempt leaves the queue.
    ///
    /// # Errors
    /// [`TooLate`], as soon as it is known that the attempt could only be sent after [`AcquireRequest::latest`].
    fn acquire<'a>(&'a self, request: AcquireRequest<'a>) -> BoxFuture<'a, Result<(), TooLate>>;

    /// Called once for each [`acquire`](Self::acquire) that resolved to `Ok`, when the attempt has ended or was dropped, or when it was
    /// not sent because no permit of `max_in_flight` was free. If `sent` is false, the attempt does not count against the limit.
    fn release(&self, sent: bool) {
        let _ = sent;
    }

    /// Called with what a response of the API reports about the rate limit, before the attempt is released.
    fn observe(&self, observation: &Observation, clock: &dyn Clock) {
        let _ = (observation, clock);
    }
}

/// The arguments of [`Throttle::acquire`]: what a throttle knows about an attempt.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct AcquireRequest<'a> {
    /// The client's clock.
    pub clock: &'a Arc<dyn Clock>,
    /// The latest time, on that clock, at which the attempt may be sent. It is earlier than the deadline of the call, so that the attempt
    /// can end before it.
    pub latest: Option<Duration>,
}

impl<'a> AcquireRequest<'a> {
    /// Makes a request without a latest time.
    pub fn new(clock: &'a Arc<dyn Clock>) -> Self {
        Self { clock, latest: None }
    }

    /// Sets the latest time, on the clock, at which the attempt may be sent.
    pub fn latest(mut self, latest: impl Into<Option<Duration>>) -> Self {
        self.latest = latest.into();
        self
    }
}

/// The error of an attempt that the throttle could only send too late.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TooLate;

impl TooLate {
    /// Makes the error, for a [`Throttle`] of your own.
    pub const fn new() -> Self {
        Self
    }
}

impl fmt::Display for TooLate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the rate limit does not allow the call before its deadline")
    }
}

impl std::error::Error for TooLate {}

/// What a response of the API reports about the rate limit.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Observation {
    /// The status of the response.
    pub status: StatusCode,
    /// Whether the server refused the call because the rate limit is exceeded.
    pub refused: bool,
    /// The rate limit headers, if there were any.
    pub rate_limit: Option<RateLimit>,
    /// How long the server asks to wait, from `Retry-After`.
    pub retry_after: Option<Duration>,
    /// The time since 1970-01-01 UTC on the server's clock: from the header `Date`, if the local clock differs from it.
    pub server_time: Duration,
}

impl Observation {
    /// Makes an observation with only a status and a time. Set the other fields afterwards.
    pub fn new(status: StatusCode, server_time: Duration) -> Self {
        Self { status, refused: false, rate_limit: None, retry_after: None, server_time }
    }

    /// How long no call should be sent; `None` if calls may be sent. There is a pause if the call was [`refused`](Self::refused), after a
    /// 503 with `Retry-After`, and if at most `reserve` calls are left in the window.
    ///
    /// `window` is the length of a window: a pause until the end of the window is at most that long, even if the header gives a later end.
    /// `Retry-After` is limited to five minutes.
    pub fn pause(&self, window: Duration, reserve: u32) -> Option<Duration> {
        const MAX_RETRY_AFTER: Duration = Duration::from_secs(300);
        let end = self.rate_limit.and_then(|limit| limit.reset_in(self.server_time));
        let end = end.unwrap_or(window).min(window);
        if self.refused || self.status == StatusCode::SERVICE_UNAVAILABLE && self.retry_after.is_some() {
            return Some(self.retry_after.unwrap_or(end).min(MAX_RETRY_AFTER));
        }
        (self.rate_limit?.remaining? <= reserve).then_some(end)
    }
}

impl<T: Throttle + ?Sized> Throttle for Arc<T> {
    fn acquire<'a>(&'a self, request: AcquireRequest<'a>) -> BoxFuture<'a, Result<(), TooLate>> {
        (**self).acquire(request)
    }

    fn release(&self, sent: bool) {
        (**self).release(sent);
    }

    fn observe(&self, observation: &Observation, clock: &dyn Clock) {
        (**self).observe(observation, clock);
    }
}

/// The permit of a throttle to send an attempt, released on drop.
pub(crate) struct Permit<'a> {
    throttle: &'a dyn Throttle,
    pub(crate) sent: bool,
}

impl<'a> Permit<'a> {
    pub(crate) async fn acquire(
        throttle: &'a dyn Throttle,
        request: AcquireRequest<'a>,
    ) -> Result<Permit<'a>, TooLate> {
        throttle.acquire(request).await?;
        Ok(Permit { throttle, sent: false })
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.throttle.release(self.sent);
    }
}
