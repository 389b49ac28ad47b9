//! A hook through which a program collects metrics.

use std::time::Duration;

use http::StatusCode;

use crate::endpoint::Endpoint;
use crate::error::Error;

/// Receives a report of each attempt and each call that has ended, but not of a call whose future was dropped. Both methods run in the task
/// of the call, so they should be quick.
pub trait Metrics: Send + Sync + 'static {
    /// Called when an attempt has ended.
    fn attempt(&self, report: &AttemptReport<'_>) {
        let _ = report;
    }

    /// Called when the response of a call has been received, before it is decoded, or when the call has failed; for a download, when the
    /// head of the response has been received. A request that resumes a download is reported as another call.
    fn call(&self, report: &CallReport<'_>) {
        let _ = report;
    }
}

/// One attempt of a call.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct AttemptReport<'a> {
    /// The operation.
    pub endpoint: &'a Endpoint,
    /// The number of the attempt, counted from 1.
    pub attempt: u32,
    /// How long the attempt took, without the delay before it. After a 401 it includes the time that the token source took for a new token.
    pub elapsed: Duration,
    /// The status of the response, if there was one.
    pub status: Option<StatusCode>,
    /// The error, if there was one.
    pub error: Option<&'a Error>,
    /// The delay before the next attempt, if there is one.
    pub wait: Option<Duration>,
}

/// A call with all its attempts.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct CallReport<'a> {
    /// The operation.
    pub endpoint: &'a Endpoint,
    /// How many attempts were made, including those that failed before the request was sent.
    pub attempts: u32,
    /// How long the call took, with all delays.
    pub elapsed: Duration,
    /// How much of that time the call waited: for the throttle, for the limit of attempts in flight, and between attempts.
    pub waited: Duration,
    /// The status of the response with which the call ended; `None` if it ended without a response, even if an earlier attempt had one.
    pub status: Option<StatusCode>,
    /// The error, if there was one. An error of decoding is not reported.
    pub error: Option<&'a Error>,
}
