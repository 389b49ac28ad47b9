//! A hook for counters and timers, without tracing.

use std::time::Duration;

use http::StatusCode;

use crate::endpoint::Endpoint;
use crate::error::Error;

/// Is told of every attempt and every call. Both methods are called on the task of the call: they should be quick.
///
/// A call that is abandoned (its future dropped) is not reported.
pub trait Metrics: Send + Sync + 'static {
    /// An attempt has ended.
    fn attempt(&self, report: &AttemptReport<'_>) {
        let _ = report;
    }

    /// A call has ended; for a download, its body is still to come.
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
    /// Which attempt it was, counted from 1.
    pub attempt: u32,
    /// How long it took, waits before it not included.
    pub elapsed: Duration,
    /// The status of the response, where one came.
    pub status: Option<StatusCode>,
    /// What went wrong.
    pub error: Option<&'a Error>,
    /// How long until the next attempt, where there will be one.
    pub wait: Option<Duration>,
}

/// A whole call.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct CallReport<'a> {
    /// The operation.
    pub endpoint: &'a Endpoint,
    /// How many times the request was sent.
    pub attempts: u32,
    /// How long it took, waits included.
    pub elapsed: Duration,
    /// How much of that was waiting: for the throttle and between attempts.
    pub waited: Duration,
    /// The status of the last response, where one came.
    pub status: Option<StatusCode>,
    /// What went wrong.
    pub error: Option<&'a Error>,
}
