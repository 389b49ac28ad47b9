//! The queue of attempts that wait to be sent.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use super::{AcquireRequest, Observation, Throttle, TooLate};
use crate::clock::Clock;
use crate::transport::BoxFuture;

/// Computes when attempts may be sent; a [`Queue`] makes a [`Throttle`] of it. All times are on the client's clock.
pub trait Schedule: Send + 'static {
    /// Estimates when an attempt may be sent that has `ahead` attempts ahead of it in the queue. The first attempt of the queue, with
    /// `ahead` 0, is sent if the returned time is not later than `now`.
    fn send_time(&mut self, now: Duration, ahead: usize) -> Duration;

    /// Called when the first attempt of the queue may be sent now.
    fn admit(&mut self, now: Duration);

    /// Called when an attempt that was allowed has ended. If `sent` is false, it was not sent: the call ended before, or
    /// it waits for a permit of `max_in_flight` and enters the queue again.
    fn release(&mut self, sent: bool) {
        let _ = sent;
    }

    /// Called with what a response reports about the rate limit. Returns whether this changes the times at which attempts may be sent.
    fn observe(&mut self, observation: &Observation, clock: &dyn Clock) -> bool;
}

/// A [`Throttle`] that sends attempts in the order in which they arrive, at the times of a [`Schedule`].
///
/// An attempt fails as soon as it is known that it could only be sent after [`AcquireRequest::latest`]: when it enters the queue, or when
/// the schedule changes. A dropped attempt leaves the queue.
pub struct Queue<S> {
    state: Mutex<State<S>>,
}

struct State<S> {
    schedule: S,
    /// The waiting attempts by number, in the order in which they arrived.
    waiting: BTreeMap<u64, Waiting>,
    /// The number of the next attempt.
    next: u64,
}

struct Waiting {
    latest: Option<Duration>,
    waker: Option<Waker>,
}

impl<S: Schedule> Queue<S> {
    /// Makes an empty queue.
    pub fn new(schedule: S) -> Self {
        Self { state: Mutex::new(State { schedule, waiting: BTreeMap::new(), next: 0 }) }
    }

    /// Calls a function with the schedule and the number of waiting attempts. The function may change the schedule, for example drop
    /// state that has expired, but not the times at which waiting attempts may be sent. Use [`update`](Self::update) for that.
    pub fn with_schedule<T>(&self, function: impl FnOnce(&mut S, usize) -> T) -> T {
        let mut state = self.state();
        let waiting = state.waiting.len();
        function(&mut state.schedule, waiting)
    }

    /// Calls a function that changes the schedule, and then schedules the waiting attempts again.
    pub fn update<T>(&self, clock: &dyn Clock, change: impl FnOnce(&mut S) -> T) -> T {
        let mut state = self.state();
        let result = change(&mut state.schedule);
        state.reschedule(clock.now());
        result
    }

    fn state(&self) -> MutexGuard<'_, State<S>> {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn enter(&self, request: AcquireRequest<'_>) -> Result<Ticket<'_, S>, TooLate> {
        let mut state = self.state();
        let before = state.waiting.len();
        if request.latest.is_some_and(|latest| state.schedule.send_time(request.clock.now(), before) > latest) {
            return Err(TooLate);
        }
        let number = state.next;
        state.next += 1;
        state.waiting.insert(number, Waiting { latest: request.latest, waker: None });
        Ok(Ticket { queue: self, number })
    }
}

impl<S: Schedule> State<S> {
    /// Allows the attempt with this number to be sent if it is the first one and its time has come. The first attempt otherwise has to
    /// sleep; others are woken when they become the first one.
    fn try_admit(&mut self, number: u64, now: Duration, cx: &Context<'_>) -> Outcome {
        let is_first = self.waiting.first_key_value().is_some_and(|(first, _)| *first == number);
        let Some(waiting) = self.waiting.get_mut(&number) else { return Outcome::TooLate };
        match &mut waiting.waker {
            Some(waker) => waker.clone_from(cx.waker()),
            None => waiting.waker = Some(cx.waker().clone()),
        }
        if !is_first {
            return Outcome::Behind;
        }
        let wait = self.schedule.send_time(now, 0).saturating_sub(now);
        if wait.is_zero() {
            self.schedule.admit(now);
            return Outcome::Admitted;
        }
        Outcome::Wait(wait)
    }

    fn wake_first(&mut self) {
        if let Some(waker) = self.waiting.first_entry().and_then(|mut first| first.get_mut().waker.take()) {
            waker.wake();
        }
    }

    /// Schedules the waiting attempts again: removes those that could now only be sent too late, and wakes them, so that
    /// they fail; then wakes the first one, whose time may have changed.
    fn reschedule(&mut self, now: Duration) {
        let (schedule, mut before) = (&mut self.schedule, 0);
        self.waiting.retain(|_, waiting| {
            let late = waiting.latest.is_some_and(|latest| schedule.send_time(now, before) > latest);
            if !late {
                before += 1;
            } else if let Some(waker) = waiting.waker.take() {
                waker.wake();
            }
            !late
        });
        self.wake_first();
    }
}

/// The result of [`State::try_admit`].
enum Outcome {
    Admitted,
    /// The attempt was removed from the queue by [`State::reschedule`].
    TooLate,
    /// Other attempts are ahead in the queue.
    Behind,
    /// The attempt is the first one, and can be sent after this time.
    Wait(Duration),
}

impl<S: Schedule> Throttle for Queue<S> {
    fn acquire<'a>(&'a self, request: AcquireRequest<'a>) -> BoxFuture<'a, Result<(), TooLate>> {
        Box::pin(async move {
            let ticket = self.enter(request)?;
            let mut sleep: Option<BoxFuture<'static, ()>> = None;
            std::future::poll_fn(|cx| {
                loop {
                    let outcome = self.state().try_admit(ticket.number, request.clock.now(), cx);
                    let wait = match outcome {
                        Outcome::Admitted => return Poll::Ready(Ok(())),
                        Outcome::TooLate => return Poll::Ready(Err(TooLate)),
                        Outcome::Behind => return Poll::Pending,
                        Outcome::Wait(wait) => wait,
                    };
                    // Only the first attempt sleeps. It sleeps again if its time has been postponed meanwhile.
                    if sleep.get_or_insert_with(|| request.clock.sleep(wait)).as_mut().poll(cx).is_pending() {
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
        state.schedule.release(sent);
        if !sent {
            state.wake_first();
        }
    }

    fn observe(&self, observation: &Observation, clock: &dyn Clock) {
        let mut state = self.state();
        if state.schedule.observe(observation, clock) {
            state.reschedule(clock.now());
        }
    }
}

impl<S> fmt::Debug for Queue<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Queue").finish_non_exhaustive()
    }
}

/// An attempt in the queue, which leaves the queue on drop.
struct Ticket<'a, S: Schedule> {
    queue: &'a Queue<S>,
    number: u64,
}

impl<S: Schedule> Drop for Ticket<'_, S> {
    fn drop(&mut self) {
        let mut state = self.queue.state();
        if state.waiting.remove(&self.number).is_some() {
            state.wake_first();
        }
    }
}
