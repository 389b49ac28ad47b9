//! The limit of the attempts that are in flight at a time.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::Semaphore;

/// The attempts of a client that are in flight.
#[derive(Debug)]
pub(crate) struct InFlight {
    /// A permit for each attempt; `None` where there is no limit.
    pub(crate) permits: Option<Semaphore>,
    /// The moving average of the duration of attempts, in microseconds.
    typical: AtomicU64,
}

impl InFlight {
    pub(crate) fn new(most: Option<usize>) -> Self {
        let permits = most.map(|most| Semaphore::new(most.clamp(1, Semaphore::MAX_PERMITS)));
        Self { permits, typical: AtomicU64::new(0) }
    }

    /// Records how long an attempt took, or how long it ran before its timeout.
    pub(crate) fn took(&self, time: Duration) {
        let time = u64::try_from(time.as_micros()).unwrap_or(u64::MAX / 8);
        // Of two attempts that end at the same time one may be lost, which an average tolerates.
        let typical = self.typical.load(Ordering::Relaxed);
        self.typical.store(typical - typical / 8 + time / 8, Ordering::Relaxed);
    }

    /// How long before its deadline an attempt should be sent: twice the average duration.
    pub(crate) fn head_start(&self) -> Duration {
        Duration::from_micros(self.typical.load(Ordering::Relaxed).saturating_mul(2))
    }
}
