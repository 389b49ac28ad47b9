//! The calls that wait for a throttle, in the order in which they came.

use std::collections::BTreeMap;
use std::task::{Context, Waker};
use std::time::Duration;

/// Waiting calls by the number of their place. A place is taken once and holds one waker, however often it is polled.
#[derive(Debug, Default)]
pub(super) struct Queue {
    waiting: BTreeMap<u64, Waiting>,
    next: u64,
}

#[derive(Debug)]
struct Waiting {
    deadline: Option<Duration>,
    waker: Option<Waker>,
}

impl Waiting {
    fn wake(&mut self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

impl Queue {
    pub(super) fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Takes the last place.
    pub(super) fn enter(&mut self, deadline: Option<Duration>) -> u64 {
        let place = self.next;
        self.next += 1;
        self.waiting.insert(place, Waiting { deadline, waker: None });
        place
    }

    /// Gives the place up, and lets the first of those behind look again.
    pub(super) fn leave(&mut self, place: u64) {
        if self.waiting.remove(&place).is_some() {
            self.wake_first();
        }
    }

    /// Remembers whom to wake when the place becomes the first; `false` where the place was lost.
    pub(super) fn stay(&mut self, place: u64, cx: &Context<'_>) -> bool {
        let Some(waiting) = self.waiting.get_mut(&place) else { return false };
        match &mut waiting.waker {
            Some(waker) => waker.clone_from(cx.waker()),
            None => waiting.waker = Some(cx.waker().clone()),
        }
        true
    }

    pub(super) fn is_first(&self, place: u64) -> bool {
        self.waiting.first_key_value().is_some_and(|(first, _)| *first == place)
    }

    pub(super) fn wake_first(&mut self) {
        if let Some(mut first) = self.waiting.first_entry() {
            first.get_mut().wake();
        }
    }

    /// Takes the place from calls whose turn would now come after their deadline, and wakes them to say so. `turn` is the
    /// moment of the call that has so many before it.
    pub(super) fn drop_late(&mut self, turn: impl Fn(usize) -> Duration) {
        let mut before = 0;
        self.waiting.retain(|_, waiting| {
            let late = waiting.deadline.is_some_and(|deadline| turn(before) > deadline);
            if late {
                waiting.wake();
            } else {
                before += 1;
            }
            !late
        });
        self.wake_first();
    }
}
