//! Faults, rate limits, recorded calls, webhooks, and the client that `configure` sets up.

#![allow(clippy::unwrap_used, reason = "a test panics")]

mod api;

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use api::Api;
use intercom_mock::{Fault, Server};
use intercom_platform::webhooks::sign;
use intercom_runtime::clock::Clock as _;
use intercom_runtime::{Client, ClientBuilder};
use serde_json::{Value, json};

fn client(server: &Server) -> Client {
    let builder: ClientBuilder = ClientBuilder::for_version("2.15", "test");
    server.configure(builder).build().unwrap()
}

#[tokio::test]
async fn a_client_retries_without_waiting() {
    let server = Server::start("2.15").await;
    server.fail_next(503).times(2);
    // Without jitter the wait would be zero.
    server.clock().set_jitter(1.0);
    let before = server.clock().now();
    let me = client(&server).get("/me").await.unwrap();
    assert_eq!(me["type"], "admin");
    assert!(server.clock().now() > before, "the client waits on the server's clock");
    let calls = server.assert_called("admins.identify", 3);
    let statuses: Vec<u16> = calls.calls().iter().map(|call| call.status).collect();
    assert_eq!(statuses, [503, 503, 200]);
    server.assert_no_unexpected();
}

#[tokio::test]
async fn a_post_that_was_refused_by_the_rate_limit_is_repeated() {
    let server = Server::start("2.15").await;
    server.fail_next(429);
    server.clock().set_jitter(1.0);
    let before = server.clock().now();
    client(&server).request("POST", "/contacts").json(&json!({"email": "joe@example.com"})).await.unwrap();
    assert!(server.clock().now() > before, "the client waits on the server's clock");
    server.assert_called("contacts.create", 2);
    assert_eq!(server.items("contacts")[0]["email"], "joe@example.com");
}

#[tokio::test]
async fn a_client_waits_for_the_next_window_on_the_servers_clock() {
    let server = Server::builder("2.15").rate_limit(2, Duration::from_secs(10)).start().unwrap();
    let client = client(&server);
    let before = server.clock().now();
    for _ in 0..5 {
        client.get("/me").await.unwrap();
    }
    assert!(server.clock().now() - before >= Duration::from_secs(10));
    let refused = server.calls_of("admins.identify").iter().filter(|call| call.status == 429).count();
    assert!(refused >= 1 && server.calls().len() == 5 + refused);
}

#[tokio::test]
async fn limits_are_told_in_headers() {
    let api = Api::of(Server::builder("2.15").rate_limit(2, Duration::from_secs(10)).start().unwrap());
    let first = api.get("/me").await;
    assert_eq!((first.header("x-ratelimit-limit"), first.header("x-ratelimit-remaining")), ("2", "1"));
    assert_eq!(first.header("x-ratelimit-reset"), "1700000010");
    assert_eq!(
        (first.header("intercom-version"), first.header("x-request-id")),
        ("2.15", "00000000-0000-4000-8000-000000000001")
    );
    api.get("/me").await;
    let third = api.get("/me").await;
    assert_eq!((third.status, third.code(), third.header("x-ratelimit-remaining")), (429, "rate_limit_exceeded", "0"));
    api.server.advance(Duration::from_secs(10));
    assert_eq!(api.get("/me").await.status, 200);
}

#[tokio::test]
async fn each_fault_applies_to_the_chosen_calls() {
    let api = Api::start("2.15");
    api.server.fail_next(500).on("tags.list").times(2);
    assert_eq!(api.get("/me").await.status, 200);
    assert_eq!(api.get("/tags").await.code(), "server_error");
    assert_eq!(api.get("/tags").await.status, 500);
    assert_eq!(api.get("/tags").await.status, 200);
    let url = format!("{}/me", api.server.url());
    let send = || api.http.get(&url).bearer_auth("t").send();
    api.server.inject(Fault::Cut);
    assert!(send().await.is_err());
    api.server.inject(Fault::CutBody);
    assert!(send().await.unwrap().text().await.is_err());
    api.server.inject(Fault::Garbage);
    assert!(serde_json::from_str::<Value>(&send().await.unwrap().text().await.unwrap()).is_err());
    api.server.inject(Fault::Body(502, "<html>".to_owned()));
    assert_eq!(send().await.unwrap().status(), 502);
    api.server.inject(Fault::Latency(Duration::from_millis(30)));
    let start = Instant::now();
    assert_eq!(send().await.unwrap().status(), 200);
    assert!(start.elapsed() >= Duration::from_millis(30));
    api.server.fail_next(503).always();
    assert_eq!(
        (send().await.unwrap().status(), send().await.unwrap().status()),
        (503.try_into().unwrap(), 503.try_into().unwrap())
    );
    api.server.clear_faults();
    assert_eq!(send().await.unwrap().status(), 200);
    // An alias means the operation.
    api.server.fail_next(500).on("calls.list_calls");
    assert_eq!(api.get("/calls").await.status, 500);
    api.server.assert_called("calls.list_calls", 1);
    assert_eq!(api.server.calls_of("calls.list_calls").len(), 1);
    // A call that fails changes nothing.
    api.server.fail_next(500);
    api.post("/tags", json!({"name": "x"})).await;
    assert_eq!(api.server.items("tags").len(), 0);
}

#[tokio::test]
async fn failures_at_random_are_the_same_for_the_same_seed() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let api = Api::of(Server::builder("2.15").fail_at_random(0.3, 7).start().unwrap());
        let mut statuses = Vec::new();
        for _ in 0..40 {
            statuses.push(api.get("/me").await.status);
        }
        runs.push(statuses);
    }
    assert_eq!(runs[0], runs[1]);
    let failed = runs[0].iter().filter(|status| **status >= 500).count();
    assert!((4..=20).contains(&failed), "{failed}");
}

#[tokio::test]
async fn calls_are_recorded_and_asserted() {
    let api = Api::start("2.15");
    let joe = api.server.seed("contacts", json!({"email": "joe@example.com"}));
    let path = format!("/contacts/{}", joe["id"].as_str().unwrap());
    api.put(&path, json!({"name": "Joe", "phone": "+49"})).await.ok();
    api.get("/contacts?per_page=5").await.ok();
    let update = api.server.assert_called("contacts.update", 1);
    let update = update.with_body(json!({"name": "Joe"})).with_path("contact_id", joe["id"].as_str().unwrap());
    assert_eq!(update.calls()[0].body_as::<Value>().unwrap()["phone"], "+49");
    api.server.assert_called("contacts.list", 1).with_query("per_page", "5");
    api.server.assert_called("contacts.create", 0);
    let fails = |check: &(dyn Fn() + std::panic::RefUnwindSafe)| {
        *std::panic::catch_unwind(check).unwrap_err().downcast::<String>().unwrap()
    };
    let server = std::panic::AssertUnwindSafe(&api.server);
    let message = fails(&|| drop(server.assert_called("contacts.update", 2)));
    assert!(message.starts_with("contacts.update was called 1 times, expected 2; calls of it:\n  200 PUT /contacts/"));
    let message = fails(&|| drop(server.assert_called("contacts.update", 1).with_body(json!({"name": "Jim"}))));
    assert!(
        message.starts_with("calls of contacts.update without the body {\"name\":\"Jim\"}:\n  200 PUT"),
        "{message}"
    );
    let message = fails(&|| drop(server.assert_called("contacts.upsert", 1)));
    assert_eq!(message, "version 2.15 has no operation contacts.upsert");
    assert_eq!(fails(&|| drop(server.calls_of("contacts.upsert"))), message);
    api.get("/nothing").await;
    assert_eq!(api.server.unexpected().len(), 1);
    let snapshot = serde_json::to_value(&api.server.calls_of("contacts.list")[0]).unwrap();
    let expected = json!({"operation": "contacts.list", "method": "GET", "path": "/contacts", "query": [["per_page", "5"]], "status": 200});
    assert_eq!(snapshot, expected);
}

#[tokio::test]
async fn servers_are_isolated_and_deterministic() {
    let (one, two) = (Api::start("2.15"), Api::start("2.11"));
    let first = one.post("/contacts", json!({"email": "a@example.com"})).await.ok();
    let other = two.post("/contacts", json!({"email": "a@example.com"})).await.ok();
    assert_eq!((&first["id"], &first["created_at"]), (&other["id"], &other["created_at"]));
    assert_eq!((one.server.items("contacts").len(), two.server.items("contacts").len()), (1, 1));
    let url = one.server.url();
    drop(one);
    assert!(reqwest::get(format!("{url}/me")).await.is_err());
}

/// A receiver of webhooks that answers with the statuses that are given, then with 200.
async fn receiver(statuses: Vec<u16>) -> (String, Arc<Mutex<Vec<(String, Vec<u8>)>>>) {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hooks", listener.local_addr().unwrap());
    let received = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&received);
    tokio::spawn(async move {
        for status in statuses.into_iter().chain(std::iter::repeat(200)) {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut bytes = Vec::new();
            let mut part = [0; 4096];
            let (head, body) = loop {
                let read = stream.read(&mut part).await.unwrap();
                bytes.extend_from_slice(&part[..read]);
                let text = String::from_utf8_lossy(&bytes).to_lowercase();
                let Some(end) = text.find("\r\n\r\n") else { continue };
                let length = text.split("content-length: ").nth(1).unwrap().lines().next().unwrap();
                if bytes.len() >= end + 4 + length.parse::<usize>().unwrap() {
                    break (text[..end].to_owned(), bytes[end + 4..].to_vec());
                }
            };
            seen.lock().unwrap().push((head, body));
            let answer = format!("HTTP/1.1 {status} x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    (url, received)
}

#[tokio::test]
async fn changes_are_delivered_signed_and_once_more_after_a_failure() {
    let (url, received) = receiver(vec![200, 500]).await;
    let api = Api::start("2.15");
    api.server.deliver_webhooks(&url, "secret");
    let contact = api.post("/contacts", json!({"email": "a@example.com"})).await.ok();
    assert!(api.server.deliveries().await[0].is_delivered());
    let path = format!("/contacts/{}", contact["id"].as_str().unwrap());
    api.delete(&path).await.ok();
    let deliveries = api.server.deliveries().await;
    let told: Vec<_> = deliveries.iter().map(|it| (it.topic.as_str(), it.attempts, it.status)).collect();
    assert_eq!(told, [("contact.user.created", 1, Some(200)), ("contact.deleted", 2, Some(200))]);
    // The second attempt was a minute later.
    assert!(api.server.clock().now() >= Duration::from_secs(60));
    let received = received.lock().unwrap();
    assert_eq!(received.len(), 3);
    for (head, body) in received.iter() {
        assert!(head.contains(&format!("x-hub-signature: {}", sign("secret", body))), "{head}");
        let notification: Value = serde_json::from_slice(body).unwrap();
        assert_eq!(notification["data"]["item"]["id"], contact["id"]);
    }
    let [first, second, third] = [0, 1, 2].map(|index| serde_json::from_slice::<Value>(&received[index].1).unwrap());
    assert_eq!((&first["delivery_attempts"], &third["delivery_attempts"]), (&json!(1), &json!(2)));
    assert_eq!(second["id"], third["id"]);
}

#[tokio::test]
async fn status_410_ends_the_subscription() {
    let (url, received) = receiver(vec![410]).await;
    let api = Api::start("2.15");
    api.server.deliver_webhooks(&url, "secret");
    for number in 0..3 {
        api.post("/contacts", json!({"external_id": number.to_string()})).await.ok();
        api.server.deliveries().await;
    }
    assert_eq!(received.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn status_410_leaves_a_newer_subscription() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let ending = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (url, received) = receiver(vec![200]).await;
    let api = Api::start("2.15");
    api.server.deliver_webhooks(&format!("http://{}", ending.local_addr().unwrap()), "secret");
    api.post("/contacts", json!({"external_id": "1"})).await.ok();
    let (mut stream, _) = ending.accept().await.unwrap();
    api.server.deliver_webhooks(&url, "secret");
    assert!(stream.read(&mut [0; 4096]).await.unwrap() > 0);
    stream.write_all(b"HTTP/1.1 410 Gone\r\ncontent-length: 0\r\n\r\n").await.unwrap();
    assert_eq!(api.server.deliveries().await[0].status, Some(410));
    api.post("/contacts", json!({"external_id": "2"})).await.ok();
    api.server.deliveries().await;
    assert_eq!(received.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_listener_may_call_the_server() {
    let server: Arc<std::sync::OnceLock<Server>> = Arc::default();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (its, noted) = (Arc::clone(&server), Arc::clone(&seen));
    let listen = move |call: &intercom_mock::RecordedCall| {
        let kept = its.get().map_or(0, |server| server.calls().len());
        noted.lock().unwrap().push((call.status, kept));
    };
    let started = Server::builder("2.15").on_call(listen).start().unwrap();
    let server = server.get_or_init(|| started);
    let call = tokio::task::spawn_blocking({
        let address = server.url();
        move || raw_get(&address)
    });
    tokio::time::timeout(Duration::from_secs(5), call).await.expect("the server answers").unwrap();
    assert_eq!(*seen.lock().unwrap(), [(401, 1)]);
}

/// The text that a server sends for a request without a token.
fn raw_get(url: &str) -> String {
    use std::io::{Read as _, Write as _};
    let address = url.strip_prefix("http://").unwrap();
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    write!(stream, "GET /me HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n").unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text
}

#[test]
#[should_panic(expected = "42 is not the status of an answer")]
fn a_number_that_is_no_status_is_refused() {
    Server::start_blocking("2.15").fail_next(42);
}
