//! The cap on the calls of a client that are under way.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::Semaphore;

/// The attempts of a client that are under way.
#[derive(Debug)]
pub(crate) struct UnderWay {
    pub(crate) places: Option<Semaphore>,
    /// How long an attempt takes, in microseconds: a moving average.
    typical: AtomicU64,
}

impl UnderWay {
    pub(crate) fn new(most: Option<usize>) -> Self {
        let places = most.map(|most| Semaphore::new(most.clamp(1, Semaphore::MAX_PERMITS)));
        Self { places, typical: AtomicU64::new(0) }
    }

    /// Takes note of how long an attempt took, or was given.
    pub(crate) fn took(&self, time: Duration) {
        let time = u64::try_from(time.as_micros()).unwrap_or(u64::MAX / 8);
        // Two that end at the same moment may count as one: it is an estimate.
        let typical = self.typical.load(Ordering::Relaxed);
        self.typical.store(typical - typical / 8 + time / 8, Ordering::Relaxed);
    }

    /// How long before its deadline an attempt must be sent to have a chance.
    pub(crate) fn head_start(&self) -> Duration {
        Duration::from_micros(self.typical.load(Ordering::Relaxed).saturating_mul(2))
    }
}
