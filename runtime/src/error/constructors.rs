//! The constructors of errors, and the methods that complete an error.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::RETRY_AFTER;
use http::{HeaderMap, StatusCode};

use super::text::Line;
use super::{Error, Http, Inner, Kind, body};
use crate::data::DecodeError;
use crate::endpoint::EndpointRef;
use crate::meta::{Meta, request_id};
use crate::rate_limit::RateLimit;
use crate::secret::Secret;
use crate::throttle::TooLate;
use crate::transport::{BoxError, TransportError, TransportErrorKind};

const UNEXPECTED_BODY: &str = "the response body cannot be decoded";

impl Error {
    fn new(kind: Kind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            endpoint: None,
            attempts: 0,
            http: None,
            source: None,
            secret: Secret::default(),
        }))
    }

    pub(crate) fn config(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Config, message)
    }

    pub(crate) fn request(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Request, message)
    }

    pub(crate) fn token(source: BoxError) -> Self {
        Self::new(Kind::Token, "the token source returned no access token").with_source(source)
    }

    pub(crate) fn invalid_checkpoint(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Checkpoint, message)
    }

    pub(crate) fn cut_off(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::CutOff, message)
    }

    pub(crate) fn list_changed(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::ListChanged, message)
    }

    pub(crate) fn scroll_locked(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::ScrollLocked, message)
    }

    pub(crate) fn timeout(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Timeout { connecting: false }, message)
    }

    pub(crate) fn throttled(late: TooLate) -> Self {
        Self::new(Kind::Throttled, late.to_string())
    }

    pub(crate) fn lost(source: BoxError) -> Self {
        Self::new(Kind::Lost, "the connection was lost").with_source(source)
    }

    /// The connection was kept, but the response is not the expected one. It counts as a lost connection.
    pub(crate) fn unusable(source: BoxError) -> Self {
        Self::new(Kind::Lost, "the response is not the expected one").with_source(source)
    }

    /// The task that sent a request ended without a response.
    pub(crate) fn task_ended(source: BoxError) -> Self {
        Self::new(Kind::Lost, "the background task of the request ended").with_source(source)
    }

    pub(crate) fn too_many_redirects() -> Self {
        Self::new(Kind::Redirect, "the server sent more than five redirects in a row")
    }

    pub(crate) fn transport(error: TransportError) -> Self {
        let message = error.to_string();
        let (kind, source) = error.into_parts();
        let kind = match kind {
            TransportErrorKind::Connect => Kind::Connect,
            TransportErrorKind::ConnectTimeout => Kind::Timeout { connecting: true },
            TransportErrorKind::Timeout => Kind::Timeout { connecting: false },
            TransportErrorKind::Lost => Kind::Lost,
            TransportErrorKind::Invalid => Kind::Request,
        };
        Self::new(kind, message).with_source(source)
    }

    /// Makes the error of a call with this response, for tests of code that handles errors. With a 2xx status, it is the error of a body
    /// that could not be decoded.
    ///
    /// To make an error without a response, convert a [`TransportError`]: `Error::from(TransportError::lost("reset"))`.
    ///
    /// ```
    /// use intercom_runtime::{Error, ErrorCode, http};
    ///
    /// let body = r#"{"type":"error.list","errors":[{"code":"not_found"}]}"#;
    /// let error = Error::for_test(http::Response::builder().status(404).body(body).unwrap());
    /// assert!(error.is_not_found());
    /// assert_eq!(error.code(), Some(&ErrorCode::NotFound));
    /// ```
    pub fn for_test(response: http::Response<impl Into<Bytes>>) -> Self {
        let (head, body) = response.into_parts();
        let (rate_limit, after) = (RateLimit::from_headers(&head.headers), head.headers.get(RETRY_AFTER).cloned());
        let mut error = Self::status_error(head.status, head.headers, body.into(), false, &Secret::default());
        if head.status.is_success() {
            error.0.kind = Kind::Decode;
            error.0.message = UNEXPECTED_BODY.into();
        }
        let seconds = after.and_then(|after| after.to_str().ok()?.parse().ok());
        error.set_limits(rate_limit, seconds.map(Duration::from_secs));
        error.0.attempts = 1;
        error
    }

    /// The error of a status other than 2xx. `truncated` says that the body was longer than the part that is kept. `secret` is removed
    /// from the entries that are parsed from the body, but not from the raw body.
    pub(crate) fn status_error(
        status: StatusCode,
        headers: HeaderMap,
        body: Bytes,
        truncated: bool,
        secret: &Secret,
    ) -> Self {
        let mut parsed = body::read(&body);
        for entry in &mut parsed.errors {
            entry.hide(secret);
        }
        let kind = if status.is_redirection() { Kind::Redirect } else { Kind::Status };
        let request_id = request_id(&headers).or(parsed.request_id.as_deref());
        let mut error = Self::new(kind, "").hiding(secret.clone());
        error.0.http = Some(Http {
            status,
            request_id: request_id.map(|id| secret.redact(id).into_owned()),
            rate_limit: None,
            headers: Arc::new(headers),
            body,
            truncated,
            errors: parsed.errors,
            retry_after: None,
        });
        error
    }

    /// Adds the rate limit and `Retry-After` of the response.
    pub(crate) fn set_limits(&mut self, rate_limit: Option<RateLimit>, retry_after: Option<Duration>) {
        if let Some(http) = &mut self.0.http {
            (http.rate_limit, http.retry_after) = (rate_limit, retry_after);
        }
    }

    /// Sets the secret of the request, which the output of `Display` and `Debug` then does not contain.
    pub(crate) fn hiding(mut self, secret: Secret) -> Self {
        self.0.secret = secret;
        self
    }

    /// The error of a call that received a response with a 2xx status.
    fn of_response(kind: Kind, message: impl Into<Cow<'static, str>>, meta: Meta, truncated: bool) -> Self {
        let mut error = Self::new(kind, message);
        error.0.endpoint = Some(meta.endpoint.clone());
        error.0.attempts = meta.attempts;
        error.0.http = Some(Http {
            status: meta.status,
            request_id: request_id(&meta.headers).map(|id| meta.secret.redact(id).into_owned()),
            rate_limit: meta.rate_limit,
            headers: meta.headers,
            body: meta.body,
            truncated,
            errors: Vec::new(),
            retry_after: None,
        });
        error.hiding(meta.secret)
    }

    pub(crate) fn decode(meta: Meta, source: DecodeError) -> Self {
        Self::of_response(Kind::Decode, UNEXPECTED_BODY, meta, false).with_source(source.into())
    }

    pub(crate) fn item(meta: Meta, source: DecodeError) -> Self {
        Self::of_response(Kind::Item, "an item of the response cannot be decoded", meta, false)
            .with_source(source.into())
    }

    #[cfg(feature = "gzip")]
    pub(crate) fn not_gzip(meta: Meta) -> Self {
        Self::of_response(Kind::Decode, "the file is not valid gzip", meta, true)
    }

    pub(crate) fn job(meta: Meta, reason: &str) -> Self {
        let message = format!("the job failed: {}", Line(&meta.secret.redact(reason)));
        Self::of_response(Kind::Job, message, meta, false)
    }

    pub(crate) fn io(message: &'static str) -> Self {
        Self::new(Kind::Io, message)
    }

    pub(crate) fn too_large(meta: Meta, limit: u64) -> Self {
        Self::of_response(Kind::TooLarge, format!("the response body is larger than {limit} bytes"), meta, true)
    }

    pub(crate) fn with_source(mut self, source: BoxError) -> Self {
        self.0.source = Some(source);
        self
    }

    /// Sets the error of the previous attempt of the same call as the source.
    pub(crate) fn after(self, earlier: Option<Self>) -> Self {
        match earlier {
            Some(earlier) => self.with_source(Box::new(earlier)),
            None => self,
        }
    }

    /// Sets the operation and the number of attempts.
    pub(crate) fn at(mut self, endpoint: &EndpointRef, attempts: u32) -> Self {
        self.0.endpoint = Some(endpoint.clone());
        self.0.attempts = attempts;
        self
    }
}

impl From<TransportError> for Error {
    /// Makes the error of a call with one attempt, which failed with this error.
    fn from(error: TransportError) -> Self {
        let mut error = Self::transport(error);
        error.0.attempts = 1;
        error
    }
}
