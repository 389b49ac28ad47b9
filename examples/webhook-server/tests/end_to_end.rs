//! The server over HTTP, with an API on loopback behind it.
#![allow(clippy::unwrap_used)] // a test that cannot go on fails

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::http::{Method, Uri};
use intercom_v2_15::Client;
use intercom_v2_15::webhooks::sign;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use webhook_server::{ReplySettings, router, work};

type Calls = Arc<Mutex<Vec<(String, Value)>>>;

async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    address
}

/// An API that notes its calls and answers each with an empty object.
async fn api(calls: Calls) -> SocketAddr {
    let note = move |method: Method, uri: Uri, body: Bytes| {
        let body = serde_json::from_slice(&body).unwrap_or_default();
        calls.lock().unwrap().push((format!("{method} {}", uri.path()), body));
        std::future::ready("{}")
    };
    serve(Router::new().fallback(note)).await
}

fn notification(id: &str, topic: &str, item: Value) -> String {
    json!({
        "type": "notification_event", "id": id, "topic": topic, "app_id": "abc123", "created_at": 1_767_225_600,
        "data": {"type": "notification_event_data", "item": item},
    })
    .to_string()
}

async fn post(server: SocketAddr, body: &str, signature: &str) -> u16 {
    let request = reqwest::Client::new()
        .post(format!("http://{server}/webhooks"))
        .header("x-hub-signature", signature)
        .body(body.to_owned());
    request.send().await.unwrap().status().as_u16()
}

async fn until(condition: impl Fn() -> bool) {
    for _ in 0..500 {
        if condition() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("nothing has happened for five seconds");
}

#[tokio::test]
async fn a_new_conversation_is_answered_and_tagged_once() {
    let calls = Calls::default();
    let api = api(calls.clone()).await;
    let client = Client::builder().token("test").base_url(format!("http://{api}")).build().unwrap();
    let (queue, notifications) = mpsc::channel(10);
    let settings = ReplySettings { admin_id: "814860".to_owned(), tag_id: "34".to_owned() };
    tokio::spawn(work(client, settings, notifications));
    let server = serve(router("secret", queue)).await;

    let probe = reqwest::Client::new().head(format!("http://{server}/webhooks")).send().await.unwrap();
    assert_eq!(probe.status(), 200);

    let body = notification("notif_1", "conversation.user.created", json!({"type": "conversation", "id": "215472"}));
    let signature = sign("secret", body.as_bytes());
    assert_eq!(post(server, &body, &sign("other", body.as_bytes())).await, 401);
    assert_eq!(post(server, &body, &signature).await, 200);
    assert_eq!(post(server, &body, &signature).await, 200);
    until(|| calls.lock().unwrap().len() >= 2).await;
    // Another notification after the duplicate, for which the app does nothing.
    let ping = notification("notif_2", "ping", json!({"type": "ping"}));
    assert_eq!(post(server, &ping, &sign("secret", ping.as_bytes())).await, 200);
    tokio::time::sleep(Duration::from_millis(50)).await;

    let calls = calls.lock().unwrap();
    let [(reply, body), (tag, tagged)] = &calls[..] else { panic!("{calls:?}") };
    assert_eq!(reply, "POST /conversations/215472/reply");
    assert_eq!((&body["type"], &body["message_type"]), (&json!("admin"), &json!("comment")));
    assert_eq!((tag.as_str(), &tagged["id"]), ("POST /conversations/215472/tags", &json!("34")));
}

#[tokio::test]
async fn a_full_queue_asks_for_the_notification_again() {
    let (queue, _notifications) = mpsc::channel(1);
    let server = serve(router("secret", queue)).await;
    let mut statuses = Vec::new();
    for id in ["a", "b", "b"] {
        let body = notification(id, "ping", json!({"type": "ping"}));
        statuses.push(post(server, &body, &sign("secret", body.as_bytes())).await);
    }
    assert_eq!(statuses, [200, 503, 503]);
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused() {
    let (queue, _notifications) = mpsc::channel(1);
    let server = serve(router("secret", queue)).await;
    let body = " ".repeat((1 << 20) + 1);
    assert_eq!(post(server, &body, &sign("secret", body.as_bytes())).await, 413);
}
