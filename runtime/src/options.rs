//! Options of a single call.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use crate::data::Decoding;
use crate::retry::RetryPolicy;

/// The limits of a call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) timeout: Option<Duration>,
    pub(crate) attempt_timeout: Option<Duration>,
    pub(crate) max_body: u64,
    pub(crate) max_error_body: u64,
    pub(crate) max_mismatches: usize,
}

/// Options of one call. They take precedence over the settings of the client.
///
/// ```
/// use intercom_runtime::RequestOptions;
/// use std::time::Duration;
///
/// let options = RequestOptions::new().timeout(Duration::from_secs(5)).header("x-trace", "42");
/// ```
#[derive(Clone, Default)]
pub struct RequestOptions {
    /// The outer `None` keeps the timeout of the client, the inner one removes it.
    timeout: Option<Option<Duration>>,
    /// As for `timeout`.
    attempt_timeout: Option<Option<Duration>>,
    max_body: Option<u64>,
    max_error_body: Option<u64>,
    max_mismatches: Option<usize>,
    pub(crate) skip_queue: bool,
    pub(crate) headers: Vec<(Cow<'static, str>, String)>,
    pub(crate) query: Vec<(Cow<'static, str>, String)>,
    pub(crate) api_version: Option<String>,
    pub(crate) decoding: Option<Decoding>,
    pub(crate) idempotency_key: Option<String>,
    pub(crate) retry: Option<RetryPolicy>,
    pub(crate) assume_idempotent: bool,
}

impl RequestOptions {
    /// Makes options without any settings: those of the client apply.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the timeout of the whole call, with all attempts and the delays between them. `None` removes the timeout of the client. For
    /// downloads, see [`ClientBuilder::timeout`](crate::ClientBuilder::timeout).
    pub fn timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.timeout = Some(limit.into());
        self
    }

    /// Sets the timeout of each attempt, from connecting to the last byte of the body. A large upload needs a longer one. `None` removes
    /// the timeout of the client. For downloads, see [`ClientBuilder::attempt_timeout`](crate::ClientBuilder::attempt_timeout).
    pub fn attempt_timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.attempt_timeout = Some(limit.into());
        self
    }

    /// Sets the maximum size of the response body in bytes. `u64::MAX` removes the limit of the client.
    pub fn max_body(mut self, bytes: u64) -> Self {
        self.max_body = Some(bytes);
        self
    }

    /// Sets how many bytes of the body of an error response are kept. `u64::MAX` removes the limit of the client.
    pub fn max_error_body(mut self, bytes: u64) -> Self {
        self.max_error_body = Some(bytes);
        self
    }

    /// Sets how many mismatches of the response are kept; further ones are only counted. `usize::MAX` removes the limit of the client.
    pub fn max_mismatches(mut self, count: usize) -> Self {
        self.max_mismatches = Some(count);
        self
    }

    /// Sends the call at once: it does not wait for the throttle of the client, and its attempts do not count as in flight. It is meant for
    /// urgent calls, which must not wait behind many others in the queue. The API still counts the call.
    pub fn skip_queue(mut self) -> Self {
        self.skip_queue = true;
        self
    }

    /// Sets a header. It replaces a header of the same name that the client or the call would send.
    ///
    /// A name or value that HTTP does not allow is an error when the call is sent.
    pub fn header(mut self, name: impl Into<Cow<'static, str>>, value: impl fmt::Display) -> Self {
        self.headers.push((name.into(), value.to_string()));
        self
    }

    /// Appends a query parameter.
    pub fn query(mut self, name: impl Into<Cow<'static, str>>, value: impl fmt::Display) -> Self {
        self.query.push((name.into(), value.to_string()));
        self
    }

    /// Requests another API version than the one that the crate was generated for. The types remain those of the crate's version.
    pub fn api_version(mut self, version: impl Into<String>) -> Self {
        self.api_version = Some(version.into());
        self
    }

    /// Sets the retry policy. The retry budget of the client applies, unless the policy has its own.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = Some(policy);
        self
    }

    /// Declares that this request is idempotent, so that it is retried like a request that only reads.
    ///
    /// Without this, a request that is not idempotent is only retried if the server cannot have carried it out, unless the retry policy has
    /// an [`unsafe_condition`](RetryPolicy::unsafe_condition).
    pub fn assume_idempotent(mut self) -> Self {
        self.assume_idempotent = true;
        self
    }

    /// Sends `Idempotency-Key: key`, the same on every attempt.
    ///
    /// The header alone does not make a request idempotent, because the API does not document it. If a proxy of yours implements it, also
    /// call [`assume_idempotent`](Self::assume_idempotent).
    pub fn idempotency_key(mut self, key: impl Into<String>) -> Self {
        self.idempotency_key = Some(key.into());
        self
    }

    /// Sets how values that do not fit their declared type are handled.
    pub fn decoding(mut self, decoding: Decoding) -> Self {
        self.decoding = Some(decoding);
        self
    }

    /// The limits of the call: those of the client, unless they are set here.
    pub(crate) fn limits(&self, client: Limits) -> Limits {
        Limits {
            timeout: self.timeout.unwrap_or(client.timeout),
            attempt_timeout: self.attempt_timeout.unwrap_or(client.attempt_timeout),
            max_body: self.max_body.unwrap_or(client.max_body),
            max_error_body: self.max_error_body.unwrap_or(client.max_error_body),
            max_mismatches: self.max_mismatches.unwrap_or(client.max_mismatches),
        }
    }

    /// Applies other options, which take precedence. Their query parameters are appended.
    pub(crate) fn merge(&mut self, other: Self) {
        fn take<T>(into: &mut Option<T>, from: Option<T>) {
            if from.is_some() {
                *into = from;
            }
        }
        take(&mut self.timeout, other.timeout);
        take(&mut self.attempt_timeout, other.attempt_timeout);
        take(&mut self.max_body, other.max_body);
        take(&mut self.max_error_body, other.max_error_body);
        take(&mut self.max_mismatches, other.max_mismatches);
        self.skip_queue |= other.skip_queue;
        take(&mut self.api_version, other.api_version);
        take(&mut self.decoding, other.decoding);
        take(&mut self.idempotency_key, other.idempotency_key);
        take(&mut self.retry, other.retry);
        self.assume_idempotent |= other.assume_idempotent;
        self.headers.extend(other.headers);
        self.query.extend(other.query);
    }
}

/// Contains the names of headers and parameters but not their values, which may be secrets.
impl fmt::Debug for RequestOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestOptions")
            .field("timeout", &self.timeout)
            .field("attempt_timeout", &self.attempt_timeout)
            .field("max_body", &self.max_body)
            .field("max_error_body", &self.max_error_body)
            .field("max_mismatches", &self.max_mismatches)
            .field("skip_queue", &self.skip_queue)
            .field("headers", &self.headers.iter().map(|(name, _)| name).collect::<Vec<_>>())
            .field("query", &self.query.iter().map(|(name, _)| name).collect::<Vec<_>>())
            .field("api_version", &self.api_version)
            .field("retry", &self.retry)
            .field("assume_idempotent", &self.assume_idempotent)
            .finish_non_exhaustive()
    }
}
