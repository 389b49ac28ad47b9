//! The throttle for the clones of one client.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard};
use std::task::{Poll, Waker};
use std::time::Duration;

use super::Throttle;
use crate::clock::Clock;
use crate::rate_limit::RateLimit;
use crate::transport::BoxFuture;

/// Spreads calls evenly over the rate limit window and stops when the window is nearly full.
///
/// It takes the limit from the responses. Until the first has come only one call is under way at a time; where responses
/// do not speak of a limit, it is the published one of an app, 10,000 a minute.
///
/// The pace keeps 15 % of the limit free, and no window is filled beyond 90 % even when wake-ups come late: calls which
/// were sent in one window and arrive in the next do not fill it, and others who call for the same app find room. When
/// others use more, the calls left in the window become few; then no more are sent until it ends.
#[derive(Debug)]
pub struct Paced {
    window: Duration,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// Calls allowed in a window.
    limit: u32,
    /// Whether a response has said what the limit is, or has come without saying.
    known: bool,
    /// When the next call is due if calls come without a pause.
    due: Duration,
    /// The window was nearly full and ends then: no call before it.
    hold: Duration,
    /// When the calls of the last window were let through: a pace alone is no bound where wake-ups come late and together.
    sent: VecDeque<Duration>,
    in_flight: u32,
    /// Calls that wait for the first response.
    waiting: Vec<Waker>,
}

/// The published limit of an app, 10,000 calls a minute, in one window.
const PUBLISHED: u32 = 1_666;

impl Paced {
    /// For the API's windows of ten seconds.
    pub fn new() -> Self {
        Self::with_window(Duration::from_secs(10))
    }

    /// For windows of another length: a server for tests, a proxy with limits of its own.
    pub fn with_window(window: Duration) -> Self {
        let state = State {
            limit: PUBLISHED,
            known: false,
            due: Duration::ZERO,
            hold: Duration::ZERO,
            sent: VecDeque::new(),
            in_flight: 0,
            waiting: Vec::new(),
        };
        Self { window, state: Mutex::new(state) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Takes a place, or says how long to wait before asking again.
    fn take(&self, now: Duration, place: &mut Option<Duration>) -> Poll<Option<Duration>> {
        let mut state = self.state();
        if !state.known && state.in_flight > 0 {
            return Poll::Pending;
        }
        // A place from before a hold is not kept: all of those would be due at once when it ends.
        let due = match *place {
            Some(due) if due >= state.hold || due <= now && state.hold <= now => due,
            _ => *place.insert(state.book(now, self.window)),
        };
        if due > now {
            return Poll::Ready(Some(due - now));
        }
        if let Some(wait) = state.full(now, self.window) {
            return Poll::Ready(Some(wait));
        }
        state.sent.push_back(now);
        state.in_flight += 1;
        Poll::Ready(None)
    }
}

impl State {
    /// Calls that may go in a window: nine tenths of the limit.
    fn room(&self) -> u32 {
        (self.limit - self.limit.div_ceil(10)).max(1)
    }

    /// The window to count in. At the lowest limits a call is all there is room for: leave more than a window between two.
    fn span(&self, window: Duration) -> Duration {
        if self.limit <= 2 { window.mul_f64(1.2) } else { window }
    }

    /// The moment for one more call: a twentieth of the limit may go at once, then one each step.
    fn book(&mut self, now: Duration, window: Duration) -> Duration {
        let burst = (self.limit / 20).max(1);
        let step = self.span(window) / self.room().saturating_sub(burst).max(1);
        let earliest = now.saturating_sub(step * (burst - 1));
        let due = self.due.max(earliest);
        self.due = due + step;
        due
    }

    /// How long until there is room in the last window; `None` where there is.
    fn full(&mut self, now: Duration, window: Duration) -> Option<Duration> {
        let span = self.span(window);
        while self.sent.front().is_some_and(|sent| *sent + span <= now) {
            self.sent.pop_front();
        }
        let over = self.sent.len().checked_sub(self.room() as usize)?;
        Some((self.sent[over] + span).saturating_sub(now))
    }
}

impl Default for Paced {
    fn default() -> Self {
        Self::new()
    }
}

impl Throttle for Paced {
    fn acquire<'a>(&'a self, clock: &'a dyn Clock) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            let mut place = None;
            loop {
                let wait = std::future::poll_fn(|cx| {
                    let taken = self.take(clock.now(), &mut place);
                    if taken.is_pending() {
                        self.state().waiting.push(cx.waker().clone());
                        // The first response may have come between the look and the entry.
                        return self.take(clock.now(), &mut place);
                    }
                    taken
                })
                .await;
                match wait {
                    None => return,
                    Some(wait) => clock.sleep(wait).await,
                }
            }
        })
    }

    fn release(&self) {
        let mut state = self.state();
        state.in_flight = state.in_flight.saturating_sub(1);
        for waker in state.waiting.drain(..) {
            waker.wake();
        }
    }

    fn observe(&self, seen: Option<&RateLimit>, clock: &dyn Clock) {
        let mut state = self.state();
        state.known = true;
        let Some(seen) = seen else { return };
        if let Some(limit) = seen.limit.filter(|limit| *limit > 0) {
            state.limit = limit;
        }
        let Some(remaining) = seen.remaining else { return };
        // Others may call as well as this client: some of what is left is theirs.
        let reserve = state.in_flight + state.limit / 20;
        if remaining <= reserve {
            let end = seen.reset_in(clock.unix_time()).unwrap_or(self.window).min(self.window);
            // The server tells whole seconds, by its own clock.
            let slack = self.window / 20;
            state.hold = state.hold.max(clock.now() + end + slack);
            state.due = state.due.max(state.hold);
        }
    }
}
