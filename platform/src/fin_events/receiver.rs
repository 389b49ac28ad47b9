//! The receiver for the callback address. It verifies the signature of the raw body, then decodes the event.

use std::fmt;
use std::marker::PhantomData;

use http::{HeaderMap, Method, StatusCode};
use intercom_data::{Decode, DecodeError, Decoding, Mismatch, Value, from_slice};

use crate::signature::{Scheme, Secrets, SignatureError};

/// The default of [`Receiver::max_body`]: 1 MiB.
pub const DEFAULT_MAX_BODY: usize = 1 << 20;

/// Receives the events of the Fin Agent API and decodes them as `E`: a type of a generated crate, or [`Value`].
///
/// Respond to the request at once, and do the work in the background.
pub struct Receiver<E> {
    signing_secrets: Secrets,
    max_body: usize,
    event: PhantomData<fn() -> E>,
}

/// A request to the callback address.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Incoming<E> {
    /// A HEAD request, with which Intercom checks that the address exists. Respond with 200.
    Probe,
    /// An event of a conversation.
    Event(Box<Received<E>>),
}

/// An event that was verified and decoded.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Received<E> {
    /// The event.
    pub event: E,
    /// The event as JSON, for [`Deduplicator::check`](super::Deduplicator::check).
    pub json: Value,
    /// The values that did not fit their declared type, at most 100.
    pub mismatches: Vec<Mismatch>,
}

impl<E: Decode> Receiver<E> {
    /// Makes a receiver with the signing secret from the settings of the Fin Agent API. It is not the client secret of the app.
    pub fn new(signing_secret: impl Into<String>) -> Self {
        Self::with_secrets(Secrets::new(signing_secret))
    }

    /// Makes a receiver that accepts several secrets, for the time of a rotation.
    pub fn with_secrets(signing_secrets: Secrets) -> Self {
        Self { signing_secrets, max_body: DEFAULT_MAX_BODY, event: PhantomData }
    }

    /// Sets the maximum size of a body in bytes. Set a limit in the web framework, too, because it reads the body first.
    #[must_use]
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }

    /// Verifies and decodes an event.
    ///
    /// # Errors
    /// If the body is too large, the signature is not valid, or the body is not an event. [`ReceiveError::status`] is the status
    /// of the HTTP response.
    pub fn receive(&self, headers: &HeaderMap, body: &[u8]) -> Result<Received<E>, ReceiveError> {
        if body.len() > self.max_body {
            return Err(ReceiveError::TooLarge { limit: self.max_body });
        }
        Scheme::FinAgent.verify(&self.signing_secrets, headers, body).map_err(ReceiveError::Signature)?;
        let json = from_slice::<Value>(body, Decoding::Tolerant).map_err(ReceiveError::unreadable)?.value;
        if !json.is_object() {
            return Err(ReceiveError::Unreadable("it is not an object".to_owned()));
        }
        let decoded = from_slice::<E>(body, Decoding::Tolerant).map_err(ReceiveError::unreadable)?;
        Ok(Received { event: decoded.value, json, mismatches: decoded.mismatches })
    }

    /// Verifies and decodes any request to the callback address: the HEAD request when the address is saved, or an event.
    ///
    /// # Errors
    /// As [`receive`](Self::receive), and if the method is neither HEAD nor POST.
    pub fn accept(&self, method: &Method, headers: &HeaderMap, body: &[u8]) -> Result<Incoming<E>, ReceiveError> {
        match *method {
            Method::HEAD => Ok(Incoming::Probe),
            Method::POST => self.receive(headers, body).map(|received| Incoming::Event(Box::new(received))),
            _ => Err(ReceiveError::Method),
        }
    }
}

impl<E> Clone for Receiver<E> {
    fn clone(&self) -> Self {
        Self { signing_secrets: self.signing_secrets.clone(), max_body: self.max_body, event: PhantomData }
    }
}

impl<E> fmt::Debug for Receiver<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver").field("max_body", &self.max_body).finish_non_exhaustive()
    }
}

/// Why a request was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReceiveError {
    /// The body is too large.
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The signature is missing or wrong.
    Signature(SignatureError),
    /// The body is not an event, for this reason.
    Unreadable(String),
    /// The method is neither HEAD nor POST.
    Method,
}

impl ReceiveError {
    /// The status of the HTTP response to send.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Signature(error) => error.status(),
            Self::Unreadable(_) => StatusCode::BAD_REQUEST,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
        }
    }

    fn unreadable(error: DecodeError) -> Self {
        Self::Unreadable(error.to_string())
    }
}

impl fmt::Display for ReceiveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { limit } => write!(f, "the body is larger than {limit} bytes"),
            Self::Signature(error) => error.fmt(f),
            Self::Unreadable(why) => write!(f, "the body is not an event: {why}"),
            Self::Method => f.write_str("the method is neither HEAD nor POST"),
        }
    }
}

impl std::error::Error for ReceiveError {}

#[cfg(test)]
mod tests {
    use intercom_data::Attributes;

    use super::*;

    const EVENT: &[u8] = br#"{"event_name":"fin_status_updated","conversation_id":"c","status":"complete"}"#;

    fn receiver() -> Receiver<Attributes> {
        Receiver::with_secrets(Secrets::new("new").or("old"))
    }

    fn signed(secret: &str, body: &[u8]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(Scheme::FinAgent.header(), Scheme::FinAgent.sign(secret, body).parse().unwrap());
        headers
    }

    #[test]
    fn a_signed_event_is_read_as_the_type_and_as_json() {
        for secret in ["new", "old"] {
            let received = receiver().receive(&signed(secret, EVENT), EVENT).unwrap();
            assert_eq!(received.event.get("status"), Some(&Value::from("complete")));
            assert_eq!(received.json["conversation_id"], "c");
            assert!(received.mismatches.is_empty());
        }
    }

    #[test]
    fn accept_distinguishes_the_head_request_from_an_event() {
        let accept = |method: Method| receiver().accept(&method, &signed("new", EVENT), EVENT);
        assert!(matches!(accept(Method::HEAD), Ok(Incoming::Probe)));
        assert!(matches!(accept(Method::POST), Ok(Incoming::Event(_))));
        assert_eq!(accept(Method::PUT).unwrap_err().status(), StatusCode::METHOD_NOT_ALLOWED);
    }

    #[test]
    fn an_event_without_a_valid_signature_is_refused() {
        let status = |headers: &HeaderMap, body: &[u8]| receiver().receive(headers, body).unwrap_err().status();
        assert_eq!(status(&HeaderMap::new(), EVENT), StatusCode::UNAUTHORIZED);
        assert_eq!(status(&signed("other", EVENT), EVENT), StatusCode::UNAUTHORIZED);
        // The signature is over the bytes, so the same JSON in other bytes does not match.
        let written = serde_json::to_vec_pretty(&serde_json::from_slice::<Value>(EVENT).unwrap()).unwrap();
        assert_eq!(status(&signed("new", EVENT), &written), StatusCode::UNAUTHORIZED);
        // A valid signature in the header of another kind of request is not accepted.
        let mut headers = HeaderMap::new();
        headers.insert(Scheme::Body.header(), Scheme::Body.sign("new", EVENT).parse().unwrap());
        assert_eq!(status(&headers, EVENT), StatusCode::UNAUTHORIZED);
    }

    #[test]
    fn bodies_that_are_not_events_are_refused() {
        for body in [&b""[..], b"{", b"[]", b"\xff", b"3", &b"[".repeat(100_000)] {
            let refused = receiver().receive(&signed("new", body), body).unwrap_err();
            assert!(matches!(refused, ReceiveError::Unreadable(_)), "{refused}");
            assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
        }
        let large = vec![b' '; DEFAULT_MAX_BODY + 1];
        let refused = receiver().receive(&HeaderMap::new(), &large).unwrap_err();
        assert_eq!(refused, ReceiveError::TooLarge { limit: DEFAULT_MAX_BODY });
        assert_eq!(refused.status(), StatusCode::PAYLOAD_TOO_LARGE);
        assert!(!format!("{:?}", receiver()).contains("new"));
    }
}
