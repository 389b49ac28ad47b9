//! The time of a server: a clock that tests move, or the machine's.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use intercom_runtime::clock::{Clock as _, VirtualClock};

/// Where a server takes the time from.
#[derive(Clone, Debug)]
pub(crate) enum Time {
    /// Moved by tests and by the waits of clients that share it.
    Virtual(VirtualClock),
    /// The machine's.
    System,
}

impl Time {
    /// Time since 1970-01-01 UTC.
    pub(crate) fn now(&self) -> Duration {
        match self {
            Self::Virtual(clock) => clock.unix_time(),
            Self::System => SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default(),
        }
    }

    /// Waits. On a virtual clock that takes no time.
    pub(crate) async fn sleep(&self, duration: Duration) {
        match self {
            Self::Virtual(clock) => clock.sleep(duration).await,
            Self::System => tokio::time::sleep(duration).await,
        }
    }
}
