//! The builder of a client: a method for each setting.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;

use super::base_url::Redacted;
use super::settings::Settings;
use super::{Client, Region};
use crate::clock::Clock;
use crate::data::Decoding;
use crate::error::Error;
use crate::metrics::Metrics;
use crate::retry::RetryPolicy;
use crate::throttle::Throttle;
use crate::token::TokenSource;
use crate::transport::Transport;

/// Collects the settings of a client. Nothing is checked before [`build`](Self::build).
///
/// `C` is the type of the client: that of the generated crate that made the builder.
#[must_use = "a builder does nothing until `build` is called"]
pub struct ClientBuilder<C = Client> {
    settings: Box<Settings>,
    client: PhantomData<fn() -> C>,
}

impl<C: From<Client>> ClientBuilder<C> {
    /// A builder for a crate that was generated from `version` of the API. `sdk` is the name and version of the crate, for the
    /// header `User-Agent`.
    pub fn for_version(version: &'static str, sdk: &'static str) -> Self {
        Self { settings: Box::new(Settings::new(version, sdk)), client: PhantomData }
    }

    /// Reads the environment: the token from `INTERCOM_ACCESS_TOKEN`, the region from `INTERCOM_REGION` (`us`, `eu`, `au`) and
    /// the base URL from `INTERCOM_BASE_URL`. Variables that are not set or empty change nothing.
    pub fn from_env(mut self) -> Self {
        self.settings.read(|name| std::env::var(name).ok());
        self
    }

    /// Sets the access token, without `Bearer`: the client sends `Authorization: Bearer …`. White space around the token is
    /// removed.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.settings.token = Some(SecretString::from(token.into().trim().to_owned()));
        self
    }

    /// Asks `source` for the token of each attempt: for tokens that are renewed or looked up. It takes precedence over
    /// [`token`](Self::token).
    pub fn token_source(mut self, source: impl TokenSource) -> Self {
        self.settings.token_source = Some(Arc::new(source));
        self
    }

    /// Sets the region in which the workspace is hosted; the United States by default.
    pub fn region(mut self, region: Region) -> Self {
        self.settings.region = region;
        self
    }

    /// Sets the base URL, in place of the region's: for a proxy or a test server.
    ///
    /// The scheme must be https unless the host is a loopback address; see [`allow_http`](Self::allow_http).
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.settings.base_url = Some(url.into());
        self
    }

    /// Allows a base URL and redirects without TLS. Everybody on the network path can then read the token.
    pub fn allow_http(mut self, allow: bool) -> Self {
        self.settings.allow_http = allow;
        self
    }

    /// Requests another API version than the one that the crate was generated for. The types remain those of the crate's version.
    pub fn api_version(mut self, version: impl Into<String>) -> Self {
        self.settings.api_version = Some(version.into());
        self
    }

    /// Sets the name of your application, such as `my-app/1.2`, which `User-Agent` has before the name of the crate.
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.settings.user_agent = Some(name.into());
        self
    }

    /// Sends a header with every request. `Authorization`, `Accept` and `Intercom-Version` are set by the client and
    /// ignored here; see [`token`](Self::token), [`api_version`](Self::api_version) and
    /// [`RequestOptions::header`](crate::RequestOptions::header).
    pub fn default_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.settings.headers.push((name.into(), value.into()));
        self
    }

    /// Limits the time of connecting (name resolution, TCP and TLS); 10 seconds by default. It applies to the default transport
    /// and cannot be changed for a single call. A transport of your own has its own settings.
    pub fn connect_timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.settings.connect_timeout = limit.into();
        self
    }

    /// Limits the time of each attempt, from connecting to the last byte of the body; 60 seconds by default.
    ///
    /// For a download it limits the time to the first byte, and then the time between two chunks.
    pub fn attempt_timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.settings.limits.attempt_timeout = limit.into();
        self
    }

    /// Limits the time of the whole call, with all attempts and the waits between them; 3 minutes by default. For a
    /// download it ends with the head of the response.
    pub fn timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.settings.limits.timeout = limit.into();
        self
    }

    /// Limits the size of response bodies, in bytes; 64 MiB by default. Downloads are not limited.
    pub fn max_body(mut self, bytes: u64) -> Self {
        self.settings.limits.max_body = bytes;
        self
    }

    /// Limits how much of the body of an error response is kept, in bytes; 64 KiB by default.
    pub fn max_error_body(mut self, bytes: u64) -> Self {
        self.settings.limits.max_error_body = bytes;
        self
    }

    /// Sets what happens to values that do not fit their declared type. By default they are kept in `extra` and reported as
    /// mismatches.
    pub fn decoding(mut self, decoding: Decoding) -> Self {
        self.settings.decoding = decoding;
        self
    }

    /// Limits how many mismatches of a response are kept; 100 by default. Further ones are only counted, so that a body in which
    /// nothing fits does not need many times its size in memory.
    pub fn max_mismatches(mut self, count: usize) -> Self {
        self.settings.limits.max_mismatches = count;
        self
    }

    /// Sets the retry policy: what is retried, after which delay and how often. See [`retry`](crate::retry).
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.settings.retry = policy;
        self
    }

    /// Sets a throttle, which delays calls so that they stay below the rate limit; there is none by default. See
    /// [`throttle`](crate::throttle).
    pub fn throttle(mut self, throttle: impl Throttle) -> Self {
        self.settings.throttle = Some(Arc::new(throttle));
        self
    }

    /// Limits how many attempts are in flight at a time, over all clones of the client; 100 by default. Further ones wait. This
    /// limits the connections that a burst of calls opens. A download counts until its first byte.
    pub fn max_in_flight(mut self, calls: impl Into<Option<usize>>) -> Self {
        self.settings.max_in_flight = calls.into();
        self
    }

    /// Reports every attempt and every call to `metrics`.
    pub fn metrics(mut self, metrics: impl Metrics) -> Self {
        self.settings.metrics = Some(Arc::new(metrics));
        self
    }

    /// Sends requests through `transport` instead of the default one.
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.settings.transport = Some(Arc::new(transport));
        self
    }

    /// Takes the time from `clock` instead of the system clock and tokio's timer: for tests.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.settings.clock = Some(Arc::new(clock));
        self
    }

    /// Checks the settings and makes the client. No connection is opened yet.
    ///
    /// # Errors
    /// [`Error::is_config`] where there is no token, a setting is not valid, or the system's root certificates cannot be read.
    pub fn build(self) -> Result<C, Error> {
        self.settings.build().map(C::from)
    }

    /// As [`build`](Self::build), without the wrapper of a generated crate.
    #[cfg(feature = "oauth")]
    pub(crate) fn build_core(self) -> Result<Client, Error> {
        self.settings.build()
    }
}

impl<C> fmt::Debug for ClientBuilder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("version", &self.settings.version)
            .field("region", &self.settings.region)
            .field("base_url", &self.settings.base_url.as_deref().map(|url| Redacted(url.trim()).to_string()))
            .finish_non_exhaustive()
    }
}

#[cfg(all(test, feature = "transport"))]
mod tests {
    use super::*;
    use crate::token::{Credentials, Token};

    fn builder() -> ClientBuilder {
        ClientBuilder::for_version("2.15", "intercom-v2-15/0.1.0")
    }

    #[test]
    fn the_environment_is_read_where_it_is_set() {
        let mut builder = builder();
        builder.settings.read(|name| match name {
            "INTERCOM_ACCESS_TOKEN" => Some(" secret\n".to_owned()),
            "INTERCOM_REGION" => Some("EU".to_owned()),
            _ => Some(String::new()),
        });
        let client: Client = builder.build().unwrap();
        assert_eq!(client.base_url(), "https://api.eu.intercom.io");
        assert!(matches!(&client.0.credentials, Credentials::Fixed(token) if *token == Token::new("secret").unwrap()));

        let mut builder = self::builder();
        builder.settings.read(|name| (name == "INTERCOM_REGION").then(|| "mars".to_owned()));
        assert!(builder.token("t").build().unwrap_err().to_string().contains("mars"));
    }

    #[test]
    fn mistakes_are_found_when_building() {
        assert!(builder().build().unwrap_err().is_config());
        assert!(builder().token("").build().unwrap_err().is_config());
        assert!(builder().token("a\nb").build().unwrap_err().is_config());
        assert!(builder().token("t").base_url("http://example.com").build().unwrap_err().is_config());
        assert!(builder().token("t").default_header("a b", "c").build().unwrap_err().is_config());
        assert!(builder().token("t").user_agent("a\nb").build().unwrap_err().is_config());
    }

    #[test]
    fn no_secret_shows_in_debug() {
        let builder = builder().token("hunter2");
        assert!(!format!("{builder:?}").contains("hunter2"));
        assert!(!format!("{:?}", builder.build().unwrap()).contains("hunter2"));
    }
}
