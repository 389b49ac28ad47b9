//! Fault injection: how the runtime behaves when the server or the network fails. Each test uses a real server on loopback.
//! `docs/faults.md` lists all of them.

#![allow(clippy::unwrap_used, reason = "a test panics")]

mod bodies;
mod cancel;
mod connect;
mod downloads;
mod errors;
mod http_syntax;
mod json;
mod load;
mod properties;
mod redirects;
mod smoke;
mod statuses;
mod table;
mod timeouts;
mod tls;
mod transport;
mod uploads;

use std::time::Duration;

use intercom_runtime::clock::VirtualClock;
use intercom_runtime::retry::{Backoff, Failure};
use intercom_runtime::{Call, Client, ClientBuilder, Endpoint, Error, RetryPolicy, Value};
use intercom_tests::scripted::Server;

/// An operation that reads, which is safe to repeat.
static GET: Endpoint =
    Endpoint::new("things.find", http::Method::GET, "/things/{id}").operation_id("findThing").version("2.15");

/// An operation that changes something, which must not be repeated.
static POST: Endpoint = Endpoint::new("things.create", http::Method::POST, "/things").version("2.15");

/// A search: a POST that is safe to repeat.
static SEARCH: Endpoint =
    Endpoint::new("things.search", http::Method::POST, "/things/search").version("2.15").idempotent(true);

/// A client of `server` with a virtual clock, on which delays take no time and timeouts do not pass.
fn client(server: &Server) -> Client {
    builder(server).clock(clock()).build().unwrap()
}

/// A client of `server` with the system clock, and delays of ten milliseconds.
fn real_time(server: &Server) -> ClientBuilder {
    builder(server).retry(quick())
}

fn builder(server: &Server) -> ClientBuilder {
    ClientBuilder::for_version("2.15", "faults/1.0").token("sesame").base_url(server.url())
}

fn quick() -> RetryPolicy {
    RetryPolicy::new().backoff(every(10))
}

/// A backoff with the same delay before every attempt, in milliseconds.
fn every(millis: u64) -> impl Backoff {
    move |_: &Failure<'_>| Some(Duration::from_millis(millis))
}

fn clock() -> VirtualClock {
    let clock = VirtualClock::default();
    clock.set_jitter(0.5);
    clock
}

/// A call that can be sent: the path is filled, a POST has a body.
fn call(client: &Client, endpoint: &'static Endpoint) -> Call {
    let mut call = Call::new(client, endpoint);
    if endpoint.method == http::Method::GET {
        call.path("id", 1);
    } else {
        call.json(&serde_json::json!({ "name": "Joe" }));
    }
    call
}

/// The value and the number of attempts, or the error.
async fn send(client: &Client, endpoint: &'static Endpoint) -> Result<(Value, u32), Error> {
    let response = call(client, endpoint).send_json::<Value>().await?;
    let attempts = response.attempts();
    Ok((response.into_inner(), attempts))
}

/// Waits until the client has closed all its connections.
async fn is_quiet(server: &Server) {
    for _ in 0..500 {
        if server.open() == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{} connections are still open", server.open());
}
