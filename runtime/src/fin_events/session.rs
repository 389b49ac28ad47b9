//! A subscription, which may need several connections one after the other.

use std::collections::VecDeque;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::Uri;
use intercom_platform::fin_events::{Arrival, Deduplicator, Progress, StreamEvent};
use serde::Deserialize as _;
use serde_json::Value;

use super::address::StreamAddress;
use super::connection::{Connection, NotConnected, Received};
use super::error::StreamError;
use crate::client::Client;
use crate::clock::timeout;
use crate::data::Timestamp;
use crate::error::Error;

/// The upper bound of the random delay after the first failed attempt. The bound doubles with each further one, up to [`MAX_DELAY`].
const INITIAL_BOUND: Duration = Duration::from_millis(250);
/// The maximum of that bound. A longer delay that the server asks for is not reduced to it.
const MAX_DELAY: Duration = Duration::from_secs(5);

/// The settings of a stream.
#[derive(Clone)]
pub(super) struct Settings {
    pub(super) done_timeout: Duration,
    pub(super) attempts: u32,
    pub(super) max_event: usize,
    pub(super) deduplicator: Arc<Mutex<Deduplicator>>,
    pub(super) since: Option<Timestamp>,
}

/// The state of a subscription.
pub(super) struct Session {
    client: Client,
    uri: Uri,
    pub(super) settings: Settings,
    /// When the token expires, on the client's clock.
    expires: Duration,
    connection: Option<Connection>,
    /// Events that were received and not delivered yet.
    buffered: VecDeque<StreamEvent>,
    progress: Progress,
    /// The number of connections in a row that could not be opened or were lost. A new event resets it.
    failures: u32,
    /// The reconnection delay that the server has sent.
    retry: Duration,
    last_event_id: String,
    /// Why the stream ends after the events in `buffered`.
    end: Option<End>,
}

enum End {
    Done,
    Early(StreamError),
}

impl Session {
    pub(super) fn new(client: &Client, address: StreamAddress, settings: Settings) -> Self {
        Self {
            client: client.clone(),
            uri: address.uri,
            settings,
            expires: client.0.clock.now().saturating_add(address.lifetime),
            connection: None,
            buffered: VecDeque::new(),
            progress: Progress::Working,
            failures: 0,
            retry: Duration::ZERO,
            last_event_id: String::new(),
            end: None,
        }
    }

    /// The next event as JSON; `None` when Fin is done, and after an error.
    pub(super) async fn next(&mut self) -> Option<Result<String, StreamError>> {
        loop {
            if let Some(event) = self.buffered.pop_front() {
                match self.admit(event) {
                    Some(json) => return Some(Ok(json)),
                    None => continue,
                }
            }
            if self.progress == Progress::Done {
                self.end = Some(End::Done);
            }
            let Some(end) = self.end.take() else {
                self.end = self.advance().await.err();
                continue;
            };
            // Later calls return `None`.
            self.end = Some(End::Done);
            self.connection = None;
            return match end {
                End::Done => None,
                End::Early(error) => Some(Err(error)),
            };
        }
    }

    /// Updates the progress, and returns the JSON of an event; `None` if it is not to be delivered.
    fn admit(&mut self, event: StreamEvent) -> Option<String> {
        self.last_event_id = event.id;
        // Other data, such as keep-alive messages, is not an event of the conversation.
        let json = serde_json::from_str::<Value>(&event.data).ok().filter(Value::is_object)?;
        if self.is_from_an_earlier_reply(&json) {
            return None;
        }
        let arrival = self.settings.deduplicator.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).check(&json);
        // A duplicate counts for the progress, too: if its first copy was received at the callback address, this stream has not seen it.
        if arrival != Arrival::Late {
            let now = self.client.0.clock.now();
            self.progress = self.progress.after(&json, now, self.settings.done_timeout);
        }
        if arrival != Arrival::New {
            return None;
        }
        self.failures = 0;
        Some(event.data)
    }

    fn is_from_an_earlier_reply(&self, event: &Value) -> bool {
        let Some(since) = &self.settings.since else { return false };
        let time = event.get("created_at_ms").and_then(|time| Timestamp::deserialize(time).ok());
        time.is_some_and(|time| time < *since)
    }

    /// Connects, or receives the next events.
    async fn advance(&mut self) -> Result<(), End> {
        let Some(mut connection) = self.connection.take() else { return self.connect().await };
        let left = self.time_left()?;
        let received = timeout(&*self.client.0.clock, Some(left), pin!(connection.receive())).await;
        if let Some(millis) = connection.retry_millis() {
            self.retry = Duration::from_millis(millis);
        }
        match received {
            Ok(Received::Events(events)) => {
                self.buffered.extend(events);
                self.connection = Some(connection);
                Ok(())
            }
            Ok(Received::TooLarge(events, too_large)) => {
                self.buffered.extend(events);
                Err(End::Early(StreamError::TooLarge { limit: too_large.limit }))
            }
            Ok(Received::End(error)) => self.failed(StreamError::Lost { attempts: 0, source: error }),
            // A timeout: `time_left` returns its error. If the timer ended a little early, no limit has passed yet, and the connection is
            // kept.
            Err(_) => self.time_left().map(|_| self.connection = Some(connection)),
        }
    }

    async fn connect(&mut self) -> Result<(), End> {
        let clock = self.client.0.clock.clone();
        if self.failures > 0 {
            let left = self.time_left()?;
            let wait = self.wait(clock.jitter());
            clock.sleep(wait.min(left)).await;
        }
        let left = self.time_left()?;
        let limit = self.client.0.limits.attempt_timeout.unwrap_or(left).min(left);
        let opened = {
            let opening = Connection::open(&self.client, &self.uri, &self.last_event_id, self.settings.max_event);
            timeout(&*clock, Some(limit), pin!(opening)).await
        };
        match opened {
            Ok(Ok(connection)) => {
                self.connection = Some(connection);
                Ok(())
            }
            Ok(Err(NotConnected::Failed(error))) => self.failed(error),
            Ok(Err(NotConnected::Refused(error))) => Err(End::Early(error)),
            // The token is revoked when Fin is done. So if Fin is at least probably done (see `Progress`), this is the regular end.
            Ok(Err(NotConnected::Unauthorized)) => Err(match self.progress {
                Progress::Working => End::Early(StreamError::TokenExpired),
                _ => End::Done,
            }),
            Err(_) => {
                self.time_left()?;
                let source = Error::timeout("connecting to the event stream timed out");
                self.failed(StreamError::Lost { attempts: 0, source })
            }
        }
    }

    /// Counts a failed attempt. Returns the end of the stream if the conversation has ended or no attempts are left.
    fn failed(&mut self, error: StreamError) -> Result<(), End> {
        if matches!(self.progress, Progress::ConversationEnded { .. }) {
            return Err(End::Done);
        }
        self.failures += 1;
        if self.failures < self.settings.attempts {
            return Ok(());
        }
        Err(End::Early(match error {
            StreamError::Lost { source, .. } => StreamError::Lost { attempts: self.failures, source },
            error => error,
        }))
    }

    /// The delay before reconnecting: exponential backoff with jitter, but at least the delay that the server asked for.
    fn wait(&self, jitter: f64) -> Duration {
        let doublings = 1u32.checked_shl(self.failures - 1).unwrap_or(u32::MAX);
        let bound = INITIAL_BOUND.saturating_mul(doublings).min(MAX_DELAY);
        bound.mul_f64(0.5 + 0.5 * jitter.clamp(0.0, 1.0)).max(self.retry)
    }

    /// How long to wait for the next event. Returns the end of the stream if a limit has passed.
    fn time_left(&self) -> Result<Duration, End> {
        let now = self.client.0.clock.now();
        let lifetime = self.expires.saturating_sub(now);
        let has_ended = matches!(self.progress, Progress::ConversationEnded { .. });
        match self.progress.until().map(|until| until.saturating_sub(now)) {
            // Only a request for a rating could follow, so this is not an error.
            Some(quiet) if has_ended && quiet.min(lifetime).is_zero() => Err(End::Done),
            Some(Duration::ZERO) => Err(End::Early(StreamError::TimedOut)),
            _ if lifetime.is_zero() => Err(End::Early(StreamError::TokenExpired)),
            Some(quiet) => Ok(quiet.min(lifetime)),
            None => Ok(lifetime),
        }
    }
}
