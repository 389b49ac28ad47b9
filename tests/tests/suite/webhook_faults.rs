//! Notifications that are forged, too large, nested too deeply, or arrive all at once.
use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::Arc;
use std::time::Instant;

use http::{HeaderMap, StatusCode};
use intercom_v2_15::webhooks::signature::Scheme;
use intercom_v2_15::webhooks::{Item, Notification, Receiver, RecentNotifications, SeenNotifications, Topic, sign};
use serde_json::{Value, json};

fn notification(id: &str, topic: &str, item: &Value) -> String {
    let data = json!({"type": "notification_event_data", "item": item});
    json!({"type": "notification_event", "id": id, "topic": topic, "created_at": 1_767_225_600, "data": data})
        .to_string()
}

fn signed(body: &[u8]) -> HeaderMap {
    header("x-hub-signature", &sign("secret", body))
}

fn header(name: &'static str, value: &str) -> HeaderMap {
    HeaderMap::from_iter([(name.parse().unwrap(), value.parse().unwrap())])
}

fn status(headers: &HeaderMap, body: &[u8]) -> Option<StatusCode> {
    Receiver::new("secret").receive(headers, body).err().map(|error| error.status())
}

#[test]
fn notifications_without_a_valid_signature_are_refused() {
    let body = notification("notif_1", "ping", &json!({"type": "ping", "message": "é"})).into_bytes();
    let (signature, unauthorized) = (sign("secret", &body), Some(StatusCode::UNAUTHORIZED));
    assert_eq!(status(&signed(&body), &body), None);
    for bit in 0..body.len() * 8 {
        let mut changed = body.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(status(&signed(&body), &changed), unauthorized, "bit {bit}");
    }
    // Each bit of the 20 bytes of the signature.
    for bit in 0..160 {
        let place = "sha1=".len() + bit / 4;
        let digit = u8::from_str_radix(&signature[place..=place], 16).unwrap() ^ (1 << (bit % 4));
        let mut changed = signature.clone();
        changed.replace_range(place..=place, &format!("{digit:x}"));
        assert_eq!(status(&header("x-hub-signature", &changed), &body), unauthorized, "{changed}");
    }
    let read: Value = serde_json::from_slice(&body).unwrap();
    let escaped = String::from_utf8(body.clone()).unwrap().replace('é', "\\u00e9");
    for written_again in [serde_json::to_string_pretty(&read).unwrap(), escaped, format!("{read}\n")] {
        assert_eq!(serde_json::from_str::<Value>(&written_again).unwrap(), read);
        assert_eq!(status(&signed(&body), written_again.as_bytes()), unauthorized);
    }
    for headers in [
        HeaderMap::new(),
        header("x-hub-signature", &sign("another", &body)),
        header("x-hub-signature-256", &signature),
        header("x-body-signature", &Scheme::Body.sign("secret", &body)),
        header("x-fin-agent-api-webhook-signature", &Scheme::FinAgent.sign("secret", &body)),
        header("x-hub-signature", &Scheme::Body.sign("secret", &body)),
        header("x-hub-signature", signature.trim_start_matches("sha1=")),
    ] {
        assert_eq!(status(&headers, &body), unauthorized, "{headers:?}");
    }
}

#[test]
fn ten_megabytes_are_refused_unless_they_are_allowed() {
    let item = json!({"type": "conversation", "id": "215472", "title": "x".repeat(10 << 20)});
    let body = notification("notif_1", "conversation.user.created", &item);
    assert_eq!(status(&signed(body.as_bytes()), body.as_bytes()), Some(StatusCode::PAYLOAD_TOO_LARGE));
    let receiver = Receiver::new("secret").max_body(body.len());
    let read = receiver.receive(&signed(body.as_bytes()), body.as_bytes()).unwrap();
    let title = read.item.conversation().and_then(|conversation| conversation.title.as_deref());
    assert_eq!(title.map(str::len), Some(10 << 20));
    let receiver = receiver.max_body(body.len() - 1);
    assert!(receiver.receive(&signed(body.as_bytes()), body.as_bytes()).is_err());
}

#[test]
fn an_item_that_is_too_deep_is_left_out_and_the_notification_read() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    for (depth, is_kept) in [(100, true), (200, false), (1_000_000, false)] {
        let deep = nested(depth);
        let read = |topic: &str, item: &str| {
            let body = format!(r#"{{"id":"notif_1","topic":"{topic}","data":{{"item":{item}}},"links":{deep}}}"#);
            let read = Notification::from_json(body.as_bytes()).unwrap();
            assert_eq!((read.id.as_deref(), read.topic.as_str()), (Some("notif_1"), topic));
            read
        };
        // An item that does not fit its topic, and an item of an unknown topic.
        for topic in ["ping", "new.topic"] {
            let read = read(topic, &deep);
            assert_eq!(matches!(read.item, Item::Unknown(Value::Array(_))), is_kept, "{topic}, {depth} deep");
            assert_eq!(read.item_error().is_some(), !is_kept || topic == "ping", "{topic}, {depth} deep");
        }
        // The rest of the item is decoded.
        let contact = read("contact.user.created", &format!(r#"{{"id":"a","custom_attributes":{{"a":{deep}}}}}"#));
        assert_eq!(contact.item.contact().map(|contact| contact.id.as_str()), Some("a"));
        let set_aside = contact.mismatches().iter().any(|mismatch| mismatch.to_string().contains("custom_attributes"));
        assert_eq!(set_aside, !is_kept, "{depth} deep: {:?}", contact.mismatches());
        let body = format!(r#"{{"topic":"ping","data":{deep}}}"#);
        assert!(Notification::from_json(body.as_bytes()).unwrap().item_error().is_some());
    }
    let unclosed = format!(r#"{{"topic":"ping","data":{}"#, "{\"a\":".repeat(1_000_000));
    assert!(Notification::from_json(unclosed.as_bytes()).is_err());
}

/// Every task receives all notifications, and each begins with a different one.
#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn many_tasks_handle_each_notification_once() {
    const TASKS: usize = 64;
    const NOTIFICATIONS: usize = 100;
    let item = json!({"type": "conversation", "id": "215472", "title": "Hello"});
    let requests: Vec<(HeaderMap, String)> = (0..NOTIFICATIONS)
        .map(|index| notification(&format!("notif_{index}"), "conversation.user.created", &item))
        .map(|body| (signed(body.as_bytes()), body))
        .collect();
    let shared = Arc::new((Receiver::new("secret"), RecentNotifications::default(), requests));
    let start = Instant::now();
    let tasks = (0..TASKS).map(|task| {
        let shared = shared.clone();
        tokio::spawn(async move {
            let (receiver, seen, requests) = &*shared;
            let mut handled = Vec::new();
            for index in 0..NOTIFICATIONS {
                let (headers, body) = &requests[(index + task) % NOTIFICATIONS];
                let read = receiver.receive(headers, body.as_bytes()).unwrap();
                assert!(matches!((&read.topic, &read.item), (Topic::ConversationUserCreated, Item::Conversation(_))));
                if seen.first_time(read.id.as_deref().unwrap()).await {
                    handled.push(read.id.unwrap());
                }
                tokio::task::yield_now().await;
            }
            handled
        })
    });
    let mut times = BTreeMap::<String, usize>::new();
    for task in tasks.collect::<Vec<_>>() {
        for id in task.await.unwrap() {
            *times.entry(id).or_default() += 1;
        }
    }
    let rate = (TASKS * NOTIFICATIONS) as f64 / start.elapsed().as_secs_f64() / 1_000.0;
    let _ = writeln!(std::io::stdout(), "{TASKS} tasks received {rate:.1} notifications in a millisecond");
    assert!(times.len() == NOTIFICATIONS && times.values().all(|times| *times == 1), "{times:?}");
}
