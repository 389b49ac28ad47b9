//! The span of a call and its events: what they say, and what they never say.

#![allow(clippy::unwrap_used, reason = "a test panics")]

mod common;

use std::fmt::{self, Write as _};
use std::sync::{Arc, Mutex};

use common::{FIND, Memory};
use intercom_runtime::clock::VirtualClock;
use intercom_runtime::{Call, Value};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Writes everything that it is told into one text.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

impl Visit for Log {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        writeln!(self.0.lock().unwrap(), "{}={value:?}", field.name()).unwrap();
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("intercom_runtime")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        writeln!(self.0.lock().unwrap(), "span {}", span.metadata().name()).unwrap();
        span.record(&mut self.clone());
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut self.clone());
    }

    fn event(&self, event: &Event<'_>) {
        writeln!(self.0.lock().unwrap(), "event {}", event.metadata().level()).unwrap();
        event.record(&mut self.clone());
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn a_call_is_one_span_with_its_retries_and_nothing_secret() {
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    let memory = Memory::default().answer(503, &[], "an internal detail").answer(
        200,
        &[("x-request-id", "r9")],
        r#"{"name":"Joe"}"#,
    );
    let clock = VirtualClock::default();
    clock.set_jitter(0.5);
    let client = memory.builder().clock(clock).build().unwrap();
    let mut call = Call::new(&client, &FIND);
    call.path("contact_id", "joe@example.com");
    call.query("email", "joe@example.com");
    call.send_json::<Value>().await.unwrap();

    let text = log.0.lock().unwrap().clone();
    for said in [
        "span intercom.call",
        "operation=\"contacts.find\"",
        "method=\"GET\"",
        "path=\"/contacts/{contact_id}\"",
        "event WARN",
        "wait_ms=250",
        "attempts=2",
        "waited_ms=250",
        "status=200",
        "request_id=\"r9\"",
    ] {
        assert!(text.contains(said), "{said} is not in\n{text}");
    }
    for secret in ["hunter2", "joe@example.com", "Joe", "internal detail"] {
        assert!(!text.contains(secret), "{secret} is in\n{text}");
    }
    assert_eq!(text.matches("span ").count(), 1);
}
