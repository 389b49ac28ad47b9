//! Blocking calls, over a real socket.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::time::Duration;

use crate::common::FIND;
use intercom_runtime::{Call, Client, ClientBuilder, RetryPolicy, Value, blocking};

/// Responds to `calls` connections with `body`.
fn server(calls: usize, body: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for _ in 0..calls {
            let (mut socket, _) = listener.accept().unwrap();
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                socket.read_exact(&mut byte).unwrap();
                head.push(byte[0]);
            }
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
            socket.write_all(head.as_bytes()).unwrap();
            socket.write_all(body.as_bytes()).unwrap();
        }
    });
    url
}

fn call(url: String) -> Call {
    let client: Client = ClientBuilder::for_version("2.15", "test/1.0")
        .token("t")
        .base_url(url)
        .retry(RetryPolicy::never())
        .attempt_timeout(Duration::from_secs(10))
        .build()
        .unwrap();
    let mut call = Call::new(&client, &FIND);
    call.path("contact_id", 1);
    call
}

#[test]
fn a_call_blocks_the_callers_thread() {
    let call = call(server(8, r#"{"id":"1"}"#));
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let call = call.clone();
            std::thread::spawn(move || call.send_json::<Value>().block().unwrap()["id"].clone())
        })
        .collect();
    for thread in threads {
        assert_eq!(thread.join().unwrap(), "1");
    }
}

#[test]
fn a_download_can_be_read_by_std_io() {
    let mut text = String::new();
    call(server(1, "some text")).download().block().unwrap().into_read().read_to_string(&mut text).unwrap();
    assert_eq!(text, "some text");
}

#[test]
fn timeouts_apply_to_blocking_calls() {
    // The listener's backlog accepts the connection, but no response is sent.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut call = call(format!("http://{}", listener.local_addr().unwrap()));
    call.options(intercom_runtime::RequestOptions::new().attempt_timeout(Duration::from_millis(50)));
    assert!(call.send_empty().block().unwrap_err().is_timeout());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn blocking_works_in_spawn_blocking_and_block_in_place() {
    let call = call(server(2, r#"{"id":"1"}"#));
    let again = call.clone();
    let me = tokio::task::spawn_blocking(move || again.send_json::<Value>().block()).await.unwrap().unwrap();
    assert_eq!(me["id"], "1");
    let me = tokio::task::block_in_place(|| call.send_json::<Value>().block()).unwrap();
    assert_eq!(me["id"], "1");
}

#[tokio::test]
async fn blocking_in_an_async_task_is_an_error() {
    assert!(blocking::block_on(async {}).unwrap_err().to_string().contains("await it"));
    let error = call(server(0, "")).send_empty().block().unwrap_err();
    assert!(error.is_request(), "{error:?}");
    let spawned = tokio::spawn(async { blocking::block_on(async {}).is_err() });
    assert!(spawned.await.unwrap());
    // The task continues.
    tokio::time::sleep(Duration::from_millis(1)).await;
}
