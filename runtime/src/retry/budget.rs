//! When to stop adding to the load: an outage must not be met with a multiple of the usual traffic.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::Failure;

/// Bounds the retries of all calls of a client together.
pub trait Budget: Send + Sync + 'static {
    /// Takes from the budget for another attempt, and says what it cost; `None` where the budget is spent, and the failure
    /// is final.
    fn withdraw(&self, failure: &Failure<'_>) -> Option<u32>;

    /// Takes back the cost of an attempt that was not made after all, because the call was dropped for example.
    fn give_back(&self, cost: u32) {
        let _ = cost;
    }

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
    fn withdraw(&self, failure: &Failure<'_>) -> Option<u32> {
        if failure.error.is_rate_limited() {
            return Some(0);
        }
        let take = |level: u32| level.checked_sub(SUCCESSES);
        self.level.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).ok().map(|_| SUCCESSES)
    }

    fn give_back(&self, cost: u32) {
        let add = |level: u32| (level < self.capacity).then(|| level.saturating_add(cost).min(self.capacity));
        // A full bucket is not an error, and not a write either.
        let _ = self.level.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add);
    }

    fn deposit(&self) {
        self.give_back(1);
    }
}

impl<T: Budget + ?Sized> Budget for Arc<T> {
    fn withdraw(&self, failure: &Failure<'_>) -> Option<u32> {
        (**self).withdraw(failure)
    }

    fn give_back(&self, cost: u32) {
        (**self).give_back(cost);
    }

    fn deposit(&self) {
        (**self).deposit();
    }
}

/// No bound but the attempts of each call.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unlimited;

impl Budget for Unlimited {
    fn withdraw(&self, _failure: &Failure<'_>) -> Option<u32> {
        Some(0)
    }
}

/// What a retry took from a budget. Dropping it gives that back.
pub(crate) struct Cost {
    budget: Arc<dyn Budget>,
    amount: u32,
}

impl Cost {
    pub(super) fn new(budget: Arc<dyn Budget>, amount: u32) -> Self {
        Self { budget, amount }
    }

    /// The retry was made.
    pub(crate) fn spend(mut self) {
        self.amount = 0;
    }
}

impl Drop for Cost {
    fn drop(&mut self) {
        if self.amount > 0 {
            self.budget.give_back(self.amount);
        }
    }
}
