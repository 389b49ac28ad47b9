//! The error type of calls: opaque, with predicates to branch on and accessors for details.

mod code;
mod envelope;
mod predicates;
mod text;

pub use code::ErrorCode;

use std::borrow::Cow;
use std::error::Error as StdError;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::RETRY_AFTER;
use http::{HeaderMap, StatusCode};

use crate::data::DecodeError;
use crate::endpoint::{Endpoint, EndpointRef};
use crate::meta::{Meta, request_id};
use crate::rate_limit::RateLimit;
use crate::secret::Secret;
use crate::throttle::TooLate;
use crate::transport::{BoxError, TransportError, TransportErrorKind};
use text::Line;

/// The error of a call, or of building a client.
///
/// Branch on the predicates, such as [`is_not_found`](Self::is_not_found), and take details from the accessors. `Display` is one
/// line with the operation, the status, the API's code and message, and the request id. It never contains a token, a
/// query or the rest of the body. The base URL is only in errors about addresses.
pub struct Error(Box<Inner>);

struct Inner {
    kind: Kind,
    message: Cow<'static, str>,
    endpoint: Option<EndpointRef>,
    attempts: u32,
    http: Option<Http>,
    source: Option<BoxError>,
    /// The token of the request, which must not appear in any text.
    secret: Secret,
}

/// The response, if there was one.
struct Http {
    status: StatusCode,
    headers: Arc<HeaderMap>,
    body: Bytes,
    truncated: bool,
    errors: Vec<ApiError>,
    request_id: Option<String>,
    rate_limit: Option<RateLimit>,
    retry_after: Option<Duration>,
}

const UNEXPECTED_BODY: &str = "the response body is not what the operation returns";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Config,
    Request,
    Connect,
    Timeout { connecting: bool },
    Throttled,
    Lost,
    Status,
    Decode,
    TooLarge,
    Redirect,
    Io,
    Job,
    Checkpoint,
    ScrollRefused,
    CutOff,
    ListChanged,
}

/// One entry of the API's list of errors.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApiError {
    /// The code, for programs.
    pub code: Option<ErrorCode>,
    /// The message, for people.
    pub message: Option<String>,
    /// The parameter or field that is not valid.
    pub field: Option<String>,
}

impl ApiError {
    /// Removes the secret from all texts.
    fn hide(&mut self, secret: &Secret) {
        let hide = |text: &mut Option<String>| {
            if let Some(Cow::Owned(without)) = text.as_deref().map(|text| secret.redact(text)) {
                *text = Some(without);
            }
        };
        hide(&mut self.message);
        hide(&mut self.field);
        if let Some(ErrorCode::Other(text)) = &mut self.code
            && let Cow::Owned(without) = secret.redact(text)
        {
            *text = without.into();
        }
    }
}

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

    pub(crate) fn invalid_checkpoint(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Checkpoint, message)
    }

    pub(crate) fn cut_off(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::CutOff, message)
    }

    pub(crate) fn list_changed(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::ListChanged, message)
    }

    pub(crate) fn scroll_refused(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::ScrollRefused, message)
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

    pub(crate) fn redirect_loop() -> Self {
        Self::new(Kind::Redirect, "the server redirects in a loop")
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

    /// Makes the error of a call with this response, for tests of code that handles errors. With a 2xx status it is the error of a
    /// body that could not be decoded.
    ///
    /// For an error without a response, convert a [`TransportError`]: `Error::from(TransportError::lost("reset"))`.
    ///
    /// ```
    /// use intercom_runtime::{Error, ErrorCode, http};
    ///
    /// let body = r#"{"type":"error.list","errors":[{"code":"not_found"}]}"#;
    /// let error = Error::for_test(http::Response::builder().status(404).body(body).unwrap());
    /// assert!(error.is_not_found());
    /// assert_eq!(error.code(), Some(&ErrorCode::NotFound));
    /// ```
    pub fn for_test(answer: http::Response<impl Into<Bytes>>) -> Self {
        let (head, body) = answer.into_parts();
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

    /// A status other than 2xx. `truncated` says that the body was longer than what is kept. `secret` is removed from the entries
    /// that are read from the body, but not from the body.
    pub(crate) fn status_error(
        status: StatusCode,
        headers: HeaderMap,
        body: Bytes,
        truncated: bool,
        secret: &Secret,
    ) -> Self {
        let mut envelope = envelope::read(&body);
        for entry in &mut envelope.errors {
            entry.hide(secret);
        }
        let kind = if status.is_redirection() { Kind::Redirect } else { Kind::Status };
        let request_id = request_id(&headers).or(envelope.request_id.as_deref());
        let mut error = Self::new(kind, "").hiding(secret.clone());
        error.0.http = Some(Http {
            status,
            request_id: request_id.map(|id| secret.redact(id).into_owned()),
            rate_limit: None,
            headers: Arc::new(headers),
            body,
            truncated,
            errors: envelope.errors,
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

    /// The error of a request that was sent with `secret`.
    pub(crate) fn hiding(mut self, secret: Secret) -> Self {
        self.0.secret = secret;
        self
    }

    /// A 2xx response that could not be used.
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

    #[cfg(feature = "gzip")]
    pub(crate) fn not_gzip(meta: Meta) -> Self {
        Self::of_response(Kind::Decode, "the file is not valid gzip", meta, true)
    }

    pub(crate) fn job(meta: Meta, reason: &str) -> Self {
        let message = format!("the job ended without success: {}", Line(&meta.secret.redact(reason)));
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

    /// Adds the error of an earlier attempt of the same call.
    pub(crate) fn after(self, earlier: Option<Self>) -> Self {
        match earlier {
            Some(earlier) => self.with_source(Box::new(earlier)),
            None => self,
        }
    }

    pub(crate) fn at(mut self, endpoint: &EndpointRef, attempts: u32) -> Self {
        self.0.endpoint = Some(endpoint.clone());
        self.0.attempts = attempts;
        self
    }

    pub(crate) fn endpoint(&self) -> Option<&Endpoint> {
        self.0.endpoint.as_deref()
    }

    pub(crate) fn is_scroll_refused(&self) -> bool {
        self.0.kind == Kind::ScrollRefused
    }

    /// The operation that failed, `contacts.create`; `None` for errors outside a call.
    pub fn operation(&self) -> Option<&str> {
        self.endpoint().map(|endpoint| &*endpoint.id)
    }

    /// The HTTP status, if there was a response.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.http.as_ref().map(|http| http.status)
    }

    /// The entries of the API's error list; empty where the body has none.
    pub fn errors(&self) -> &[ApiError] {
        self.0.http.as_ref().map_or(&[], |http| &http.errors)
    }

    /// The code of the first entry that has one.
    pub fn code(&self) -> Option<&ErrorCode> {
        self.errors().iter().find_map(|error| error.code.as_ref())
    }

    /// The message of the first entry that has one.
    pub fn message(&self) -> Option<&str> {
        self.errors().iter().find_map(|error| error.message.as_deref())
    }

    /// The request id, from the header or the body. Intercom's support can find the request by it.
    pub fn request_id(&self) -> Option<&str> {
        self.0.http.as_ref().and_then(|http| http.request_id.as_deref())
    }

    /// The response headers, if there was a response.
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.0.http.as_ref().map(|http| &*http.headers)
    }

    /// The raw response body, up to the client's limit of error bodies.
    pub fn body(&self) -> &[u8] {
        self.0.http.as_ref().map_or(&[], |http| &http.body)
    }

    /// Whether [`body`](Self::body) is only the beginning of the response body.
    pub fn is_body_truncated(&self) -> bool {
        self.0.http.as_ref().is_some_and(|http| http.truncated)
    }

    /// The rate limit that the response reported.
    pub fn rate_limit(&self) -> Option<RateLimit> {
        self.0.http.as_ref().and_then(|http| http.rate_limit)
    }

    /// The delay that the server asked for, from `Retry-After`.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.http.as_ref().and_then(|http| http.retry_after)
    }

    /// How many times the request was sent; 0 where it was not sent.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }
}

impl From<TransportError> for Error {
    /// Makes the error of a call whose only attempt failed with this error.
    fn from(error: TransportError) -> Self {
        let mut error = Self::transport(error);
        error.0.attempts = 1;
        error
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
