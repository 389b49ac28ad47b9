//! How long to wait before another attempt.

use std::time::Duration;

use super::Failure;

/// Decides how long to wait before another attempt. A closure will do.
pub trait Backoff: Send + Sync + 'static {
    /// The wait after this failure; `None` where waiting makes no sense and the failure is final.
    fn wait(&self, failure: &Failure<'_>) -> Option<Duration>;
}

impl<F: Fn(&Failure<'_>) -> Option<Duration> + Send + Sync + 'static> Backoff for F {
    fn wait(&self, failure: &Failure<'_>) -> Option<Duration> {
        self(failure)
    }
}

/// The default backoff: what the server asks for, else a random wait below a bound that doubles.
///
/// 1. `Retry-After`, and up to 20 % more but at least up to `base` more, so that callers who were told the same do not all
///    come back at once. Where it is longer than [`longest`](Self::longest), the failure is final.
/// 2. After a 429, the end of the rate limit window (`X-RateLimit-Reset`) and up to 20 % more, so that not everybody
///    comes back at once. A window that has ended, or that ends more than a minute from now, is not believed: the API's
///    windows are ten seconds.
/// 3. Full jitter: evenly spread over zero to `base · 2^(attempt - 1)`, at most `cap`.
#[derive(Clone, Copy, Debug)]
pub struct Exponential {
    base: Duration,
    cap: Duration,
    longest: Duration,
}

/// A window further away than this is a mistake of the server or of a clock.
const FARTHEST_RESET: Duration = Duration::from_secs(60);

impl Exponential {
    /// Waits of zero to `base` after the first attempt, zero to twice that after the second, never more than `cap` (a day at
    /// most).
    pub fn new(base: Duration, cap: Duration) -> Self {
        Self { base, cap: cap.min(Duration::from_secs(86_400)), ..Self::default() }
    }

    /// The longest `Retry-After` that is waited for, 5 minutes by default.
    pub fn longest(mut self, longest: Duration) -> Self {
        self.longest = longest;
        self
    }
}

impl Default for Exponential {
    fn default() -> Self {
        Self { base: Duration::from_millis(500), cap: Duration::from_secs(8), longest: Duration::from_secs(300) }
    }
}

impl Backoff for Exponential {
    fn wait(&self, failure: &Failure<'_>) -> Option<Duration> {
        let jitter = failure.jitter.clamp(0.0, 1.0);
        if let Some(asked) = failure.error.retry_after() {
            let more = asked.min(self.longest).mul_f64(0.2).max(self.base.min(self.cap)).mul_f64(jitter);
            return (asked <= self.longest).then(|| asked + more);
        }
        if failure.error.is_rate_limited() {
            let reset = failure.error.rate_limit().and_then(|limit| limit.reset_in(failure.unix_time));
            if let Some(reset) = reset.filter(|reset| !reset.is_zero() && *reset <= FARTHEST_RESET) {
                return Some(reset + reset.mul_f64(0.2 * jitter));
            }
        }
        let doublings = 1u32.checked_shl(failure.attempt.saturating_sub(1)).unwrap_or(u32::MAX);
        Some(self.base.saturating_mul(doublings).min(self.cap).mul_f64(jitter))
    }
}
