//! Property tests of headers, delays and addresses.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use intercom_runtime::clock::{Clock as _, VirtualClock};
use intercom_runtime::retry::Exponential;
use intercom_runtime::transport::{Body, Transport, TransportFuture};
use intercom_runtime::{Call, Client, ClientBuilder, RateLimit, RetryPolicy};
use proptest::prelude::*;

use super::GET;

/// Responds by a function, and records the requested addresses.
#[derive(Clone)]
struct Stub {
    answer: Arc<dyn Fn(usize) -> http::Response<Body> + Send + Sync>,
    asked: Arc<Mutex<Vec<http::Uri>>>,
}

impl std::fmt::Debug for Stub {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Stub")
    }
}

impl Stub {
    fn new(answer: impl Fn(usize) -> http::Response<Body> + Send + Sync + 'static) -> Self {
        Self { answer: Arc::new(answer), asked: Arc::default() }
    }

    fn builder(&self) -> ClientBuilder {
        ClientBuilder::for_version("2.15", "faults/1.0").token("t").transport(self.clone())
    }

    fn asked(&self) -> Vec<http::Uri> {
        self.asked.lock().unwrap().clone()
    }
}

impl Transport for Stub {
    fn send(&self, request: http::Request<Body>) -> TransportFuture<'_> {
        let mut asked = self.asked.lock().unwrap();
        asked.push(request.uri().clone());
        let answer = (self.answer)(asked.len());
        Box::pin(async move { Ok(answer) })
    }
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

/// The address that a call with this id and these query parameters is sent to.
fn address(id: &str, query: &[(String, String)]) -> Option<url::Url> {
    let stub = Stub::new(|_| http::Response::new(Body::from("{}")));
    let client: Client = stub.builder().clock(VirtualClock::default()).build().unwrap();
    let mut call = Call::new(&client, &GET);
    call.path("id", id);
    for (name, value) in query {
        call.query_append(name.clone(), value);
    }
    let sent = run(call.send_empty());
    let asked = stub.asked();
    assert_eq!(sent.is_ok(), asked.len() == 1);
    asked.first().map(|uri| url::Url::parse(&uri.to_string()).unwrap())
}

/// The delay after one failed attempt with these headers; `None` if the failure was final.
fn wait(status: u16, headers: &[(&'static str, Vec<u8>)], jitter: f64) -> Option<Duration> {
    let headers: Vec<_> =
        headers.iter().filter_map(|(name, value)| Some((*name, http::HeaderValue::from_bytes(value).ok()?))).collect();
    let stub = Stub::new(move |attempt| {
        let mut answer = http::Response::new(Body::from("{}"));
        if attempt == 1 {
            *answer.status_mut() = http::StatusCode::from_u16(status).unwrap();
            for (name, value) in &headers {
                answer.headers_mut().insert(*name, value.clone());
            }
        }
        answer
    });
    let clock = VirtualClock::default();
    clock.set_jitter(jitter);
    let client: Client = stub.builder().clock(clock.clone()).timeout(None).build().unwrap();
    let mut call = Call::new(&client, &GET);
    call.path("id", 1);
    run(call.send_empty()).ok().map(|_| clock.now())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_path_value_is_one_segment_for_any_parser(id in "\\PC*") {
        match address(&id, &[]) {
            None => prop_assert!(matches!(id.as_str(), "" | "." | "..")),
            Some(url) => {
                let segments: Vec<_> = url.path_segments().unwrap().collect();
                prop_assert_eq!(segments.len(), 2);
                prop_assert_eq!(segments[0], "things");
                let decoded = percent_decode(segments[1]);
                prop_assert_eq!(decoded, id);
                prop_assert_eq!(url.query(), None);
                prop_assert_eq!(url.fragment(), None);
                prop_assert_eq!(url.host_str(), Some("api.intercom.io"));
            }
        }
    }

    #[test]
    fn any_bytes_of_text_make_a_segment(id in proptest::collection::vec(any::<char>(), 1..20)) {
        let id: String = id.into_iter().collect();
        prop_assume!(id != "." && id != "..");
        let url = address(&id, &[]).unwrap();
        prop_assert_eq!(percent_decode(url.path_segments().unwrap().next_back().unwrap()), id);
    }

    #[test]
    fn query_parameters_come_back_from_any_parser(
        query in proptest::collection::vec(("\\PC{1,12}", proptest::collection::vec(any::<char>(), 0..20)), 0..6)
    ) {
        let query: Vec<(String, String)> =
            query.into_iter().map(|(name, value)| (name, value.into_iter().collect())).collect();
        let url = address("1", &query).unwrap();
        let parsed: Vec<(String, String)> =
            url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
        prop_assert_eq!(parsed, query);
        prop_assert_eq!(url.path(), "/things/1");
    }

    #[test]
    fn rate_limit_headers_never_panic_and_numbers_come_back(
        limit in any::<u32>(), remaining in any::<u32>(), reset in any::<u64>(), junk in any::<Vec<u8>>()
    ) {
        let mut headers = http::HeaderMap::new();
        headers.insert("x-ratelimit-limit", limit.into());
        headers.insert("x-ratelimit-remaining", remaining.into());
        headers.insert("x-ratelimit-reset", reset.into());
        let read = RateLimit::from_headers(&headers).unwrap();
        prop_assert_eq!((read.limit, read.remaining, read.reset), (Some(limit), Some(remaining), Some(reset)));
        if let Ok(value) = http::HeaderValue::from_bytes(&junk) {
            for name in ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"] {
                headers.insert(name, value.clone());
            }
            if let Some(read) = RateLimit::from_headers(&headers) {
                let _ = read.reset_in(Duration::from_secs(1_700_000_000));
            }
        }
    }

    #[test]
    fn retry_after_is_waited_for_up_to_five_minutes_and_final_beyond(seconds in 0_u64..100_000, jitter in 0.0..1.0_f64) {
        let waited = wait(429, &[("retry-after", seconds.to_string().into_bytes())], jitter);
        prop_assert_eq!(waited.is_some(), seconds <= 300);
        if let Some(waited) = waited {
            let (asked, waited) = (seconds as f64, waited.as_secs_f64());
            prop_assert!(waited >= asked && waited <= asked + (asked * 0.2).max(0.5) + 1e-6);
        }
    }

    #[test]
    fn the_wait_for_a_window_is_its_end_and_a_fifth_at_most(ahead in 1_u64..=60, jitter in 0.0..1.0_f64) {
        let reset = (1_700_000_000 + ahead).to_string().into_bytes();
        let waited = wait(429, &[("x-ratelimit-reset", reset)], jitter).unwrap().as_secs_f64();
        prop_assert!(waited >= ahead as f64 && waited <= ahead as f64 * 1.2 + 1e-6);
    }

    #[test]
    fn junk_in_headers_never_panics_and_the_wait_stays_bounded(
        after in any::<Vec<u8>>(), reset in any::<Vec<u8>>(), jitter in 0.0..1.0_f64
    ) {
        if let Some(waited) = wait(503, &[("retry-after", after), ("x-ratelimit-reset", reset)], jitter) {
            prop_assert!(waited <= Duration::from_secs(360));
        }
    }

    #[test]
    fn backoff_grows_to_its_cap_and_no_further(
        base in 1_u64..10_000, cap in 1_u64..100_000, attempts in 2_u32..40, jitter in 0.0..1.0_f64
    ) {
        let stub = Stub::new(|_| {
            let mut answer = http::Response::new(Body::empty());
            *answer.status_mut() = http::StatusCode::SERVICE_UNAVAILABLE;
            answer
        });
        let clock = VirtualClock::default();
        clock.set_jitter(jitter);
        let (base, cap) = (Duration::from_millis(base), Duration::from_millis(cap));
        let policy = RetryPolicy::new().max_attempts(attempts).backoff(Exponential::new(base, cap));
        let client: Client = stub.builder().clock(clock.clone()).timeout(None).retry(policy).build().unwrap();
        let mut call = Call::new(&client, &GET);
        call.path("id", 1);
        prop_assert!(run(call.send_empty()).is_err());
        let most: f64 = (0..attempts - 1).map(|n| cap.as_secs_f64().min(base.as_secs_f64() * 2_f64.powi(n as i32))).sum();
        prop_assert_eq!(stub.asked().len(), attempts as usize);
        prop_assert!(clock.now().as_secs_f64() <= most + 1e-3);
        prop_assert!((clock.now().as_secs_f64() - most * jitter).abs() <= 1e-3);
    }
}

fn percent_decode(text: &str) -> String {
    // A query parser decodes `%XX` and reads `+` as a space. No `+` occurs, since it is percent-encoded.
    assert!(!text.contains('+'));
    let pair = format!("x={text}");
    url::form_urlencoded::parse(pair.as_bytes()).next().unwrap().1.into_owned()
}
