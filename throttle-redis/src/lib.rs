//! One rate limit for many processes.
//!
//! Intercom's rate limit applies to an app, and so to all processes that use it. [`RedisThrottle`] is a [`Throttle`] for the processes
//! of one app. They reserve slots in Redis (version 7 or later): times at which they may call. The slots of all processes are evenly
//! spaced, so that together they stay below the limit and use most of it.
//!
//! ```no_run
//! use intercom_runtime::{Client, ClientBuilder};
//! use intercom_throttle_redis::{Options, RedisThrottle};
//!
//! # fn run() -> Result<(), Box<dyn std::error::Error>> {
//! // Eight workers: if Redis is unavailable, each may use an eighth of the limit.
//! let throttle = RedisThrottle::open("redis://127.0.0.1/", "my-app", Options::new().local_share(0.125))?;
//! // A program that uses a generated crate writes `intercom_v2_15::Client::builder()` here.
//! let client: Client = ClientBuilder::for_version("2.15", "example/1.0").from_env().throttle(throttle).build()?;
//! # Ok(())
//! # }
//! ```
//!
//! - **Fairness.** A process reserves slots for the calls that wait, at most one hundredth of the limit (rounded up) at a time, and
//!   reserves again when at most half of that is left. So busy processes get equal shares.
//! - **The limit is not exceeded** as long as all processes reach Redis. The slots use 97 % of the limit, and a slot that is not used
//!   within a fiftieth of a window is dropped.
//! - **If a process dies**, only the few slots that it has reserved are lost.
//! - **If Redis is unavailable**, or slower than [`Options::timeout`], a process falls back to a local schedule with
//!   [`Options::local_share`] of the limit, and tries Redis again a tenth of a window after each failure, as long as calls wait. With
//!   the feature `tracing` it logs an event at WARN when the fallback begins, and one at INFO when it ends, with the target
//!   `intercom::throttle`.
//! - **If only some processes reach Redis**, the limit can be exceeded by the local shares of the others, because Redis does not count
//!   them. When a process that reaches Redis has got a 429 and reserves again, no process can reserve a slot before the end of the
//!   pause; slots that other processes have reserved already are still used.
//!
//! A server with TLS (`rediss://…`) needs a TLS feature of the crate `redis` 1, which the program has to enable.
//!
//! The feature `webhooks` adds `RedisNotifications`, which deduplicates webhook notifications that several processes receive.
//!
//! The crate needs tokio: a background task reserves the slots.

mod reserve;
#[cfg(feature = "webhooks")]
mod seen;
mod slots;

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use intercom_runtime::clock::Clock;
use intercom_runtime::throttle::{AcquireRequest, Observation, Queue, Throttle, TooLate};
use intercom_runtime::transport::BoxFuture;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

#[cfg(feature = "webhooks")]
pub use seen::RedisNotifications;

use reserve::SlotScript;
use slots::Slots;

/// Settings of a [`RedisThrottle`].
#[derive(Clone, Copy, Debug)]
pub struct Options {
    window: Duration,
    limit: u32,
    local_share: f64,
    timeout: Duration,
}

impl Options {
    /// Makes the default settings: windows of ten seconds, and a tenth of the limit if Redis is unavailable.
    pub fn new() -> Self {
        Self { window: Duration::from_secs(10), limit: 83, local_share: 0.1, timeout: Duration::from_millis(250) }
    }

    /// Sets the length of the window in which the API counts calls; 10 seconds by default.
    pub fn window(mut self, window: Duration) -> Self {
        self.window = window.max(Duration::from_millis(1));
        self
    }

    /// Sets the number of calls per window that is assumed until a response reports the limit; 83 by default, the lowest limit that
    /// users have reported.
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = limit.max(1);
        self
    }

    /// Sets the share of the limit that this process uses if Redis is unavailable, from 0.001 to 1; 0.1 by default. Other finite values are
    /// limited to this range, and a value that is not finite sets the default. The sum of the shares of all processes must not exceed 1.
    pub fn local_share(mut self, share: f64) -> Self {
        self.local_share = if share.is_finite() { share.clamp(0.001, 1.0) } else { 0.1 };
        self
    }

    /// Sets how long Redis may take to respond; 250 milliseconds by default.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }
}

impl Default for Options {
    fn default() -> Self {
        Self::new()
    }
}

/// A [`Throttle`] that shares an app's rate limit with other processes through Redis.
///
/// All clients of a process that use the same app should share one throttle, in an `Arc`.
pub struct RedisThrottle {
    shared: Arc<Shared>,
    task: Mutex<Option<JoinHandle<()>>>,
}

/// State that the throttle shares with its background task.
struct Shared {
    queue: Queue<Slots>,
    /// Wakes the task, because there may be slots to reserve.
    demand: Notify,
    script: SlotScript,
    options: Options,
}

impl RedisThrottle {
    /// Makes a throttle for the calls of `app`, an arbitrary name that must be the same in all processes of the app. It connects at the
    /// first call.
    ///
    /// # Errors
    /// If `url` is not a valid address of a Redis server. Whether a server is there shows at the first call only.
    pub fn open(url: &str, app: &str, options: Options) -> Result<Self, redis::RedisError> {
        let shared = Shared {
            queue: Queue::new(Slots::new(options)),
            demand: Notify::new(),
            script: SlotScript::open(url, app, options)?,
            options,
        };
        Ok(Self { shared: Arc::new(shared), task: Mutex::new(None) })
    }

    /// Starts the background task if it is not running: before the first call, and after the tokio runtime that it ran on has shut down.
    fn start(&self, clock: &Arc<dyn Clock>) {
        let mut task = self.task.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if task.as_ref().is_none_or(JoinHandle::is_finished) {
            *task = Some(tokio::spawn(reserve::run(self.shared.clone(), clock.clone())));
        }
    }
}

impl Throttle for RedisThrottle {
    fn acquire<'a>(&'a self, request: AcquireRequest<'a>) -> BoxFuture<'a, Result<(), TooLate>> {
        self.start(request.clock);
        let permit = self.shared.queue.acquire(request);
        Box::pin(Acquire { permit, demand: &self.shared.demand })
    }

    fn release(&self, sent: bool) {
        self.shared.queue.release(sent);
    }

    fn observe(&self, observation: &Observation, clock: &dyn Clock) {
        self.shared.queue.observe(observation, clock);
    }
}

/// Waits in the queue, and wakes the background task after each poll, since more calls may wait. A dropped call does not wake it: no more
/// slots are needed then.
struct Acquire<'a> {
    permit: BoxFuture<'a, Result<(), TooLate>>,
    demand: &'a Notify,
}

impl Future for Acquire<'_> {
    type Output = Result<(), TooLate>;

    fn poll(mut self: std::pin::Pin<&mut Self>, cx: &mut std::task::Context<'_>) -> std::task::Poll<Self::Output> {
        let result = self.permit.as_mut().poll(cx);
        self.demand.notify_one();
        result
    }
}

impl Drop for RedisThrottle {
    fn drop(&mut self) {
        let task = self.task.get_mut().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(task) = task.take() {
            task.abort();
        }
    }
}

impl fmt::Debug for RedisThrottle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisThrottle").field("options", &self.shared.options).finish_non_exhaustive()
    }
}

/// Compiles the example of README.md as a doctest.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
