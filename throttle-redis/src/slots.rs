//! The times at which this process may call: slots that are reserved in Redis, or a local schedule if Redis is unavailable.

use std::collections::VecDeque;
use std::time::Duration;

use intercom_runtime::clock::Clock;
use intercom_runtime::throttle::{Observation, Schedule};

use crate::Options;
use crate::reserve::{Request, Reserved};

/// The schedule of one process.
pub(crate) struct Slots {
    options: Options,
    limit: u32,
    /// Reserved slots that are not used yet, on the client's clock.
    reserved: VecDeque<Duration>,
    /// The last slot that was used.
    used: Duration,
    /// The slots of the attempts that have not ended, the latest one last.
    in_flight: VecDeque<Duration>,
    /// The estimated time between two slots of this process, from the last reservations.
    interval: Duration,
    /// The time of the next call in the local schedule; `None` as long as Redis is available.
    local: Option<Duration>,
    /// The limit that the API has reported and that is not stored in Redis yet, or 0.
    new_limit: u32,
    /// The end of the pause that the API has asked for.
    hold: Duration,
}

impl Slots {
    pub(crate) fn new(options: Options) -> Self {
        Self {
            options,
            limit: options.limit,
            reserved: VecDeque::new(),
            used: Duration::ZERO,
            in_flight: VecDeque::new(),
            interval: options.window / options.limit,
            local: None,
            new_limit: 0,
            hold: Duration::ZERO,
        }
    }

    /// How long after its slot a call may still be sent.
    fn grace(&self) -> Duration {
        self.options.window / 50
    }

    /// The time between two calls of the local schedule.
    fn local_step(&self) -> Duration {
        self.options.window.div_f64(f64::from(self.limit) * 0.97 * self.options.local_share)
    }

    /// The slots to reserve for the waiting calls; `None` if none are needed.
    pub(crate) fn request(&mut self, waiting: usize, now: Duration) -> Option<Request> {
        self.forget_missed(now);
        let batch = self.limit.div_ceil(100) as usize;
        let missing = waiting.saturating_sub(self.reserved.len()).min(batch);
        let is_due = self.local.is_some() || self.reserved.len() <= batch / 2;
        (is_due && missing > 0).then(|| Request {
            count: u32::try_from(missing).unwrap_or(1),
            new_limit: self.new_limit,
            pause: self.hold.saturating_sub(now),
            was_local: self.local.is_some(),
        })
    }

    /// Adds reserved slots.
    pub(crate) fn add(&mut self, reserved: &Reserved) {
        if self.new_limit == reserved.limit {
            self.new_limit = 0;
        }
        self.limit = reserved.limit.max(1);
        let last = self.reserved.back().copied().unwrap_or(self.used);
        let between = reserved.first.saturating_sub(last) + reserved.step * (reserved.count - 1);
        // If this process reserved nothing for a long time, the difference is not a good estimate, so it is limited to a window. With a
        // limit of 1, a step is longer than a window.
        self.interval = (between / reserved.count).min(self.options.window).max(reserved.step);
        self.reserved.extend((0..reserved.count).map(|n| reserved.first + reserved.step * n));
        self.local = None;
    }

    /// Switches to the local schedule. Returns false if it was in use already.
    pub(crate) fn go_local(&mut self, now: Duration) -> bool {
        let is_new = self.local.is_none();
        if is_new {
            // Other processes still use the slots that they have reserved. The slots of all processes alternate, so those of the others
            // end at about the same time as those of this process; the local schedule begins a little later.
            let last = self.reserved.back().copied().unwrap_or(now);
            self.local = Some(last.max(now) + self.options.window / 20);
        }
        is_new
    }

    fn forget_missed(&mut self, now: Duration) {
        while self.reserved.front().is_some_and(|slot| *slot + self.grace() < now) {
            self.reserved.pop_front();
        }
    }
}

impl Schedule for Slots {
    fn send_time(&mut self, now: Duration, ahead: usize) -> Duration {
        self.forget_missed(now);
        if let Some(slot) = self.reserved.get(ahead) {
            return (*slot).max(now);
        }
        let more = u32::try_from(ahead - self.reserved.len()).unwrap_or(u32::MAX);
        if let Some(local) = self.local {
            return local.max(self.hold).saturating_add(self.local_step().saturating_mul(more)).max(now);
        }
        // An estimate until Redis has returned the slot.
        let last = self.reserved.back().copied().unwrap_or(now).max(self.hold);
        last.saturating_add(self.interval.saturating_mul(more.saturating_add(1))).max(now + Duration::from_millis(1))
    }

    fn admit(&mut self, now: Duration) {
        match (self.reserved.pop_front(), self.local) {
            (Some(slot), _) => self.used = slot,
            (None, Some(local)) => self.local = Some(local.max(now.saturating_sub(self.grace())) + self.local_step()),
            (None, None) => {}
        }
        // One entry for each attempt. A call of the local schedule has no slot: its entry repeats the last slot that was used.
        self.in_flight.push_back(self.used);
    }

    fn release(&mut self, sent: bool) {
        // It is not known which attempt has ended. We assume that a sent attempt is the oldest one, and an unsent attempt the latest one.
        // The number of returned slots is then right; only which slots they are may be wrong. With the local schedule no slot is returned.
        let slot = if sent { self.in_flight.pop_front() } else { self.in_flight.pop_back() };
        if !sent
            && self.local.is_none()
            && let Some(slot) = slot
        {
            self.reserved.push_front(slot);
        }
    }

    fn observe(&mut self, observation: &Observation, clock: &dyn Clock) -> bool {
        let before = (self.limit, self.hold);
        if let Some(limit) =
            observation.rate_limit.and_then(|seen| seen.limit).filter(|limit| *limit > 0 && *limit != self.limit)
        {
            (self.limit, self.new_limit) = (limit, limit);
        }
        if let Some(pause) = observation.pause(self.options.window, self.limit / 100) {
            let slack = self.options.window.mul_f64(0.02 * (1.0 + clock.jitter().clamp(0.0, 1.0)));
            let end = clock.now() + pause + slack;
            if end > self.hold {
                self.hold = end;
                self.reserved.retain(|slot| *slot >= end);
            }
        }
        before != (self.limit, self.hold)
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
    use intercom_runtime::RateLimit;
    use intercom_runtime::clock::VirtualClock;

    use super::*;

    #[test]
    fn a_changed_limit_changes_the_local_schedule() {
        let clock = VirtualClock::default();
        let mut slots = Slots::new(Options::new());
        slots.go_local(clock.now());
        let later = |slots: &mut Slots| slots.send_time(clock.now(), 10);
        let before = later(&mut slots);
        let mut observation = Observation::new(StatusCode::OK, clock.unix_time());
        let headers = HeaderMap::from_iter([(HeaderName::from_static("x-ratelimit-limit"), HeaderValue::from(830))]);
        observation.rate_limit = RateLimit::from_headers(&headers);
        assert!(slots.observe(&observation, &clock));
        assert!(later(&mut slots) < before);
        assert!(!slots.observe(&observation, &clock));
    }

    #[test]
    fn a_step_may_be_longer_than_a_window() {
        let mut slots = Slots::new(Options::new().limit(1));
        let step = slots.options.window * 100 / 97;
        slots.add(&Reserved { first: Duration::ZERO, step, count: 1, limit: 1 });
        assert_eq!(slots.interval, step);
    }

    #[test]
    fn attempts_that_were_not_sent_return_their_slots() {
        let seconds = Duration::from_secs;
        let mut slots = Slots::new(Options::new());
        slots.add(&Reserved { first: seconds(10), step: seconds(1), count: 3, limit: 83 });
        for now in 10..13 {
            assert_eq!(slots.send_time(seconds(now), 0), seconds(now));
            slots.admit(seconds(now));
        }
        slots.release(false);
        slots.release(false);
        slots.release(true);
        let now = Duration::from_millis(11_100);
        assert_eq!((slots.send_time(now, 0), slots.send_time(now, 1)), (now, seconds(12)));
    }
}
