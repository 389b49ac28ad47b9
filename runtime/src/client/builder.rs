//! Settings of a client, checked when it is built.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::header::{HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use secrecy::{ExposeSecret as _, SecretString};

use super::base_url::{self, Redacted};
use super::{Address, Client, Inner, UnderWay};
use crate::clock::Clock;
use crate::data::{DecodeOptions, Decoding};
use crate::error::Error;
use crate::metrics::Metrics;
use crate::options::Limits;
use crate::retry::{RetryPolicy, TokenBucket};
use crate::throttle::Throttle;
use crate::token::{Credentials, Token, TokenSource};
use crate::transport::Transport;

/// Where a workspace's data is hosted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Region {
    /// The United States, `api.intercom.io`.
    #[default]
    Us,
    /// The European Union, `api.eu.intercom.io`.
    Eu,
    /// Australia, `api.au.intercom.io`.
    Au,
}

impl Region {
    /// The address of the region's API.
    pub fn base_url(self) -> &'static str {
        match self {
            Self::Us => "https://api.intercom.io",
            Self::Eu => "https://api.eu.intercom.io",
            Self::Au => "https://api.au.intercom.io",
        }
    }
}

/// `us`, `eu` or `au`, in either case.
impl FromStr for Region {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match text.trim().to_ascii_lowercase().as_str() {
            "us" => Ok(Self::Us),
            "eu" => Ok(Self::Eu),
            "au" => Ok(Self::Au),
            _ => Err(Error::config(format!("`{}` is no region; it can be us, eu or au", text.escape_debug()))),
        }
    }
}

/// Collects the settings of a client; nothing is checked or connected before [`build`](Self::build).
///
/// `C` is the client that comes out: the one of the generated crate that made the builder.
#[must_use = "a builder does nothing until `build` is called"]
pub struct ClientBuilder<C = Client> {
    settings: Box<Settings>,
    client: PhantomData<fn() -> C>,
}

struct Settings {
    version: &'static str,
    sdk: &'static str,
    user_agent: Option<String>,
    token: Option<SecretString>,
    token_source: Option<Arc<dyn TokenSource>>,
    base_url: Option<String>,
    region: Region,
    allow_http: bool,
    api_version: Option<String>,
    headers: Vec<(String, String)>,
    connect_timeout: Option<Duration>,
    limits: Limits,
    decoding: Decoding,
    transport: Option<Arc<dyn Transport>>,
    clock: Option<Arc<dyn Clock>>,
    retry: RetryPolicy,
    throttle: Option<Arc<dyn Throttle>>,
    max_under_way: Option<usize>,
    metrics: Option<Arc<dyn Metrics>>,
    mistake: Option<String>,
}

impl<C: From<Client>> ClientBuilder<C> {
    /// A builder for a crate made from `version` of the API; `sdk` is its name and version for the user agent.
    pub fn for_version(version: &'static str, sdk: &'static str) -> Self {
        let settings = Settings {
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
            max_under_way: Some(100),
            metrics: None,
            mistake: None,
        };
        Self { settings: Box::new(settings), client: PhantomData }
    }

    /// Takes the token from `INTERCOM_ACCESS_TOKEN`, the region from `INTERCOM_REGION` (`us`, `eu`, `au`) and the
    /// address from `INTERCOM_BASE_URL`, each where it is set and not empty.
    pub fn from_env(mut self) -> Self {
        self.settings.read(|name| std::env::var(name).ok());
        self
    }

    /// The access token alone: the client adds `Authorization: Bearer`. White space around it is dropped.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.settings.token = Some(SecretString::from(token.into().trim().to_owned()));
        self
    }

    /// Takes the token from `source`, in place of a fixed one: for tokens that are renewed, or looked up.
    pub fn token_source(mut self, source: impl TokenSource) -> Self {
        self.settings.token_source = Some(Arc::new(source));
        self
    }

    /// Where the workspace is hosted; the United States by default.
    pub fn region(mut self, region: Region) -> Self {
        self.settings.region = region;
        self
    }

    /// Another address in place of the region's: a proxy, or a server for tests.
    ///
    /// It must be https unless the host is this machine; see [`allow_http`](Self::allow_http).
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.settings.base_url = Some(url.into());
        self
    }

    /// Allows a base URL, and redirects, without TLS. Whoever is on the way can then read the token.
    pub fn allow_http(mut self, allow: bool) -> Self {
        self.settings.allow_http = allow;
        self
    }

    /// Asks for another API version than the crate was made for. Types keep the shape of the crate's version.
    pub fn api_version(mut self, version: impl Into<String>) -> Self {
        self.settings.api_version = Some(version.into());
        self
    }

    /// Names your application in `User-Agent`, before the SDK's own name: `my-app/1.2`.
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.settings.user_agent = Some(name.into());
        self
    }

    /// Sends a header with every request.
    pub fn default_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.settings.headers.push((name.into(), value.into()));
        self
    }

    /// Bounds connecting: name resolution, TCP and TLS. 10 seconds by default. It is a setting of the default transport,
    /// the same for all calls; a transport of your own has its own.
    pub fn connect_timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.settings.connect_timeout = limit.into();
        self
    }

    /// Bounds each attempt, from connecting to the last byte of the body. 60 seconds by default.
    ///
    /// A download is bounded up to its first byte, and then between one chunk and the next.
    pub fn attempt_timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.settings.limits.attempt_timeout = limit.into();
        self
    }

    /// Bounds the whole call: all attempts and the waits between them. 3 minutes by default.
    pub fn timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.settings.limits.timeout = limit.into();
        self
    }

    /// The largest response body, in bytes, that is read into memory; 64 MiB by default. Downloads are not bounded.
    pub fn max_body(mut self, bytes: u64) -> Self {
        self.settings.limits.max_body = bytes;
        self
    }

    /// How much of an error's body is kept, in bytes; 64 KiB by default.
    pub fn max_error_body(mut self, bytes: u64) -> Self {
        self.settings.limits.max_error_body = bytes;
        self
    }

    /// What happens to values that do not fit their declared type: set aside by default.
    pub fn decoding(mut self, decoding: Decoding) -> Self {
        self.settings.decoding = decoding;
        self
    }

    /// How many mismatches a response keeps, 100 by default. Further ones are counted only, so that a body in which nothing
    /// fits does not take many times its memory.
    pub fn max_mismatches(mut self, count: usize) -> Self {
        self.settings.limits.max_mismatches = count;
        self
    }

    /// What is retried, after how long and how often: see [`retry`](crate::retry).
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.settings.retry = policy;
        self
    }

    /// Waits for the rate limit instead of running into it; off by default. See [`throttle`](crate::throttle).
    pub fn throttle(mut self, throttle: impl Throttle) -> Self {
        self.settings.throttle = Some(Arc::new(throttle));
        self
    }

    /// The most attempts that the clones of this client have under way at a time, 100 by default; further ones wait for
    /// their turn. It bounds the connections that a burst of calls opens. A download counts until its first byte.
    pub fn max_under_way(mut self, calls: impl Into<Option<usize>>) -> Self {
        self.settings.max_under_way = calls.into();
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

    /// Takes the time from `clock` instead of the machine and tokio.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.settings.clock = Some(Arc::new(clock));
        self
    }

    /// Checks the settings and makes the client. No connection is opened yet.
    ///
    /// # Errors
    /// [`Error::is_config`] when there is no token, when a setting is not valid, or when the machine's certificates
    /// cannot be read.
    pub fn build(self) -> Result<C, Error> {
        self.settings.build().map(C::from)
    }

    /// What the client that comes out is made of.
    #[cfg(feature = "oauth")]
    pub(crate) fn build_core(self) -> Result<Client, Error> {
        self.settings.build()
    }
}

impl Settings {
    fn read(&mut self, variable: impl Fn(&str) -> Option<String>) {
        let get = |name: &str| variable(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
        if let Some(token) = get("INTERCOM_ACCESS_TOKEN") {
            self.token = Some(token.into());
        }
        if let Some(region) = get("INTERCOM_REGION") {
            match region.parse() {
                Ok(region) => self.region = region,
                Err(_) => self.mistake = Some(format!("INTERCOM_REGION is `{region}`; it can be us, eu or au")),
            }
        }
        if let Some(url) = get("INTERCOM_BASE_URL") {
            self.base_url = Some(url);
        }
    }

    fn build(self) -> Result<Client, Error> {
        if let Some(mistake) = self.mistake {
            return Err(Error::config(mistake));
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
        let base_url = self.base_url.as_deref().unwrap_or(self.region.base_url());
        let base_url = base_url::checked(base_url).map_err(Error::config)?;
        let address = Address::parse(base_url, self.allow_http).map_err(|why| {
            let secure = base_url.split_once("://").map_or(base_url, |(_, rest)| rest);
            Error::config(format!("{why}; write https://{secure}, or call `allow_http`"))
        })?;

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
        // The token is set for each attempt; a header of a single call may stand in its place.
        headers.remove(http::header::AUTHORIZATION);

        let transport = match self.transport {
            Some(transport) => transport,
            None => default_transport(self.connect_timeout)?,
        };
        Ok(Client(Arc::new(Inner {
            address,
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
            under_way: UnderWay::new(self.max_under_way),
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
    Err(Error::config("there is no transport: call `transport`, or turn on the feature `rustls` or `native-tls`"))
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
