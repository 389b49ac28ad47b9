//! One call over loopback with keep-alive, beside bare reqwest and `serde_json::Value`.
//!
//! The server is one thread that answers every request with the same bytes, so what differs is the client.

#![allow(clippy::unwrap_used, reason = "a benchmark panics where its setting is broken")]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::thread;

use divan::Bencher;
use intercom_benches::{Deviation, Kind, page};

fn main() {
    divan::main();
}

/// Answers every request on every connection with a page of conversations.
fn serve(items: usize) -> SocketAddr {
    let body = page(Kind::Conversations, items, Deviation::None);
    let mut answer =
        format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len())
            .into_bytes();
    answer.extend(body);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, answer) = (stream.unwrap(), answer.clone());
            thread::spawn(move || {
                stream.set_nodelay(true).unwrap();
                let (mut buffer, mut seen) = ([0; 4096], Vec::new());
                while let Ok(count @ 1..) = stream.read(&mut buffer) {
                    seen.extend_from_slice(&buffer[..count]);
                    if seen.ends_with(b"\r\n\r\n") {
                        seen.clear();
                        stream.write_all(&answer).unwrap();
                    }
                }
            });
        }
    });
    address
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

#[divan::bench(args = [1, 20, 150])]
fn call_ours(bencher: Bencher<'_, '_>, items: usize) {
    let (address, runtime) = (serve(items), runtime());
    let client =
        intercom_v2_15::Client::builder().token("token").base_url(format!("http://{address}")).build().unwrap();
    bencher
        .bench_local(|| runtime.block_on(async { client.conversations().list().per_page(150).send().await.unwrap() }));
}

#[divan::bench(args = [1, 20, 150])]
fn call_reqwest(bencher: Bencher<'_, '_>, items: usize) {
    let (address, runtime) = (serve(items), runtime());
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("http://{address}/conversations?per_page=150");
    bencher.bench_local(|| {
        runtime.block_on(async {
            let request = client.get(&url).bearer_auth("token").header("Intercom-Version", "2.15");
            let response = request.send().await.unwrap().error_for_status().unwrap();
            serde_json::from_slice::<serde_json::Value>(&response.bytes().await.unwrap()).unwrap()
        })
    });
}
