//! The client that every generated crate wraps: shared settings and state of its calls.

mod address;
mod base_url;
mod builder;
mod scroll_lock;
mod under_way;

#[cfg(all(feature = "transport", not(target_arch = "wasm32")))]
pub(crate) use address::is_plain_loopback;
pub(crate) use address::{Address, resolve};
pub use builder::{ClientBuilder, Region};
pub(crate) use scroll_lock::ScrollLock;
pub(crate) use under_way::UnderWay;

use std::fmt;
use std::sync::{Arc, Mutex};

use http::HeaderMap;

use crate::clock::Clock;
use crate::data::Decoding;
use crate::metrics::Metrics;
use crate::options::Limits;
use crate::rate_limit::RateLimit;
use crate::retry::{Budget, RetryPolicy};
use crate::throttle::{Observation, Throttle};
use crate::token::Credentials;
use crate::transport::Transport;

/// A client without operations: generated crates wrap it and add them.
///
/// Clones are cheap and share everything: connections, rate limit, settings.
#[derive(Clone)]
pub struct Client(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) address: Address,
    pub(crate) credentials: Credentials,
    pub(crate) api_version: Option<String>,
    pub(crate) version: &'static str,
    /// Sent with every request: user agent and the caller's own.
    pub(crate) headers: HeaderMap,
    pub(crate) limits: Limits,
    pub(crate) decoding: Decoding,
    pub(crate) allow_http: bool,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) retry: RetryPolicy,
    /// Of `retry`, or the default: shared by all clones.
    pub(crate) budget: Arc<dyn Budget>,
    pub(crate) throttle: Option<Arc<dyn Throttle>>,
    pub(crate) under_way: UnderWay,
    pub(crate) metrics: Option<Arc<dyn Metrics>>,
    pub(crate) scroll: Arc<ScrollLock>,
    pub(crate) rate_limit: Mutex<Option<RateLimit>>,
}

impl Client {
    /// The rate limit as the latest response that spoke of it reported it; `None` before the first.
    pub fn rate_limit(&self) -> Option<RateLimit> {
        *self.0.rate_limit.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// The API version that calls ask for unless they say otherwise.
    pub fn api_version(&self) -> &str {
        self.0.api_version.as_deref().unwrap_or(self.0.version)
    }

    /// The address that paths are appended to.
    pub fn base_url(&self) -> &str {
        self.0.address.base()
    }

    /// Takes note of what an answer of the API said of the rate limit.
    pub(crate) fn observe(&self, seen: &Observation) {
        if seen.rate_limit.is_some() {
            *self.0.rate_limit.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = seen.rate_limit;
        }
        if let Some(throttle) = &self.0.throttle {
            throttle.observe(seen, &*self.0.clock);
        }
    }
}

impl AsRef<Client> for Client {
    fn as_ref(&self) -> &Client {
        self
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.base_url())
            .field("api_version", &self.api_version())
            .field("transport", &self.0.transport)
            .finish_non_exhaustive()
    }
}
