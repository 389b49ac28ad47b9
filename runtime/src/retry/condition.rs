//! The condition: which failures are retried.

use super::Failure;

/// Decides whether a failure is retried. Closures implement it.
pub trait Condition: Send + Sync + 'static {
    /// Whether to retry after this failure.
    fn retries(&self, failure: &Failure<'_>) -> bool;
}

impl<F: Fn(&Failure<'_>) -> bool + Send + Sync + 'static> Condition for F {
    fn retries(&self, failure: &Failure<'_>) -> bool {
        self(failure)
    }
}

/// The default condition.
///
/// | failure | retried |
/// |---|---|
/// | 429, the rate limit is exceeded | always: the call was not carried out |
/// | 429 for another reason, such as a pending export | never: the reason lasts longer than the delays |
/// | no connection to the server | always: the server has not received the request |
/// | 408, 502, 503, 504, connection lost, attempt timed out | if the request is idempotent |
/// | 500 | if the request is idempotent and [`internal_errors`](Self::internal_errors) is set |
/// | anything else | never |
///
/// A call whose body is a stream is never retried, since the body cannot be sent twice. After a 401 the call is sent again if the
/// [`TokenSource`](crate::TokenSource) returns a new token. The condition does not decide about that.
#[derive(Clone, Copy, Debug, Default)]
pub struct StandardCondition {
    internal_errors: bool,
}

impl StandardCondition {
    /// Makes the condition of the table above; 500 is not retried.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets whether 500 is retried for idempotent requests; `false` by default, since the API also returns 500 for invalid requests.
    pub fn internal_errors(mut self, retried: bool) -> Self {
        self.internal_errors = retried;
        self
    }
}

impl Condition for StandardCondition {
    fn retries(&self, failure: &Failure<'_>) -> bool {
        let error = failure.error;
        if error.is_rate_limited() || error.is_connect() {
            return true;
        }
        let is_temporary = match error.status().map(|status| status.as_u16()) {
            Some(408 | 502 | 503 | 504) => error.is_status(),
            Some(500) => error.is_status() && self.internal_errors,
            _ => error.is_connection_lost() || error.is_timeout(),
        };
        is_temporary && failure.idempotent
    }
}
