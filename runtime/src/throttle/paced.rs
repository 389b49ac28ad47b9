//! The throttle of one process.

use std::collections::VecDeque;
use std::time::Duration;

use super::{AcquireRequest, Observation, Queue, Schedule, Throttle, TooLate};
use crate::clock::Clock;
use crate::transport::BoxFuture;

/// Spreads calls evenly over the rate limit window and stops when the window is nearly full.
///
/// Attempts are sent in the order in which they arrive. A call fails as soon as it is known that its turn comes too late for it to end
/// before its deadline, and a dropped call leaves the queue. Under overload, therefore, the limit is not used up by calls whose results
/// would come too late.
///
/// The limit is read from the responses. Before the first response a low limit is assumed. If responses have no rate limit headers, the
/// published limit of an app is assumed, 10,000 calls a minute, until a 429 shows that the limit is lower.
///
/// The pace is 92 % of the limit. In the time of a window, no more than 95 % of the limit is sent, even if tasks wake up late; if that is
/// less than one call, one call is sent. The rest is for calls that are sent in one window and arrive in the next, and for other programs
/// of the same app. If those use more, and few calls are left in the window, nothing is sent until the window ends. After a 429 because of
/// the rate limit, and after a 503 with `Retry-After`, nothing is sent for as long as the server asks (at most five minutes), or, without
/// `Retry-After`, until the window ends.
#[derive(Debug)]
pub struct Paced(Queue<Pace>);

#[derive(Debug)]
struct Pace {
    window: Duration,
    /// The number of calls that are allowed in a window.
    limit: u32,
    /// Where the limit comes from.
    source: Source,
    /// When the next call is due if calls are sent one `step` apart. After a time without calls this is in the past; the method
    /// [`due`](Self::due) limits how far.
    due: Duration,
    /// The end of a pause; nothing is sent before it.
    hold: Duration,
    /// When the calls of the last window were sent. They are counted because the pace alone does not limit the calls in a window if
    /// several tasks wake up late.
    sent: VecDeque<Duration>,
    in_flight: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    /// No response has been received yet.
    Nothing,
    /// A rate limit header.
    Header,
    /// A guess, since responses have no rate limit headers. From this time on it is increased, up to the published limit.
    Guessed { increase_from: Duration },
}

/// The limit of a window that is assumed before the first response: 83 calls in ten seconds, which is 500 a minute. It is the lowest limit
/// that users of the official SDK for Ruby have reported (June 2019).
const LOWEST: u32 = 83;

/// The published limit of an app, 10,000 calls a minute, in one window.
const PUBLISHED: u32 = 1_666;

impl Paced {
    /// Makes a throttle for the API's windows of ten seconds.
    pub fn new() -> Self {
        Self::with_window(Duration::from_secs(10))
    }

    /// Makes a throttle for windows of another length, for test servers and for proxies with their own limits. Until a response names the
    /// limit, the assumed number of calls is the same for a window of any length.
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
    /// The time span in which calls are counted. With a limit of 1 or 2 one call is sent in a span. The span is then a fifth longer than
    /// a window, so that a call that arrives late does not arrive in the window of the next one.
    fn span(&self) -> Duration {
        if self.limit <= 2 { self.window.mul_f64(1.2) } else { self.window }
    }

    /// The number of calls that may be sent in a span.
    fn room(&self) -> usize {
        (self.limit - self.limit.div_ceil(20)).max(1) as usize
    }

    /// The time between two calls.
    fn step(&self) -> Duration {
        let pace = u64::from(self.limit) * 92 / 100;
        self.span() / u32::try_from(pace).unwrap_or(u32::MAX).max(1)
    }

    /// The number of calls that may be sent at once after a time without calls.
    fn burst(&self) -> u32 {
        (self.limit / 50).max(1)
    }

    /// The earliest time that the pace allows.
    fn due(&self, now: Duration) -> Duration {
        self.due.max(now.saturating_sub(self.step() * (self.burst() - 1)))
    }

    /// Removes the calls that were sent before the span that ends now.
    fn forget_old(&mut self, now: Duration) {
        while self.sent.front().is_some_and(|sent| *sent + self.span() <= now) {
            self.sent.pop_front();
        }
    }

    /// Learns the limit from a response: from its header, or, after a 429, from the number of calls that had a response before. If there
    /// are no headers, a guess is increased from time to time as long as there is no 429.
    fn learn(&mut self, observation: &Observation, now: Duration) {
        if let Some(limit) = observation.rate_limit.and_then(|seen| seen.limit).filter(|limit| *limit > 0) {
            self.limit = limit;
            self.source = Source::Header;
            return;
        }
        match self.source {
            Source::Header => {}
            // A 429 during a pause belongs to a call that was sent before the pause, so it is ignored.
            _ if observation.refused && now >= self.hold => {
                let answered = self.sent.len().saturating_sub(self.in_flight as usize);
                // The limit is at least the number of calls with a response. If no call had one, other programs have used the window, and
                // half of the last guess is the next one.
                let guess = if answered == 0 { self.limit / 2 } else { u32::try_from(answered).unwrap_or(u32::MAX) };
                self.limit = guess.clamp(1, self.limit);
                self.source = Source::Guessed { increase_from: now + self.window * 6 };
            }
            Source::Nothing if !observation.refused => {
                self.limit = PUBLISHED;
                self.source = Source::Guessed { increase_from: now };
            }
            Source::Guessed { increase_from } if !observation.refused && now >= increase_from => {
                self.limit = (self.limit + self.limit / 4 + 1).min(PUBLISHED);
                self.source = Source::Guessed { increase_from: now + self.window };
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
    fn send_time(&mut self, now: Duration, ahead: usize) -> Duration {
        self.forget_old(now);
        let has_room_at =
            self.sent.len().checked_sub(self.room()).map_or(Duration::ZERO, |over| self.sent[over] + self.span());
        let ahead = u32::try_from(ahead).unwrap_or(u32::MAX);
        self.due(now).max(self.hold).max(has_room_at).saturating_add(self.step().saturating_mul(ahead)).max(now)
    }

    fn admit(&mut self, now: Duration) {
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

    fn observe(&mut self, observation: &Observation, clock: &dyn Clock) -> bool {
        let now = clock.now();
        let before = (self.limit, self.hold);
        self.forget_old(now);
        self.learn(observation, now);
        // A reserve is left for the calls in flight, which the server may not have counted yet, and for other programs of the same app.
        if let Some(pause) = observation.pause(self.window, self.in_flight + self.limit / 20) {
            // The server reports whole seconds of its own clock, and clients should not all continue at the same time, so the pause is a
            // little longer.
            let slack = self.window.mul_f64(0.04 + 0.02 * clock.jitter().clamp(0.0, 1.0));
            self.hold = self.hold.max(now + pause + slack);
            self.due = self.due.max(self.hold);
        }
        before != (self.limit, self.hold)
    }
}

impl Throttle for Paced {
    fn acquire<'a>(&'a self, request: AcquireRequest<'a>) -> BoxFuture<'a, Result<(), TooLate>> {
        self.0.acquire(request)
    }

    fn release(&self, sent: bool) {
        self.0.release(sent);
    }

    fn observe(&self, observation: &Observation, clock: &dyn Clock) {
        self.0.observe(observation, clock);
    }
}
