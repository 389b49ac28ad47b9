//! The span of a call and its events; nothing at all without the feature `tracing`.
//!
//! Fields hold the operation's name and path template, never an address, a header or a body: those may be personal data
//! or secrets.

#[cfg(feature = "tracing")]
mod on {
    use std::time::Duration;

    use tracing::field::Empty;
    use tracing::instrument::{Instrument as _, Instrumented};

    use crate::call::Call;
    use crate::data::Mismatch;
    use crate::error::Error;
    use crate::response::{Meta, request_id};
    use crate::transport::Body;

    /// The span of one call.
    #[derive(Clone)]
    pub(in crate::send) struct CallSpan(tracing::Span);

    impl CallSpan {
        pub(in crate::send) fn new(call: &Call) -> Self {
            Self(tracing::info_span!(
                "intercom.call",
                operation = call.endpoint.id,
                method = call.endpoint.method.as_str(),
                path = call.endpoint.path,
                status = Empty,
                attempts = Empty,
                request_id = Empty,
                waited_ms = Empty,
                error = Empty,
            ))
        }

        pub(in crate::send) fn wrap<F: Future>(&self, work: F) -> Instrumented<F> {
            work.instrument(self.0.clone())
        }

        pub(in crate::send) fn attempted(&self, attempt: u32, error: Option<&Error>, wait: Option<Duration>) {
            match (error, wait) {
                (Some(error), Some(wait)) => {
                    tracing::warn!(attempt, wait_ms = millis(wait), %error, "attempt failed, trying again");
                }
                (Some(error), None) => tracing::debug!(attempt, %error, "attempt failed"),
                (None, _) => tracing::debug!(attempt, "attempt succeeded"),
            }
        }

        pub(in crate::send) fn ended(
            &self,
            attempts: u32,
            waited: Duration,
            result: &Result<(Box<Meta>, Body), Error>,
        ) {
            self.0.record("attempts", attempts).record("waited_ms", millis(waited));
            let (status, id) = match result {
                Ok((meta, _)) => (Some(meta.status), request_id(&meta.headers)),
                Err(error) => {
                    self.0.record("error", tracing::field::display(error));
                    (error.status(), error.request_id())
                }
            };
            if let Some(status) = status {
                self.0.record("status", status.as_u16());
            }
            if let Some(id) = id {
                self.0.record("request_id", id);
            }
        }
    }

    /// Work that goes on in a task of its own, in the span of whoever began it.
    #[cfg(not(target_arch = "wasm32"))]
    pub(in crate::send) fn in_current_span<F: Future>(work: F) -> Instrumented<F> {
        work.in_current_span()
    }

    /// A value that did not fit its declared type; the value itself is not told.
    pub(crate) fn mismatch(operation: &'static str, mismatch: &Mismatch) {
        tracing::warn!(operation, path = mismatch.path(), message = mismatch.message(), "value set aside");
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
    use crate::response::Meta;
    use crate::transport::Body;

    #[derive(Clone)]
    pub(in crate::send) struct CallSpan;

    impl CallSpan {
        pub(in crate::send) fn new(_call: &Call) -> Self {
            Self
        }

        pub(in crate::send) fn wrap<F: Future>(&self, work: F) -> F {
            work
        }

        pub(in crate::send) fn attempted(&self, _attempt: u32, _error: Option<&Error>, _wait: Option<Duration>) {}

        pub(in crate::send) fn ended(
            &self,
            _attempts: u32,
            _waited: Duration,
            _result: &Result<(Box<Meta>, Body), Error>,
        ) {
        }
    }

    #[cfg(not(target_arch = "wasm32"))]
    pub(in crate::send) fn in_current_span<F: Future>(work: F) -> F {
        work
    }

    pub(crate) fn mismatch(_operation: &'static str, _mismatch: &Mismatch) {}
}

#[cfg(not(feature = "tracing"))]
pub(crate) use off::*;
#[cfg(feature = "tracing")]
pub(crate) use on::*;
