//! Admission of attempts: an attempt waits for the throttle and for the limit of attempts in flight before it is sent.

use std::time::Duration;

use tokio::sync::SemaphorePermit;

use crate::client::Inner;
use crate::throttle::{AcquireRequest, Permit, TooLate};

/// The permission to send an attempt. It is released on drop.
pub(super) struct Admitted<'a> {
    /// The permit of the throttle.
    _turn: Option<Permit<'a>>,
    /// The permit of `max_in_flight`.
    _in_flight: Option<SemaphorePermit<'a>>,
}

/// Waits until an attempt may be sent.
///
/// The throttle comes first, so that calls that wait for it hold no permit of `max_in_flight`. If no permit of `max_in_flight` is free, the
/// call releases the permit of the throttle without sending, waits for a permit of `max_in_flight`, and holds it while it waits for the
/// throttle again: otherwise all calls that a slow server has delayed would be sent at the same time, above the rate limit.
pub(super) async fn admit(
    client: &Inner,
    deadline: Option<Duration>,
    skip_queue: bool,
) -> Result<Admitted<'_>, TooLate> {
    if skip_queue {
        return Ok(Admitted { _turn: None, _in_flight: None });
    }
    let mut in_flight = None;
    loop {
        let mut turn = None;
        if let Some(throttle) = &client.throttle {
            let latest = deadline.map(|deadline| latest_send_time(deadline, client));
            turn = Some(Permit::acquire(&**throttle, AcquireRequest::new(&client.clock).latest(latest)).await?);
        }
        if let (Some(semaphore), None) = (&client.in_flight.permits, &in_flight) {
            match semaphore.try_acquire() {
                Ok(free) => in_flight = Some(free),
                Err(_) => {
                    drop(turn);
                    // The semaphore is never closed.
                    in_flight = semaphore.acquire().await.ok();
                    continue;
                }
            }
        }
        if let Some(turn) = &mut turn {
            turn.sent = true;
        }
        return Ok(Admitted { _turn: turn, _in_flight: in_flight });
    }
}

/// The latest time at which an attempt can be sent and still end before the deadline, if it takes as long as attempts usually do. At most
/// half of the remaining time is reserved for it: otherwise a call with a short timeout would fail even if no other call is waiting.
fn latest_send_time(deadline: Duration, client: &Inner) -> Duration {
    let left = deadline.saturating_sub(client.clock.now());
    deadline.saturating_sub(client.in_flight.lead_time().min(left / 2))
}
