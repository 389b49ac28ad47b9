//! Time and chance, behind a trait so that tests own both.

mod virtual_clock;
#[cfg(target_arch = "wasm32")]
mod web;

pub use virtual_clock::VirtualClock;

use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use crate::transport::BoxFuture;

/// Where the client takes the time, its waits and its jitter from.
///
/// The default is the machine's clock and tokio's timer. Put another in its place to run on a runtime without tokio's
/// timer, or to test waits without waiting.
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// Time since a fixed moment of this clock's choice; it never goes back.
    fn now(&self) -> Duration;

    /// Time since 1970-01-01 UTC, to compare with what servers say.
    fn unix_time(&self) -> Duration;

    /// Waits: between attempts, for the throttle, between two looks at a job.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;

    /// Bounds work that is under way: a timeout. The same as a sleep, unless a test wants to tell them apart.
    fn timer(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.sleep(duration)
    }

    /// A number in `0.0..1.0`, evenly spread, that makes many clients that failed together come back apart.
    fn jitter(&self) -> f64 {
        jitter()
    }
}

/// The machine's clock.
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

/// xorshift64* over a seed from the hasher that std seeds from the system: no secret is made of it, so no crate for it.
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
        // 53 bits, as many as a f64 holds exactly.
        (x.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11) as f64 / (1u64 << 53) as f64
    })
}

/// `work` ran longer than it may.
#[derive(Debug)]
pub(crate) struct Elapsed;

/// Runs `work` for at most `limit`; dropping it is what ends it. Pinned by the caller: a future that is moved into
/// another one takes its place twice.
pub(crate) async fn within<T>(
    clock: &dyn Clock,
    limit: Option<Duration>,
    mut work: Pin<&mut impl Future<Output = T>>,
) -> Result<T, Elapsed> {
    let Some(limit) = limit else { return Ok(work.await) };
    let mut timer = clock.timer(limit);
    std::future::poll_fn(|cx| {
        // The work first: a result that is there counts, however late it is polled.
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
