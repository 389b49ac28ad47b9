//! A transport for unit tests: it returns fixed responses by method and path, and records the requests.
//!
//! `cargo run --example in_memory`

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use intercom_runtime::transport::{Body, Transport, TransportError, TransportFuture};
use intercom_runtime::{Call, Client, ClientBuilder, Endpoint, Error, Value};

/// Returns a fixed body for each known `METHOD /path`, and 404 for other requests.
#[derive(Clone, Debug, Default)]
struct InMemory {
    responses: Arc<HashMap<String, &'static str>>,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Transport for InMemory {
    fn send(&self, request: http::Request<Body>) -> TransportFuture<'_> {
        let line = format!("{} {}", request.method(), request.uri().path());
        if let Ok(mut requests) = self.requests.lock() {
            requests.push(line.clone());
        }
        Box::pin(async move {
            let (status, body) = match self.responses.get(&line) {
                Some(body) => (200, *body),
                None => (404, r#"{"type":"error.list","errors":[{"code":"not_found","message":"no such thing"}]}"#),
            };
            let response = http::Response::builder().status(status).header("content-type", "application/json");
            response.body(Body::from(body)).map_err(TransportError::invalid)
        })
    }
}

static FIND: Endpoint = Endpoint::new("contacts.find", http::Method::GET, "/contacts/{contact_id}")
    .operation_id("ShowContact")
    .version("2.15");

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let transport = InMemory {
        responses: Arc::new(HashMap::from([("GET /contacts/1".to_owned(), r#"{"id":"1","name":"Joe"}"#)])),
        requests: Arc::default(),
    };
    let client: Client =
        ClientBuilder::for_version("2.15", "example/1.0").token("any").transport(transport.clone()).build()?;

    for id in [1, 2] {
        let mut call = Call::new(&client, &FIND);
        call.path("contact_id", id);
        match call.send_json::<Value>().await {
            Ok(contact) => println!("{id}: {}", contact["name"]),
            Err(error) if error.is_not_found() => println!("{id}: {error}"),
            Err(error) => return Err(error),
        }
    }
    println!("requests: {:?}", transport.requests.lock().map(|requests| requests.clone()).unwrap_or_default());
    Ok(())
}
