//! The clock of a client that talks to a mock server.

use std::time::Duration;

use intercom_runtime::clock::{Clock, VirtualClock};
use intercom_runtime::transport::BoxFuture;

/// A clock whose sleeps take no time and advance the server's clock. Timeouts use real time, so that a call that hangs ends.
#[derive(Clone, Debug, Default)]
pub(crate) struct ClientClock(pub(crate) VirtualClock);

impl Clock for ClientClock {
    fn now(&self) -> Duration {
        self.0.now()
    }

    fn unix_time(&self) -> Duration {
        self.0.unix_time()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.0.sleep(duration)
    }

    fn timer(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }

    fn jitter(&self) -> f64 {
        self.0.jitter()
    }
}
