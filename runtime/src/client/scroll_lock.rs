//! The lock for scrolls of a client. The API allows one open scroll of an app at a time.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};
use std::task::Waker;
use std::time::Duration;

/// A lock that one scroll of a client holds at a time.
#[derive(Debug, Default)]
pub(crate) struct ScrollLock(Mutex<State>);

#[derive(Debug, Default)]
pub(crate) struct State {
    /// The id of the holder, and when it last received a page; before the first page, when it acquired the lock.
    pub(crate) holder: Option<(u64, Duration)>,
    /// The last id that was given to a scroll.
    pub(crate) last_id: u64,
    /// The wakers of the scrolls that wait for the lock, by id.
    pub(crate) waiting: HashMap<u64, Waker>,
}

impl ScrollLock {
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}
