//! A short version of the fuzz tests in `fuzz/`: mutated bodies of errors and values must not panic, hang or lose bytes.
//! `FUZZ_SECONDS=1800 cargo test -p intercom-tests --test faults --release smoke` makes it long.

use std::time::{Duration, Instant};

use intercom_runtime::data::{Attributes, Decoding, Id, Timestamp, from_slice};
use intercom_runtime::transport::{Body, Transport, TransportFuture};
use intercom_runtime::{Call, Client, ClientBuilder, RetryPolicy, Value};

use super::GET;

/// The seeds: bodies in the forms of the API, and edge cases of JSON.
const SEEDS: &[&str] = &[
    r#"{"type":"error.list","request_id":"b","errors":[{"code":"not_found","message":"no","field":"id"}]}"#,
    r#"{"errors":{"code":1,"message":null}}"#,
    r#"{"error":"x","status":500}"#,
    r#"{"type":"list","data":[{"id":1},{"id":"2"},null,[]],"pages":{"next":{"starting_after":"x"}},"total_count":3}"#,
    r#"[1,-0,1e308,18446744073709551615,0.1,"\ud83d\ude00\u0000",true,false,null,{"":{}}]"#,
    r#"["2023-11-14T22:13:20Z","1700000000",1700000000,1.7e9,"2023-02-29",-1]"#,
    "<html></html>",
    "",
];

struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound.max(1) as u64) as usize
    }

    /// A body made of a seed by a few changes: bytes flipped, cut, repeated, taken from another seed.
    fn body(&mut self) -> Vec<u8> {
        let mut body = SEEDS[self.below(SEEDS.len())].as_bytes().to_vec();
        for _ in 0..self.below(6) {
            let place = self.below(body.len() + 1);
            match self.below(6) {
                0 if !body.is_empty() => {
                    let place = place.min(body.len() - 1);
                    body[place] ^= 1 << self.below(8);
                }
                1 => body.truncate(place),
                2 => body.insert(place, b"{}[]\",:\\0-e.\xff\x00tn"[self.below(16)]),
                3 => {
                    let end = (place + self.below(20)).min(body.len());
                    let piece = body[place..end].repeat(1 + self.below(40));
                    body.splice(place..place, piece);
                }
                4 => {
                    let other = SEEDS[self.below(SEEDS.len())].as_bytes();
                    body.splice(place..place, other.iter().copied());
                }
                _ => {
                    let depth = self.below(300);
                    body.splice(place..place, b"[".repeat(depth));
                }
            }
        }
        body
    }
}

#[derive(Debug)]
struct Fixed(u16, Vec<u8>);

impl Transport for Fixed {
    fn send(&self, _: http::Request<Body>) -> TransportFuture<'_> {
        let mut answer = http::Response::new(Body::from(self.1.clone()));
        *answer.status_mut() = http::StatusCode::from_u16(self.0).unwrap();
        Box::pin(async move { Ok(answer) })
    }
}

fn one(runtime: &tokio::runtime::Runtime, body: &[u8]) {
    for mode in [Decoding::Tolerant, Decoding::Strict] {
        let _ = from_slice::<Vec<Id>>(body, mode);
        let _ = from_slice::<Vec<Timestamp>>(body, mode);
        let _ = from_slice::<Option<Attributes>>(body, mode);
        if let Ok(decoded) = from_slice::<Value>(body, mode) {
            assert_eq!(serde_json::from_slice::<Value>(body).unwrap(), decoded.value);
        }
    }
    for status in [200, 422] {
        let client: Client = ClientBuilder::for_version("2.15", "faults/1.0")
            .token("sesame")
            .transport(Fixed(status, body.to_vec()))
            .retry(RetryPolicy::never())
            .timeout(None)
            .attempt_timeout(None)
            .build()
            .unwrap();
        let mut call = Call::new(&client, &GET);
        call.path("id", 1);
        match runtime.block_on(call.send_json::<Value>()) {
            Ok(response) => assert_eq!((status, &response.bytes()[..]), (200, body)),
            Err(error) => {
                assert_eq!(error.is_status(), status == 422);
                assert_eq!(error.body(), body);
                let text = format!("{error} {error:?}");
                assert!(!text.contains('\n') && !text.contains("sesame"));
            }
        }
    }
}

#[test]
fn mutated_bodies_never_panic_and_keep_their_bytes() {
    let seconds = std::env::var("FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(2);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut random = Random(0x1234_5678_9abc_def1);
    let begun = Instant::now();
    let mut count = 0_u64;
    while begun.elapsed() < Duration::from_secs(seconds) {
        let body = random.body();
        one(&runtime, &body);
        count += 1;
    }
    println!("smoke: {count} bodies in {seconds} s");
}
