//! The rate limit: this many calls in each window, as the API counts them.

use std::time::Duration;

/// What the API allows an app: 10,000 calls a minute, handed out in windows of ten seconds.
pub(crate) const DEFAULT: (u32, Duration) = (1_666, Duration::from_secs(10));

/// The calls of the current window.
#[derive(Debug)]
pub(crate) struct Limit {
    calls: u32,
    window: Duration,
    /// Whether calls above the limit are refused.
    enforced: bool,
    /// The number of the current window since 1970.
    current: u128,
    used: u32,
}

/// What an answer says of the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Allowance {
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
    /// When the next window begins, in Unix seconds.
    pub(crate) reset: u64,
    /// Whether the call is carried out.
    pub(crate) admitted: bool,
}

impl Limit {
    pub(crate) fn new((calls, window): (u32, Duration), enforced: bool) -> Self {
        Self { calls, window: window.max(Duration::from_millis(1)), enforced, current: 0, used: 0 }
    }

    /// Counts a call.
    pub(crate) fn count(&mut self, now: Duration) -> Allowance {
        let window = self.window.as_millis();
        let current = now.as_millis() / window;
        if current != self.current {
            (self.current, self.used) = (current, 0);
        }
        let admitted = self.used < self.calls;
        if admitted {
            self.used += 1;
        } else if !self.enforced {
            // The call is not refused, so the headers do not stay at 0: they begin again with a full window.
            self.used = 0;
        }
        Allowance {
            limit: self.calls,
            remaining: self.calls - self.used,
            // The header has whole seconds: rounded up, so that the next window has begun by then.
            reset: u64::try_from(((current + 1) * window).div_ceil(1000)).unwrap_or(u64::MAX),
            admitted: admitted || !self.enforced,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_admits_so_many_calls_and_the_next_one_again() {
        let mut limit = Limit::new((2, Duration::from_secs(10)), true);
        let at = |limit: &mut Limit, seconds: u64| {
            let allowance = limit.count(Duration::from_secs(seconds));
            (allowance.admitted, allowance.remaining, allowance.reset)
        };
        assert_eq!(at(&mut limit, 100), (true, 1, 110));
        assert_eq!(at(&mut limit, 105), (true, 0, 110));
        assert_eq!(at(&mut limit, 109), (false, 0, 110));
        assert_eq!(at(&mut limit, 110), (true, 1, 120));
    }

    #[test]
    fn a_window_may_have_parts_of_a_second() {
        let mut limit = Limit::new((1, Duration::from_millis(1500)), true);
        let mut at = |milliseconds| {
            let allowance = limit.count(Duration::from_millis(milliseconds));
            (allowance.admitted, allowance.reset)
        };
        assert_eq!(at(3000), (true, 5));
        assert_eq!(at(4400), (false, 5));
        assert_eq!(at(4500), (true, 6));
        assert_eq!(at(6000), (true, 8));
    }
}
