//! A clock for tests, on which sleeps take no real time.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use super::Clock;
use crate::transport::BoxFuture;

/// A clock on which sleeps take no real time. After other tasks have had the chance to run, it jumps to the end of the earliest sleep.
///
/// Timeouts do not make it jump. They end when a sleep or [`advance`](Self::advance) has moved the clock that far. Jitter is
/// a constant that [`set_jitter`](Self::set_jitter) sets, so that delays are the same in every run.
///
/// ```
/// use intercom_runtime::clock::{Clock, VirtualClock};
/// use std::time::Duration;
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let clock = VirtualClock::default();
/// clock.sleep(Duration::from_secs(3600)).await;
/// assert_eq!(clock.now(), Duration::from_secs(3600));
/// # });
/// ```
#[derive(Clone, Debug, Default)]
pub struct VirtualClock(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    now: Duration,
    jitter: f64,
    next_id: u64,
    /// The sleeps that have been polled, ordered by their ends. The first one wakes itself again and again until it moves the clock. The
    /// others have a waker, which wakes them when they have ended or have become the first.
    sleeps: BTreeMap<(Duration, u64), Option<Waker>>,
    /// The timeouts that have been polled. They are woken when they have ended.
    timers: BTreeMap<(Duration, u64), Waker>,
}

/// The initial value of `unix_time`: 2023-11-14 22:13:20 UTC.
const EPOCH: Duration = Duration::from_secs(1_700_000_000);

/// How many times a sleep yields to other tasks before it moves the clock.
const YIELDS: u32 = 32;

impl VirtualClock {
    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        let mut state = self.state();
        let now = state.now + by;
        state.jump(now);
    }

    /// Sets the result of [`Clock::jitter`], which is zero by default.
    pub fn set_jitter(&self, jitter: f64) {
        self.state().jitter = jitter;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

impl State {
    /// Moves the clock to a later time. Wakes the timeouts and the sleeps that have ended, and the sleep that is now the first.
    fn jump(&mut self, to: Duration) {
        self.now = self.now.max(to);
        while let Some(timer) = self.timers.first_entry().filter(|timer| timer.key().0 <= self.now) {
            timer.remove().wake();
        }
        for (key, waker) in &mut self.sleeps {
            if let Some(waker) = waker.take() {
                waker.wake();
            }
            if key.0 > self.now {
                break;
            }
        }
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Duration {
        self.state().now
    }

    fn unix_time(&self) -> Duration {
        EPOCH + self.state().now
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let mut state = self.state();
        let key = (state.now.saturating_add(duration), state.next_id);
        state.next_id += 1;
        Box::pin(Sleep { clock: self.clone(), key, yields: YIELDS })
    }

    fn timer(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let mut state = self.state();
        let id = state.next_id;
        state.next_id += 1;
        Box::pin(Timer { clock: self.clone(), key: (state.now.saturating_add(duration), id) })
    }

    fn jitter(&self) -> f64 {
        self.state().jitter
    }
}

struct Sleep {
    clock: VirtualClock,
    key: (Duration, u64),
    yields: u32,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let clock = self.clock.clone();
        let mut state = clock.state();
        state.sleeps.entry(self.key).or_default();
        let is_first = state.sleeps.keys().next() == Some(&self.key);
        if state.now < self.key.0 && is_first && self.yields == 0 {
            state.jump(self.key.0);
        }
        if state.now >= self.key.0 {
            return Poll::Ready(());
        }
        if is_first {
            self.yields -= 1;
            cx.waker().wake_by_ref();
        } else {
            self.yields = YIELDS;
            state.sleeps.insert(self.key, Some(cx.waker().clone()));
        }
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        let mut state = self.clock.state();
        state.sleeps.remove(&self.key);
        if let Some(mut first) = state.sleeps.first_entry()
            && let Some(waker) = first.get_mut().take()
        {
            waker.wake();
        }
    }
}

struct Timer {
    clock: VirtualClock,
    key: (Duration, u64),
}

impl Future for Timer {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut state = self.clock.state();
        if state.now >= self.key.0 {
            return Poll::Ready(());
        }
        state.timers.insert(self.key, cx.waker().clone());
        Poll::Pending
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.clock.state().timers.remove(&self.key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn sleeps_end_in_the_order_of_their_deadlines() {
        let clock = VirtualClock::default();
        let ends = Arc::new(Mutex::new(Vec::new()));
        let tasks: Vec<_> = [30, 10, 20]
            .into_iter()
            .map(|seconds| {
                let (clock, ends) = (clock.clone(), ends.clone());
                tokio::spawn(async move {
                    clock.sleep(Duration::from_secs(seconds)).await;
                    ends.lock().unwrap().push((seconds, clock.now().as_secs()));
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(*ends.lock().unwrap(), [(10, 10), (20, 20), (30, 30)]);
    }

    #[tokio::test]
    async fn a_timer_does_not_move_the_clock() {
        let clock = VirtualClock::default();
        let timer = tokio::spawn(clock.timer(Duration::from_secs(5)));
        tokio::task::yield_now().await;
        assert!(!timer.is_finished());
        clock.sleep(Duration::from_secs(6)).await;
        timer.await.unwrap();
    }
}
