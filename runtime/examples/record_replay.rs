//! Two transports: one records the responses of another transport, one replays them.
//!
//! `cargo run --example record_replay` records `GET /me` with the token of `INTERCOM_ACCESS_TOKEN`, optionally from another server at
//! `INTERCOM_BASE_URL`, and replays it. Recordings can be fixtures of tests; they do not contain the token.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use intercom_runtime::transport::{Body, HttpTransport, Transport, TransportError, TransportFuture};
use intercom_runtime::{Call, Client, ClientBuilder, Endpoint, Error, Value};

/// A request, identified by its method and URI, and the response. The headers are needed to decompress the body.
#[derive(Clone, Debug)]
struct Exchange {
    request: String,
    status: http::StatusCode,
    headers: http::HeaderMap,
    body: Vec<u8>,
}

/// Forwards requests to the inner transport, and records the responses.
#[derive(Debug)]
struct Record<T> {
    inner: T,
    recording: Arc<Mutex<Vec<Exchange>>>,
}

impl<T: Transport> Transport for Record<T> {
    fn send(&self, request: http::Request<Body>) -> TransportFuture<'_> {
        let line = format!("{} {}", request.method(), request.uri());
        Box::pin(async move {
            let (head, mut body) = self.inner.send(request).await?.into_parts();
            let mut whole = Vec::new();
            while let Some(chunk) = body.next_chunk().await {
                whole.extend_from_slice(&chunk.map_err(TransportError::lost)?);
            }
            if let Ok(mut recording) = self.recording.lock() {
                let (status, headers) = (head.status, head.headers.clone());
                recording.push(Exchange { request: line, status, headers, body: whole.clone() });
            }
            Ok(http::Response::from_parts(head, Body::from(whole)))
        })
    }
}

/// Returns the recorded responses in order. Another request than the recorded one is an error.
#[derive(Debug)]
struct Replay(Mutex<VecDeque<Exchange>>);

impl Transport for Replay {
    fn send(&self, request: http::Request<Body>) -> TransportFuture<'_> {
        let line = format!("{} {}", request.method(), request.uri());
        Box::pin(async move {
            let next = self.0.lock().ok().and_then(|mut recording| recording.pop_front());
            match next {
                Some(exchange) if exchange.request == line => {
                    let mut response = http::Response::new(Body::from(exchange.body));
                    *response.status_mut() = exchange.status;
                    *response.headers_mut() = exchange.headers;
                    Ok(response)
                }
                other => {
                    let expected = other.map_or_else(|| "nothing".to_owned(), |exchange| exchange.request);
                    Err(TransportError::invalid(format!(
                        "the next recorded request is {expected}, but the request is {line}"
                    )))
                }
            }
        })
    }
}

static ME: Endpoint =
    Endpoint::new("admins.identify", http::Method::GET, "/me").operation_id("identifyAdmin").version("2.15");

async fn who(builder: ClientBuilder, transport: impl Transport) -> Result<String, Error> {
    let client: Client = builder.transport(transport).build()?;
    let me = Call::new(&client, &ME).send_json::<Value>().await?;
    Ok(me["email"].to_string())
}

fn builder() -> ClientBuilder {
    // A program that uses a generated crate writes `intercom_v2_15::Client::builder()` here.
    ClientBuilder::for_version("2.15", "example/1.0").from_env()
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let recording = Arc::new(Mutex::new(Vec::new()));
    let record = Record { inner: HttpTransport::builder().build()?, recording: recording.clone() };
    println!("recorded: {}", who(builder(), record).await?);
    let recording = recording.lock().map(|recording| recording.clone()).unwrap_or_default();
    println!("replayed: {}", who(builder(), Replay(Mutex::new(recording.into()))).await?);
    Ok(())
}
