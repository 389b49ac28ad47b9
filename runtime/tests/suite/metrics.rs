//! The metrics hook: one report for each attempt and one for each call.

use std::sync::{Arc, Mutex};

use crate::common::{CREATE, FIND, Memory};
use intercom_runtime::Call;
use intercom_runtime::clock::VirtualClock;
use intercom_runtime::metrics::{AttemptReport, CallReport, Metrics};
use intercom_runtime::transport::TransportError;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn add(&self, line: String) {
        self.0.lock().unwrap().push(line);
    }
}

impl Metrics for Log {
    fn attempt(&self, report: &AttemptReport<'_>) {
        let AttemptReport { endpoint, attempt, status, wait, .. } = report;
        let status = status.map_or(0, |status| status.as_u16());
        self.add(format!("{} {attempt}: {status} {:?}", endpoint.id, wait.map(|wait| wait.as_millis())));
    }

    fn call(&self, report: &CallReport<'_>) {
        let CallReport { endpoint, attempts, elapsed, waited, error, .. } = report;
        assert!(elapsed >= waited);
        self.add(format!("{} {attempts} {} {}", endpoint.id, waited.as_millis(), error.is_some()));
    }
}

#[tokio::test]
async fn every_attempt_and_every_call_is_reported() {
    let log = Log::default();
    let memory = Memory::default()
        .answer(503, &[("retry-after", "2")], "")
        .answer(200, &[], "{}")
        .fail(TransportError::lost("x"));
    let clock = VirtualClock::default();
    let client = memory.builder().clock(clock).metrics(log.clone()).build().unwrap();
    let mut find = Call::new(&client, &FIND);
    find.path("contact_id", 1);
    find.send_empty().await.unwrap();
    Call::new(&client, &CREATE).send_empty().await.unwrap_err();
    let mut invalid = Call::new(&client, &FIND);
    invalid.path("contact_id", "");
    invalid.send_empty().await.unwrap_err();
    assert_eq!(
        *log.0.lock().unwrap(),
        [
            "contacts.find 1: 503 Some(2000)",
            "contacts.find 2: 200 None",
            "contacts.find 2 2000 false",
            "contacts.create 1: 0 None",
            "contacts.create 1 0 true",
            "contacts.find 0 0 true",
        ]
    );
}
