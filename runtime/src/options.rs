//! Settings of a single call.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use crate::data::Decoding;
use crate::retry::RetryPolicy;

/// Settings of one call, over those of its client.
///
/// ```
/// use intercom_runtime::RequestOptions;
/// use std::time::Duration;
///
/// let options = RequestOptions::new().timeout(Duration::from_secs(5)).header("x-trace", "42");
/// ```
#[derive(Clone, Default)]
pub struct RequestOptions {
    pub(crate) timeout: Option<Duration>,
    pub(crate) attempt_timeout: Option<Duration>,
    pub(crate) headers: Vec<(Cow<'static, str>, String)>,
    pub(crate) query: Vec<(Cow<'static, str>, String)>,
    pub(crate) api_version: Option<String>,
    pub(crate) decoding: Option<Decoding>,
    pub(crate) idempotency_key: Option<String>,
    pub(crate) retry: Option<RetryPolicy>,
    pub(crate) assume_idempotent: bool,
}

impl RequestOptions {
    /// No settings: the client's hold.
    pub fn new() -> Self {
        Self::default()
    }

    /// Bounds the whole call: all attempts and the waits between them.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = Some(limit);
        self
    }

    /// Bounds each attempt, from connecting to the last byte of the body; a large upload needs a larger one.
    pub fn attempt_timeout(mut self, limit: Duration) -> Self {
        self.attempt_timeout = Some(limit);
        self
    }

    /// Sends a header, in place of one of that name that the client or the call would send.
    ///
    /// A name or a value that HTTP does not allow is reported when the call is sent.
    pub fn header(mut self, name: impl Into<Cow<'static, str>>, value: impl fmt::Display) -> Self {
        self.headers.push((name.into(), value.to_string()));
        self
    }

    /// Appends a query parameter.
    pub fn query(mut self, name: impl Into<Cow<'static, str>>, value: impl fmt::Display) -> Self {
        self.query.push((name.into(), value.to_string()));
        self
    }

    /// Asks for another API version than the crate was made for. Types keep the shape of the crate's version.
    pub fn api_version(mut self, version: impl Into<String>) -> Self {
        self.api_version = Some(version.into());
        self
    }

    /// Retries by this policy instead of the client's. The client's budget holds unless the policy has one of its own.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = Some(policy);
        self
    }

    /// Says that sending this request twice does no harm, so that it is retried like one that only reads.
    ///
    /// Without it a request that changes something is sent again only where the server cannot have carried it out.
    pub fn assume_idempotent(mut self) -> Self {
        self.assume_idempotent = true;
        self
    }

    /// Sends `Idempotency-Key: key`, the same on every attempt.
    ///
    /// The header alone makes no request safe to repeat: the API does not promise to honour it. Where something on the
    /// way does, add [`assume_idempotent`](Self::assume_idempotent).
    pub fn idempotency_key(mut self, key: impl Into<String>) -> Self {
        self.idempotency_key = Some(key.into());
        self
    }

    /// What happens to values that do not fit their declared type.
    pub fn decoding(mut self, decoding: Decoding) -> Self {
        self.decoding = Some(decoding);
        self
    }

    /// Adds the settings of `over`, which win where both say something.
    pub(crate) fn merge(&mut self, over: Self) {
        fn take<T>(into: &mut Option<T>, from: Option<T>) {
            if from.is_some() {
                *into = from;
            }
        }
        take(&mut self.timeout, over.timeout);
        take(&mut self.attempt_timeout, over.attempt_timeout);
        take(&mut self.api_version, over.api_version);
        take(&mut self.decoding, over.decoding);
        take(&mut self.idempotency_key, over.idempotency_key);
        take(&mut self.retry, over.retry);
        self.assume_idempotent |= over.assume_idempotent;
        self.headers.extend(over.headers);
        self.query.extend(over.query);
    }
}

/// Values of headers and keys may be secrets of the caller; names are enough to find a mistake.
impl fmt::Debug for RequestOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestOptions")
            .field("timeout", &self.timeout)
            .field("attempt_timeout", &self.attempt_timeout)
            .field("headers", &self.headers.iter().map(|(name, _)| name).collect::<Vec<_>>())
            .field("query", &self.query.iter().map(|(name, _)| name).collect::<Vec<_>>())
            .field("api_version", &self.api_version)
            .field("retry", &self.retry)
            .field("assume_idempotent", &self.assume_idempotent)
            .finish_non_exhaustive()
    }
}
