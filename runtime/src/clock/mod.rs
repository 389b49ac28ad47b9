//! The clock and the random numbers of a client, behind a trait, so that tests control them.

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
/// The default is the system clock and tokio's timer. Use another one to run without tokio's timer, or to test delays without
/// waiting.
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// The time since some fixed point; it never decreases.
    fn now(&self) -> Duration;

    /// The time since 1970-01-01 UTC, to compare with times that servers send.
    fn unix_time(&self) -> Duration;

    /// Sleeps until a request may be sent: between attempts, for the throttle, between two looks at a job, and the
    /// like.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;

    /// Sleeps until a timeout. The same as [`sleep`](Self::sleep), unless a test distinguishes the two.
    fn timer(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.sleep(duration)
    }

    /// A random number in `0.0..1.0`, so that clients which failed together do not retry together.
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

/// A random number by xorshift64*, seeded by the random state of std's hasher. It is not for secrets, so no crate is needed.
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

/// The time limit of `work` has passed.
#[derive(Debug)]
pub(crate) struct Elapsed;

/// Runs `work` for at most `limit`. The caller pins it, since a future that is moved into another one takes its memory twice.
pub(crate) async fn timeout<T>(
    clock: &dyn Clock,
    limit: Option<Duration>,
    mut work: Pin<&mut impl Future<Output = T>>,
) -> Result<T, Elapsed> {
    let Some(limit) = limit else { return Ok(work.await) };
    let mut timer = clock.timer(limit);
    std::future::poll_fn(|cx| {
        // `work` is polled first: its result counts even where the limit has passed as well.
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
    fn jitter_is_spread_over_its_range() {
        let mean = (0..10_000).map(|_| jitter()).inspect(|x| assert!((0.0..1.0).contains(x))).sum::<f64>() / 10_000.0;
        assert!((0.45..0.55).contains(&mean), "mean {mean}");
    }
}
