//! The tracing span of a call and its events. Without the feature `tracing` the functions do nothing.
//!
//! Targets, levels and fields are documented in docs/reference/logs.md and are part of the public interface. The field `path` has the path
//! template of the operation; the field `error` has the text of the error. Headers, URLs and bodies may contain personal data or secrets.
//! Fields therefore contain no more than this:
//!
//! - of headers the request id and, in the error of a redirect that is not followed, the host of `Location`,
//! - of URLs the base URL, in errors about URLs,
//! - of bodies what the text of an error and the field `values` contain.
//!
//! For a raw request, `path`, `operation` and the text of `error` contain the path that the program has passed to `Client::request`, with
//! any values in it.

#[cfg(feature = "tracing")]
mod on {
    use std::borrow::Cow;
    use std::fmt;
    use std::time::Duration;

    use tracing::field::Empty;
    use tracing::instrument::{Instrument as _, Instrumented};

    use crate::call::Call;
    use crate::data::Mismatch;
    use crate::error::Error;
    use crate::meta::{Meta, request_id};
    use crate::transport::Body;

    /// The span of one call.
    #[derive(Clone)]
    pub(crate) struct CallSpan(tracing::Span);

    impl CallSpan {
        pub(crate) fn new(call: &Call) -> Self {
            Self(tracing::info_span!(
                target: "intercom::call",
                "intercom.call",
                operation = &*call.endpoint.id,
                method = call.endpoint.method.as_str(),
                path = &*call.endpoint.path,
                status = Empty,
                attempts = Empty,
                request_id = Empty,
                waited_ms = Empty,
                error = Empty,
            ))
        }

        pub(crate) fn wrap<F: Future>(&self, work: F) -> Instrumented<F> {
            work.instrument(self.0.clone())
        }

        pub(crate) fn attempted(&self, attempt: u32, error: Option<&Error>, wait: Option<Duration>) {
            match (error, wait) {
                (Some(error), Some(wait)) => {
                    tracing::warn!(
                        target: "intercom::retry",
                        attempt,
                        wait_ms = millis(wait),
                        %error,
                        "attempt failed, trying again"
                    );
                }
                (Some(error), None) => tracing::debug!(target: "intercom::call", attempt, %error, "attempt failed"),
                (None, _) => tracing::debug!(target: "intercom::call", attempt, "attempt succeeded"),
            }
        }

        pub(crate) fn ended(&self, attempts: u32, waited: Duration, result: &Result<(Box<Meta>, Body), Error>) {
            self.0.record("attempts", attempts).record("waited_ms", millis(waited));
            let (status, id) = match result {
                Ok((meta, _)) => (Some(meta.status), request_id(&meta.headers).map(|id| meta.secret.redact(id))),
                Err(error) => {
                    self.0.record("error", tracing::field::display(error));
                    (error.status(), error.request_id().map(Cow::Borrowed))
                }
            };
            if let Some(status) = status {
                self.0.record("status", status.as_u16());
            }
            if let Some(id) = id {
                self.0.record("request_id", &*id);
            }
        }

        /// Runs a function, such as decoding, in the span.
        pub(crate) fn in_scope<T>(&self, work: impl FnOnce() -> T) -> T {
            self.0.in_scope(work)
        }

        /// Logs the outcome of decoding a response: one event for all mismatches, or the error as a field of the span.
        pub(crate) fn decoded(&self, operation: &str, result: Result<(&[Mismatch], usize), &Error>) {
            match result {
                Ok(([], 0)) => {}
                Ok((mismatches, omitted)) => self.0.in_scope(|| {
                    tracing::warn!(
                        target: "intercom::decode",
                        operation,
                        count = mismatches.len() + omitted,
                        values = %Expectations(mismatches, omitted),
                        "values do not fit their declared types"
                    );
                }),
                Err(error) => drop(self.0.record("error", tracing::field::display(error))),
            }
        }
    }

    /// The paths of mismatches, with what was expected and the JSON type of the value, but not the values.
    struct Expectations<'a>(&'a [Mismatch], usize);

    impl fmt::Display for Expectations<'_> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            const MAX_SHOWN: usize = 20;
            for (index, mismatch) in self.0.iter().take(MAX_SHOWN).enumerate() {
                f.write_str(if index == 0 { "" } else { "; " })?;
                f.write_str(if mismatch.path().is_empty() { "(body)" } else { mismatch.path() })?;
                write!(f, ": {}", mismatch.message())?;
            }
            match self.0.len().saturating_sub(MAX_SHOWN) + self.1 {
                0 => Ok(()),
                more => write!(f, "; and {more} more"),
            }
        }
    }

    /// Runs the future of a new task in the current span.
    #[cfg(not(target_arch = "wasm32"))]
    pub(crate) fn in_current_span<F: Future>(work: F) -> Instrumented<F> {
        work.in_current_span()
    }

    fn millis(duration: Duration) -> u64 {
        u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
    }
}

#[cfg(not(feature = "tracing"))]
mod off {
    use std::time::Duration;

    use crate::call::Call;
    use crate::data::Mismatch;
    use crate::error::Error;
    use crate::meta::Meta;
    use crate::transport::Body;

    #[derive(Clone)]
    pub(crate) struct CallSpan;

    impl CallSpan {
        pub(crate) fn new(_call: &Call) -> Self {
            Self
        }

        pub(crate) fn wrap<F: Future>(&self, work: F) -> F {
            work
        }

        pub(crate) fn attempted(&self, _attempt: u32, _error: Option<&Error>, _wait: Option<Duration>) {}

        pub(crate) fn ended(&self, _attempts: u32, _waited: Duration, _result: &Result<(Box<Meta>, Body), Error>) {}

        pub(crate) fn in_scope<T>(&self, work: impl FnOnce() -> T) -> T {
            work()
        }

        pub(crate) fn decoded(&self, _operation: &str, _result: Result<(&[Mismatch], usize), &Error>) {}
    }

    #[cfg(not(target_arch = "wasm32"))]
    pub(crate) fn in_current_span<F: Future>(work: F) -> F {
        work
    }
}

#[cfg(not(feature = "tracing"))]
pub(crate) use off::*;
#[cfg(feature = "tracing")]
pub(crate) use on::*;
