//! Conformance of Fin events: events in each form that Intercom sends, decoded with the types of each version that has them.

use std::io::Write as _;
use std::path::Path;

use intercom_tests::description::members;
use intercom_tests::mutate::mutations;
use serde_json::{Value, json};

/// The outcome of decoding an event.
struct Read {
    mismatches: Vec<String>,
    known: bool,
    written: Value,
}

fn fixtures() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/fin_events.yaml");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    intercom_codegen::yaml::read(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn run(version: &str, read: impl Fn(&[u8]) -> Result<Read, String>) {
    let read = |event: &Value| read(event.to_string().as_bytes());
    let fixtures = fixtures();
    let (mut events, mut mutated) = (0, 0);
    for (name, event) in members(&fixtures["events"]) {
        let place = format!("{version}: {name}");
        let outcome = read(event).unwrap_or_else(|error| panic!("{place}: {error}"));
        assert_eq!(outcome.mismatches, [""; 0], "{place}");
        assert!(outcome.known, "{place}: the kind of event is not known");
        assert_eq!(outcome.written, *event, "{place}: written again");
        for mutation in mutations(event) {
            read(&mutation.value).unwrap_or_else(|error| panic!("{place}, {mutation}: {error}"));
            mutated += 1;
        }
        events += 1;
    }
    let new = json!({"event_name": "fin_moved", "conversation_id": "ext-123", "to": {"room": 7}});
    let outcome = read(&new).unwrap_or_else(|error| panic!("{version}: {error}"));
    assert_eq!((outcome.known, outcome.written), (false, new), "{version}: an event of a new kind");
    let _ = writeln!(std::io::stdout(), "{version}: {events} events, {mutated} mutations");
    assert!(events == 10 && mutated > 300, "{version}: {events} events, {mutated} mutations");
}

/// A test for each version.
macro_rules! fin_events {
    ($($(#[$attribute:meta])* $name:ident $version:literal $krate:ident;)*) => {
        $(
            $(#[$attribute])*
            #[test]
            fn $name() {
                use $krate::fin_events::{FinEvent, Receiver, signature::Scheme};

                run($version, |body| {
                    let mut headers = http::HeaderMap::new();
                    let signature = Scheme::FinAgent.sign("secret", body).parse().map_err(|_| "the signature")?;
                    headers.insert(Scheme::FinAgent.header(), signature);
                    let received = Receiver::new("secret").receive(&headers, body).map_err(|error| error.to_string())?;
                    Ok(Read {
                        mismatches: received.mismatches.iter().map(ToString::to_string).collect(),
                        known: !matches!(received.event, FinEvent::Unknown(_)),
                        written: serde_json::to_value(&received.event).map_err(|error| error.to_string())?,
                    })
                });
            }
        )*
    };
}

// The Fin Agent API begins with 2.14.
fin_events! {
    #[cfg(feature = "all-versions")]
    v2_14 "2.14" intercom_v2_14;
    v2_15 "2.15" intercom_v2_15;
    #[cfg(feature = "all-versions")]
    v2_16 "2.16" intercom_v2_16;
    #[cfg(feature = "all-versions")]
    preview "preview" intercom_preview;
}
