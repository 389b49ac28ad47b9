//! When to stop adding to the load: an outage must not be met with a multiple of the usual traffic.

use std::sync::atomic::{AtomicU32, Ordering};

use super::Failure;

/// Bounds the retries of all calls of a client together.
pub trait Budget: Send + Sync + 'static {
    /// Takes from the budget for another attempt; `false` where it is spent, and the failure is final.
    fn withdraw(&self, failure: &Failure<'_>) -> bool;

    /// An attempt succeeded, which may allow for retries to come.
    fn deposit(&self) {}
}

/// The default budget: a bucket of tokens. A retry takes one; five successes put one back.
///
/// While all is well some failures cost nothing; while most fails, retries add a fifth to the load and no more. Retries
/// after a full rate limit window are free: the server is well, and says when to come back.
#[derive(Debug)]
pub struct TokenBucket {
    /// In fifths of a token.
    level: AtomicU32,
    capacity: u32,
}

/// Successes that pay for one retry.
const SUCCESSES: u32 = 5;

impl TokenBucket {
    /// A full bucket of `capacity` tokens.
    pub fn new(capacity: u32) -> Self {
        let capacity = capacity.saturating_mul(SUCCESSES);
        Self { level: AtomicU32::new(capacity), capacity }
    }

    /// The whole tokens left.
    pub fn level(&self) -> u32 {
        self.level.load(Ordering::Relaxed) / SUCCESSES
    }
}

impl Default for TokenBucket {
    /// 100 tokens.
    fn default() -> Self {
        Self::new(100)
    }
}

impl Budget for TokenBucket {
    fn withdraw(&self, failure: &Failure<'_>) -> bool {
        failure.error.is_rate_limited()
            || self
                .level
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |level| level.checked_sub(SUCCESSES))
                .is_ok()
    }

    fn deposit(&self) {
        let add = |level: u32| (level < self.capacity).then(|| level + 1);
        // A full bucket is not an error, and not a write either.
        let _ = self.level.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add);
    }
}

impl<T: Budget + ?Sized> Budget for std::sync::Arc<T> {
    fn withdraw(&self, failure: &Failure<'_>) -> bool {
        (**self).withdraw(failure)
    }

    fn deposit(&self) {
        (**self).deposit();
    }
}

/// No bound but the attempts of each call.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unlimited;

impl Budget for Unlimited {
    fn withdraw(&self, _failure: &Failure<'_>) -> bool {
        true
    }
}
