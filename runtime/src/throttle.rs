//! Waiting for the rate limit instead of running into it.

mod paced;

pub use paced::Paced;

use std::sync::Arc;

use crate::clock::Clock;
use crate::rate_limit::RateLimit;
use crate::transport::BoxFuture;

/// Spreads the calls of a client over time. Every attempt asks before it is sent.
///
/// [`Paced`] does it for the clones of one client. Implement the trait to share a rate limit between processes, with a
/// counter in a database for example.
pub trait Throttle: Send + Sync + 'static {
    /// Resolves when an attempt may be sent. It counts as sent from then on; if the future is dropped before, it does
    /// not.
    fn acquire<'a>(&'a self, clock: &'a dyn Clock) -> BoxFuture<'a, ()>;

    /// The attempt has ended, or was abandoned. Called once for each [`acquire`](Self::acquire) that resolved.
    fn release(&self) {}

    /// A response came, and said this of the rate limit, if anything. Called before its attempt is released.
    fn observe(&self, seen: Option<&RateLimit>, clock: &dyn Clock) {
        let _ = (seen, clock);
    }
}

impl<T: Throttle + ?Sized> Throttle for Arc<T> {
    fn acquire<'a>(&'a self, clock: &'a dyn Clock) -> BoxFuture<'a, ()> {
        (**self).acquire(clock)
    }

    fn release(&self) {
        (**self).release();
    }

    fn observe(&self, seen: Option<&RateLimit>, clock: &dyn Clock) {
        (**self).observe(seen, clock);
    }
}

/// An attempt that a throttle let through; dropping it tells the throttle that it has ended.
pub(crate) struct Permit<'a>(&'a dyn Throttle);

impl<'a> Permit<'a> {
    pub(crate) async fn acquire(throttle: &'a dyn Throttle, clock: &'a dyn Clock) -> Permit<'a> {
        throttle.acquire(clock).await;
        Permit(throttle)
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.0.release();
    }
}
