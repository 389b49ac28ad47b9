//! `intercom listen`: a server that verifies and prints webhooks.

use std::convert::Infallible;
use std::net::SocketAddr;

use clap::{Arg, ArgAction, ArgMatches, Command};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use intercom_platform::signature::{Scheme, Secrets};
use intercom_runtime::http::{HeaderMap, Method, Request, Response, StatusCode};
use serde_json::Value;
use tokio::net::TcpListener;

use super::secret;
use crate::arguments::{is_set, matches_one};
use crate::failure::{Failure, Result};
use crate::interrupt::ctrl_c;
use crate::session::Session;

/// The largest body, in bytes; notifications are far smaller.
const MOST: usize = 5 << 20;
/// How many notifications may wait to be printed.
const WAITING: usize = 64;

pub fn command() -> Command {
    Command::new("listen")
        .about("Receive webhooks, verify their signatures and print them")
        .long_about(
            "Receive webhooks, verify their signatures and print them: one line of JSON each, or as -o says.\n\n\
             The client secret of the app comes from INTERCOM_CLIENT_SECRET. Intercom can call public addresses only, so you \
             need a tunnel to the port. A notification with a wrong signature gets the status 401 and is not printed.",
        )
        .after_long_help("Example:\n  intercom listen --port 8080 --fields topic,data.item.id")
        .arg(Arg::new("port").long("port").value_name("PORT").value_parser(clap::value_parser!(u16)).default_value("8080").help("The port to listen on; 0 chooses a free one"))
        .arg(Arg::new("address").long("address").value_name("IP").default_value("127.0.0.1").help("The address to listen on; `0.0.0.0` means all addresses of the machine"))
        .arg(Arg::new("count").long("count").value_name("COUNT").value_parser(clap::value_parser!(u64).range(1..)).help("Stop after this many notifications"))
        .arg(Arg::new("no-verify").long("no-verify").action(ArgAction::SetTrue).help("Also accept notifications without a valid signature"))
}

/// Runs the command.
///
/// # Errors
/// Where there is no secret, the port is taken, or the output cannot be written.
pub async fn run(session: &Session, matches: &ArgMatches) -> Result {
    let secrets = if is_set(matches, "no-verify") {
        None
    } else {
        Some(Secrets::new(secret::read("INTERCOM_CLIENT_SECRET", "client secret")?))
    };
    let address = matches_one(matches, "address").unwrap_or_default();
    let port = matches.get_one::<u16>("port").copied().unwrap_or_default();
    let ip = address.parse().map_err(|_| Failure::usage(format!("--address: `{address}` is not an IP address")))?;
    let address = SocketAddr::new(ip, port);
    let failed = |error: std::io::Error| Failure::io(format!("cannot listen on {address}"), &error);
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    session.note(&format!("listening on http://{}; Ctrl-C stops", listener.local_addr().map_err(failed)?));

    let secrets = secrets.map(std::sync::Arc::new);
    let (sender, mut receiver) = tokio::sync::mpsc::channel::<Value>(WAITING);
    let mut left = matches.get_one::<u64>("count").copied();
    let mut list = session.output.list(&[]);
    let mut interrupt = ctrl_c();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                // The client gave up, or too many files are open; the next connection may succeed.
                let Ok((stream, _)) = accepted else {
                    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                    continue;
                };
                let (secrets, sender) = (secrets.clone(), sender.clone());
                tokio::spawn(async move {
                    let service = service_fn(move |request| answer(request, secrets.clone(), sender.clone()));
                    let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
                });
            }
            Some(notification) = receiver.recv() => {
                list.items(&[notification])?;
                left = left.map(|left| left - 1);
                if left == Some(0) {
                    return list.finish();
                }
            }
            () = &mut interrupt => return list.finish(),
        }
    }
}

async fn answer(
    request: Request<Incoming>,
    secrets: Option<std::sync::Arc<Secrets>>,
    sender: tokio::sync::mpsc::Sender<Value>,
) -> std::result::Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let status = match Limited::new(body, MOST).collect().await {
        Ok(body) => match accept(&head.method, &head.headers, &body.to_bytes(), secrets.as_deref()) {
            Ok(Some(notification)) => {
                let _ = sender.send(notification).await;
                StatusCode::OK
            }
            Ok(None) => StatusCode::OK,
            Err((status, why)) => {
                eprintln!("refused: {why}");
                status
            }
        },
        Err(_) => StatusCode::PAYLOAD_TOO_LARGE,
    };
    let mut response = Response::new(Full::default());
    *response.status_mut() = status;
    Ok(response)
}

/// The notification of a request; `None` for the HEAD request with which Intercom tests an address.
fn accept(
    method: &Method,
    headers: &HeaderMap,
    body: &[u8],
    secrets: Option<&Secrets>,
) -> std::result::Result<Option<Value>, (StatusCode, String)> {
    if method == Method::HEAD {
        return Ok(None);
    }
    if method != Method::POST {
        return Err((StatusCode::METHOD_NOT_ALLOWED, format!("{method} is not POST")));
    }
    if let Some(secrets) = secrets {
        Scheme::Hub.verify(secrets, headers, body).map_err(|error| (StatusCode::UNAUTHORIZED, error.to_string()))?;
    }
    let notification = serde_json::from_slice(body);
    notification.map(Some).map_err(|error| (StatusCode::BAD_REQUEST, format!("the body is not JSON: {error}")))
}
