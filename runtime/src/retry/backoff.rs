//! The delay before a retry.

use std::time::Duration;

use super::Failure;

/// Computes the delay before a retry. Closures implement it.
pub trait Backoff: Send + Sync + 'static {
    /// The delay after this failure; `None` if it should not be retried.
    fn wait(&self, failure: &Failure<'_>) -> Option<Duration>;
}

impl<F: Fn(&Failure<'_>) -> Option<Duration> + Send + Sync + 'static> Backoff for F {
    fn wait(&self, failure: &Failure<'_>) -> Option<Duration> {
        self(failure)
    }
}

/// The default backoff: the delay that the server asks for, else exponential backoff with full jitter.
///
/// 1. `Retry-After`, plus a random part of up to 20 % (or of up to `base`, if that is more), so that clients that received the same
///    value do not all retry at the same time. If it is longer than [`max_retry_after`](Self::max_retry_after), there is no retry.
/// 2. After a 429 because of the rate limit, the time until the end of the window (`X-RateLimit-Reset`), plus a random part of up to 20 %.
///    The header is ignored if the window has ended or ends more than a minute from now: the API's windows are ten seconds long.
/// 3. A random delay between zero and `base · 2^(attempt - 1)`, at most `cap`. By default `base` is half a second and `cap` 8 seconds.
#[derive(Clone, Copy, Debug)]
pub struct Exponential {
    base: Duration,
    cap: Duration,
    max_retry_after: Duration,
}

/// If a window ends later than this, the header or a clock must be wrong.
const MAX_RESET: Duration = Duration::from_secs(60);

impl Exponential {
    /// Makes a backoff. If the server asks for no delay, it is random: between zero and `base` after the first attempt, between zero and
    /// twice `base` after the second, and so on, but at most `cap`. A `cap` of more than a day counts as a day.
    pub fn new(base: Duration, cap: Duration) -> Self {
        Self { base, cap: cap.min(Duration::from_secs(86_400)), ..Self::default() }
    }

    /// Sets the maximum `Retry-After` to wait for; 5 minutes by default.
    pub fn max_retry_after(mut self, max_retry_after: Duration) -> Self {
        self.max_retry_after = max_retry_after;
        self
    }
}

impl Default for Exponential {
    fn default() -> Self {
        Self {
            base: Duration::from_millis(500),
            cap: Duration::from_secs(8),
            max_retry_after: Duration::from_secs(300),
        }
    }
}

impl Backoff for Exponential {
    fn wait(&self, failure: &Failure<'_>) -> Option<Duration> {
        let jitter = failure.jitter.clamp(0.0, 1.0);
        if let Some(asked) = failure.error.retry_after() {
            let more = asked.min(self.max_retry_after).mul_f64(0.2).max(self.base.min(self.cap)).mul_f64(jitter);
            return (asked <= self.max_retry_after).then(|| asked + more);
        }
        if failure.error.is_rate_limited() {
            let reset = failure.error.rate_limit().and_then(|limit| limit.reset_in(failure.unix_time));
            if let Some(reset) = reset.filter(|reset| !reset.is_zero() && *reset <= MAX_RESET) {
                return Some(reset + reset.mul_f64(0.2 * jitter));
            }
        }
        let doublings = 1u32.checked_shl(failure.attempt.saturating_sub(1)).unwrap_or(u32::MAX);
        Some(self.base.saturating_mul(doublings).min(self.cap).mul_f64(jitter))
    }
}
