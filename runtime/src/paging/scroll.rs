//! Scrolls: one at a time, and only for a minute from one page to the next.

use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use super::PagingStyle;
use crate::client::ScrollLock;
use crate::clock::Clock;
use crate::error::Error;
use crate::transport::BoxFuture;

/// How long a scroll lives from one page to the next.
const LIFETIME: Duration = Duration::from_secs(60);

/// What a scroll does when another one is under way, and when the server has forgotten it.
///
/// The API allows a workspace one scroll at a time. By default a scroll waits until an earlier one of the same client
/// ends, is dropped or has expired, and ends with an error when its own has expired.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScrollOptions {
    pub(super) fail_if_busy: bool,
    pub(super) restart: bool,
}

impl ScrollOptions {
    /// The default: wait for another scroll, and end where the scroll is lost.
    pub fn new() -> Self {
        Self::default()
    }

    /// Fails with an error that says [`Error::is_scroll_busy`] instead of waiting for another scroll of the client.
    pub fn fail_if_busy(mut self) -> Self {
        self.fail_if_busy = true;
        self
    }

    /// Begins again where the scroll has expired or broken, and leaves out as many items as were delivered. What changes
    /// meanwhile may then be missed or come twice.
    pub fn restart_if_lost(mut self) -> Self {
        self.restart = true;
        self
    }
}

impl Error {
    /// Another scroll is under way: one of this client (see [`ScrollOptions`]), or, by the API's answer, one elsewhere.
    pub fn is_scroll_busy(&self) -> bool {
        self.is_scroll_refused() || self.is_of_scroll() && self.code().is_some_and(|code| *code == "scroll_exists")
    }

    /// The scroll has expired: a minute passed since its last page, and the API no longer knows it.
    pub fn is_scroll_expired(&self) -> bool {
        self.is_of_scroll() && self.is_not_found()
    }

    /// The scroll is broken: the API asks for it to be begun again, or an answer was lost, with which the place is lost
    /// too.
    pub fn is_scroll_broken(&self) -> bool {
        let asked =
            || self.message().is_some_and(|message| message.to_ascii_lowercase().contains("restart the scroll"));
        let lost = || self.is_connection_lost() || self.is_timeout() && !self.is_connect() || self.is_decode();
        self.is_of_scroll() && (self.is_server_error() && asked() || lost())
    }

    fn is_of_scroll(&self) -> bool {
        let paging = self.endpoint().and_then(|endpoint| endpoint.paging);
        paging.is_some_and(|paging| paging.style == PagingStyle::Scroll)
    }
}

/// The right to scroll; given back when it is dropped.
#[derive(Debug)]
pub(super) struct ScrollGuard {
    lock: Arc<ScrollLock>,
    id: u64,
}

impl ScrollGuard {
    /// Waits for the right to scroll, or fails where it is not free.
    pub(super) fn acquire(
        lock: Arc<ScrollLock>,
        clock: Arc<dyn Clock>,
        fail_if_busy: bool,
    ) -> BoxFuture<'static, Result<Self, Error>> {
        Box::pin(async move {
            let id = {
                let mut state = lock.state();
                state.next += 1;
                state.next
            };
            // Dropped while it waits, it takes its waker with it.
            let waiting = Waiting { lock: &lock, id };
            loop {
                let until = {
                    let mut state = lock.state();
                    let now = clock.now();
                    match state.holder {
                        Some((_, since)) if now < since.saturating_add(LIFETIME) => {
                            since.saturating_add(LIFETIME) - now
                        }
                        _ => {
                            state.holder = Some((id, now));
                            break;
                        }
                    }
                };
                if fail_if_busy {
                    return Err(Error::scroll_refused("another scroll of this client is under way"));
                }
                let mut timer = clock.sleep(until);
                let mut first = true;
                std::future::poll_fn(|cx| {
                    let mut state = lock.state();
                    if state.holder.is_none() || timer.as_mut().poll(cx).is_ready() {
                        return Poll::Ready(());
                    }
                    // A wake-up that came between two looks is seen by the one that follows it.
                    if !first && !state.waiting.contains_key(&id) {
                        return Poll::Ready(());
                    }
                    first = false;
                    state.waiting.insert(id, cx.waker().clone());
                    Poll::Pending
                })
                .await;
            }
            drop(waiting);
            Ok(Self { lock, id })
        })
    }

    /// Notes that a page has come: the minute begins anew.
    pub(super) fn renew(&self, now: Duration) {
        let mut state = self.lock.state();
        if let Some((_, since)) = state.holder.as_mut().filter(|(holder, _)| *holder == self.id) {
            *since = now;
        }
    }
}

impl Drop for ScrollGuard {
    fn drop(&mut self) {
        let mut state = self.lock.state();
        if state.holder.is_some_and(|(holder, _)| holder == self.id) {
            state.holder = None;
            for (_, waker) in state.waiting.drain() {
                waker.wake();
            }
        }
    }
}

struct Waiting<'a> {
    lock: &'a ScrollLock,
    id: u64,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.lock.state().waiting.remove(&self.id);
    }
}
