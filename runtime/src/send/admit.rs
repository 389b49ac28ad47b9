//! What an attempt waits for before it is sent: its turn in the rate limit, and one of the places for calls under way.

use std::time::Duration;

use tokio::sync::SemaphorePermit;

use crate::client::Inner;
use crate::throttle::{Permit, TooLate, Turn};

/// An attempt that may be sent. Dropping it says that it has ended.
pub(super) struct Admitted<'a> {
    _permit: Option<Permit<'a>>,
    _place: Option<SemaphorePermit<'a>>,
}

/// Waits for an attempt's turn.
///
/// The turn comes first: a call waits for its turn in the rate limit without taking a place from calls that can be sent.
/// Where all places are taken at its turn, the call gives the turn back and asks for another once it has a place, so that
/// the calls which a slow server held up do not all go at once afterwards.
pub(super) async fn admit(
    client: &Inner,
    deadline: Option<Duration>,
    skip_queue: bool,
) -> Result<Admitted<'_>, TooLate> {
    if skip_queue {
        return Ok(Admitted { _permit: None, _place: None });
    }
    let mut place = None;
    loop {
        let mut permit = None;
        if let Some(throttle) = &client.throttle {
            let last = deadline.map(|deadline| latest_turn(deadline, client));
            permit = Some(Permit::acquire(&**throttle, Turn::new(&client.clock).before(last)).await?);
        }
        if let (Some(places), None) = (&client.under_way.places, &place) {
            match places.try_acquire() {
                Ok(free) => place = Some(free),
                Err(_) => {
                    drop(permit);
                    // The semaphore is never closed.
                    place = places.acquire().await.ok();
                    continue;
                }
            }
        }
        if let Some(permit) = &mut permit {
            permit.sent = true;
        }
        return Ok(Admitted { _permit: permit, _place: place });
    }
}

/// The latest turn that leaves an attempt as much time as it usually takes, but never less than half of the time that is
/// left: otherwise a call whose time limit is short beside the usual time would have no turn even while nobody waits.
fn latest_turn(deadline: Duration, client: &Inner) -> Duration {
    let left = deadline.saturating_sub(client.clock.now());
    deadline.saturating_sub(client.under_way.head_start().min(left / 2))
}
