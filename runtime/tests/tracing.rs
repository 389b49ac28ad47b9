//! The span of a call and its events: their fields, and that they contain no secrets and no values.

#![allow(clippy::unwrap_used, reason = "a test panics")]

mod common;

use std::fmt::{self, Write as _};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use common::{FIND, Memory};
use intercom_runtime::clock::VirtualClock;
use intercom_runtime::data::{Extra, Id as ObjectId};
use intercom_runtime::paging::{Items, Location, Paging, PagingStyle};
use intercom_runtime::{Call, Endpoint, Value};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// A subscriber that writes spans and events into one text. Events inside of the span of a call are indented by two spaces.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>, Arc<AtomicUsize>);

impl Visit for Log {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        writeln!(self.0.lock().unwrap(), "{}={value:?}", field.name()).unwrap();
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("intercom")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let metadata = span.metadata();
        writeln!(self.0.lock().unwrap(), "span {} {} {}", metadata.name(), metadata.target(), metadata.level())
            .unwrap();
        span.record(&mut self.clone());
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut self.clone());
    }

    fn event(&self, event: &Event<'_>) {
        let metadata = event.metadata();
        let within = if self.1.load(Ordering::SeqCst) > 0 { "  " } else { "" };
        writeln!(self.0.lock().unwrap(), "{within}event {} {}", metadata.target(), metadata.level()).unwrap();
        event.record(&mut self.clone());
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {
        self.1.fetch_add(1, Ordering::SeqCst);
    }
    fn exit(&self, _: &Id) {
        self.1.fetch_sub(1, Ordering::SeqCst);
    }
}

#[tokio::test]
async fn a_call_is_one_span_with_an_event_for_each_retry_and_no_secrets() {
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
        "span intercom.call intercom::call INFO",
        "operation=\"contacts.find\"",
        "method=\"GET\"",
        "path=\"/contacts/{contact_id}\"",
        "  event intercom::retry WARN",
        "  event intercom::call DEBUG",
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

static LIST: Endpoint = Endpoint::new("contacts.list", http::Method::GET, "/contacts")
    .version("2.15")
    .paging(&Paging::new(PagingStyle::Cursor, Location::Query, "starting_after", &["data"]).next("pages.next"));

#[derive(Clone)]
struct Person {
    id: ObjectId,
    extra: Extra,
}

intercom_runtime::data::object! { Person; required 0; 0 "id" id; }

#[derive(Clone, Debug)]
enum Subject {
    Person(Person),
    Flag(bool),
    Unknown(Value),
}

intercom_runtime::data::union_enum! { Subject ""; 0 Person; 1 Flag; }

#[tokio::test]
async fn mismatches_are_one_event_without_values() {
    let item = r#"["joe@personal.example",{"joe@personal.example":1},4]"#;
    let items = vec![item; 300].join(",");
    let page: &'static str = format!(r#"{{"data":[{items}]}}"#).leak();
    let list: &'static str = format!("[{items}]").leak();
    let memory =
        Memory::default().answer(200, &[], page).answer(200, &[], list).answer(200, &[], r#""joe@personal.example""#);
    let memory = memory.answer(200, &[], r#"{"joe@personal.example":1}"#);
    let client = memory.client();

    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    let mut items = Items::<Vec<ObjectId>>::new(Call::new(&client, &LIST));
    while items.try_next().await.unwrap().is_some() {}
    Call::new(&client, &LIST).send_json::<Vec<Vec<ObjectId>>>().await.unwrap();
    assert!(Call::new(&client, &LIST).send_json::<Vec<ObjectId>>().await.unwrap_err().is_decode());

    Call::new(&client, &LIST).send_json::<Subject>().await.unwrap();

    let text = log.0.lock().unwrap().clone();
    assert_eq!(text.matches("  event intercom::decode WARN").count(), 3, "one for a response, in its span:\n{text}");
    assert_eq!(text.matches("event intercom::decode").count(), 3);
    for said in [
        "count=300",
        "values=data[0][1]: expected ",
        "values=[0][1]: expected ",
        "and 280 more",
        "values=(body): expected Subject, but no alternative fits (Flag: different JSON type or tag; Person: id: expected a value",
        "operation=\"contacts.list\"",
        "error=",
    ] {
        assert!(text.contains(said), "{said} is not in\n{text}");
    }
    assert!(!text.contains("joe") && !text.contains("personal"), "{text}");
}

#[test]
fn targets_and_levels_are_documented() {
    let docs = include_str!("../../docs/reference/logs.md");
    for row in [
        "| `intercom::call` | INFO |",
        "| `intercom::call` | DEBUG |",
        "| `intercom::retry` | WARN |",
        "| `intercom::decode` | WARN |",
        "| `intercom::throttle` | WARN |",
        "| `intercom::throttle` | INFO |",
    ] {
        assert!(docs.contains(row), "{row}");
    }
}
