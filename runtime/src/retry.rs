//! Retry policies.
//!
//! A [`RetryPolicy`] has three parts, each of which can be replaced:
//!
//! - a [`Condition`] decides whether a failed attempt is retried; [`StandardCondition`] by default;
//! - a [`Backoff`] computes the delay; [`Exponential`] by default;
//! - a [`Budget`], shared by all clones of a client, stops retries when too many calls fail; [`TokenBucket`] by default.
//!
//! ```
//! use intercom_runtime::retry::{Exponential, Failure, RetryPolicy, StandardCondition};
//! use std::time::Duration;
//!
//! let patient = RetryPolicy::new()
//!     .max_attempts(6)
//!     .condition(StandardCondition::new().internal_errors(true))
//!     .backoff(Exponential::new(Duration::from_secs(1), Duration::from_secs(30)));
//!
//! let only_rate_limits = RetryPolicy::new().condition(|failure: &Failure<'_>| failure.error.is_rate_limited());
//! ```

mod backoff;
mod budget;
mod condition;

pub use backoff::{Backoff, Exponential};
pub(crate) use budget::Cost;
pub use budget::{Budget, TokenBucket, Unlimited};
pub use condition::{Condition, StandardCondition};

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::clock::Clock;
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::rate_limit::server_time;

/// The retry policy of a client, or of one call.
#[derive(Clone)]
pub struct RetryPolicy {
    max_attempts: u32,
    condition: Arc<dyn Condition>,
    /// Whether the condition is also evaluated for requests that cannot be repeated safely.
    repeats_unsafe: bool,
    backoff: Arc<dyn Backoff>,
    /// `None` means the budget of the client, or, in the policy of a client, a default one.
    budget: Option<Arc<dyn Budget>>,
}

/// A failed attempt, for which the parts of a policy decide about a retry.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Failure<'a> {
    /// The operation.
    pub endpoint: &'a Endpoint,
    /// The error of the attempt.
    pub error: &'a Error,
    /// The number of the attempt, counted from 1.
    pub attempt: u32,
    /// Whether the request is idempotent: because the operation is, or because the caller has declared it.
    pub idempotent: bool,
    /// The time since 1970-01-01 UTC, to compare with times that the server sends: on the server's clock, if the response has a `Date` that
    /// differs from the local clock.
    pub unix_time: Duration,
    /// A number in `0.0..1.0` for jitter.
    pub jitter: f64,
}

impl RetryPolicy {
    /// Makes the default policy: three attempts, [`StandardCondition`], [`Exponential`], and a [`TokenBucket`] for each client.
    pub fn new() -> Self {
        Self {
            max_attempts: 3,
            condition: Arc::new(StandardCondition::new()),
            repeats_unsafe: false,
            backoff: Arc::new(Exponential::default()),
            budget: None,
        }
    }

    /// Makes a policy without retries: [`max_attempts`](Self::max_attempts) is 1.
    pub fn never() -> Self {
        Self::new().max_attempts(1)
    }

    /// Sets the maximum number of attempts of a call, including the first one; 0 means 1.
    ///
    /// After a 401, the attempt with a renewed token is made even if the maximum is reached. The attempt with the 401 counts like any
    /// other.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// Sets the condition. It is only evaluated if the request can be repeated safely ([`Failure::is_repeatable`]), so a condition cannot
    /// repeat a request that is not idempotent and may have been carried out.
    pub fn condition(mut self, condition: impl Condition) -> Self {
        self.condition = Arc::new(condition);
        self.repeats_unsafe = false;
        self
    }

    /// Sets the condition, which is also evaluated if the request is not idempotent and the server may have carried it out. A repeated
    /// POST may create two objects or send two messages.
    ///
    /// To declare that a single request is safe to repeat, see
    /// [`RequestOptions::assume_idempotent`](crate::RequestOptions::assume_idempotent).
    pub fn unsafe_condition(mut self, condition: impl Condition) -> Self {
        self.condition = Arc::new(condition);
        self.repeats_unsafe = true;
        self
    }

    /// Sets the backoff: the delay before a retry.
    pub fn backoff(mut self, backoff: impl Backoff) -> Self {
        self.backoff = Arc::new(backoff);
        self
    }

    /// Sets the budget, which stops retries when too many calls fail. A policy of a single call uses the budget of the client,
    /// unless it has its own.
    pub fn budget(mut self, budget: impl Budget) -> Self {
        self.budget = Some(Arc::new(budget));
        self
    }

    pub(crate) fn own_budget(&self) -> Option<Arc<dyn Budget>> {
        self.budget.clone()
    }

    /// The delay and the cost of the next retry; `None` if there is no retry. There is also none if the delay is not shorter than `left`,
    /// the remaining time of the call: the caller then gets the error at once.
    pub(crate) fn next_wait(
        &self,
        failure: &Failure<'_>,
        left: Option<Duration>,
        budget: &Arc<dyn Budget>,
    ) -> Option<(Duration, Cost)> {
        let is_allowed = failure.attempt < self.max_attempts && (failure.is_repeatable() || self.repeats_unsafe);
        if !is_allowed || !self.condition.retries(failure) {
            return None;
        }
        let wait = self.backoff.wait(failure)?;
        if left.is_some_and(|left| wait >= left) {
            return None;
        }
        let cost = budget.withdraw(failure)?;
        Some((wait, Cost::new(budget.clone(), cost)))
    }
}

impl<'a> Failure<'a> {
    /// Whether the request can be repeated safely: it is [`idempotent`](Self::idempotent), the server has not received it, or the server
    /// has refused it because of the rate limit.
    pub fn is_repeatable(&self) -> bool {
        self.idempotent || self.error.is_connect() || self.error.is_token() || self.error.is_rate_limited()
    }

    pub(crate) fn new(
        endpoint: &'a Endpoint,
        error: &'a Error,
        attempt: u32,
        idempotent: bool,
        clock: &dyn Clock,
    ) -> Self {
        let local = clock.unix_time();
        let unix_time = error.headers().map_or(local, |headers| server_time(headers, local));
        Self { endpoint, error, attempt, idempotent, unix_time, jitter: clock.jitter() }
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for RetryPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetryPolicy").field("max_attempts", &self.max_attempts).finish_non_exhaustive()
    }
}
