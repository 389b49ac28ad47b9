//! The default transport: hyper, with TLS and proxies.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::header::PROXY_AUTHORIZATION;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::{Client, Error as SendError};
use hyper_util::client::proxy::matcher::Matcher;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use super::body_adapters::{Incoming, Outgoing};
use super::connect::{ConnectTimeout, Connector};
use super::tls::Tls;
use super::{Body, Transport, TransportError, TransportFuture};
use crate::error::Error;

/// The default transport: HTTP/1.1, and, with the features `http2` and `rustls`, HTTP/2 where TLS negotiates it.
///
/// Clones share one pool of connections. Give a clone to each client of a process, so that they share connections:
///
/// ```
/// use intercom_runtime::transport::HttpTransport;
/// use intercom_runtime::{Client, ClientBuilder, Error};
/// use std::time::Duration;
///
/// fn clients(tokens: &[String]) -> Result<Vec<Client>, Error> {
///     let transport = HttpTransport::builder().max_idle_per_host(20).tcp_keep_alive(Duration::from_secs(30)).build()?;
///     let client = |token: &String| {
///         ClientBuilder::for_version("2.15", "example/1.0").token(token).transport(transport.clone()).build()
///     };
///     tokens.iter().map(client).collect()
/// }
/// ```
#[derive(Clone)]
pub struct HttpTransport {
    client: Client<Connector, Outgoing>,
    connector: Connector,
}

/// Settings of an [`HttpTransport`].
#[must_use = "a builder does nothing until `build` is called"]
pub struct HttpTransportBuilder {
    connect_timeout: Option<Duration>,
    proxy: Proxy,
    roots: Vec<Vec<u8>>,
    max_idle: usize,
    idle_timeout: Option<Duration>,
    keep_alive: Option<Duration>,
}

enum Proxy {
    Environment,
    None,
    All(String),
}

impl HttpTransport {
    /// Makes a builder with the default settings.
    pub fn builder() -> HttpTransportBuilder {
        HttpTransportBuilder {
            connect_timeout: Some(Duration::from_secs(10)),
            proxy: Proxy::Environment,
            roots: Vec::new(),
            max_idle: usize::MAX,
            // Load balancers usually close idle connections after a minute. A request that is sent at that moment is lost, and may not be
            // safe to retry.
            idle_timeout: Some(Duration::from_secs(45)),
            keep_alive: None,
        }
    }
}

impl HttpTransportBuilder {
    /// Sets the timeout of connecting (name resolution, TCP and TLS together); 10 seconds by default.
    pub fn connect_timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.connect_timeout = limit.into();
        self
    }

    /// Sets an http or https proxy, which replaces the proxies of the environment (such as `HTTPS_PROXY`). Requests to a loopback address
    /// without TLS do not use it.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.proxy = Proxy::All(url.into());
        self
    }

    /// Disables proxies, including those of the environment.
    pub fn no_proxy(mut self) -> Self {
        self.proxy = Proxy::None;
        self
    }

    /// Adds root certificates in PEM format to those of the system. It is an error of
    /// [`build`](Self::build) if the text contains no certificate.
    pub fn root_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.roots.push(pem.into());
        self
    }

    /// Sets the maximum number of idle connections that are kept for each server; no limit by default.
    pub fn max_idle_per_host(mut self, connections: usize) -> Self {
        self.max_idle = connections;
        self
    }

    /// Sets how long an idle connection is kept; 45 seconds by default.
    pub fn idle_timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.idle_timeout = limit.into();
        self
    }

    /// Sets the idle time after which TCP keep-alive probes are sent; no probes by default.
    pub fn tcp_keep_alive(mut self, time: impl Into<Option<Duration>>) -> Self {
        self.keep_alive = time.into();
        self
    }

    /// Builds the transport. No connection is opened yet.
    ///
    /// # Errors
    /// [`Error::is_config`] if a certificate or the URL of the proxy is not valid, or the root certificates of the system cannot be read.
    pub fn build(self) -> Result<HttpTransport, Error> {
        let tls = Tls::new(&self.roots)
            .map_err(|error| Error::config("the TLS settings of the transport are not valid").with_source(error))?;
        let proxies = match self.proxy {
            Proxy::Environment => Some(Matcher::from_env()),
            Proxy::None => None,
            Proxy::All(url) => {
                let valid = url.parse::<http::Uri>().is_ok_and(|uri| uri.host().is_some());
                if !valid {
                    return Err(Error::config("the URL of the proxy is not valid; write http://host:port"));
                }
                Some(Matcher::builder().all(url).build())
            }
        };
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_keepalive(self.keep_alive);
        let connector = Connector { tcp, tls, proxies: proxies.map(Arc::new), timeout: self.connect_timeout };
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(self.idle_timeout)
            .pool_max_idle_per_host(self.max_idle)
            .build(connector.clone());
        Ok(HttpTransport { client, connector })
    }
}

impl Transport for HttpTransport {
    fn send(&self, request: http::Request<Body>) -> TransportFuture<'_> {
        let mut request = request.map(Outgoing);
        if request.uri().scheme_str() == Some("http")
            && let Some(proxy) = self.connector.proxy(request.uri())
            && let Some(credentials) = proxy.basic_auth()
        {
            request.headers_mut().insert(PROXY_AUTHORIZATION, credentials.clone());
        }
        let response = self.client.request(request);
        Box::pin(async move {
            let response = response.await.map_err(classify)?;
            Ok(response.map(Incoming::into_body))
        })
    }
}

fn classify(error: SendError) -> TransportError {
    let is_connect = error.is_connect();
    let mut source: Option<&(dyn StdError + 'static)> = Some(&error);
    while let Some(inner) = source {
        if inner.is::<ConnectTimeout>() {
            return TransportError::connect_timeout(error);
        }
        source = inner.source();
    }
    if is_connect { TransportError::connect(error) } else { TransportError::lost(error) }
}

impl fmt::Debug for HttpTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HttpTransport")
    }
}

/// The output does not contain the URL of the proxy, which may contain a password.
impl fmt::Debug for HttpTransportBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpTransportBuilder")
            .field("connect_timeout", &self.connect_timeout)
            .field("idle_timeout", &self.idle_timeout)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(feature = "rustls")]
    #[test]
    fn no_provider_is_installed_for_the_process() {
        HttpTransport::builder().build().unwrap();
        assert!(rustls::crypto::CryptoProvider::get_default().is_none());
    }

    #[test]
    fn invalid_settings_are_refused() {
        assert!(HttpTransport::builder().root_certificate("no certificate").build().unwrap_err().is_config());
        assert!(HttpTransport::builder().proxy("no address").build().unwrap_err().is_config());
    }
}
