//! The moments at which this process may call.

use std::collections::VecDeque;
use std::time::Duration;

use intercom_runtime::clock::Clock;
use intercom_runtime::throttle::{Observation, Schedule};

use crate::Options;
use crate::reserve::{Ask, Reserved};

/// The schedule of one process: what it has reserved, or its own pace while there is no Redis.
pub(crate) struct Slots {
    options: Options,
    limit: u32,
    /// Moments that are reserved and not used, on the client's clock.
    reserved: VecDeque<Duration>,
    /// The moment that was used last.
    used: Duration,
    /// The time between two moments of this process, as far as is known.
    interval: Duration,
    /// The next call at this process's own pace, while there is no Redis.
    local: Option<Duration>,
    /// What the API has said and Redis does not know yet.
    told: u32,
    /// Nothing is sent before this moment, because the API has asked for it.
    hold: Duration,
}

impl Slots {
    pub(crate) fn new(options: Options) -> Self {
        Self {
            options,
            limit: options.limit,
            reserved: VecDeque::new(),
            used: Duration::ZERO,
            interval: options.window / options.limit,
            local: None,
            told: 0,
            hold: Duration::ZERO,
        }
    }

    /// How long after its moment a call may still be sent.
    fn grace(&self) -> Duration {
        self.options.window / 50
    }

    /// The time between two calls at this process's own pace.
    fn local_step(&self) -> Duration {
        self.options.window.div_f64(f64::from(self.limit) * 0.97 * self.options.local_share)
    }

    /// What to reserve for so many waiting calls.
    pub(crate) fn ask(&mut self, waiting: usize, now: Duration) -> Option<Ask> {
        self.forget_missed(now);
        let most = self.limit.div_ceil(100) as usize;
        let missing = waiting.saturating_sub(self.reserved.len()).min(most);
        let is_due = self.local.is_some() || self.reserved.len() <= most / 2;
        (is_due && missing > 0).then(|| Ask {
            count: u32::try_from(missing).unwrap_or(1),
            told: self.told,
            pause: self.hold.saturating_sub(now),
            returns: self.local.is_some(),
        })
    }

    /// Takes what was reserved.
    pub(crate) fn add(&mut self, reserved: &Reserved) {
        if self.told == reserved.limit {
            self.told = 0;
        }
        self.limit = reserved.limit.max(1);
        let last = self.reserved.back().copied().unwrap_or(self.used);
        let between = reserved.first.saturating_sub(last) + reserved.step * (reserved.count - 1);
        // A pause of the process itself is no measure.
        self.interval = (between / reserved.count).clamp(reserved.step, self.options.window);
        self.reserved.extend((0..reserved.count).map(|n| reserved.first + reserved.step * n));
        self.local = None;
    }

    /// Goes on without Redis; whether that is new.
    pub(crate) fn go_local(&mut self, now: Duration) -> bool {
        let is_new = self.local.is_none();
        if is_new {
            // Others use what they have reserved.
            let last = self.reserved.back().copied().unwrap_or(now);
            self.local = Some(last.max(now) + self.options.window / 20);
        }
        is_new
    }

    fn forget_missed(&mut self, now: Duration) {
        while self.reserved.front().is_some_and(|moment| *moment + self.grace() < now) {
            self.reserved.pop_front();
        }
    }
}

impl Schedule for Slots {
    fn turn(&mut self, now: Duration, before: usize) -> Duration {
        self.forget_missed(now);
        if let Some(moment) = self.reserved.get(before) {
            return (*moment).max(now);
        }
        let more = u32::try_from(before - self.reserved.len()).unwrap_or(u32::MAX);
        if let Some(local) = self.local {
            return local.max(self.hold).saturating_add(self.local_step().saturating_mul(more)).max(now);
        }
        // An estimate: the answer of Redis brings the moment itself.
        let last = self.reserved.back().copied().unwrap_or(now).max(self.hold);
        last.saturating_add(self.interval.saturating_mul(more.saturating_add(1))).max(now + Duration::from_millis(1))
    }

    fn send(&mut self, now: Duration) {
        match (self.reserved.pop_front(), self.local) {
            (Some(moment), _) => self.used = moment,
            (None, Some(local)) => self.local = Some(local.max(now.saturating_sub(self.grace())) + self.local_step()),
            (None, None) => {}
        }
    }

    fn release(&mut self, sent: bool) {
        if !sent && self.local.is_none() {
            self.reserved.push_front(self.used);
        }
    }

    fn observe(&mut self, seen: &Observation, clock: &dyn Clock) -> bool {
        if let Some(limit) =
            seen.rate_limit.and_then(|seen| seen.limit).filter(|limit| *limit > 0 && *limit != self.limit)
        {
            (self.limit, self.told) = (limit, limit);
        }
        let Some(pause) = seen.pause(self.options.window, self.limit / 100) else { return false };
        let end = clock.now() + pause + self.options.window.mul_f64(0.02 * (1.0 + clock.jitter().clamp(0.0, 1.0)));
        if end <= self.hold {
            return false;
        }
        self.hold = end;
        self.reserved.retain(|moment| *moment >= end);
        true
    }
}
