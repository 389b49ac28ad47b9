//! One connection of a stream: its request and its events.

use http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue, USER_AGENT};
use http::{Request, StatusCode, Uri};
use intercom_platform::fin_events::{EventParser, EventTooLarge, StreamEvent};

use super::error::StreamError;
use crate::client::Client;
use crate::error::Error;
use crate::transport::Body;

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// An open connection.
pub(super) struct Connection {
    body: Body,
    parser: EventParser,
}

/// Why connecting failed.
pub(super) enum NotConnected {
    /// A temporary failure: a retry may succeed.
    Failed(StreamError),
    /// The server does not accept the token, or does not accept it any more.
    Unauthorized,
    /// A permanent failure.
    Refused(StreamError),
}

/// What a connection has received.
pub(super) enum Received {
    /// Events, possibly none.
    Events(Vec<StreamEvent>),
    /// Events, followed by one that is too large.
    TooLarge(Vec<StreamEvent>, EventTooLarge),
    /// The end of the connection.
    End(Error),
}

impl Connection {
    /// Sends the request. It does not contain the token of the client, since the address contains a token of its own.
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
                let is_temporary = status.is_server_error() || matches!(status.as_u16(), 408 | 429);
                return Err(if is_temporary { NotConnected::Failed(refused) } else { NotConnected::Refused(refused) });
            }
        }
        let media_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
        let media_type = media_type.split(';').next().unwrap_or("").trim();
        if !media_type.eq_ignore_ascii_case("text/event-stream") {
            return Err(NotConnected::Refused(StreamError::NotAStream));
        }
        Ok(Self { body: response.into_body(), parser: EventParser::with_limit(max_event) })
    }

    /// Receives the next chunk.
    pub(super) async fn receive(&mut self) -> Received {
        match self.body.next_chunk().await {
            None => Received::End(Error::lost("the server has closed the connection".into())),
            Some(Err(error)) => Received::End(Error::lost(error)),
            Some(Ok(chunk)) => {
                let mut events = Vec::new();
                match self.parser.push(&chunk, &mut events) {
                    Ok(()) => Received::Events(events),
                    Err(too_large) => Received::TooLarge(events, too_large),
                }
            }
        }
    }

    /// The reconnection delay that the server has sent.
    pub(super) fn retry_millis(&self) -> Option<u64> {
        self.parser.retry_millis()
    }
}
