//! Notifications that several processes receive: which of them has it first.

use std::fmt;
use std::time::Duration;

use intercom_platform::webhooks::SeenNotifications;
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, ExistenceCheck, RedisError, SetExpiry, SetOptions};
use tokio::sync::Mutex;

/// Remembers the ids of webhook notifications in Redis, for all processes of an app.
///
/// Without an answer of Redis an id counts as new; [`ask`](Self::ask) tells the difference.
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
    patience: Duration,
    connection: Mutex<Option<MultiplexedConnection>>,
}

impl RedisNotifications {
    /// Remembers ids for `window`. `app` is any name that all processes of the app use. Nothing is connected yet.
    ///
    /// # Errors
    /// Where `url` is not the address of a Redis server.
    pub fn open(url: &str, app: &str, window: Duration) -> Result<Self, RedisError> {
        let millis = u64::try_from(window.as_millis()).unwrap_or(u64::MAX).max(1);
        let options = SetOptions::default().conditional_set(ExistenceCheck::NX).with_expiration(SetExpiry::PX(millis));
        Ok(Self {
            client: Client::open(url)?,
            prefix: format!("intercom:seen:{{{app}}}:"),
            options,
            patience: Duration::from_millis(250),
            connection: Mutex::new(None),
        })
    }

    /// How long Redis may take to answer, 250 milliseconds by default. Intercom waits five seconds for the answer to a
    /// notification.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Whether the id is new to all processes, and remembers it.
    ///
    /// # Errors
    /// Where Redis does not answer in time; whether the id is new is then not known.
    pub async fn ask(&self, id: &str) -> Result<bool, RedisError> {
        let mut connection = self.connected().await?;
        let set = redis::cmd("SET").arg(format!("{}{id}", self.prefix)).arg(1).arg(&self.options).to_owned();
        let answer: Result<Option<String>, RedisError> = set.query_async(&mut connection).await;
        if answer.is_err() {
            // The next call connects again.
            *self.connection.lock().await = None;
        }
        answer.map(|set| set.is_some())
    }

    async fn connected(&self) -> Result<MultiplexedConnection, RedisError> {
        let mut connection = self.connection.lock().await;
        if let Some(connection) = &*connection {
            return Ok(connection.clone());
        }
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(self.patience))
            .set_response_timeout(Some(self.patience));
        let new = self.client.get_multiplexed_async_connection_with_config(&config).await?;
        *connection = Some(new.clone());
        Ok(new)
    }
}

impl SeenNotifications for RedisNotifications {
    async fn first_time(&self, id: &str) -> bool {
        self.ask(id).await.unwrap_or(true)
    }
}

impl fmt::Debug for RedisNotifications {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisNotifications").field("patience", &self.patience).finish_non_exhaustive()
    }
}
