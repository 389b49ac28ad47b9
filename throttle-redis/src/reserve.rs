//! Reserving moments in Redis.

use std::sync::Arc;
use std::time::Duration;

use intercom_runtime::clock::Clock;
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, RedisError, Script};

use crate::{Options, Shared};

/// What a process wants of Redis.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ask {
    pub(crate) count: u32,
    /// The limit that the API has named, or 0.
    pub(crate) told: u32,
    /// How long the API asks to send nothing.
    pub(crate) pause: Duration,
    /// Whether this process paced itself until now.
    pub(crate) returns: bool,
}

/// What it got. Moments are on the client's clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reserved {
    pub(crate) first: Duration,
    pub(crate) step: Duration,
    pub(crate) count: u32,
    pub(crate) limit: u32,
}

/// How to ask Redis.
pub(crate) struct Reserve {
    client: Client,
    script: Script,
    key: String,
    options: Options,
}

/// A connection, and how Redis' clock relates to the client's.
#[derive(Default)]
struct Link {
    connection: Option<MultiplexedConnection>,
    /// The client's time less Redis' time, in microseconds. The lowest seen: answers come late, never early.
    offset: Option<i64>,
}

impl Reserve {
    pub(crate) fn open(url: &str, app: &str, options: Options) -> Result<Self, RedisError> {
        let script = Script::new(include_str!("reserve.lua"));
        Ok(Self { client: Client::open(url)?, script, key: format!("intercom:throttle:{{{app}}}"), options })
    }

    /// How long processes that pace themselves may take to notice that Redis is back.
    fn caution(&self) -> Duration {
        self.options.window / 5 + self.options.patience
    }

    async fn ask(&self, link: &mut Link, ask: Ask, clock: &dyn Clock) -> Result<Reserved, RedisError> {
        let connection = match &mut link.connection {
            Some(connection) => connection,
            None => {
                let config = AsyncConnectionConfig::new()
                    .set_connection_timeout(Some(self.options.patience))
                    .set_response_timeout(Some(self.options.patience));
                link.connection.insert(self.client.get_multiplexed_async_connection_with_config(&config).await?)
            }
        };
        let (now, first, step, limit): (i64, i64, i64, u32) = self
            .script
            .key(&self.key)
            .arg(ask.count)
            .arg(micros(self.options.window))
            .arg(self.options.limit)
            .arg(ask.told)
            .arg(micros(ask.pause))
            .arg(micros(self.caution()))
            .arg(u8::from(ask.returns))
            .invoke_async(connection)
            .await?;
        let seen = micros(clock.now()) - now;
        let offset = match link.offset {
            // A difference larger than an answer can be late by: one of the clocks was set.
            Some(lowest) if seen.abs_diff(lowest) <= self.options.patience.as_micros() as u64 => lowest.min(seen),
            _ => seen,
        };
        link.offset = Some(offset);
        let duration = |micros: i64| Duration::from_micros(u64::try_from(micros).unwrap_or(0));
        Ok(Reserved { first: duration(first + offset), step: duration(step), count: ask.count, limit })
    }
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

/// Reserves for the calls that wait, for as long as the throttle is there.
pub(crate) async fn run(shared: Arc<Shared>, clock: Arc<dyn Clock>) {
    let mut link = Link::default();
    loop {
        let ask = shared.queue.look(|slots, waiting| slots.ask(waiting, clock.now()));
        let Some(ask) = ask else {
            shared.demand.notified().await;
            continue;
        };
        // Connecting has several steps, each with its limit; together they have the same.
        let asked = shared.reserve.ask(&mut link, ask, &*clock);
        match tokio::time::timeout(shared.options.patience, asked).await {
            Ok(Ok(reserved)) => {
                shared.queue.update(&*clock, |slots| slots.add(&reserved));
                if ask.returns {
                    log_back();
                }
            }
            failed => {
                let slow = match &failed {
                    Ok(Err(error)) => error.is_timeout(),
                    _ => true,
                };
                link = Link::default();
                if shared.queue.update(&*clock, |slots| slots.go_local(clock.now())) {
                    log_lost(slow, shared.options.local_share);
                }
                tokio::time::sleep(shared.options.window / 10).await;
            }
        }
    }
}

/// One line when Redis is lost. The address stays out of it: it may hold a password.
fn log_lost(slow: bool, share: f64) {
    #[cfg(feature = "tracing")]
    tracing::warn!(
        target: "intercom::throttle",
        reason = if slow { "slow" } else { "down" },
        share,
        "no shared rate limit: this process paces itself"
    );
    #[cfg(not(feature = "tracing"))]
    let _ = (slow, share);
}

fn log_back() {
    #[cfg(feature = "tracing")]
    tracing::info!(target: "intercom::throttle", "the rate limit is shared again");
}
