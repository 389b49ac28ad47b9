//! The one error type: opaque, with predicates for what callers branch on and accessors for what they log.

mod code;
mod envelope;

pub use code::ErrorCode;

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::data::DecodeError;
use crate::endpoint::Endpoint;
use crate::rate_limit::RateLimit;
use crate::response::{Meta, request_id};
use crate::throttle::TooLate;
use crate::transport::{BoxError, TransportError, TransportErrorKind};

/// A call that failed, or a client that could not be built.
///
/// Branch with the predicates; take the details from the accessors. `Display` is one line with the operation, the
/// status, the API's code and message, and the request id; it never holds a token, a URL or the body.
pub struct Error(Box<Inner>);

struct Inner {
    kind: Kind,
    message: Cow<'static, str>,
    endpoint: Option<&'static Endpoint>,
    attempts: u32,
    http: Option<Http>,
    source: Option<BoxError>,
}

/// What a server said, where one said something.
struct Http {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    truncated: bool,
    errors: Vec<ApiError>,
    request_id: Option<String>,
    rate_limit: Option<RateLimit>,
    retry_after: Option<Duration>,
}

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
    Shifted,
}

/// One entry of the API's list of errors.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApiError {
    /// What went wrong, for programs.
    pub code: Option<ErrorCode>,
    /// What went wrong, for people.
    pub message: Option<String>,
    /// The parameter that is at fault.
    pub field: Option<String>,
}

impl Error {
    fn new(kind: Kind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner { kind, message: message.into(), endpoint: None, attempts: 0, http: None, source: None }))
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

    pub(crate) fn shifted(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Shifted, message)
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

    /// A status that is not of the 200 range. `truncated` says that there was more body than is kept.
    pub(crate) fn status_error(
        status: StatusCode,
        headers: HeaderMap,
        body: Bytes,
        truncated: bool,
        rate_limit: Option<RateLimit>,
        retry_after: Option<Duration>,
    ) -> Self {
        let envelope = envelope::read(&body);
        let kind = if status.is_redirection() { Kind::Redirect } else { Kind::Status };
        let mut error = Self::new(kind, "");
        error.0.http = Some(Http {
            status,
            request_id: request_id(&headers).map(str::to_owned).or(envelope.request_id),
            rate_limit,
            headers,
            body,
            truncated,
            errors: envelope.errors,
            retry_after,
        });
        error
    }

    /// A response of the 200 range that could not be used.
    fn of_response(kind: Kind, message: impl Into<Cow<'static, str>>, meta: Meta, truncated: bool) -> Self {
        let mut error = Self::new(kind, message);
        error.0.endpoint = Some(meta.endpoint);
        error.0.attempts = meta.attempts;
        error.0.http = Some(Http {
            status: meta.status,
            request_id: request_id(&meta.headers).map(str::to_owned),
            rate_limit: meta.rate_limit,
            headers: meta.headers,
            body: meta.body,
            truncated,
            errors: Vec::new(),
            retry_after: None,
        });
        error
    }

    pub(crate) fn decode(meta: Meta, source: DecodeError) -> Self {
        let message = "the response body is not what the operation returns";
        Self::of_response(Kind::Decode, message, meta, false).with_source(source.into())
    }

    #[cfg(feature = "gzip")]
    pub(crate) fn not_gzip(meta: Meta) -> Self {
        Self::of_response(Kind::Decode, "the file is not valid gzip", meta, true)
    }

    pub(crate) fn job(meta: Meta, reason: &str) -> Self {
        Self::of_response(Kind::Job, format!("the job ended without success: {}", Line(reason)), meta, false)
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

    /// An error that ended a call of which `earlier` attempts had failed too.
    pub(crate) fn after(self, earlier: Option<Self>) -> Self {
        match earlier {
            Some(earlier) => self.with_source(Box::new(earlier)),
            None => self,
        }
    }

    pub(crate) fn at(mut self, endpoint: &'static Endpoint, attempts: u32) -> Self {
        self.0.endpoint = Some(endpoint);
        self.0.attempts = attempts;
        self
    }

    pub(crate) fn endpoint(&self) -> Option<&'static Endpoint> {
        self.0.endpoint
    }

    pub(crate) fn is_scroll_refused(&self) -> bool {
        self.0.kind == Kind::ScrollRefused
    }

    /// The operation that failed, `contacts.create`; `None` for errors outside a call.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.endpoint.map(|endpoint| endpoint.id)
    }

    /// The HTTP status, where a response came.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.http.as_ref().map(|http| http.status)
    }

    /// The entries of the API's error list; empty where the body holds none.
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

    /// The id under which the server logged the request, from the header or the body: what to give to support.
    pub fn request_id(&self) -> Option<&str> {
        self.0.http.as_ref().and_then(|http| http.request_id.as_deref())
    }

    /// The response headers, where a response came.
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.0.http.as_ref().map(|http| &http.headers)
    }

    /// The response body as it came, up to the client's bound for error bodies.
    pub fn body(&self) -> &[u8] {
        self.0.http.as_ref().map_or(&[], |http| &http.body)
    }

    /// Whether the response had more body than [`body`](Self::body) holds.
    pub fn is_body_truncated(&self) -> bool {
        self.0.http.as_ref().is_some_and(|http| http.truncated)
    }

    /// The rate limit as the response reported it.
    pub fn rate_limit(&self) -> Option<RateLimit> {
        self.0.http.as_ref().and_then(|http| http.rate_limit)
    }

    /// How long the server asked to wait, from `Retry-After`.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.http.as_ref().and_then(|http| http.retry_after)
    }

    /// How many times the request was sent; 0 where it never was.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// The client could not be built from its settings.
    pub fn is_config(&self) -> bool {
        self.0.kind == Kind::Config
    }

    /// The call cannot be sent as it is: an empty path parameter, a header that HTTP does not allow.
    pub fn is_request(&self) -> bool {
        self.0.kind == Kind::Request
    }

    /// No connection to the server came about; it has seen nothing of the request.
    pub fn is_connect(&self) -> bool {
        matches!(self.0.kind, Kind::Connect | Kind::Timeout { connecting: true })
    }

    /// Something took longer than it may, or would have: connecting, an attempt, or the whole call.
    pub fn is_timeout(&self) -> bool {
        matches!(self.0.kind, Kind::Timeout { .. } | Kind::Throttled)
    }

    /// The client's [throttle](crate::throttle) has no turn for the call before its time is up. The server has seen
    /// nothing of this attempt.
    pub fn is_throttled(&self) -> bool {
        self.0.kind == Kind::Throttled
    }

    /// The connection was lost, or what came over it was not HTTP.
    pub fn is_connection_lost(&self) -> bool {
        self.0.kind == Kind::Lost
    }

    /// The server answered with a status that says the call failed.
    pub fn is_status(&self) -> bool {
        self.0.kind == Kind::Status
    }

    /// The call succeeded, but its body is not what the operation returns. The raw body is in [`body`](Self::body).
    pub fn is_decode(&self) -> bool {
        self.0.kind == Kind::Decode
    }

    /// The body is larger than the client reads into memory.
    pub fn is_too_large(&self) -> bool {
        self.0.kind == Kind::TooLarge
    }

    /// The server redirected where the client does not follow: elsewhere for a call that changes something, in a loop,
    /// or to an address without TLS.
    pub fn is_redirect(&self) -> bool {
        self.0.kind == Kind::Redirect
    }

    /// The writer that a download went to failed; [`source`](StdError::source) is its error.
    pub fn is_io(&self) -> bool {
        self.0.kind == Kind::Io
    }

    /// An asynchronous job ended without success; the last answer is in [`body`](Self::body).
    pub fn is_job(&self) -> bool {
        self.0.kind == Kind::Job
    }

    /// A checkpoint is not what it should be: another operation's, another API version's, or no checkpoint at all.
    pub fn is_checkpoint(&self) -> bool {
        self.0.kind == Kind::Checkpoint
    }

    /// A walk over pages ended before the end of the list: the server repeated a page or a position, gave empty pages
    /// although it announced more items, or did not say where they are. [`checkpoint`](Self::checkpoint) says where that
    /// was.
    ///
    /// [`Items::lenient`](crate::paging::Items::lenient) makes such an end the end of the stream instead.
    pub fn is_cut_off(&self) -> bool {
        self.0.kind == Kind::CutOff
    }

    /// The number of items changed while numbered pages were walked. Items have moved from page to page, so some may be
    /// missing and others may come twice. Polling on asks for the page again and continues the walk.
    pub fn is_shifted(&self) -> bool {
        self.0.kind == Kind::Shifted
    }

    /// 400 or 422: the API does not accept what was sent. [`errors`](Self::errors) names the fields.
    pub fn is_invalid(&self) -> bool {
        self.has_status(&[400, 422])
    }

    /// 401: the token is missing, wrong, revoked or expired.
    pub fn is_unauthorized(&self) -> bool {
        self.has_status(&[401])
    }

    /// 403: the token, or the workspace's plan (402), does not allow this.
    pub fn is_forbidden(&self) -> bool {
        self.has_status(&[402, 403])
    }

    /// 404 or 410: there is no such object.
    pub fn is_not_found(&self) -> bool {
        self.has_status(&[404, 410])
    }

    /// 409: the object exists already or has changed.
    pub fn is_conflict(&self) -> bool {
        self.has_status(&[409])
    }

    /// 429 because the rate limit window is full: the body has the code for it, or names no code while the headers do
    /// not speak against it. A 429 for another reason, such as an export that is still pending, is not meant: see
    /// [`status`](Self::status) and [`code`](Self::code) for that.
    pub fn is_rate_limited(&self) -> bool {
        self.has_status(&[429])
            && match self.code() {
                Some(code) => *code == ErrorCode::RateLimitExceeded,
                None => self.rate_limit().and_then(|limit| limit.remaining).is_none_or(|remaining| remaining == 0),
            }
    }

    /// A status of the 500 range.
    pub fn is_server_error(&self) -> bool {
        self.is_status() && self.status().is_some_and(|status| status.is_server_error())
    }

    fn has_status(&self, wanted: &[u16]) -> bool {
        self.is_status() && self.status().is_some_and(|status| wanted.contains(&status.as_u16()))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        if let Some(endpoint) = inner.endpoint {
            write!(f, "{}: ", endpoint.id)?;
        }
        let Some(http) = &inner.http else {
            f.write_str(&inner.message)?;
            return attempts(f, inner.attempts);
        };
        if inner.message.is_empty() {
            write!(f, "{}", http.status)?;
        } else {
            write!(f, "{} ({})", inner.message, http.status.as_u16())?;
        }
        if let Some(code) = self.code() {
            write!(f, ", {}", Line(code.as_str()))?;
        }
        if let Some(message) = self.message() {
            write!(f, ": {}", Line(message))?;
        }
        if let Some(id) = &http.request_id {
            write!(f, " [request {}]", Line(id))?;
        }
        attempts(f, inner.attempts)
    }
}

fn attempts(f: &mut fmt::Formatter<'_>, attempts: u32) -> fmt::Result {
    if attempts > 1 { write!(f, " after {attempts} attempts") } else { Ok(()) }
}

/// Text from the server on one line of bounded length: an error's text ends up in logs.
struct Line<'a>(&'a str);

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const LONGEST: usize = 300;
        for (count, c) in self.0.chars().enumerate() {
            if count == LONGEST {
                return f.write_str("…");
            }
            fmt::Write::write_char(f, if c.is_control() { ' ' } else { c })?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        let mut debug = f.debug_struct("Error");
        debug.field("kind", &inner.kind).field("operation", &self.operation()).field("attempts", &inner.attempts);
        if !inner.message.is_empty() {
            debug.field("message", &inner.message);
        }
        if let Some(http) = &inner.http {
            debug
                .field("status", &http.status)
                .field("request_id", &http.request_id)
                .field("errors", &http.errors)
                .field("rate_limit", &http.rate_limit)
                .field("body", &Line(&String::from_utf8_lossy(&http.body)).to_string());
        }
        if let Some(source) = &inner.source {
            debug.field("source", source);
        }
        debug.finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
