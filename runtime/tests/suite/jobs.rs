//! Polling of jobs, on a virtual clock.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::common::{FIND, Memory};
use intercom_runtime::clock::{Clock, VirtualClock};
use intercom_runtime::jobs::{JobState, Poller};
use intercom_runtime::transport::TransportError;
use intercom_runtime::{Call, Response, RetryPolicy, Value};

fn poller(memory: &Memory, clock: &VirtualClock) -> Poller<Value> {
    let client = memory.builder().clock(clock.clone()).retry(RetryPolicy::never()).build().unwrap();
    let mut call = Call::new(&client, &FIND);
    call.path("contact_id", "job_1");
    Poller::new(
        move || call.clone().send_json::<Value>(),
        |job| JobState::from_status(job["status"].as_str().unwrap_or_default()),
    )
}

#[tokio::test]
async fn polling_slows_down_until_the_job_is_done() {
    let mut memory = Memory::default();
    for _ in 0..4 {
        memory = memory.answer(200, &[], r#"{"status":"in_progress"}"#);
    }
    memory = memory.answer(200, &[], r#"{"status":"completed","download_url":"u"}"#);
    let clock = VirtualClock::default();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let hook = seen.clone();
    let job = poller(&memory, &clock)
        .initial_delay(Duration::from_secs(2))
        .max_delay(Duration::from_secs(4))
        .on_poll(move |job| hook.lock().unwrap().push(job["status"].as_str().unwrap().to_owned()))
        .wait()
        .await
        .unwrap();
    assert_eq!(job["download_url"], "u");
    assert_eq!(clock.now(), Duration::from_secs(2 + 3 + 4 + 4));
    assert_eq!(seen.lock().unwrap().last().unwrap(), "completed");
    assert_eq!(memory.seen().len(), 5);
}

#[tokio::test]
async fn an_export_without_data_has_no_data() {
    let memory = Memory::default().answer(200, &[], r#"{"status":"no_data"}"#).answer(200, &[], r#"{"status":"done"}"#);
    let clock = VirtualClock::default();
    let empty = poller(&memory, &clock).wait().await.unwrap();
    assert!(!empty.has_data());
    assert_eq!(empty.into_inner()["status"], "no_data");
    assert!(poller(&memory, &clock).wait().await.unwrap().has_data());
}

#[tokio::test]
async fn a_job_is_started_once_and_polled_by_its_id() {
    let memory = Memory::default()
        .answer(200, &[], r#"{"id":"j7","status":"pending"}"#)
        .answer(200, &[], r#"{"status":"pending"}"#)
        .answer(200, &[], r#"{"status":"done"}"#);
    let client = memory.builder().clock(VirtualClock::default()).build().unwrap();
    let start = client.request("POST", "/exports").send();
    let status = move |started: Response<Value>| {
        let id = started["id"].as_str().unwrap().to_owned();
        move || client.get("/exports/{id}").path("id", &id).send()
    };
    let poller = Poller::starting(start, status, |job| JobState::from_status(job["status"].as_str().unwrap()));
    assert!(memory.seen().is_empty());
    assert!(poller.wait().await.unwrap().has_data());
    let paths: Vec<String> = memory.seen().iter().map(|request| request.uri().path().to_owned()).collect();
    assert_eq!(paths, ["/exports", "/exports/j7", "/exports/j7"]);

    // If starting the job fails, `wait` returns that error.
    let memory = Memory::default().answer(429, &[], r#"{"errors":[{"code":"x","message":"one is pending"}]}"#);
    let client = memory.builder().retry(RetryPolicy::never()).build().unwrap();
    let start = client.request("POST", "/exports").send();
    let poller = Poller::starting(start, |_| || unreachable!("nothing was started"), |_: &Value| JobState::Done);
    assert_eq!(poller.wait().await.unwrap_err().status().unwrap(), 429);
}

#[tokio::test]
async fn a_failed_job_is_an_error_with_the_last_response() {
    let memory = Memory::default().answer(200, &[], r#"{"status":"failed","why":"x"}"#);
    let error = poller(&memory, &VirtualClock::default()).wait().await.unwrap_err();
    assert!(error.is_job() && !error.is_timeout());
    assert_eq!(error.body(), br#"{"status":"failed","why":"x"}"#);
    assert_eq!(error.to_string(), "contacts.find: the job failed: failed (200)");
}

#[tokio::test]
async fn waiting_ends_at_the_timeout() {
    let mut memory = Memory::default();
    for _ in 0..20 {
        memory = memory.answer(200, &[], r#"{"status":"a new word"}"#);
    }
    let clock = VirtualClock::default();
    let error = poller(&memory, &clock).timeout(Duration::from_secs(10)).wait().await.unwrap_err();
    assert!(error.is_timeout());
    assert!(clock.now() < Duration::from_secs(10));
}

#[tokio::test]
async fn temporary_failures_of_polls_are_ignored_and_others_are_not() {
    let memory = Memory::default().answer(503, &[], "").fail(TransportError::lost("x")).answer(
        200,
        &[],
        r#"{"status":"complete"}"#,
    );
    poller(&memory, &VirtualClock::default()).wait().await.unwrap();

    let memory = Memory::default().answer(404, &[], "");
    assert!(poller(&memory, &VirtualClock::default()).wait().await.unwrap_err().is_not_found());

    let mut memory = Memory::default();
    for _ in 0..20 {
        memory = memory.answer(502, &[], "");
    }
    assert!(poller(&memory, &VirtualClock::default()).wait().await.unwrap_err().is_server_error());
    assert_eq!(memory.seen().len(), 6);
}
