//! The settings of a client: their defaults, their validation, and the construction of the client.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::header::{HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use secrecy::{ExposeSecret as _, SecretString};

use super::{BaseUrl, Client, InFlight, Inner, Region};
use crate::clock::Clock;
use crate::data::{DecodeOptions, Decoding};
use crate::error::Error;
use crate::metrics::Metrics;
use crate::options::Limits;
use crate::retry::{RetryPolicy, TokenBucket};
use crate::throttle::Throttle;
use crate::token::{Credentials, Token, TokenSource};
use crate::transport::Transport;

/// The settings that a [`ClientBuilder`](super::ClientBuilder) collects.
pub(super) struct Settings {
    pub(super) version: &'static str,
    pub(super) sdk: &'static str,
    pub(super) user_agent: Option<String>,
    pub(super) token: Option<SecretString>,
    pub(super) token_source: Option<Arc<dyn TokenSource>>,
    pub(super) base_url: Option<String>,
    pub(super) region: Region,
    pub(super) allow_http: bool,
    pub(super) api_version: Option<String>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) connect_timeout: Option<Duration>,
    pub(super) limits: Limits,
    pub(super) decoding: Decoding,
    pub(super) transport: Option<Arc<dyn Transport>>,
    pub(super) clock: Option<Arc<dyn Clock>>,
    pub(super) retry: RetryPolicy,
    pub(super) throttle: Option<Arc<dyn Throttle>>,
    pub(super) max_in_flight: Option<usize>,
    pub(super) metrics: Option<Arc<dyn Metrics>>,
    /// The error of an environment variable that is not valid.
    pub(super) env_error: Option<String>,
}

impl Settings {
    /// The default settings.
    pub(super) fn new(version: &'static str, sdk: &'static str) -> Self {
        Self {
            version,
            sdk,
            user_agent: None,
            token: None,
            token_source: None,
            base_url: None,
            region: Region::Us,
            allow_http: false,
            api_version: None,
            headers: Vec::new(),
            connect_timeout: Some(Duration::from_secs(10)),
            limits: Limits {
                timeout: Some(Duration::from_secs(180)),
                attempt_timeout: Some(Duration::from_secs(60)),
                max_body: 64 << 20,
                max_error_body: 64 << 10,
                max_mismatches: DecodeOptions::default().max_mismatches,
            },
            decoding: Decoding::default(),
            transport: None,
            clock: None,
            retry: RetryPolicy::new(),
            throttle: None,
            max_in_flight: Some(100),
            metrics: None,
            env_error: None,
        }
    }

    /// Reads environment variables with `variable`, which tests replace.
    pub(super) fn read_env(&mut self, variable: impl Fn(&str) -> Option<String>) {
        let get = |name: &str| variable(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
        if let Some(token) = get("INTERCOM_ACCESS_TOKEN") {
            self.token = Some(token.into());
        }
        if let Some(region) = get("INTERCOM_REGION") {
            match region.parse() {
                Ok(region) => self.region = region,
                Err(_) => self.env_error = Some(format!("INTERCOM_REGION is `{region}`; expected us, eu or au")),
            }
        }
        if let Some(url) = get("INTERCOM_BASE_URL") {
            self.base_url = Some(url);
        }
    }

    /// Checks the settings and makes the client.
    pub(super) fn build(self) -> Result<Client, Error> {
        if let Some(env_error) = self.env_error {
            return Err(Error::config(env_error));
        }
        let credentials = match (self.token_source, self.token) {
            (Some(source), _) => Credentials::Source(source),
            (None, Some(token)) if !token.expose_secret().is_empty() => {
                Credentials::Fixed(Token::new(token.expose_secret())?)
            }
            _ => {
                return Err(Error::config(
                    "there is no access token: call `token`, or set INTERCOM_ACCESS_TOKEN and call `from_env`",
                ));
            }
        };
        let text = self.base_url.as_deref().unwrap_or(self.region.base_url());
        let base_url = BaseUrl::parse(text, self.allow_http).map_err(Error::config)?;

        let mut headers = HeaderMap::new();
        let user_agent = match &self.user_agent {
            Some(name) => format!("{name} {} intercom-runtime/{}", self.sdk, env!("CARGO_PKG_VERSION")),
            None => format!("{} intercom-runtime/{}", self.sdk, env!("CARGO_PKG_VERSION")),
        };
        headers.insert(USER_AGENT, value("user-agent", &user_agent)?);
        for (name, text) in &self.headers {
            let key = HeaderName::try_from(name.as_str())
                .map_err(|_| Error::config(format!("`{}` is not a header name", name.escape_debug())))?;
            headers.insert(key, value(name, text)?);
        }
        // Each attempt sets the token, unless the call has its own `Authorization` header.
        headers.remove(http::header::AUTHORIZATION);

        let transport = match self.transport {
            Some(transport) => transport,
            None => default_transport(self.connect_timeout)?,
        };
        Ok(Client(Arc::new(Inner {
            base_url,
            credentials,
            api_version: self.api_version,
            version: self.version,
            headers,
            limits: self.limits,
            decoding: self.decoding,
            allow_http: self.allow_http,
            transport,
            clock: self.clock.unwrap_or_else(|| Arc::new(crate::clock::SystemClock)),
            budget: self.retry.own_budget().unwrap_or_else(|| Arc::new(TokenBucket::default())),
            retry: self.retry,
            throttle: self.throttle,
            in_flight: InFlight::new(self.max_in_flight),
            metrics: self.metrics,
            scroll: Arc::default(),
            rate_limit: Mutex::new(None),
        })))
    }
}

fn value(name: &str, text: &str) -> Result<HeaderValue, Error> {
    HeaderValue::from_str(text).map_err(|_| Error::config(format!("the value of header `{name}` is not valid")))
}

#[cfg(all(feature = "transport", not(target_arch = "wasm32")))]
fn default_transport(connect_timeout: Option<Duration>) -> Result<Arc<dyn Transport>, Error> {
    Ok(Arc::new(crate::transport::HttpTransport::builder().connect_timeout(connect_timeout).build()?))
}

#[cfg(all(feature = "transport", target_arch = "wasm32"))]
fn default_transport(_connect_timeout: Option<Duration>) -> Result<Arc<dyn Transport>, Error> {
    Ok(Arc::new(crate::transport::Fetch::default()))
}

#[cfg(not(feature = "transport"))]
fn default_transport(_connect_timeout: Option<Duration>) -> Result<Arc<dyn Transport>, Error> {
    Err(Error::config("there is no transport: call `transport`, or enable the feature `rustls` or `native-tls`"))
}
