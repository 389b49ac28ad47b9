//! The limit of attempts in flight.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::Semaphore;

/// The attempts of a client that are in flight.
#[derive(Debug)]
pub(crate) struct InFlight {
    /// An attempt needs a permit, unless its call skips the queue. `None` if there is no limit.
    pub(crate) permits: Option<Semaphore>,
    /// The moving average of the duration of attempts, in microseconds.
    average: AtomicU64,
}

impl InFlight {
    pub(crate) fn new(limit: Option<usize>) -> Self {
        let permits = limit.map(|limit| Semaphore::new(limit.clamp(1, Semaphore::MAX_PERMITS)));
        Self { permits, average: AtomicU64::new(0) }
    }

    /// Records how long an attempt took, or how long it ran before its timeout.
    pub(crate) fn record(&self, time: Duration) {
        let time = u64::try_from(time.as_micros()).unwrap_or(u64::MAX / 8);
        // The load and the store are not one atomic operation. A concurrent update may be lost, which does not matter for an
        // average.
        let average = self.average.load(Ordering::Relaxed);
        self.average.store(average - average / 8 + time / 8, Ordering::Relaxed);
    }

    /// The time that is kept free for an attempt before the deadline of its call: twice the average duration of attempts.
    pub(crate) fn lead_time(&self) -> Duration {
        Duration::from_micros(self.average.load(Ordering::Relaxed).saturating_mul(2))
    }
}
