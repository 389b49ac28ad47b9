//! Serves clients over standard input and output, or over HTTP.

use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full, combinators::BoxBody};
use hyper::body::{Bytes, Incoming};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use rmcp::ServiceExt as _;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use subtle::ConstantTimeEq as _;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::server::Server;

/// The path of the server.
const PATH: &str = "/mcp";
/// The number of connections at the same time; others wait.
const MAX_CONNECTIONS: usize = 64;

/// Why serving ended.
#[derive(Debug)]
pub struct ServeError(Box<dyn std::error::Error + Send + Sync>);

impl fmt::Display for ServeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for ServeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}

impl From<io::Error> for ServeError {
    fn from(error: io::Error) -> Self {
        Self(error.into())
    }
}

/// Serves one client over standard input and output, until it closes them. Nothing else may write to standard output.
///
/// # Errors
/// Where the client does not speak the protocol, or the server's task fails.
pub async fn serve_stdio(server: Server) -> Result<(), ServeError> {
    let running = match server.serve(rmcp::transport::stdio()).await {
        Ok(running) => running,
        // A client that closes at once is no error.
        Err(rmcp::service::ServerInitializeError::ConnectionClosed(_)) => return Ok(()),
        Err(error) => return Err(ServeError(Box::new(error))),
    };
    running.waiting().await.map_err(|error| ServeError(Box::new(error)))?;
    Ok(())
}

/// The settings of serving over HTTP.
#[derive(Clone, Default)]
pub struct HttpOptions {
    /// The token that clients must send as `Authorization: Bearer …`. It is required on addresses other than loopback.
    pub bearer: Option<String>,
    /// Values of `Host` that are accepted besides those of loopback.
    pub hosts: Vec<String>,
}

impl HttpOptions {
    /// Checks whether these options are allowed at an address; [`serve_http`] checks it, too.
    ///
    /// # Errors
    /// Where other machines can reach the address and there is no bearer token, or the token cannot be sent.
    pub fn check(&self, address: SocketAddr) -> Result<(), ServeError> {
        self.expected(address).map(drop)
    }

    /// The header that clients must send; `None` if they need none.
    fn expected(&self, address: SocketAddr) -> Result<Option<HeaderValue>, ServeError> {
        match self.bearer.as_deref() {
            None if !address.ip().is_loopback() => Err(ServeError(
                format!("{address} can be reached from other machines, and whoever reaches it can use your workspace; serve on 127.0.0.1, or set a bearer token for clients").into(),
            )),
            None => Ok(None),
            Some("") => Err(ServeError("the bearer token for clients is empty".into())),
            Some(bearer) => {
                let mut value = HeaderValue::from_str(&format!("Bearer {bearer}")).map_err(|_| {
                    ServeError("the bearer token for clients contains characters that are not allowed in a header".into())
                })?;
                value.set_sensitive(true);
                Ok(Some(value))
            }
        }
    }
}

impl fmt::Debug for HttpOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bearer = self.bearer.as_ref().map(|_| "…");
        f.debug_struct("HttpOptions").field("bearer", &bearer).field("hosts", &self.hosts).finish()
    }
}

/// Serves clients over streamable HTTP at `/mcp` of a listener, until `shutdown` is ready.
///
/// Web pages of other hosts cannot call it from a browser: a request is refused if its `Host` is neither loopback nor one of
/// [`HttpOptions::hosts`], or if its `Origin` is not loopback. This also prevents DNS rebinding.
///
/// # Errors
/// As for [`HttpOptions::check`], or where the listener's address cannot be read. A connection that cannot be accepted is no error.
pub async fn serve_http(
    server: Server,
    listener: TcpListener,
    options: HttpOptions,
    shutdown: impl Future<Output = ()>,
) -> Result<(), ServeError> {
    let address = listener.local_addr()?;
    let bearer = options.expected(address)?;
    let mut hosts = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
    hosts.extend(options.hosts);
    let config = StreamableHttpServerConfig::default()
        // The server keeps no state between requests, so it needs no sessions.
        .with_legacy_session_mode(false)
        .with_json_response(true)
        .with_allowed_hosts(hosts)
        .with_allowed_origins(["http://localhost:*", "http://127.0.0.1:*", "http://[::1]:*"])
        .enforce_origin_validation();
    let service = StreamableHttpService::new(move || Ok(server.clone()), Arc::<LocalSessionManager>::default(), config);
    let permits = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    tokio::pin!(shutdown);
    loop {
        // All connections may be in use for long, and the server has to end all the same.
        let permit = tokio::select! {
            () = &mut shutdown => return Ok(()),
            permit = Arc::clone(&permits).acquire_owned() => permit,
        };
        let Ok(permit) = permit else { return Ok(()) };
        let stream = tokio::select! {
            () = &mut shutdown => return Ok(()),
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                // The client gave up, or too many files are open; the next connection may succeed.
                Err(_) => {
                    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                    continue;
                }
            },
        };
        let (service, bearer) = (service.clone(), bearer.clone());
        tokio::spawn(async move {
            let answer = hyper::service::service_fn(move |request: Request<Incoming>| {
                let refusal = refusal(&request, bearer.as_ref());
                let service = TowerToHyperService::new(service.clone());
                async move {
                    match refusal {
                        Some(refusal) => Ok::<_, Infallible>(refusal),
                        None => hyper::service::Service::call(&service, request).await,
                    }
                }
            });
            let connection = hyper::server::conn::http1::Builder::new()
                .timer(TokioTimer::new())
                .serve_connection(TokioIo::new(stream), answer);
            // A client that closes its connection is no error of the server.
            let _ = connection.await;
            drop(permit);
        });
    }
}

/// The response to a request without the token or with another path; `None` for other requests.
fn refusal(request: &Request<Incoming>, bearer: Option<&HeaderValue>) -> Option<Response<BoxBody<Bytes, Infallible>>> {
    if let Some(expected) = bearer {
        let given = request.headers().get(AUTHORIZATION).map(HeaderValue::as_bytes).unwrap_or_default();
        if !bool::from(given.ct_eq(expected.as_bytes())) {
            let mut response =
                plain(StatusCode::UNAUTHORIZED, "send the server's bearer token as `Authorization: Bearer …`");
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            return Some(response);
        }
    }
    (request.uri().path() != PATH).then(|| plain(StatusCode::NOT_FOUND, "the server answers at /mcp"))
}

fn plain(status: StatusCode, text: &'static str) -> Response<BoxBody<Bytes, Infallible>> {
    let mut response = Response::new(Full::new(Bytes::from_static(text.as_bytes())).boxed());
    *response.status_mut() = status;
    response
}
