//! The throttle of one process.

use std::collections::VecDeque;
use std::time::Duration;

use super::{Observation, Queue, Schedule, Throttle, TooLate, Turn};
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
pub struct Paced(Queue<Pace>);

#[derive(Debug)]
struct Pace {
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

impl Paced {
    /// For the API's windows of ten seconds.
    pub fn new() -> Self {
        Self::with_window(Duration::from_secs(10))
    }

    /// For windows of another length: a server for tests, a proxy with limits of its own.
    pub fn with_window(window: Duration) -> Self {
        Self(Queue::new(Pace {
            window,
            limit: LOWEST,
            source: Source::Nothing,
            due: Duration::ZERO,
            hold: Duration::ZERO,
            sent: VecDeque::new(),
            in_flight: 0,
        }))
    }
}

impl Pace {
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

    /// The earliest moment that the pace allows.
    fn due(&self, now: Duration) -> Duration {
        self.due.max(now.saturating_sub(self.step() * (self.burst() - 1)))
    }

    fn forget_old(&mut self, now: Duration) {
        while self.sent.front().is_some_and(|sent| *sent + self.span() <= now) {
            self.sent.pop_front();
        }
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
}

impl Default for Paced {
    fn default() -> Self {
        Self::new()
    }
}

impl Schedule for Pace {
    fn turn(&mut self, now: Duration, before: usize) -> Duration {
        self.forget_old(now);
        let full =
            self.sent.len().checked_sub(self.room()).map_or(Duration::ZERO, |over| self.sent[over] + self.span());
        let before = u32::try_from(before).unwrap_or(u32::MAX);
        self.due(now).max(self.hold).max(full).saturating_add(self.step().saturating_mul(before)).max(now)
    }

    fn send(&mut self, now: Duration) {
        self.due = self.due(now) + self.step();
        self.sent.push_back(now);
        self.in_flight += 1;
    }

    fn release(&mut self, sent: bool) {
        self.in_flight = self.in_flight.saturating_sub(1);
        if !sent {
            self.sent.pop_back();
            self.due = self.due.saturating_sub(self.step());
        }
    }

    fn observe(&mut self, seen: &Observation, clock: &dyn Clock) -> bool {
        let now = clock.now();
        let before = (self.limit, self.hold);
        self.forget_old(now);
        self.learn(seen, now);
        // Others may call as well as this client: some of what is left is theirs.
        if let Some(pause) = seen.pause(self.window, self.in_flight + self.limit / 20) {
            // The server tells whole seconds, by its own clock; and many clients should not come back in one moment.
            let slack = self.window.mul_f64(0.04 + 0.02 * clock.jitter().clamp(0.0, 1.0));
            self.hold = self.hold.max(now + pause + slack);
            self.due = self.due.max(self.hold);
        }
        before != (self.limit, self.hold)
    }
}

impl Throttle for Paced {
    fn acquire<'a>(&'a self, turn: Turn<'a>) -> BoxFuture<'a, Result<(), TooLate>> {
        self.0.acquire(turn)
    }

    fn release(&self, sent: bool) {
        self.0.release(sent);
    }

    fn observe(&self, seen: &Observation, clock: &dyn Clock) {
        self.0.observe(seen, clock);
    }
}
