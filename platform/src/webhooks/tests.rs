use http::{HeaderMap, Method, StatusCode};
use intercom_data::{DecodeError, DecodeOptions, Decoded, TextEnum, Value, from_slice};
use serde_json::json;

use super::*;
use crate::installation::InstallationRequest;

#[derive(Clone, Debug, PartialEq)]
enum Topic {
    Named,
    Unknown(String),
}

impl TextEnum for Topic {
    fn texts() -> &'static [&'static str] {
        &["thing.named"]
    }

    fn as_str(&self) -> &str {
        match self {
            Self::Named => "thing.named",
            Self::Unknown(text) => text,
        }
    }

    fn set(&mut self, variant: usize, text: &mut String) {
        *self = if variant == 0 { Self::Named } else { Self::Unknown(std::mem::take(text)) };
    }
}

impl Default for Topic {
    fn default() -> Self {
        Self::Unknown(String::new())
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Thing {
    Name(String),
    Unknown(Value),
}

impl Item for Thing {
    type Topic = Topic;

    fn read(topic: &Topic, json: &[u8]) -> Result<Decoded<Self>, DecodeError> {
        match topic {
            Topic::Named => Ok(from_slice::<String>(json, DecodeOptions::default())?.map(Self::Name)),
            Topic::Unknown(_) => Ok(from_slice::<Value>(json, DecodeOptions::default())?.map(Self::Unknown)),
        }
    }

    fn unknown(value: Value) -> Self {
        Self::Unknown(value)
    }
}

fn read(body: &Value) -> Result<Notification<Thing>, NotificationError> {
    Notification::from_json(body.to_string().as_bytes())
}

fn signed(body: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("x-hub-signature", sign("secret", body.as_bytes()).parse().unwrap());
    headers
}

#[test]
fn the_item_is_decoded_as_the_type_of_its_topic() {
    let notification = read(&json!({
        "data": {"type": "notification_event_data", "item": "x"},
        "topic": "thing.named",
        "id": "notif_1",
        "created_at": 1_767_225_600,
        "delivery_attempts": 2,
        "self": null,
        "links": {},
    }))
    .unwrap();
    assert_eq!((notification.topic, notification.item), (Topic::Named, Thing::Name("x".to_owned())));
    assert_eq!((notification.id.as_deref(), notification.delivery_attempts), (Some("notif_1"), Some(2)));
    assert_eq!(notification.extra.get("links"), Some(&json!({})));
}

#[test]
fn unknown_topics_and_values_that_do_not_fit_are_kept() {
    let notification = read(&json!({"topic": "thing.other", "data": {"item": {"a": 1}}, "id": 7})).unwrap();
    assert_eq!(notification.topic, Topic::Unknown("thing.other".to_owned()));
    assert_eq!(notification.item, Thing::Unknown(json!({"a": 1})));
    assert_eq!((notification.id, notification.extra.get("id")), (None, Some(&json!(7))));
    let unfit = read(&json!({"topic": "thing.named", "data": {"item": {"a": 1}}})).unwrap();
    assert_eq!(unfit.item, Thing::Unknown(json!({"a": 1})));
    assert!(unfit.item_error().is_some_and(|why| why.contains("string")), "{:?}", unfit.item_error());
    for data in [json!(null), json!([]), json!({})] {
        assert_eq!(read(&json!({"topic": "thing.named", "data": data})).unwrap().item, Thing::Unknown(Value::Null));
    }
}

#[test]
fn bodies_that_are_not_notifications_are_refused() {
    for body in ["", "[]", "{", "7", "{}", r#"{"topic":1}"#, "\u{0}"] {
        assert!(Notification::<Thing>::from_json(body.as_bytes()).is_err(), "{body}");
    }
    assert!(Notification::<Thing>::from_json(b"\xff").is_err());
    let deep = format!("{}{}", r#"{"topic":"thing.named","data":"#, "[".repeat(100_000));
    assert!(Notification::<Thing>::from_json(deep.as_bytes()).is_err());
}

#[test]
fn unsigned_and_too_large_bodies_are_refused() {
    let receiver = Receiver::<Thing>::new("secret").max_body(100);
    let body = r#"{"topic":"thing.named","data":{"item":"x"}}"#;
    assert!(receiver.receive(&signed(body), body.as_bytes()).is_ok());
    let unsigned = receiver.receive(&HeaderMap::new(), body.as_bytes()).unwrap_err();
    assert_eq!(unsigned.status(), StatusCode::UNAUTHORIZED);
    // The signature is over the bytes, so the same JSON in other bytes does not match.
    let spaced = body.replace(':', ": ");
    assert_eq!(receiver.receive(&signed(body), spaced.as_bytes()).unwrap_err().status(), StatusCode::UNAUTHORIZED);
    let large = " ".repeat(101);
    assert_eq!(
        receiver.receive(&signed(&large), large.as_bytes()).unwrap_err().status(),
        StatusCode::PAYLOAD_TOO_LARGE
    );
    assert_eq!(receiver.receive(&signed("[]"), b"[]").unwrap_err().status(), StatusCode::BAD_REQUEST);
}

#[test]
fn accept_distinguishes_the_requests_to_one_address() {
    let receiver = Receiver::<Thing>::new("secret");
    assert!(matches!(receiver.accept(&Method::HEAD, &HeaderMap::new(), b""), Ok(Incoming::Probe)));
    assert_eq!(
        receiver.accept(&Method::GET, &HeaderMap::new(), b"").unwrap_err().status(),
        StatusCode::METHOD_NOT_ALLOWED
    );
    let body = br#"{"app_id":"abc123"}"#;
    let mut headers = HeaderMap::new();
    headers.insert("x-body-signature", Scheme::Body.sign("secret", body).parse().unwrap());
    let uninstalled = InstallationRequest::Uninstalled { app_id: "abc123".to_owned() };
    assert!(
        matches!(receiver.accept(&Method::POST, &headers, body), Ok(Incoming::Installation(request)) if request == uninstalled)
    );
    let body = r#"{"topic":"thing.named","data":{"item":"x"}}"#;
    assert!(matches!(
        receiver.accept(&Method::POST, &signed(body), body.as_bytes()),
        Ok(Incoming::Notification(notification)) if notification.item == Thing::Name("x".to_owned())
    ));
}

#[test]
fn secrets_are_not_printed() {
    assert!(!format!("{:?}", Receiver::<Thing>::new("hush")).contains("hush"));
}
