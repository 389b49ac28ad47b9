//! The error type of calls: opaque, with predicates to branch on and accessors for details.

mod body;
mod code;
mod constructors;
mod predicates;
mod text;

pub use code::ErrorCode;

use std::borrow::Cow;
use std::error::Error as StdError;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::endpoint::{Endpoint, EndpointRef};
use crate::rate_limit::RateLimit;
use crate::secret::Secret;
use crate::transport::BoxError;

/// The error of a call, of building a client, or of what a call is made from, such as a checkpoint or a file.
///
/// Use the predicates, such as [`is_not_found`](Self::is_not_found), to branch, and the accessors for details. `Display` is one line with
/// the operation, the status, the API's code and message, and the request id, as far as there are any. It contains neither the token nor
/// the query. Of the body it contains only the code, the message, the request id, and what explains the failure, such as the reason why a
/// job failed, the path of a value that could not be decoded, or the announced number of items. Only errors about URLs contain the base
/// URL.
pub struct Error(Box<Inner>);

struct Inner {
    kind: Kind,
    message: Cow<'static, str>,
    endpoint: Option<EndpointRef>,
    attempts: u32,
    http: Option<Http>,
    source: Option<BoxError>,
    /// The token of the request, which `Display` and `Debug` must not contain.
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

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Config,
    Request,
    Token,
    Connect,
    Timeout {
        connecting: bool,
    },
    Throttled,
    Lost,
    Status,
    Decode,
    /// An item of a list in the response could not be decoded.
    Item,
    TooLarge,
    Redirect,
    Io,
    Job,
    Checkpoint,
    /// Another scroll of this client is open, so nothing was sent. If the API refuses a scroll, the kind is `Status`.
    ScrollLocked,
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
    /// Removes the secret from all fields.
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
    pub(crate) fn endpoint(&self) -> Option<&Endpoint> {
        self.0.endpoint.as_deref()
    }

    pub(crate) fn is_scroll_locked(&self) -> bool {
        self.0.kind == Kind::ScrollLocked
    }

    /// The operation that failed, such as `contacts.create`; `None` for errors that do not belong to an operation.
    pub fn operation(&self) -> Option<&str> {
        self.endpoint().map(|endpoint| &*endpoint.id)
    }

    /// The HTTP status, if there was a response.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.http.as_ref().map(|http| http.status)
    }

    /// The entries of the API's error list; empty if the body has none.
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

    /// The raw response body; empty if it was not kept, as for a download. A body with an error status is kept up to
    /// [`max_error_body`](crate::ClientBuilder::max_error_body).
    pub fn body(&self) -> &[u8] {
        self.0.http.as_ref().map_or(&[], |http| &http.body)
    }

    /// Whether [`body`](Self::body) is only the beginning of the response body.
    pub fn is_body_truncated(&self) -> bool {
        self.0.http.as_ref().is_some_and(|http| http.truncated)
    }

    /// The rate limit that the response reported, if it did.
    pub fn rate_limit(&self) -> Option<RateLimit> {
        self.0.http.as_ref().and_then(|http| http.rate_limit)
    }

    /// The delay that the server asked for, from `Retry-After`, if it did.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.http.as_ref().and_then(|http| http.retry_after)
    }

    /// How many attempts the call made, including those that failed before the request was sent, such as without a connection. 0 if there
    /// was no attempt.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
