//! Retries: which failures are retried, after which delay, and how many times. The clock is virtual.

use std::sync::Arc;
use std::time::Duration;

use crate::common::{CREATE, FIND, Memory};
use intercom_runtime::clock::{Clock, VirtualClock};
use intercom_runtime::retry::{Failure, RetryPolicy, StandardCondition, TokenBucket};
use intercom_runtime::transport::TransportError;
use intercom_runtime::{Call, Client, Endpoint, Error, Multipart, RequestOptions, Value, multipart::Part};

struct Setup {
    memory: Memory,
    clock: VirtualClock,
}

impl Setup {
    fn new(memory: Memory) -> Self {
        let clock = VirtualClock::default();
        clock.set_jitter(0.5);
        Self { memory, clock }
    }

    fn client(&self) -> Client {
        self.memory.builder().clock(self.clock.clone()).build().unwrap()
    }

    /// Calls `endpoint`. Returns the result, the number of requests, and the elapsed time.
    async fn call(&self, endpoint: &'static Endpoint) -> (Result<u32, Error>, usize, Duration) {
        self.call_with(endpoint, RequestOptions::new()).await
    }

    async fn call_with(
        &self,
        endpoint: &'static Endpoint,
        options: RequestOptions,
    ) -> (Result<u32, Error>, usize, Duration) {
        let begun = self.clock.now();
        let mut call = Call::new(&self.client(), endpoint);
        if endpoint.path.contains("{contact_id}") {
            call.path("contact_id", 1);
        }
        call.options(options);
        let result = call.send_json::<Value>().await;
        (result.map(|response| response.attempts()), self.memory.seen().len(), self.clock.now() - begun)
    }
}

fn limited(headers: &[(&str, &str)]) -> Memory {
    let body = r#"{"type":"error.list","errors":[{"code":"rate_limit_exceeded"}]}"#;
    Memory::default().answer(429, headers, body).answer(200, &[], "{}")
}

#[tokio::test]
async fn a_429_is_retried_with_any_method() {
    for endpoint in [&FIND, &CREATE] {
        let setup = Setup::new(limited(&[("retry-after", "7")]));
        let (result, sent, waited) = setup.call(endpoint).await;
        assert_eq!((result.unwrap(), sent, waited.as_secs()), (2, 2, 7));
    }
}

#[tokio::test]
async fn the_delay_is_that_of_the_server_if_it_is_plausible() {
    // The virtual clock starts at 1700000000; with jitter 0.5 the default wait is 250 ms.
    for (headers, millis) in [
        (&[("retry-after", "3"), ("x-ratelimit-reset", "1700000009")][..], 3_300),
        (&[("retry-after", "0")], 250),
        (&[("retry-after", "Tue, 14 Nov 2023 22:13:24 GMT")], 4_400),
        (&[("retry-after", "soon")], 250),
        (&[("x-ratelimit-reset", "1700000010")], 11_000),
        (&[("x-ratelimit-reset", "1600000000")], 250),
        // The local clock is 100 s behind the server's.
        (&[("x-ratelimit-reset", "1700000110"), ("date", "Tue, 14 Nov 2023 22:15:00 GMT")], 11_000),
        (&[("retry-after", "Tue, 14 Nov 2023 22:15:04 GMT"), ("date", "Tue, 14 Nov 2023 22:15:00 GMT")], 4_400),
        (&[("x-ratelimit-reset", "1700009999")], 250),
        (&[("x-ratelimit-reset", "1700000010000")], 250),
        (&[("x-ratelimit-reset", "later")], 250),
        (&[], 250),
    ] {
        let setup = Setup::new(limited(headers));
        let (result, _, waited) = setup.call(&CREATE).await;
        assert_eq!(result.unwrap(), 2, "{headers:?}");
        assert_eq!(waited.as_millis(), millis, "{headers:?}");
    }
}

#[tokio::test]
async fn a_delay_beyond_the_deadline_ends_the_call_at_once() {
    let setup = Setup::new(limited(&[("retry-after", "200")]));
    let (result, sent, waited) = setup.call(&FIND).await;
    let error = result.unwrap_err();
    assert!(error.is_rate_limited());
    assert_eq!(error.retry_after(), Some(Duration::from_secs(200)));
    assert_eq!((sent, waited), (1, Duration::ZERO));
}

#[tokio::test]
async fn other_429s_are_final() {
    for (headers, body) in [
        (&[][..], r#"{"errors":[{"code":"export_pending"}]}"#),
        (&[("x-ratelimit-remaining", "50")], ""),
        (&[("retry-after", "1")], r#"{"errors":[{"code":"conflict"}]}"#),
    ] {
        let setup = Setup::new(Memory::default().answer(429, headers, body));
        let (result, sent, _) = setup.call(&FIND).await;
        assert!(!result.unwrap_err().is_rate_limited());
        assert_eq!(sent, 1);
    }
}

#[tokio::test]
async fn temporary_failures_of_idempotent_requests_are_retried() {
    for status in [408, 502, 503, 504] {
        let answers = || Memory::default().answer(status, &[], "").answer(200, &[], "{}");
        let (result, sent, _) = Setup::new(answers()).call(&FIND).await;
        assert_eq!((result.unwrap(), sent), (2, 2), "{status}");

        let (result, sent, _) = Setup::new(answers()).call(&CREATE).await;
        assert_eq!(result.unwrap_err().status().unwrap().as_u16(), status);
        assert_eq!(sent, 1, "{status}");

        let safe = RequestOptions::new().assume_idempotent();
        let (result, sent, _) = Setup::new(answers()).call_with(&CREATE, safe).await;
        assert_eq!((result.unwrap(), sent), (2, 2), "{status}");
    }
}

#[tokio::test]
async fn other_statuses_are_not_retried() {
    for status in [400, 401, 403, 404, 409, 422, 500, 501] {
        let (result, sent, _) = Setup::new(Memory::default().answer(status, &[], "")).call(&FIND).await;
        assert_eq!((result.unwrap_err().attempts(), sent), (1, 1), "{status}");
    }
    let answers = Memory::default().answer(500, &[], "").answer(200, &[], "{}");
    let policy = RetryPolicy::new().condition(StandardCondition::new().internal_errors(true));
    let (result, ..) = Setup::new(answers).call_with(&FIND, RequestOptions::new().retry(policy)).await;
    assert_eq!(result.unwrap(), 2);
}

#[tokio::test]
async fn failures_to_connect_are_retried_with_any_method() {
    for error in [TransportError::connect, TransportError::connect_timeout] as [fn(&'static str) -> TransportError; 2] {
        let answers = Memory::default().fail(error("x")).answer(200, &[], "{}");
        let (result, sent, _) = Setup::new(answers).call(&CREATE).await;
        assert_eq!((result.unwrap(), sent), (2, 2));
    }
    for error in [TransportError::lost, TransportError::timeout] as [fn(&'static str) -> TransportError; 2] {
        let answers = || Memory::default().fail(error("x")).answer(200, &[], "{}");
        let (result, sent, _) = Setup::new(answers()).call(&CREATE).await;
        assert_eq!((result.is_err(), sent), (true, 1));
        let (result, sent, _) = Setup::new(answers()).call(&FIND).await;
        assert_eq!((result.unwrap(), sent), (2, 2));
    }
}

#[tokio::test]
async fn a_streamed_body_is_never_sent_twice() {
    let setup = Setup::new(Memory::default().fail(TransportError::connect("x")).answer(200, &[], "{}"));
    let mut call = Call::new(&setup.client(), &CREATE);
    let stream = Box::pin(intercom_runtime::transport::Body::from("x"));
    call.multipart(Multipart::new().part("file", Part::stream(stream, None)));
    assert!(call.send_empty().await.unwrap_err().is_connect());
    assert_eq!(setup.memory.seen().len(), 1);
}

#[tokio::test]
async fn the_last_failure_is_returned_when_no_attempts_are_left() {
    let answers = Memory::default().answer(503, &[], "").answer(502, &[], "").answer(504, &[], "late");
    let (result, sent, waited) = Setup::new(answers).call(&FIND).await;
    let error = result.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), error.attempts(), sent), (504, 3, 3));
    assert_eq!(error.to_string(), "contacts.find: 504 Gateway Timeout after 3 attempts");
    assert_eq!(waited, Duration::from_millis(250 + 500));
}

#[tokio::test]
async fn the_budget_is_shared_by_clones_and_limits_retries() {
    let mut memory = Memory::default();
    for _ in 0..30 {
        memory = memory.answer(503, &[], "");
    }
    let bucket = Arc::new(TokenBucket::new(4));
    let policy = RetryPolicy::new().budget(bucket.clone());
    let client: Client = memory.builder().clock(VirtualClock::default()).retry(policy).build().unwrap();
    for _ in 0..10 {
        let mut call = Call::new(&client.clone(), &FIND);
        call.path("contact_id", 1);
        assert!(call.send_empty().await.unwrap_err().is_server_error());
    }
    assert_eq!(memory.seen().len(), 10 + 4);
    assert_eq!(bucket.level(), 0);
}

#[tokio::test]
async fn the_condition_and_the_backoff_can_be_replaced() {
    let answers = Memory::default().answer(404, &[], "").answer(404, &[], "").answer(200, &[], "{}");
    let policy = RetryPolicy::new()
        .condition(|failure: &Failure<'_>| failure.error.is_not_found())
        .backoff(|failure: &Failure<'_>| Some(Duration::from_secs(u64::from(failure.attempt))));
    let (result, _, waited) = Setup::new(answers).call_with(&FIND, RequestOptions::new().retry(policy)).await;
    assert_eq!((result.unwrap(), waited.as_secs()), (3, 3));

    let (result, sent, _) =
        Setup::new(limited(&[])).call_with(&FIND, RequestOptions::new().retry(RetryPolicy::never())).await;
    assert_eq!((result.unwrap_err().attempts(), sent), (1, 1));
}

#[tokio::test]
async fn the_idempotency_key_is_constant_and_does_not_enable_retries() {
    let key = || RequestOptions::new().idempotency_key("k1");
    let setup = Setup::new(Memory::default().answer(503, &[], ""));
    let mut call = Call::new(&setup.client(), &CREATE);
    call.options(key());
    assert!(call.send_empty().await.is_err());
    assert_eq!(setup.memory.seen().len(), 1);

    let setup = Setup::new(Memory::default().answer(503, &[], "").answer(200, &[], "{}"));
    let mut call = Call::new(&setup.client(), &CREATE);
    call.options(key().assume_idempotent());
    call.send_empty().await.unwrap();
    let seen = setup.memory.seen();
    assert_eq!(seen.len(), 2);
    assert!(seen.iter().all(|request| request.headers()["idempotency-key"] == "k1"));
}
