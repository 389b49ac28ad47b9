//! Deduplication of webhook notifications that several processes receive.

use std::fmt;
use std::time::Duration;

use intercom_platform::webhooks::SeenNotifications;
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, ExistenceCheck, RedisError, SetExpiry, SetOptions};
use tokio::sync::Mutex;

/// Stores the ids of webhook notifications in Redis, for all processes of an app.
///
/// If Redis is unavailable, [`first_time`](SeenNotifications::first_time) treats the id as new, and
/// [`try_first_time`](Self::try_first_time) returns the error.
///
/// ```no_run
/// use intercom_platform::webhooks::SeenNotifications;
/// use intercom_throttle_redis::RedisNotifications;
/// use std::time::Duration;
///
/// # async fn run(id: &str) -> Result<(), Box<dyn std::error::Error>> {
/// let seen = RedisNotifications::open("redis://127.0.0.1/", "my-app", Duration::from_secs(600))?;
/// if seen.first_time(id).await {
///     println!("handle {id}");
/// }
/// # Ok(())
/// # }
/// ```
pub struct RedisNotifications {
    client: Client,
    prefix: String,
    options: SetOptions,
    timeout: Duration,
    connection: Mutex<Option<MultiplexedConnection>>,
}

impl RedisNotifications {
    /// Makes a store that keeps ids for `window`. `app` is an arbitrary name that must be the same in all processes of the app. It
    /// connects at the first use.
    ///
    /// # Errors
    /// If `url` is not a valid address of a Redis server. Whether a server is there shows at the first use only.
    pub fn open(url: &str, app: &str, window: Duration) -> Result<Self, RedisError> {
        let millis = u64::try_from(window.as_millis()).unwrap_or(u64::MAX).max(1);
        let options = SetOptions::default().conditional_set(ExistenceCheck::NX).with_expiration(SetExpiry::PX(millis));
        Ok(Self {
            client: Client::open(url)?,
            prefix: format!("intercom:seen:{{{app}}}:"),
            options,
            timeout: Duration::from_millis(250),
            connection: Mutex::new(None),
        })
    }

    /// Sets how long Redis may take to accept a connection, and how long to respond; 250 milliseconds by default. Intercom waits five
    /// seconds for the response to a notification.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Stores the id, and returns whether no process has stored it within the window.
    ///
    /// # Errors
    /// If Redis cannot be reached, does not respond in time, or responds with an error. The id may have been stored.
    pub async fn try_first_time(&self, id: &str) -> Result<bool, RedisError> {
        let mut connection = self.connection().await?;
        let set = redis::cmd("SET").arg(format!("{}{id}", self.prefix)).arg(1).arg(&self.options).to_owned();
        let response: Result<Option<String>, RedisError> = set.query_async(&mut connection).await;
        if response.is_err() {
            // The next call connects again.
            *self.connection.lock().await = None;
        }
        response.map(|set| set.is_some())
    }

    async fn connection(&self) -> Result<MultiplexedConnection, RedisError> {
        let mut connection = self.connection.lock().await;
        if let Some(connection) = &*connection {
            return Ok(connection.clone());
        }
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(self.timeout))
            .set_response_timeout(Some(self.timeout));
        let new = self.client.get_multiplexed_async_connection_with_config(&config).await?;
        *connection = Some(new.clone());
        Ok(new)
    }
}

impl SeenNotifications for RedisNotifications {
    async fn first_time(&self, id: &str) -> bool {
        self.try_first_time(id).await.unwrap_or(true)
    }
}

impl fmt::Debug for RedisNotifications {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisNotifications").field("timeout", &self.timeout).finish_non_exhaustive()
    }
}
