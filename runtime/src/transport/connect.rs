//! Opens the connections of the default transport, directly or through a proxy, with a timeout.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use tower_service::Service;

use super::tls::Tls;
use super::{BoxError, BoxFuture};
use crate::client::is_plain_loopback;

/// Opens connections. Clones share the same settings.
#[derive(Clone)]
pub(super) struct Connector {
    pub(super) tcp: HttpConnector,
    pub(super) tls: Tls,
    pub(super) proxies: Option<Arc<Matcher>>,
    pub(super) timeout: Option<Duration>,
}

/// The error of a connection that was not opened within the timeout.
#[derive(Debug)]
pub(super) struct ConnectTimeout;

impl fmt::Display for ConnectTimeout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("connecting timed out")
    }
}

impl std::error::Error for ConnectTimeout {}

impl Connector {
    /// The proxy for a URL. Requests to a loopback address without TLS do not use a proxy, since it could read the token.
    pub(super) fn proxy(&self, uri: &Uri) -> Option<Intercept> {
        let proxies = self.proxies.as_ref().filter(|_| !is_plain_loopback(uri))?;
        proxies.intercept(uri)
    }

    async fn connect(self, uri: Uri) -> Result<Conn, BoxError> {
        let is_https = uri.scheme_str() == Some("https");
        if is_https && !cfg!(any(feature = "rustls", feature = "native-tls")) {
            return Err("TLS is not available: enable the feature `rustls` or `native-tls`".into());
        }
        let Some(proxy) = self.proxy(&uri) else {
            return open(self.tls.to_server(self.tcp), uri).await;
        };
        if !matches!(proxy.uri().scheme_str(), Some("http" | "https")) {
            return Err("the proxy is not an http or https proxy".into());
        }
        let to_proxy = self.tls.to_proxy(self.tcp);
        if is_https {
            let mut tunnel = Tunnel::new(proxy.uri().clone(), to_proxy);
            if let Some(credentials) = proxy.basic_auth() {
                tunnel = tunnel.with_auth(credentials.clone());
            }
            return open(self.tls.to_server(tunnel), uri).await;
        }
        let mut conn = open(to_proxy, proxy.uri().clone()).await?;
        conn.is_to_proxy = true;
        Ok(conn)
    }
}

async fn open<S>(mut connector: S, uri: Uri) -> Result<Conn, BoxError>
where
    S: Service<Uri, Response: Io + 'static, Error: Into<BoxError>>,
{
    std::future::poll_fn(|cx| connector.poll_ready(cx)).await.map_err(Into::into)?;
    let io = connector.call(uri).await.map_err(Into::into)?;
    Ok(Conn { io: Box::new(io), is_to_proxy: false })
}

impl Service<Uri> for Connector {
    type Response = Conn;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Conn, BoxError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let connector = self.clone();
        Box::pin(async move {
            match connector.timeout {
                None => connector.connect(uri).await,
                Some(limit) => match tokio::time::timeout(limit, connector.connect(uri)).await {
                    Ok(result) => result,
                    Err(_) => Err(ConnectTimeout.into()),
                },
            }
        })
    }
}

/// The traits of all connections: with or without TLS, a tunnel or a proxy.
pub(super) trait Io: Read + Write + Connection + Send + Unpin {}

impl<T: Read + Write + Connection + Send + Unpin> Io for T {}

/// An open connection.
pub(super) struct Conn {
    io: Box<dyn Io>,
    /// Whether requests are sent to a proxy itself, with absolute URLs. False without a proxy, and for a tunnel through it, whose other end
    /// is the server.
    is_to_proxy: bool,
}

impl Connection for Conn {
    fn connected(&self) -> Connected {
        self.io.connected().proxy(self.is_to_proxy)
    }
}

impl Read for Conn {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut *self.io).poll_read(cx, buffer)
    }
}

impl Write for Conn {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut *self.io).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut *self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut *self.io).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[std::io::IoSlice<'_>],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut *self.io).poll_write_vectored(cx, slices)
    }
}
