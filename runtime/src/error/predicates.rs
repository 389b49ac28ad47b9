//! The predicates of errors, for branching.

use super::{Error, ErrorCode, Kind};

impl Error {
    /// A setting of a client or transport, a token, or a region is not valid, or, in
    /// [`for_installation`](crate::ClientBuilder::for_installation), the response to `GET /me` has no id of the workspace or an unknown
    /// region.
    pub fn is_config(&self) -> bool {
        self.0.kind == Kind::Config
    }

    /// The request could not be made, for example because of an empty path parameter, a header that HTTP does not allow, or a blocking call
    /// in an async task.
    pub fn is_request(&self) -> bool {
        self.0.kind == Kind::Request
    }

    /// The [token source](crate::TokenSource) returned an error, which is the [`source`](std::error::Error::source). This attempt was not
    /// sent, and a later call may succeed.
    pub fn is_token(&self) -> bool {
        self.0.kind == Kind::Token
    }

    /// No connection to the server could be opened. The server has not received this attempt.
    pub fn is_connect(&self) -> bool {
        matches!(self.0.kind, Kind::Connect | Kind::Timeout { connecting: true })
    }

    /// A timeout, for example of connecting, of an attempt, of the whole call, of a stalled download, or of a job. Also true for
    /// [`is_throttled`](Self::is_throttled).
    pub fn is_timeout(&self) -> bool {
        matches!(self.0.kind, Kind::Timeout { .. } | Kind::Throttled)
    }

    /// The client's [throttle](crate::throttle) could not send the call before its timeout. The server has not received this attempt.
    pub fn is_throttled(&self) -> bool {
        self.0.kind == Kind::Throttled
    }

    /// The connection was lost, or the response was not received as it should be: for example, it is not valid HTTP, or has another length
    /// than announced.
    pub fn is_connection_lost(&self) -> bool {
        self.0.kind == Kind::Lost
    }

    /// The server responded with a status other than 2xx and 3xx; for 3xx see [`is_redirect`](Self::is_redirect).
    pub fn is_status(&self) -> bool {
        self.0.kind == Kind::Status
    }

    /// The call succeeded, but the response body, or an item of a list in it, could not be decoded. Its text is in [`body`](Self::body):
    /// for an item, the JSON of the item; empty for a download that is not valid gzip.
    pub fn is_decode(&self) -> bool {
        matches!(self.0.kind, Kind::Decode | Kind::Item)
    }

    /// An item of a list could not be decoded.
    pub(crate) fn is_of_item(&self) -> bool {
        self.0.kind == Kind::Item
    }

    /// The response body is larger than [`max_body`](crate::ClientBuilder::max_body).
    pub fn is_too_large(&self) -> bool {
        self.0.kind == Kind::TooLarge
    }

    /// A 3xx status that is not a redirect, such as 304, or a redirect that is not followed because the call is not a GET, the redirect
    /// has no valid `Location`, five redirects came before it, or its address is not allowed, such as one without TLS.
    pub fn is_redirect(&self) -> bool {
        self.0.kind == Kind::Redirect
    }

    /// The writer of a download failed; [`source`](std::error::Error::source) is its error.
    pub fn is_io(&self) -> bool {
        self.0.kind == Kind::Io
    }

    /// An asynchronous job failed. The last status response is in [`body`](Self::body).
    pub fn is_job(&self) -> bool {
        self.0.kind == Kind::Job
    }

    /// A checkpoint is not valid, or cannot be used for this request, for example because it belongs to another operation or API version.
    pub fn is_checkpoint(&self) -> bool {
        self.0.kind == Kind::Checkpoint
    }

    /// Pagination ended before the end of the list: the server repeated a page or a position, sent empty pages although it announced
    /// more items, or did not send the position of the next page. [`checkpoint`](Self::checkpoint) returns the position.
    ///
    /// With [`Items::lenient`](crate::paging::Items::lenient) the stream ends without this error.
    pub fn is_cut_off(&self) -> bool {
        self.0.kind == Kind::CutOff
    }

    /// The number of items changed while numbered pages were read. Items may have moved to other pages, so some may be missing and
    /// others may be returned twice. Polling the stream again requests the page again and continues.
    pub fn is_list_changed(&self) -> bool {
        self.0.kind == Kind::ListChanged
    }

    /// 400 or 422: the request is not valid. [`errors`](Self::errors) names the fields.
    pub fn is_invalid(&self) -> bool {
        self.has_status(&[400, 422])
    }

    /// 401: the token is missing, wrong, revoked or expired.
    pub fn is_unauthorized(&self) -> bool {
        self.has_status(&[401])
    }

    /// 403: the token does not allow this; or 402: the workspace's plan does not.
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

    /// 429 because the rate limit is exceeded: the body has the code `rate_limit_exceeded`, or it has no code and the headers do not say
    /// that calls are left. For a 429 with another reason, such as a pending export, it is false; see [`status`](Self::status) and
    /// [`code`](Self::code).
    pub fn is_rate_limited(&self) -> bool {
        self.has_status(&[429])
            && match self.code() {
                Some(code) => *code == ErrorCode::RateLimitExceeded,
                None => self.rate_limit().and_then(|limit| limit.remaining).is_none_or(|remaining| remaining == 0),
            }
    }

    /// A 5xx status.
    pub fn is_server_error(&self) -> bool {
        self.is_status() && self.status().is_some_and(|status| status.is_server_error())
    }

    fn has_status(&self, wanted: &[u16]) -> bool {
        self.is_status() && self.status().is_some_and(|status| wanted.contains(&status.as_u16()))
    }
}
