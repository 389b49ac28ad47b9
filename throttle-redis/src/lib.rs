//! One rate limit for many processes.
//!
//! Intercom counts the calls of an app, whatever machine they come from. [`RedisThrottle`] is a
//! [`Throttle`] for workers that call for the same app. They reserve slots in Redis (version 7 or later): times at which they may
//! call. The slots of all workers are evenly spaced, so that together they stay below the limit and use most of it.
//!
//! ```no_run
//! use intercom_runtime::{Client, ClientBuilder};
//! use intercom_throttle_redis::{Options, RedisThrottle};
//!
//! # fn run() -> Result<(), Box<dyn std::error::Error>> {
//! // Eight workers: without Redis each may use an eighth of the limit.
//! let throttle = RedisThrottle::open("redis://127.0.0.1/", "my-app", Options::new().local_share(0.125))?;
//! // `intercom_v2_15::Client::builder()` in a program.
//! let client: Client = ClientBuilder::for_version("2.15", "example/1.0").from_env().throttle(throttle).build()?;
//! # Ok(())
//! # }
//! ```
//!
//! - **Fair.** A process reserves a hundredth of the limit at a time and reserves again when half of that is used, so busy
//!   processes get equal shares.
//! - **Not over the limit**, as long as all processes reach Redis. The slots use 97 % of it, and a missed slot is not
//!   used later.
//! - **A process that dies** takes at most the few slots with it that it has reserved.
//! - **Without Redis.** Where Redis is down or slower than [`Options::timeout`], a process falls back to a schedule of its own at
//!   [`Options::local_share`] of the limit, and tries Redis again ten times a window. With the feature `tracing` it logs one
//!   event when the fallback begins, at WARN, and one when it ends, at INFO; the target is `intercom::throttle`.
//! - **Where only some processes reach Redis**, the limit can be exceeded by the local shares of the others, which
//!   Redis does not count. A process that gets a 429 pauses, and with it all that reserve in Redis.
//!
//! The address of a server with TLS, `rediss://…`, needs a TLS feature of the crate `redis` 1, turned on in the program.
//!
//! The feature `webhooks` adds `RedisNotifications`, with which processes that receive the same notifications handle each once.
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

use reserve::Reserve;
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
    /// Default settings: windows of ten seconds, and a tenth of the limit without Redis.
    pub fn new() -> Self {
        Self { window: Duration::from_secs(10), limit: 83, local_share: 0.1, timeout: Duration::from_millis(250) }
    }

    /// Sets the length of the window in which the API counts calls; 10 seconds by default.
    pub fn window(mut self, window: Duration) -> Self {
        self.window = window.max(Duration::from_millis(1));
        self
    }

    /// Sets how many calls per window to assume until a response names the limit; 83 by default, the lowest known limit.
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = limit.max(1);
        self
    }

    /// Sets the share of the limit that this process uses without Redis, from 0 to 1; 0.1 by default. The shares of all
    /// processes together must not exceed 1.
    pub fn local_share(mut self, share: f64) -> Self {
        self.local_share = if share.is_finite() { share.clamp(0.001, 1.0) } else { 0.1 };
        self
    }

    /// Sets how long Redis may take to answer; 250 milliseconds by default.
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
/// Clients of one process that call for the same app share one throttle, in an `Arc`.
pub struct RedisThrottle {
    shared: Arc<Shared>,
    task: Mutex<Option<JoinHandle<()>>>,
}

/// State that the throttle shares with its background task.
struct Shared {
    queue: Queue<Slots>,
    /// Wakes the task: there may be slots to reserve.
    demand: Notify,
    reserve: Reserve,
    options: Options,
}

impl RedisThrottle {
    /// A throttle for the calls of `app`, which is any name that all processes of the app use. Connects at the first call.
    ///
    /// # Errors
    /// If `url` is not the address of a Redis server.
    pub fn open(url: &str, app: &str, options: Options) -> Result<Self, redis::RedisError> {
        let shared = Shared {
            queue: Queue::new(Slots::new(options)),
            demand: Notify::new(),
            reserve: Reserve::open(url, app, options)?,
            options,
        };
        Ok(Self { shared: Arc::new(shared), task: Mutex::new(None) })
    }

    /// Starts the background task, unless it runs. It is started again where it ended with its tokio runtime.
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

/// Waits in the queue, and wakes the background task whenever the number of waiting calls may have changed.
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
