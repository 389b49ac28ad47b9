//! Scrolls. An app can have one open scroll at a time, which expires a minute after it last returned a page.

use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use super::PagingStyle;
use crate::client::ScrollLock;
use crate::clock::Clock;
use crate::error::Error;
use crate::transport::BoxFuture;

/// How long a scroll stays open after it last returned a page.
const LIFETIME: Duration = Duration::from_secs(60);

/// Settings of a scroll: what happens if another scroll is open, and if this one is lost.
///
/// The API allows one open scroll for each app. By default a scroll waits until an earlier one of the same client ends, is dropped or
/// expires, and it fails if it is lost itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScrollOptions {
    pub(super) fail_if_busy: bool,
    pub(super) restart: bool,
}

impl ScrollOptions {
    /// Makes the default settings: wait for another scroll, and fail if this scroll is lost.
    pub fn new() -> Self {
        Self::default()
    }

    /// Fails with an error ([`Error::is_scroll_busy`]) instead of waiting for another scroll of the client.
    pub fn fail_if_busy(mut self) -> Self {
        self.fail_if_busy = true;
        self
    }

    /// Restarts the scroll from the first page if it has expired or is broken, and skips as many items as were delivered. If the list has
    /// changed meanwhile, items may be missing or returned twice. After three restarts in a row that returned no further item, it fails.
    pub fn restart_if_lost(mut self) -> Self {
        self.restart = true;
        self
    }
}

impl Error {
    /// Another scroll is open: one of this client (see [`ScrollOptions`]), or, according to the API, one of another client.
    pub fn is_scroll_busy(&self) -> bool {
        self.is_scroll_locked() || self.is_of_scroll() && self.code().is_some_and(|code| *code == "scroll_exists")
    }

    /// The API does not know the scroll. Usually it has expired, a minute after it last returned a page.
    pub fn is_scroll_expired(&self) -> bool {
        self.is_of_scroll() && self.is_not_found()
    }

    /// The scroll is broken: the API asks to restart it, or a response was lost, or cannot be decoded as a whole: its page cannot be
    /// requested again. After an item that cannot be decoded, the scroll continues.
    pub fn is_scroll_broken(&self) -> bool {
        let restart_requested =
            || self.message().is_some_and(|message| message.to_ascii_lowercase().contains("restart the scroll"));
        // If there was no attempt, the call timed out while it waited to be sent, and the next page can still be requested.
        let timed_out = || self.is_timeout() && !self.is_connect() && self.attempts() > 0;
        let lost = || self.is_connection_lost() || timed_out() || self.is_decode() && !self.is_of_item();
        self.is_of_scroll() && (self.is_server_error() && restart_requested() || lost())
    }

    fn is_of_scroll(&self) -> bool {
        let paging = self.endpoint().and_then(|endpoint| endpoint.paging);
        paging.is_some_and(|paging| paging.style == PagingStyle::Scroll)
    }
}

/// Holds the lock of the client's scrolls until it is dropped, or until another scroll takes the lock because this one has expired.
#[derive(Debug)]
pub(super) struct ScrollGuard {
    lock: Arc<ScrollLock>,
    id: u64,
}

impl ScrollGuard {
    /// Waits for the lock, or fails if it is held and `fail_if_busy` is set.
    pub(super) fn acquire(
        lock: Arc<ScrollLock>,
        clock: Arc<dyn Clock>,
        fail_if_busy: bool,
    ) -> BoxFuture<'static, Result<Self, Error>> {
        Box::pin(async move {
            let id = {
                let mut state = lock.state();
                state.last_id += 1;
                state.last_id
            };
            // Removes the waker if the future is dropped while it waits.
            let waiting = Waiting { lock: &lock, id };
            loop {
                let remaining = {
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
                    return Err(Error::scroll_locked("another scroll of this client is open"));
                }
                let mut timer = clock.sleep(remaining);
                let mut first = true;
                std::future::poll_fn(|cx| {
                    let mut state = lock.state();
                    if state.holder.is_none() || timer.as_mut().poll(cx).is_ready() {
                        return Poll::Ready(());
                    }
                    // The waker was removed, so the lock was released since the last poll.
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

    /// Records that a page was received, which extends the lifetime of the scroll.
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

/// Removes the waker of a waiting scroll on drop.
struct Waiting<'a> {
    lock: &'a ScrollLock,
    id: u64,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.lock.state().waiting.remove(&self.id);
    }
}
