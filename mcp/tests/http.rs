//! Streamable HTTP on loopback: requests by hand, and who is refused.

#![allow(clippy::unwrap_used, reason = "a test panics")]

use std::net::SocketAddr;

use intercom_mcp::{HttpOptions, Options, serve_http};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

mod common;
use common::Api;

/// A server that ends when the sender is dropped.
async fn start(options: HttpOptions) -> (SocketAddr, oneshot::Sender<()>) {
    let server = Api::always(json!({"type": "tag.list", "data": []})).server("2.16", Options::default());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    tokio::spawn(serve_http(server, listener, options, async move {
        let _ = stopped.await;
    }));
    (address, stop)
}

/// Sends a message: the status and the body of the answer.
async fn post(address: SocketAddr, path: &str, headers: &[(&str, &str)], body: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let host = address.to_string();
    let mut all = vec![
        ("host", host.as_str()),
        ("content-type", "application/json"),
        ("accept", "application/json, text/event-stream"),
    ];
    all.retain(|(name, _)| !headers.iter().any(|(given, _)| given == name));
    all.extend(headers);
    let mut request = format!("POST {path} HTTP/1.1\r\nconnection: close\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in all {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    stream.write_all(format!("{request}\r\n{body}").as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_else(|| panic!("{answer}"));
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body).to_owned();
    (status, body)
}

fn message(method: &str, params: Value) -> String {
    json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).to_string()
}

#[tokio::test]
async fn tools_are_listed_and_called() {
    let (address, _stop) = start(HttpOptions::default()).await;
    let client =
        json!({"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}});
    let (status, body) = post(address, "/mcp", &[], &message("initialize", client)).await;
    assert_eq!(status, 200, "{body}");
    assert!(body.contains("\"name\":\"intercom\""), "{body}");
    let (status, body) = post(address, "/mcp", &[], &message("tools/list", json!({}))).await;
    assert!(status == 200 && body.contains("\"search_conversations\""), "{status} {body}");
    let (status, body) =
        post(address, "/mcp", &[], &message("tools/call", json!({"name": "list_tags", "arguments": {}}))).await;
    assert!(status == 200 && body.contains("tag.list"), "{status} {body}");
}

#[tokio::test]
async fn web_pages_of_other_hosts_are_refused() {
    let (address, _stop) = start(HttpOptions::default()).await;
    let list = message("tools/list", json!({}));
    for (headers, expected) in [
        (vec![("host", "evil.example")], 403),
        (vec![("host", "127.0.0.1.evil.example")], 403),
        (vec![("origin", "https://evil.example")], 403),
        (vec![("origin", "http://localhost.evil.example")], 403),
        (vec![("origin", "null")], 403),
        (vec![("origin", "http://localhost:6274")], 200),
        (vec![("host", "localhost:1234")], 200),
    ] {
        let (status, body) = post(address, "/mcp", &headers, &list).await;
        assert_eq!(status, expected, "{headers:?}: {body}");
    }
    let (address, _stop) = start(HttpOptions { hosts: vec!["mcp.example".to_owned()], ..HttpOptions::default() }).await;
    assert_eq!(post(address, "/mcp", &[("host", "mcp.example")], &list).await.0, 200);
}

#[tokio::test]
async fn a_bearer_token_is_asked_for() {
    let (address, _stop) = start(HttpOptions { bearer: Some("s3cret".to_owned()), ..HttpOptions::default() }).await;
    let list = message("tools/list", json!({}));
    for (headers, expected) in [
        (vec![], 401),
        (vec![("authorization", "Bearer wrong")], 401),
        (vec![("authorization", "s3cret")], 401),
        (vec![("authorization", "Bearer s3cret")], 200),
    ] {
        assert_eq!(post(address, "/mcp", &headers, &list).await.0, expected, "{headers:?}");
    }
}

#[tokio::test]
async fn what_is_no_message_is_refused_and_the_server_goes_on() {
    let (address, _stop) = start(HttpOptions::default()).await;
    let list = message("tools/list", json!({}));
    assert_eq!(post(address, "/", &[], &list).await.0, 404);
    let large = format!("\"{}\"", "x".repeat(5 << 20));
    for (headers, body, expected) in [
        (vec![], "not JSON", 400..=422),
        (vec![], "", 400..=422),
        (vec![("content-type", "text/plain")], list.as_str(), 415..=415),
        (vec![("accept", "text/plain")], list.as_str(), 406..=406),
        (vec![("mcp-protocol-version", "1999-01-01")], list.as_str(), 400..=400),
        (vec![], large.as_str(), 413..=413),
    ] {
        let (status, answer) = post(address, "/mcp", &headers, body).await;
        assert!(expected.contains(&status), "{status} instead of {expected:?}: {answer}");
    }
    assert_eq!(post(address, "/mcp", &[], &list).await.0, 200);
}

#[tokio::test]
async fn the_server_ends_while_all_connections_are_in_use() {
    let server = Api::always(Value::Null).server("2.16", Options::default());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(serve_http(server, listener, HttpOptions::default(), async move {
        let _ = stopped.await;
    }));
    // More connections than the server accepts: the others wait, without a request.
    let mut open = Vec::new();
    for _ in 0..80 {
        open.push(TcpStream::connect(address).await.unwrap());
    }
    // Until the server has accepted as many as it may.
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    stop.send(()).unwrap();
    tokio::time::timeout(std::time::Duration::from_secs(5), serving).await.expect("the server ends").unwrap().unwrap();
}

#[tokio::test]
async fn an_address_that_others_reach_needs_a_token() {
    let server = Api::always(Value::Null).server("2.16", Options::default());
    let listener = TcpListener::bind("0.0.0.0:0").await.unwrap();
    let error = serve_http(server.clone(), listener, HttpOptions::default(), std::future::pending()).await.unwrap_err();
    assert!(error.to_string().contains("set a bearer token"), "{error}");
    for bearer in ["", "a\nb"] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let options = HttpOptions { bearer: Some(bearer.to_owned()), ..HttpOptions::default() };
        let error = serve_http(server.clone(), listener, options, std::future::pending()).await.unwrap_err();
        assert!(error.to_string().contains("bearer token"), "{error}");
    }
    assert!(
        !format!("{:?}", HttpOptions { bearer: Some("s3cret".to_owned()), ..HttpOptions::default() })
            .contains("s3cret")
    );
}
