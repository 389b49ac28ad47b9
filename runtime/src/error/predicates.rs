//! What callers branch on.

use super::{Error, ErrorCode, Kind};

impl Error {
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

    /// The writer that a download went to failed; [`source`](std::error::Error::source) is its error.
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
