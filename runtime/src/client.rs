//! The client that every generated crate wraps: its settings, and the state that is shared by its calls.

mod base_url_text;
mod builder;
mod in_flight;
mod origin;
mod region;
mod scroll_lock;
mod settings;

pub use builder::ClientBuilder;
pub(crate) use in_flight::InFlight;
#[cfg(all(feature = "transport", not(target_arch = "wasm32")))]
pub(crate) use origin::is_plain_loopback;
pub(crate) use origin::{BaseUrl, resolve};
pub use region::Region;
pub(crate) use scroll_lock::ScrollLock;

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

/// A client without methods for operations. Generated crates wrap it and add these.
///
/// Cloning is cheap, and clones share all state: connections, rate limit, settings.
#[derive(Clone)]
pub struct Client(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) base_url: BaseUrl,
    pub(crate) credentials: Credentials,
    /// The API version that the builder has set. It takes precedence over that of the operation and over `version`.
    pub(crate) api_version: Option<String>,
    /// The API version that the crate was generated for.
    pub(crate) version: &'static str,
    /// The default headers of requests: `User-Agent` and those of the builder.
    pub(crate) headers: HeaderMap,
    pub(crate) limits: Limits,
    pub(crate) decoding: Decoding,
    pub(crate) allow_http: bool,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) retry: RetryPolicy,
    /// The retry budget of `retry`, or the default one.
    pub(crate) budget: Arc<dyn Budget>,
    pub(crate) throttle: Option<Arc<dyn Throttle>>,
    pub(crate) in_flight: InFlight,
    pub(crate) metrics: Option<Arc<dyn Metrics>>,
    pub(crate) scroll: Arc<ScrollLock>,
    pub(crate) rate_limit: Mutex<Option<RateLimit>>,
}

impl Client {
    /// The last rate limit that a response reported; `None` before the first response that reports one.
    pub fn rate_limit(&self) -> Option<RateLimit> {
        *self.0.rate_limit.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// The API version that calls request by default.
    pub fn api_version(&self) -> &str {
        self.0.api_version.as_deref().unwrap_or(self.0.version)
    }

    /// The base URL, to which paths are appended.
    pub fn base_url(&self) -> &str {
        self.0.base_url.as_str()
    }

    /// Stores the rate limit that a response of the API reports, and passes it to the throttle.
    pub(crate) fn observe(&self, observation: &Observation) {
        if observation.rate_limit.is_some() {
            *self.0.rate_limit.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = observation.rate_limit;
        }
        if let Some(throttle) = &self.0.throttle {
            throttle.observe(observation, &*self.0.clock);
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
