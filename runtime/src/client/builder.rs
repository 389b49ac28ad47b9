//! The builder of a client: a method for each setting.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;

use super::base_url_text::Redacted;
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

/// The settings of a client. They are checked by [`build`](Self::build). Where a setting is an `Option`, `None` removes the timeout or
/// limit.
///
/// `C` is the type of the client: the `Client` of a generated crate, which wraps [`Client`].
#[must_use = "a builder does nothing until `build` is called"]
pub struct ClientBuilder<C = Client> {
    settings: Box<Settings>,
    client: PhantomData<fn() -> C>,
}

impl<C: From<Client>> ClientBuilder<C> {
    /// Makes a builder for a crate that was generated from `version` of the API. `sdk` is the name and version of the crate, for the
    /// header `User-Agent`.
    pub fn for_version(version: &'static str, sdk: &'static str) -> Self {
        Self { settings: Box::new(Settings::new(version, sdk)), client: PhantomData }
    }

    /// Reads environment variables: the token from `INTERCOM_ACCESS_TOKEN`, the region from `INTERCOM_REGION` (`us`, `eu`, `au`) and
    /// the base URL from `INTERCOM_BASE_URL`. Variables that are not set or empty change nothing. An unknown region is an error of
    /// [`build`](Self::build), unless [`region`](Self::region) is called afterwards.
    pub fn from_env(mut self) -> Self {
        self.settings.read_env(|name| std::env::var(name).ok());
        self
    }

    /// Sets the access token, without `Bearer`: the client sends `Authorization: Bearer …`. White space around the token is
    /// removed.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.settings.token = Some(SecretString::from(token.into().trim().to_owned()));
        self
    }

    /// Sets a source of access tokens, for tokens that are renewed or looked up. It takes precedence over [`token`](Self::token).
    pub fn token_source(mut self, source: impl TokenSource) -> Self {
        self.settings.token_source = Some(Arc::new(source));
        self
    }

    /// Sets the region in which the workspace is hosted; the United States by default.
    pub fn region(mut self, region: Region) -> Self {
        self.settings.region = region;
        // It replaces the region of the environment, so an INTERCOM_REGION that is not a region is no longer an error.
        self.settings.env_error = None;
        self
    }

    /// Sets the base URL, which replaces that of the region: for a proxy or a test server.
    ///
    /// The scheme must be https unless the host is a loopback address; see [`allow_http`](Self::allow_http).
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.settings.base_url = Some(url.into());
        self
    }

    /// Sets whether a base URL and redirects without TLS are allowed. Everybody on the network path can then read the token.
    pub fn allow_http(mut self, allow: bool) -> Self {
        self.settings.allow_http = allow;
        self
    }

    /// Requests another API version than the one that the crate was generated for. The types remain those of the crate's version.
    pub fn api_version(mut self, version: impl Into<String>) -> Self {
        self.settings.api_version = Some(version.into());
        self
    }

    /// Sets the name of your application, such as `my-app/1.2`. In `User-Agent` it precedes the name of the crate.
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.settings.user_agent = Some(name.into());
        self
    }

    /// Adds a header to the requests of the client. `Authorization`, `Accept` and `Intercom-Version` are set by the client and
    /// ignored here; see [`token`](Self::token), [`api_version`](Self::api_version) and
    /// [`RequestOptions::header`](crate::RequestOptions::header).
    pub fn default_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.settings.headers.push((name.into(), value.into()));
        self
    }

    /// Sets the timeout of connecting (name resolution, TCP and TLS); 10 seconds by default. It applies to the default transport only,
    /// and cannot be changed for a single call.
    pub fn connect_timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.settings.connect_timeout = limit.into();
        self
    }

    /// Sets the timeout of each attempt, from connecting to the last byte of the body; 60 seconds by default.
    ///
    /// For a download it limits the time until the head of the response has been received, and then the time between two chunks.
    pub fn attempt_timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.settings.limits.attempt_timeout = limit.into();
        self
    }

    /// Sets the timeout of the whole call, with all attempts and the delays between them; 3 minutes by default. For a
    /// download it applies until the head of the response has been received.
    pub fn timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.settings.limits.timeout = limit.into();
        self
    }

    /// Sets the maximum size of a response body in bytes; 64 MiB by default. A download is limited only if it is read into memory, with
    /// `bytes`.
    pub fn max_body(mut self, bytes: u64) -> Self {
        self.settings.limits.max_body = bytes;
        self
    }

    /// Sets how many bytes of the body of an error response are kept; 64 KiB by default.
    pub fn max_error_body(mut self, bytes: u64) -> Self {
        self.settings.limits.max_error_body = bytes;
        self
    }

    /// Sets how values that do not fit their declared type are handled. By default they are kept in `extra` and reported as
    /// mismatches.
    pub fn decoding(mut self, decoding: Decoding) -> Self {
        self.settings.decoding = decoding;
        self
    }

    /// Sets how many mismatches of a response are kept; 100 by default. Further ones are only counted, since a body in which no value
    /// fits would otherwise need many times its size in memory.
    pub fn max_mismatches(mut self, count: usize) -> Self {
        self.settings.limits.max_mismatches = count;
        self
    }

    /// Sets the retry policy: which failures are retried, after which delay, and how often. See [`retry`](crate::retry).
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

    /// Sets the maximum number of attempts in flight, over all clones of the client; 100 by default, and 0 means 1. Further attempts wait.
    /// This limits the number of connections that a burst of calls opens. A download counts until the head of its response has been
    /// received.
    pub fn max_in_flight(mut self, attempts: impl Into<Option<usize>>) -> Self {
        self.settings.max_in_flight = attempts.into();
        self
    }

    /// Reports attempts and calls to `metrics`.
    pub fn metrics(mut self, metrics: impl Metrics) -> Self {
        self.settings.metrics = Some(Arc::new(metrics));
        self
    }

    /// Sets the transport, which replaces the default one.
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.settings.transport = Some(Arc::new(transport));
        self
    }

    /// Sets the clock, which replaces the default one: for tests, or to use another timer than tokio's.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.settings.clock = Some(Arc::new(clock));
        self
    }

    /// Checks the settings and makes the client. No connection is opened yet.
    ///
    /// # Errors
    /// [`Error::is_config`] if there is no token or no transport, if a setting is not valid, or if the system's root certificates cannot be
    /// read.
    pub fn build(self) -> Result<C, Error> {
        self.settings.build().map(C::from)
    }

    /// Sets the access token, and removes a token source, which would take precedence.
    #[cfg(feature = "oauth")]
    pub(crate) fn only_token(mut self, token: &str) -> Self {
        self.settings.token_source = None;
        self.token(token)
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
    fn from_env_reads_the_variables_that_are_set() {
        let mut builder = builder();
        builder.settings.read_env(|name| match name {
            "INTERCOM_ACCESS_TOKEN" => Some(" secret\n".to_owned()),
            "INTERCOM_REGION" => Some("EU".to_owned()),
            _ => Some(String::new()),
        });
        let client: Client = builder.build().unwrap();
        assert_eq!(client.base_url(), "https://api.eu.intercom.io");
        assert!(matches!(&client.0.credentials, Credentials::Fixed(token) if *token == Token::new("secret").unwrap()));

        let on_mars = || {
            let mut builder = self::builder().token("t");
            builder.settings.read_env(|name| (name == "INTERCOM_REGION").then(|| "mars".to_owned()));
            builder
        };
        assert!(on_mars().build().unwrap_err().to_string().contains("mars"));
        let client: Client = on_mars().region(Region::Au).build().unwrap();
        assert_eq!(client.base_url(), "https://api.au.intercom.io");
    }

    #[test]
    fn build_refuses_invalid_settings() {
        assert!(builder().build().unwrap_err().is_config());
        assert!(builder().token("").build().unwrap_err().is_config());
        assert!(builder().token("a\nb").build().unwrap_err().is_config());
        assert!(builder().token("t").base_url("http://example.com").build().unwrap_err().is_config());
        assert!(builder().token("t").default_header("a b", "c").build().unwrap_err().is_config());
        assert!(builder().token("t").user_agent("a\nb").build().unwrap_err().is_config());
    }

    #[test]
    fn debug_does_not_contain_the_token() {
        let builder = builder().token("hunter2");
        assert!(!format!("{builder:?}").contains("hunter2"));
        assert!(!format!("{:?}", builder.build().unwrap()).contains("hunter2"));
    }
}
