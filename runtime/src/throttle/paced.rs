//! The throttle of one process.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard};
use std::task::Poll;
use std::time::Duration;

use http::StatusCode;

use super::queue::Queue;
use super::{Observation, Throttle, TooLate, Turn};
use crate::clock::Clock;
use crate::transport::BoxFuture;

/// Spreads calls evenly over the rate limit window and stops when the window is nearly full.
///
/// Calls go in the order in which they came. A call whose turn would come after its deadline fails at once, and a call
/// that is dropped gives its place back, so under overload the calls that are sent are those that can still succeed.
///
/// The limit comes from the responses. Before the first response a low limit is assumed; where responses do not speak of
/// a limit, it is the published one of an app, 10,000 calls a minute, until a 429 shows that it is lower.
///
/// The pace is 92 % of the limit, and no window is filled beyond 95 % even when wake-ups come late: calls that were sent
/// in one window and arrive in the next do not fill it, and others who call for the same app find room. When others use
/// more, the calls left in the window become few; then no more are sent until it ends. The same happens after a 429, and
/// after a 503 with `Retry-After`, for as long as the server asks.
#[derive(Debug)]
pub struct Paced {
    window: Duration,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    window: Duration,
    /// Calls allowed in a window.
    limit: u32,
    /// What the limit was taken from.
    source: Source,
    /// When the next call is due if calls come without a pause.
    due: Duration,
    /// No call before this moment.
    hold: Duration,
    /// When the calls of the last window were let through: a pace alone is no bound where wake-ups come late and together.
    sent: VecDeque<Duration>,
    in_flight: u32,
    queue: Queue,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    /// No response came yet.
    Nothing,
    /// A response named it.
    Told,
    /// Responses name no limit. It grows, up to the published one, from this moment on.
    Guessed { grows: Duration },
}

/// The lowest limit that was seen in practice: what is assumed before the first response.
const LOWEST: u32 = 83;

/// The published limit of an app, 10,000 calls a minute, in one window.
const PUBLISHED: u32 = 1_666;

/// A server that asks for a longer pause is asked again after this one.
const LONGEST_HOLD: Duration = Duration::from_secs(300);

impl Paced {
    /// For the API's windows of ten seconds.
    pub fn new() -> Self {
        Self::with_window(Duration::from_secs(10))
    }

    /// For windows of another length: a server for tests, a proxy with limits of its own.
    pub fn with_window(window: Duration) -> Self {
        let state = State {
            window,
            limit: LOWEST,
            source: Source::Nothing,
            due: Duration::ZERO,
            hold: Duration::ZERO,
            sent: VecDeque::new(),
            in_flight: 0,
            queue: Queue::default(),
        };
        Self { window, state: Mutex::new(state) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

impl State {
    /// The span that calls are counted in. At the lowest limits a call is all there is room for: leave more than a window
    /// between two.
    fn span(&self) -> Duration {
        if self.limit <= 2 { self.window.mul_f64(1.2) } else { self.window }
    }

    /// Calls that may go in a span.
    fn room(&self) -> usize {
        (self.limit - self.limit.div_ceil(20)).max(1) as usize
    }

    /// The time between two calls.
    fn step(&self) -> Duration {
        let pace = u64::from(self.limit) * 92 / 100;
        self.span() / u32::try_from(pace).unwrap_or(u32::MAX).max(1)
    }

    /// Calls that may go at once after a pause.
    fn burst(&self) -> u32 {
        (self.limit / 50).max(1)
    }

    /// The moment of a call that has `before` calls before it.
    fn turn(&self, now: Duration, before: usize) -> Duration {
        let due = self.due.max(now.saturating_sub(self.step() * (self.burst() - 1)));
        let full =
            self.sent.len().checked_sub(self.room()).map_or(Duration::ZERO, |over| self.sent[over] + self.span());
        let before = u32::try_from(before).unwrap_or(u32::MAX);
        due.max(self.hold).max(full).saturating_add(self.step().saturating_mul(before)).max(now)
    }

    fn forget_old(&mut self, now: Duration) {
        while self.sent.front().is_some_and(|sent| *sent + self.span() <= now) {
            self.sent.pop_front();
        }
    }

    /// Lets a call go.
    fn send(&mut self, now: Duration) {
        let due = self.due.max(now.saturating_sub(self.step() * (self.burst() - 1)));
        self.due = due + self.step();
        self.sent.push_back(now);
        self.in_flight += 1;
    }

    /// Takes the limit from an answer, or a guess from what was answered before a refusal.
    fn learn(&mut self, seen: &Observation, now: Duration) {
        if let Some(limit) = seen.rate_limit.and_then(|seen| seen.limit).filter(|limit| *limit > 0) {
            self.limit = limit;
            self.source = Source::Told;
            return;
        }
        match self.source {
            Source::Told => {}
            // A refusal during a hold is of a call that was sent before it, and says nothing new.
            _ if seen.refused && now >= self.hold => {
                let answered = self.sent.len().saturating_sub(self.in_flight as usize);
                // Where none was answered, others have filled the window, and nothing is known of the limit.
                let guess = if answered == 0 { self.limit / 2 } else { u32::try_from(answered).unwrap_or(u32::MAX) };
                self.limit = guess.clamp(1, self.limit);
                self.source = Source::Guessed { grows: now + self.window * 6 };
            }
            Source::Nothing if !seen.refused => {
                self.limit = PUBLISHED;
                self.source = Source::Guessed { grows: now };
            }
            Source::Guessed { grows } if !seen.refused && now >= grows => {
                self.limit = (self.limit + self.limit / 4 + 1).min(PUBLISHED);
                self.source = Source::Guessed { grows: now + self.window };
            }
            Source::Nothing | Source::Guessed { .. } => {}
        }
    }

    /// How long an answer says that nothing should be sent.
    fn pause(&self, seen: &Observation) -> Option<Duration> {
        let end = seen.rate_limit.and_then(|limit| limit.reset_in(seen.server_time));
        let end = end.unwrap_or(self.window).min(self.window);
        if seen.refused || seen.status == StatusCode::SERVICE_UNAVAILABLE && seen.retry_after.is_some() {
            return Some(seen.retry_after.unwrap_or(end).min(LONGEST_HOLD));
        }
        // Others may call as well as this client: some of what is left is theirs.
        let reserve = self.in_flight + self.limit / 20;
        let remaining = seen.rate_limit?.remaining?;
        (remaining <= reserve).then_some(end)
    }
}

impl Default for Paced {
    fn default() -> Self {
        Self::new()
    }
}

impl Throttle for Paced {
    fn acquire<'a>(&'a self, turn: Turn<'a>) -> BoxFuture<'a, Result<(), TooLate>> {
        Box::pin(async move {
            let place = Place::enter(self, turn)?;
            let mut sleep: Option<BoxFuture<'static, ()>> = None;
            std::future::poll_fn(|cx| {
                loop {
                    let now = turn.clock.now();
                    let mut state = self.state();
                    if !state.queue.stay(place.number, cx) {
                        return Poll::Ready(Err(TooLate));
                    }
                    if !state.queue.is_first(place.number) {
                        return Poll::Pending;
                    }
                    state.forget_old(now);
                    let wait = state.turn(now, 0) - now;
                    if wait.is_zero() {
                        state.send(now);
                        return Poll::Ready(Ok(()));
                    }
                    drop(state);
                    // Only the first sleeps. Where the wait became longer meanwhile, it sleeps again.
                    let sleeping = sleep.get_or_insert_with(|| turn.clock.sleep(wait));
                    if sleeping.as_mut().poll(cx).is_pending() {
                        return Poll::Pending;
                    }
                    sleep = None;
                }
            })
            .await
        })
    }

    fn release(&self, sent: bool) {
        let mut state = self.state();
        state.in_flight = state.in_flight.saturating_sub(1);
        if !sent {
            state.sent.pop_back();
            state.due = state.due.saturating_sub(state.step());
            state.queue.wake_first();
        }
    }

    fn observe(&self, seen: &Observation, clock: &dyn Clock) {
        let now = clock.now();
        let mut state = self.state();
        let (limit, hold) = (state.limit, state.hold);
        state.forget_old(now);
        state.learn(seen, now);
        if let Some(pause) = state.pause(seen) {
            // The server tells whole seconds, by its own clock; and many clients should not come back in one moment.
            let slack = self.window.mul_f64(0.04 + 0.02 * clock.jitter().clamp(0.0, 1.0));
            state.hold = state.hold.max(now + pause + slack);
            state.due = state.due.max(state.hold);
        }
        if (limit, hold) != (state.limit, state.hold) {
            let mut queue = std::mem::take(&mut state.queue);
            queue.drop_late(|before| state.turn(now, before));
            state.queue = queue;
        }
    }
}

/// A place in the queue, given back on drop.
struct Place<'a> {
    throttle: &'a Paced,
    number: u64,
}

impl<'a> Place<'a> {
    fn enter(throttle: &'a Paced, turn: Turn<'_>) -> Result<Self, TooLate> {
        let now = turn.clock.now();
        let mut state = throttle.state();
        state.forget_old(now);
        let before = state.queue.len();
        if turn.deadline.is_some_and(|deadline| state.turn(now, before) > deadline) {
            return Err(TooLate);
        }
        let number = state.queue.enter(turn.deadline);
        Ok(Self { throttle, number })
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.throttle.state().queue.leave(self.number);
    }
}
