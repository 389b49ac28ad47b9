//! The retry budget. It limits the retries of all calls together, so that an outage does not multiply the traffic.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::Failure;

/// Limits the retries of all calls of a client together.
pub trait Budget: Send + Sync + 'static {
    /// Withdraws the cost of a retry; `None` if the budget is exhausted, so that there is no retry.
    fn withdraw(&self, failure: &Failure<'_>) -> Option<u32>;

    /// Puts back the cost of a retry that is not charged: it was not made, because the call ended before, or it has resumed a download.
    fn give_back(&self, cost: u32) {
        let _ = cost;
    }

    /// Called when an attempt has succeeded, which may add to the budget.
    fn deposit(&self) {}
}

/// The default budget: a token bucket. A retry takes a token; five successes put one back.
///
/// As long as few calls fail, the budget has no effect. If most calls fail, retries empty the bucket; after that there is at most one retry
/// for every five calls that succeed. Retries after a 429 because of the rate limit cost nothing: the server works, and says
/// when to call again.
#[derive(Debug)]
pub struct TokenBucket {
    /// How many fifths of a token are in the bucket.
    level: AtomicU32,
    /// How many fifths of a token fit into the bucket.
    capacity: u32,
}

/// How many successes put one token back.
const SUCCESSES: u32 = 5;

impl TokenBucket {
    /// Makes a full bucket of `capacity` tokens.
    pub fn new(capacity: u32) -> Self {
        let capacity = capacity.saturating_mul(SUCCESSES);
        Self { level: AtomicU32::new(capacity), capacity }
    }

    /// The number of tokens in the bucket.
    pub fn level(&self) -> u32 {
        self.level.load(Ordering::Relaxed) / SUCCESSES
    }
}

impl Default for TokenBucket {
    /// Makes a full bucket of 100 tokens.
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
        // If the bucket is full, nothing is written.
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

/// An unlimited budget, which allows every retry.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unlimited;

impl Budget for Unlimited {
    fn withdraw(&self, _failure: &Failure<'_>) -> Option<u32> {
        Some(0)
    }
}

/// The cost of a retry. It is returned to the budget on drop, unless it was spent.
pub(crate) struct Cost {
    budget: Arc<dyn Budget>,
    amount: u32,
}

impl Cost {
    pub(super) fn new(budget: Arc<dyn Budget>, amount: u32) -> Self {
        Self { budget, amount }
    }

    /// Marks the cost as spent, so that it is not returned: the retry was made.
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
