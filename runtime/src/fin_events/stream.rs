//! The stream that callers see.

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_core::Stream;
use intercom_platform::fin_events::Sequence;
use serde_json::Value;

use super::address::StreamAddress;
use super::error::StreamError;
use super::session::{Session, Settings};
use crate::client::Client;
use crate::data::{Decode, Decoding, Timestamp, from_slice};
use crate::error::Error;
use crate::transport::BoxFuture;

/// Subscribes to the events of a conversation, by the address that the answer of `start` or `reply` gave. The request is sent when
/// the stream is polled first; do that soon, since the address is good for three minutes from the answer on.
///
/// It goes through the client's transport, but not to the API: the client's token is not sent, and neither its rate limit nor its
/// retries apply.
///
/// # Errors
/// [`Error::is_request`] where the address is no URL, or one without TLS that leads away from this machine.
pub fn subscribe(client: &Client, url: &str) -> Result<EventStream, Error> {
    let address = StreamAddress::parse(url, client)?;
    let settings = Settings {
        done_timeout: Duration::from_secs(15),
        attempts: 5,
        max_event: 1 << 20,
        sequence: Arc::default(),
        since: None,
    };
    let session = Box::new(Session::new(client, address, settings));
    Ok(EventStream { state: State::Idle(session), event: PhantomData })
}

/// Subscribes by the address that an answer may hold.
#[doc(hidden)]
pub fn subscribe_answer<E: Decode>(client: &Client, url: Option<&str>) -> Result<EventStream<E>, Error> {
    let missing =
        || Error::request("the answer has no address of an event stream: events go to the callback address only");
    Ok(subscribe(client, url.ok_or_else(missing)?)?.events())
}

/// The events of a conversation: a [`Stream`], with methods of its own. Events are `T`: a type of a generated crate, or JSON.
#[must_use = "a stream does nothing until it is polled"]
pub struct EventStream<T = Value> {
    state: State,
    event: PhantomData<fn() -> T>,
}

type Step = (Box<Session>, Option<Result<String, StreamError>>);

enum State {
    Idle(Box<Session>),
    Waiting(BoxFuture<'static, Step>),
    /// A poll has panicked.
    Gone,
}

impl<T> EventStream<T> {
    /// Reads the events as another type. What does not fit is set aside, into the `extra` of the types of the
    /// API.
    pub fn events<E: Decode>(self) -> EventStream<E> {
        EventStream { state: self.state, event: PhantomData }
    }

    /// How long to wait, after a reply is complete, for another event or the signal that Fin is done; 15 seconds by default. Then
    /// the stream ends with [`StreamError::TimedOut`].
    pub fn done_timeout(self, limit: Duration) -> Self {
        self.with(|settings| settings.done_timeout = limit)
    }

    /// How many connections in a row may give no event, the first one included, before the stream ends; 5 by default.
    pub fn attempts(self, attempts: u32) -> Self {
        self.with(|settings| settings.attempts = attempts.max(1))
    }

    /// The largest event, in bytes; 1 MiB by default.
    pub fn max_event(self, bytes: usize) -> Self {
        self.with(|settings| settings.max_event = bytes)
    }

    /// Shares what is known of the events that have come: with other streams, and with the
    /// [`Receiver`](intercom_platform::fin_events::Receiver) of a callback address.
    pub fn sequence(self, sequence: Arc<Mutex<Sequence>>) -> Self {
        self.with(|settings| settings.sequence = sequence)
    }

    /// Drops events from before this time: `created_at_ms` of the answer that gave the address. In a conversation that goes on, an
    /// address that asks for what was sent before (`rewind`) begins with the turn before, and would end with it.
    pub fn since(self, time: Timestamp) -> Self {
        self.with(|settings| settings.since = Some(time))
    }

    /// Settings are made before the first event is asked for.
    fn with(mut self, set: impl FnOnce(&mut Settings)) -> Self {
        if let State::Idle(session) = &mut self.state {
            set(&mut session.settings);
        }
        self
    }
}

impl<T: Decode> EventStream<T> {
    /// The next event; `None` when Fin is done, and after an error that [is final](StreamError::is_final). Dropping the future
    /// loses nothing.
    pub async fn next(&mut self) -> Option<Result<T, StreamError>> {
        std::future::poll_fn(|cx| self.poll_event(cx)).await
    }

    /// The next event; `None` when Fin is done.
    ///
    /// # Errors
    /// Where the stream ended before, or an event is nothing like `T`.
    pub async fn try_next(&mut self) -> Result<Option<T>, StreamError> {
        self.next().await.transpose()
    }

    fn poll_event(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<T, StreamError>>> {
        let mut waiting = match std::mem::replace(&mut self.state, State::Gone) {
            State::Idle(mut session) => Box::pin(async move {
                let next = session.next().await;
                (session, next)
            }),
            State::Waiting(waiting) => waiting,
            State::Gone => return Poll::Ready(None),
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

/// The address holds a token, and events what people said.
impl<T> fmt::Debug for EventStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EventStream { .. }")
    }
}
