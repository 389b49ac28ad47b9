//! The background task that reserves slots in Redis.

use std::sync::Arc;
use std::time::Duration;

use intercom_runtime::clock::Clock;
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, RedisError, Script};

use crate::{Options, Shared};

/// A request for slots.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request {
    pub(crate) count: u32,
    /// The limit that the API has reported and that is not stored in Redis yet, or 0.
    pub(crate) new_limit: u32,
    /// The length of the pause that the API asks for.
    pub(crate) pause: Duration,
    /// Whether this process used its local schedule until now.
    pub(crate) was_local: bool,
}

/// Slots that were reserved: `count` of them, `step` apart. Times are on the client's clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reserved {
    pub(crate) first: Duration,
    pub(crate) step: Duration,
    pub(crate) count: u32,
    pub(crate) limit: u32,
}

/// The script that reserves slots, and the server that runs it.
pub(crate) struct SlotScript {
    client: Client,
    script: Script,
    key: String,
    options: Options,
}

/// A connection to Redis, and the difference between its clock and the client's.
#[derive(Default)]
struct Link {
    connection: Option<MultiplexedConnection>,
    /// The client's time minus the time of Redis, in microseconds. The lowest measured difference is the best estimate, since the
    /// latency of a response can only increase it.
    offset: Option<i64>,
}

impl SlotScript {
    pub(crate) fn open(url: &str, app: &str, options: Options) -> Result<Self, RedisError> {
        let script = Script::new(include_str!("reserve.lua"));
        Ok(Self { client: Client::open(url)?, script, key: format!("intercom:throttle:{{{app}}}"), options })
    }

    /// How long a process with a local schedule may take to notice that Redis is available again: an attempt that began while Redis was
    /// unavailable fails after the timeout, the next one begins a tenth of a window later, and another tenth is a margin.
    fn notice_time(&self) -> Duration {
        self.options.window / 5 + self.options.timeout
    }

    async fn request(&self, link: &mut Link, request: Request, clock: &dyn Clock) -> Result<Reserved, RedisError> {
        let connection = match &mut link.connection {
            Some(connection) => connection,
            None => {
                let config = AsyncConnectionConfig::new()
                    .set_connection_timeout(Some(self.options.timeout))
                    .set_response_timeout(Some(self.options.timeout));
                link.connection.insert(self.client.get_multiplexed_async_connection_with_config(&config).await?)
            }
        };
        let (now, first, step, limit): (i64, i64, i64, u32) = self
            .script
            .key(&self.key)
            .arg(request.count)
            .arg(micros(self.options.window))
            .arg(self.options.limit)
            .arg(request.new_limit)
            .arg(micros(request.pause))
            .arg(micros(self.notice_time()))
            .arg(u8::from(request.was_local))
            .invoke_async(connection)
            .await?;
        let seen = micros(clock.now()) - now;
        let offset = match link.offset {
            // The latency is shorter than the timeout. A larger change means that one of the clocks was set.
            Some(lowest) if seen.abs_diff(lowest) <= self.options.timeout.as_micros() as u64 => lowest.min(seen),
            _ => seen,
        };
        link.offset = Some(offset);
        let duration = |micros: i64| Duration::from_micros(u64::try_from(micros).unwrap_or(0));
        Ok(Reserved { first: duration(first + offset), step: duration(step), count: request.count, limit })
    }
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

/// Reserves slots for the waiting calls until the task is aborted.
pub(crate) async fn run(shared: Arc<Shared>, clock: Arc<dyn Clock>) {
    let mut link = Link::default();
    loop {
        let request = shared.queue.with_schedule(|slots, waiting| slots.request(waiting, clock.now()));
        let Some(request) = request else {
            shared.demand.notified().await;
            continue;
        };
        // The timeouts of the connection apply to each step (connect, command). This one limits all steps together.
        let reserved = shared.script.request(&mut link, request, &*clock);
        match tokio::time::timeout(shared.options.timeout, reserved).await {
            Ok(Ok(reserved)) => {
                shared.queue.update(&*clock, |slots| slots.add(&reserved));
                if request.was_local {
                    log_recovered();
                }
            }
            failed => {
                let slow = match &failed {
                    Ok(Err(error)) => error.is_timeout(),
                    _ => true,
                };
                link = Link::default();
                if shared.queue.update(&*clock, |slots| slots.go_local(clock.now())) {
                    log_unavailable(slow, shared.options.local_share);
                }
                tokio::time::sleep(shared.options.window / 10).await;
            }
        }
    }
}

/// Logs that Redis is unavailable. Its address is not logged, since it may contain a password.
fn log_unavailable(slow: bool, share: f64) {
    #[cfg(feature = "tracing")]
    tracing::warn!(
        target: "intercom::throttle",
        reason = if slow { "slow" } else { "down" },
        share,
        "Redis is unavailable: this process uses its local share of the rate limit"
    );
    #[cfg(not(feature = "tracing"))]
    let _ = (slow, share);
}

fn log_recovered() {
    #[cfg(feature = "tracing")]
    tracing::info!(target: "intercom::throttle", "Redis is available again: the rate limit is shared");
}
