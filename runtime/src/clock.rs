//! The clock and the random numbers of a client, behind a trait, so that tests can control them.

mod virtual_clock;
#[cfg(target_arch = "wasm32")]
mod web;

pub use virtual_clock::VirtualClock;

use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use crate::transport::BoxFuture;

/// The source of time, sleeps and jitter.
///
/// The default is the system clock with tokio's timer, or, on WebAssembly, the clock and the timer of the host. Implement it to use another
/// timer, or to test delays without waiting.
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// The time since an arbitrary fixed point. It should not decrease.
    fn now(&self) -> Duration;

    /// The time since 1970-01-01 UTC, to compare with times that servers send.
    fn unix_time(&self) -> Duration;

    /// Sleeps before a request is sent, for example between attempts, for the throttle, or between two polls of a job.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;

    /// Sleeps until a timeout. By default the same as [`sleep`](Self::sleep); a clock for tests can distinguish the two.
    fn timer(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.sleep(duration)
    }

    /// A random number in `0.0..1.0`. Delays are randomized, so that clients which failed at the same time do not retry at the same
    /// time.
    fn jitter(&self) -> f64 {
        jitter()
    }
}

/// The system clock.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SystemClock;

#[cfg(not(target_arch = "wasm32"))]
impl Clock for SystemClock {
    fn now(&self) -> Duration {
        static START: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
        START.get_or_init(std::time::Instant::now).elapsed()
    }

    fn unix_time(&self) -> Duration {
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// A random number from xorshift64*, seeded by the random state of std's hasher. It is not used for secrets, so no crate for random
/// numbers is needed.
pub(crate) fn jitter() -> f64 {
    use std::cell::Cell;
    use std::hash::{BuildHasher as _, RandomState};
    thread_local!(static STATE: Cell<u64> = Cell::new(RandomState::new().hash_one(0u8) | 1));
    STATE.with(|state| {
        let mut x = state.get();
        x ^= x >> 12;
        x ^= x << 25;
        x ^= x >> 27;
        state.set(x);
        // 53 bits, the precision of an `f64`.
        (x.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11) as f64 / (1u64 << 53) as f64
    })
}

/// The error of [`timeout`]: the limit has passed.
#[derive(Debug)]
pub(crate) struct Elapsed;

/// Runs `work` for at most `limit`. The caller pins `work`: if it were moved into this future, its memory would be reserved twice.
pub(crate) async fn timeout<T>(
    clock: &dyn Clock,
    limit: Option<Duration>,
    mut work: Pin<&mut impl Future<Output = T>>,
) -> Result<T, Elapsed> {
    let Some(limit) = limit else { return Ok(work.await) };
    let mut timer = clock.timer(limit);
    std::future::poll_fn(|cx| {
        // `work` is polled first, so that a result is returned even if the limit has passed at the same time.
        if let std::task::Poll::Ready(value) = work.as_mut().poll(cx) {
            return std::task::Poll::Ready(Ok(value));
        }
        timer.as_mut().poll(cx).map(|()| Err(Elapsed))
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jitter_is_distributed_over_its_range() {
        let mean = (0..10_000).map(|_| jitter()).inspect(|x| assert!((0.0..1.0).contains(x))).sum::<f64>() / 10_000.0;
        assert!((0.45..0.55).contains(&mean), "mean {mean}");
    }
}
