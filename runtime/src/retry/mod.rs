//! Sending again: what is worth it, how long to wait, and when to stop adding to the load.
//!
//! Three parts that can each be replaced, put together in a [`RetryPolicy`]:
//!
//! - a [`Condition`] looks at a failed attempt and says whether another may help and may be made; [`Standard`] by default;
//! - a [`Backoff`] says how long to wait; [`Exponential`] by default;
//! - a [`Budget`], shared by all clones of a client, stops retries when too much fails; [`TokenBucket`] by default.
//!
//! ```
//! use intercom_runtime::retry::{Exponential, Failure, RetryPolicy, Standard};
//! use std::time::Duration;
//!
//! let patient = RetryPolicy::new()
//!     .max_attempts(6)
//!     .condition(Standard::new().internal_errors(true))
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
pub use condition::{Condition, Standard};

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::clock::Clock;
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::rate_limit::server_time;

/// How a client, or one call, retries.
#[derive(Clone)]
pub struct RetryPolicy {
    max_attempts: u32,
    condition: Arc<dyn Condition>,
    repeats_unsafe: bool,
    backoff: Arc<dyn Backoff>,
    budget: Option<Arc<dyn Budget>>,
}

/// A failed attempt, as the parts of a policy see it.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Failure<'a> {
    /// The operation.
    pub endpoint: &'a Endpoint,
    /// What came of the attempt.
    pub error: &'a Error,
    /// Which attempt it was, counted from 1.
    pub attempt: u32,
    /// Whether sending the request again does no more than sending it once: the operation is marked so, or the caller
    /// has said so.
    pub idempotent: bool,
    /// The time since 1970-01-01 UTC, to compare with what the server said: by the server's clock where the answer has a
    /// `Date` and this machine's clock is off.
    pub unix_time: Duration,
    /// A number in `0.0..1.0` for jitter.
    pub jitter: f64,
}

impl RetryPolicy {
    /// The default: three attempts, [`Standard`], [`Exponential`], the client's own [`TokenBucket`].
    pub fn new() -> Self {
        Self {
            max_attempts: 3,
            condition: Arc::new(Standard::new()),
            repeats_unsafe: false,
            backoff: Arc::new(Exponential::default()),
            budget: None,
        }
    }

    /// No retries at all.
    pub fn never() -> Self {
        Self::new().max_attempts(1)
    }

    /// The most attempts of a call, the first one included; 0 counts as 1.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// What is retried, of what can be repeated safely ([`Failure::is_repeatable`]). No condition repeats a request that
    /// may have changed something.
    pub fn condition(mut self, condition: impl Condition) -> Self {
        self.condition = Arc::new(condition);
        self.repeats_unsafe = false;
        self
    }

    /// What is retried, by a condition that decides alone: also a request that changes something and that the server may
    /// have carried out. A POST that is repeated may create two objects or send two messages.
    ///
    /// To allow it for one call only, see
    /// [`RequestOptions::assume_idempotent`](crate::RequestOptions::assume_idempotent).
    pub fn unsafe_condition(mut self, condition: impl Condition) -> Self {
        self.condition = Arc::new(condition);
        self.repeats_unsafe = true;
        self
    }

    /// How long to wait before the next attempt.
    pub fn backoff(mut self, backoff: impl Backoff) -> Self {
        self.backoff = Arc::new(backoff);
        self
    }

    /// What stops retries when too much fails. In a policy of a single call the client's budget holds unless this
    /// names another.
    pub fn budget(mut self, budget: impl Budget) -> Self {
        self.budget = Some(Arc::new(budget));
        self
    }

    pub(crate) fn own_budget(&self) -> Option<Arc<dyn Budget>> {
        self.budget.clone()
    }

    /// How long to wait before another attempt, and what that attempt costs; `None` where there is to be none, also because
    /// the wait would take `left` or more: then the caller gets the reason at once.
    pub(crate) fn next_wait(
        &self,
        failure: &Failure<'_>,
        left: Option<Duration>,
        budget: &Arc<dyn Budget>,
    ) -> Option<(Duration, Cost)> {
        let may_be_made = failure.attempt < self.max_attempts && (failure.is_repeatable() || self.repeats_unsafe);
        if !may_be_made || !self.condition.retries(failure) {
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
    /// Whether the request can be sent again without doing anything twice: it is [`idempotent`](Self::idempotent), the
    /// server has not seen it, or the server has refused it for the rate limit.
    pub fn is_repeatable(&self) -> bool {
        self.idempotent || self.error.is_connect() || self.error.is_rate_limited()
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
