//! One connection of a stream: the request, and the events that come over it.

use http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue, USER_AGENT};
use http::{Request, StatusCode, Uri};
use intercom_platform::fin_events::{EventParser, EventTooLarge, StreamEvent};

use super::error::StreamError;
use crate::client::Client;
use crate::error::Error;
use crate::transport::Body;

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// A connection over which events come.
pub(super) struct Connection {
    body: Body,
    parser: EventParser,
}

/// Why there is no connection.
pub(super) enum NotConnected {
    /// Another attempt may help.
    Failed(StreamError),
    /// The server does not know the token, or no longer.
    Unauthorized,
    /// No attempt helps.
    Refused(StreamError),
}

/// What came.
pub(super) enum Arrival {
    /// Any number of events.
    Events(Vec<StreamEvent>),
    /// These, and the beginning of one that is too large.
    TooLarge(Vec<StreamEvent>, EventTooLarge),
    /// The end of the connection.
    End(Error),
}

impl Connection {
    /// Subscribes. The token of the client stays here: the address has one of its own.
    pub(super) async fn open(
        client: &Client,
        uri: &Uri,
        last_event_id: &str,
        max_event: usize,
    ) -> Result<Self, NotConnected> {
        let mut request = Request::new(Body::empty());
        *request.uri_mut() = uri.clone();
        let headers = request.headers_mut();
        headers.insert(ACCEPT, HeaderValue::from_static("text/event-stream"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(agent) = client.0.headers.get(USER_AGENT) {
            headers.insert(USER_AGENT, agent.clone());
        }
        if let Ok(id) = HeaderValue::from_str(last_event_id)
            && !id.is_empty()
        {
            headers.insert(LAST_EVENT_ID, id);
        }
        let lost = |source| NotConnected::Failed(StreamError::Lost { attempts: 0, source });
        let response = client.0.transport.send(request).await.map_err(|error| lost(Error::transport(error)))?;
        match response.status() {
            StatusCode::OK => {}
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => return Err(NotConnected::Unauthorized),
            status => {
                let refused = StreamError::Refused { status };
                let passing = status.is_server_error() || matches!(status.as_u16(), 408 | 429);
                return Err(if passing { NotConnected::Failed(refused) } else { NotConnected::Refused(refused) });
            }
        }
        let media_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
        let media_type = media_type.split(';').next().unwrap_or("").trim();
        if !media_type.eq_ignore_ascii_case("text/event-stream") {
            return Err(NotConnected::Refused(StreamError::NotAStream));
        }
        Ok(Self { body: response.into_body(), parser: EventParser::with_limit(max_event) })
    }

    /// Waits for something to come.
    pub(super) async fn receive(&mut self) -> Arrival {
        match self.body.next_chunk().await {
            None => Arrival::End(Error::lost("the server has closed the connection".into())),
            Some(Err(error)) => Arrival::End(Error::lost(error)),
            Some(Ok(chunk)) => {
                let mut events = Vec::new();
                match self.parser.push(&chunk, &mut events) {
                    Ok(()) => Arrival::Events(events),
                    Err(too_large) => Arrival::TooLarge(events, too_large),
                }
            }
        }
    }

    /// How long the server asked to wait before connecting again.
    pub(super) fn retry_millis(&self) -> Option<u64> {
        self.parser.retry_millis()
    }
}
