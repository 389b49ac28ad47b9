//! What an attempt waits for before it is sent: its turn in the throttle, and a permit of the limit of calls in flight.

use std::time::Duration;

use tokio::sync::SemaphorePermit;

use crate::client::Inner;
use crate::throttle::{AcquireRequest, Permit, TooLate};

/// The permission to send an attempt, given back on drop.
pub(super) struct Admitted<'a> {
    _permit: Option<Permit<'a>>,
    _in_flight: Option<SemaphorePermit<'a>>,
}

/// Waits until an attempt may be sent.
///
/// It waits for the throttle first, so that waiting calls do not occupy the permits of calls that could be sent. Where no
/// permit is free at its turn, the call gives the turn back and asks for another one once it has a permit: otherwise calls that
/// a slow server delayed would all be sent at once, above the rate limit.
pub(super) async fn admit(
    client: &Inner,
    deadline: Option<Duration>,
    skip_queue: bool,
) -> Result<Admitted<'_>, TooLate> {
    if skip_queue {
        return Ok(Admitted { _permit: None, _in_flight: None });
    }
    let mut in_flight = None;
    loop {
        let mut permit = None;
        if let Some(throttle) = &client.throttle {
            let latest = deadline.map(|deadline| latest_send_time(deadline, client));
            permit = Some(Permit::acquire(&**throttle, AcquireRequest::new(&client.clock).deadline(latest)).await?);
        }
        if let (Some(permits), None) = (&client.in_flight.permits, &in_flight) {
            match permits.try_acquire() {
                Ok(free) => in_flight = Some(free),
                Err(_) => {
                    drop(permit);
                    // The semaphore is never closed.
                    in_flight = permits.acquire().await.ok();
                    continue;
                }
            }
        }
        if let Some(permit) = &mut permit {
            permit.sent = true;
        }
        return Ok(Admitted { _permit: permit, _in_flight: in_flight });
    }
}

/// The latest turn that leaves an attempt as much time as attempts usually take. At most half of the remaining time is kept free:
/// otherwise a call with a short timeout would fail even where no other call waits.
fn latest_send_time(deadline: Duration, client: &Inner) -> Duration {
    let left = deadline.saturating_sub(client.clock.now());
    deadline.saturating_sub(client.in_flight.lead_time().min(left / 2))
}
