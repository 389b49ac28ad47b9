//! The receiver of notifications. It verifies the signature of the raw body, then decodes it.

use std::fmt;
use std::marker::PhantomData;

use http::{HeaderMap, Method, StatusCode};

use super::notification::{Item, Notification, NotificationError};
use crate::installation::{self, InstallationError, InstallationRequest};
use crate::signature::{Scheme, Secrets, SignatureError};

/// The default of [`Receiver::max_body`]: 5 MiB. Notifications are usually much smaller.
pub const DEFAULT_MAX_BODY: usize = 5 << 20;

/// Receives the notifications of an app.
///
/// Respond within 5 seconds with any 2xx status, and do the work in the background. Otherwise Intercom sends the notification once
/// more after a minute. A response with 410 ends the subscription, one with 429 slows it down.
pub struct Receiver<I> {
    client_secrets: Secrets,
    max_body: usize,
    items: PhantomData<fn() -> I>,
}

/// A request to the webhook address of an app.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Incoming<I: Item> {
    /// A HEAD request, with which Intercom checks that the address exists. Respond with 200.
    Probe,
    /// A notification.
    Notification(Box<Notification<I>>),
    /// A request about the installation, if the app uses the same address for these.
    Installation(InstallationRequest),
}

impl<I: Item> Receiver<I> {
    /// Makes a receiver with the client secret of the app.
    pub fn new(client_secret: impl Into<String>) -> Self {
        Self::with_secrets(Secrets::new(client_secret))
    }

    /// Makes a receiver that accepts several secrets, for the time of a rotation.
    pub fn with_secrets(client_secrets: Secrets) -> Self {
        Self { client_secrets, max_body: DEFAULT_MAX_BODY, items: PhantomData }
    }

    /// Sets the maximum size of a body in bytes. Set a limit in the web framework, too, because it reads the body first.
    #[must_use]
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }

    /// Verifies and decodes a notification.
    ///
    /// # Errors
    /// If the body is too large, the signature is not valid, or the body is not a notification. [`ReceiveError::status`] is the
    /// status of the HTTP response.
    pub fn receive(&self, headers: &HeaderMap, body: &[u8]) -> Result<Notification<I>, ReceiveError> {
        self.limit(body)?;
        Scheme::Hub.verify(&self.client_secrets, headers, body).map_err(ReceiveError::Signature)?;
        Notification::from_json(body).map_err(ReceiveError::Unreadable)
    }

    /// Verifies and decodes any request that Intercom sends to the address: the HEAD request when the address is saved, a notification,
    /// or a request about the installation.
    ///
    /// # Errors
    /// As [`receive`](Self::receive), and if the request about the installation is refused or the method is neither HEAD nor POST.
    pub fn accept(&self, method: &Method, headers: &HeaderMap, body: &[u8]) -> Result<Incoming<I>, ReceiveError> {
        if method == Method::HEAD {
            return Ok(Incoming::Probe);
        }
        if method != Method::POST {
            return Err(ReceiveError::Method);
        }
        let about_installation =
            !headers.contains_key(Scheme::Hub.header()) && headers.contains_key(Scheme::Body.header());
        if about_installation {
            self.limit(body)?;
            let request = installation::receive(&self.client_secrets, headers, body);
            return request.map(Incoming::Installation).map_err(ReceiveError::Installation);
        }
        self.receive(headers, body).map(|notification| Incoming::Notification(Box::new(notification)))
    }

    fn limit(&self, body: &[u8]) -> Result<(), ReceiveError> {
        if body.len() > self.max_body { Err(ReceiveError::TooLarge { limit: self.max_body }) } else { Ok(()) }
    }
}

impl<I> Clone for Receiver<I> {
    fn clone(&self) -> Self {
        Self { client_secrets: self.client_secrets.clone(), max_body: self.max_body, items: PhantomData }
    }
}

impl<I> fmt::Debug for Receiver<I> {
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
    /// The body is not a notification.
    Unreadable(NotificationError),
    /// A request about the installation was refused.
    Installation(InstallationError),
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
            Self::Installation(error) => error.status(),
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
        }
    }
}

impl fmt::Display for ReceiveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { limit } => write!(f, "the body is larger than {limit} bytes"),
            Self::Signature(error) => error.fmt(f),
            Self::Unreadable(error) => error.fmt(f),
            Self::Installation(error) => error.fmt(f),
            Self::Method => f.write_str("the method is neither HEAD nor POST"),
        }
    }
}

impl std::error::Error for ReceiveError {}
