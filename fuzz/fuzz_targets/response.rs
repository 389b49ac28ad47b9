//! An arbitrary HTTP response (status, headers, body), received by a call and by a download. Checks that nothing panics, that the call
//! returns the body unchanged, and that the text of an error is one line without the token.

#![no_main]

use intercom_runtime::clock::VirtualClock;
use intercom_runtime::transport::{Body, Transport, TransportFuture};
use intercom_runtime::{Call, Client, ClientBuilder, Endpoint, Value};
use libfuzzer_sys::fuzz_target;

static FIND: Endpoint =
    Endpoint::new("things.find", http::Method::GET, "/things").operation_id("findThing").version("2.15");

/// Headers that the client reads.
const HEADERS: [&str; 8] = [
    "retry-after",
    "x-ratelimit-limit",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
    "x-request-id",
    "location",
    "content-length",
    "etag",
];

#[derive(Debug)]
struct FixedResponse {
    status: u16,
    headers: Vec<(&'static str, http::HeaderValue)>,
    body: Vec<u8>,
}

impl Transport for FixedResponse {
    fn send(&self, _: http::Request<Body>) -> TransportFuture<'_> {
        let mut response = http::Response::new(Body::from(self.body.clone()));
        *response.status_mut() = http::StatusCode::from_u16(self.status).unwrap_or_default();
        for (name, value) in &self.headers {
            response.headers_mut().insert(*name, value.clone());
        }
        Box::pin(async move { Ok(response) })
    }
}

fuzz_target!(|bytes: &[u8]| {
    // The input is a byte for the status, a byte for the number of headers, the headers as lines, and the body.
    let [status, count, rest @ ..] = bytes else { return };
    let status = [200, 201, 204, 302, 400, 404, 408, 422, 429, 500, 503, 999][usize::from(*status) % 12];
    let mut headers = Vec::new();
    let mut rest = rest;
    for _ in 0..count % 6 {
        let Some(end) = rest.iter().position(|byte| *byte == b'\n') else { break };
        let (line, after) = rest.split_at(end);
        rest = &after[1..];
        if let Some((name, value)) = line.split_first()
            && let Ok(value) = http::HeaderValue::from_bytes(value)
        {
            headers.push((HEADERS[usize::from(*name) % HEADERS.len()], value));
        }
    }
    let transport = FixedResponse { status, headers, body: rest.to_vec() };
    let builder: ClientBuilder = ClientBuilder::for_version("2.15", "fuzz/1.0").token("sesame").transport(transport);
    let Ok(client): Result<Client, _> = builder.clock(VirtualClock::default()).build() else { return };
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().build() else { return };

    match runtime.block_on(Call::new(&client, &FIND).send_json::<Value>()) {
        Ok(response) => assert_eq!(&response.bytes()[..], rest),
        Err(error) => {
            assert!(error.body() == rest || error.is_body_truncated() || error.is_redirect() || error.is_request());
            let text = format!("{error} {error:?}");
            assert!(!text.contains('\n'));
            let is_in_input = bytes.windows(6).any(|window| window == b"sesame");
            assert!(is_in_input || !text.contains("sesame"), "the token is in the text of an error");
        }
    }
    let decompressed = runtime.block_on(async {
        match Call::new(&client, &FIND).download().await {
            Ok(download) => download.gunzip().bytes().await,
            Err(error) => Err(error),
        }
    });
    drop(decompressed);
});
