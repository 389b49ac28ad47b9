//! The stream of events.

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_core::Stream;
use intercom_platform::fin_events::Deduplicator;
use serde_json::Value;

use super::address::StreamAddress;
use super::error::StreamError;
use super::session::{Session, Settings};
use crate::client::Client;
use crate::data::{Decode, Decoding, Timestamp, from_slice};
use crate::error::Error;
use crate::transport::BoxFuture;

/// Subscribes to the events of a conversation, with the address from the response of `start` or `reply` or, in Preview, of another
/// operation such as `ask` or `escalate`. The request is sent when the stream is first polled. Poll it soon, since the address is
/// valid for three minutes.
///
/// The stream uses the client's transport, but it is not a call of the API: the client's token is not sent, and its throttle and its
/// retry policy do not apply.
///
/// # Errors
/// [`Error::is_request`] if the address is not a URL, or if the client would not follow a redirect to it, for example because it is not
/// https.
pub fn subscribe(client: &Client, url: &str) -> Result<EventStream, Error> {
    let address = StreamAddress::parse(url, client)?;
    let settings = Settings {
        done_timeout: Duration::from_secs(15),
        attempts: 5,
        max_event: 1 << 20,
        deduplicator: Arc::default(),
        since: None,
    };
    let session = Box::new(Session::new(client, address, settings));
    Ok(EventStream { state: State::Idle(session), event: PhantomData })
}

/// Subscribes with the optional address of a response. It is an error if there is none.
#[doc(hidden)]
pub fn subscribe_optional<E: Decode>(client: &Client, url: Option<&str>) -> Result<EventStream<E>, Error> {
    let missing = || {
        Error::request(
            "the response has no address of an event stream: events are only sent to the callback address of the workspace",
        )
    };
    Ok(subscribe(client, url.ok_or_else(missing)?)?.events())
}

/// The events of a conversation: a [`Stream`], which also has async methods. Events are decoded as `T`: a type of a generated crate, or
/// JSON.
#[must_use = "a stream does nothing until it is polled"]
pub struct EventStream<T = Value> {
    state: State,
    event: PhantomData<fn() -> T>,
}

type Step = (Box<Session>, Option<Result<String, StreamError>>);

enum State {
    Idle(Box<Session>),
    Waiting(BoxFuture<'static, Step>),
    /// The future panicked when it was polled.
    Poisoned,
}

impl<T> EventStream<T> {
    /// Decodes the events as another type. Values that do not fit are kept in the `extra` fields of the type.
    pub fn events<E: Decode>(self) -> EventStream<E> {
        EventStream { state: self.state, event: PhantomData }
    }

    /// Sets how long to wait for another chunk, reply or status when Fin is probably done (see [`Progress`](super::Progress)); 15 seconds
    /// by default. The stream then ends with [`StreamError::TimedOut`], or without an error if the conversation has ended.
    pub fn done_timeout(self, limit: Duration) -> Self {
        self.with(|settings| settings.done_timeout = limit)
    }

    /// Sets after how many temporary failures in a row the stream ends; 5 by default, and 0 means 1. Such a failure is a connection that
    /// cannot be opened or is lost, or a response with a temporary error such as 503. A new event resets the count.
    pub fn attempts(self, attempts: u32) -> Self {
        self.with(|settings| settings.attempts = attempts.max(1))
    }

    /// Sets the maximum size of an event in bytes; 1 MiB by default.
    pub fn max_event(self, bytes: usize) -> Self {
        self.with(|settings| settings.max_event = bytes)
    }

    /// Shares the deduplication of events with other streams, and with the code that handles the callback address, which passes each event
    /// to [`Deduplicator::check`].
    pub fn deduplicator(self, deduplicator: Arc<Mutex<Deduplicator>>) -> Self {
        self.with(|settings| settings.deduplicator = deduplicator)
    }

    /// Drops events from before this time; fractions of a second are not compared. Pass `created_at_ms` of the response that contains the
    /// address: it is a text in ISO 8601, despite its name. An address with the parameter `rewind` repeats earlier events of the
    /// conversation. If Fin has replied before, as may be the case for `ask` in Preview, they include the end of that reply, and the
    /// stream would end there.
    pub fn since(self, time: Timestamp) -> Self {
        self.with(|settings| settings.since = Some(time))
    }

    /// Changes a setting, unless the stream is waiting for an event: then it has no effect. `max_event` applies to the next connection.
    fn with(mut self, set: impl FnOnce(&mut Settings)) -> Self {
        if let State::Idle(session) = &mut self.state {
            set(&mut session.settings);
        }
        self
    }
}

impl<T: Decode> EventStream<T> {
    /// The next event; `None` when Fin is done, and after an error that [is final](StreamError::is_final). This method is cancel safe:
    /// dropping the future loses no event.
    pub async fn next(&mut self) -> Option<Result<T, StreamError>> {
        std::future::poll_fn(|cx| self.poll_event(cx)).await
    }

    /// The next event; `None` when Fin is done.
    ///
    /// # Errors
    /// If the stream ended before Fin was done, or an event could not be decoded.
    pub async fn try_next(&mut self) -> Result<Option<T>, StreamError> {
        self.next().await.transpose()
    }

    fn poll_event(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<T, StreamError>>> {
        let mut waiting = match std::mem::replace(&mut self.state, State::Poisoned) {
            State::Idle(mut session) => Box::pin(async move {
                let next = session.next().await;
                (session, next)
            }),
            State::Waiting(waiting) => waiting,
            State::Poisoned => return Poll::Ready(None),
        };
        let Poll::Ready((session, next)) = waiting.as_mut().poll(cx) else {
            self.state = State::Waiting(waiting);
            return Poll::Pending;
        };
        self.state = State::Idle(session);
        Poll::Ready(next.map(|next| decode(&next?)))
    }
}

fn decode<T: Decode>(json: &str) -> Result<T, StreamError> {
    from_slice(json.as_bytes(), Decoding::Tolerant).map(|decoded| decoded.value).map_err(StreamError::Unreadable)
}

impl<T: Decode> Stream for EventStream<T> {
    type Item = Result<T, StreamError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = ready!(self.poll_event(cx));
        Poll::Ready(next)
    }
}

/// Shows nothing: the address contains a token, and events contain personal data.
impl<T> fmt::Debug for EventStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EventStream { .. }")
    }
}
