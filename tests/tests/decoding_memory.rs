//! What the values of hostile bodies take is a few times their text. A binary of its own: the peak is that of the process.

#![allow(clippy::unwrap_used, reason = "a test panics")]

use intercom_runtime::Value;
use intercom_runtime::data::{Decode, Decoding, from_slice};
use intercom_runtime::transport::{Body, Transport, TransportFuture};
use intercom_v2_15::Client;
use intercom_v2_15::types::{Contact, ContactList, ConversationList};

/// The most memory that this process ever had, in bytes; `None` where the system does not tell.
fn peak() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().split(' ').next()?.parse::<usize>().ok()? * 1024)
}

/// Runs something and tells by how much the peak grew, as a multiple of the body.
fn grows(what: &str, body: &[u8], run: impl FnOnce(&[u8])) {
    let before = peak();
    run(body);
    let (Some(before), Some(after)) = (before, peak()) else { return };
    println!("{what}: {} bytes, the peak grew by {}", body.len(), after - before);
    assert!(after - before <= 10 * body.len(), "{what}: {} bytes, the peak grew by {}", body.len(), after - before);
}

fn decode<T: Decode>(body: &[u8]) {
    let decoded = from_slice::<T>(body, Decoding::Tolerant).map(drop);
    assert!(from_slice::<T>(body, Decoding::Strict).is_err());
    drop(decoded);
}

/// A list of so many equal items.
fn list(key: &str, item: &str, count: usize) -> Vec<u8> {
    format!(r#"{{"type":"list","{key}":[{}]}}"#, vec![item; count].join(",")).into_bytes()
}

#[derive(Debug)]
struct Memory(Vec<u8>);

impl Transport for Memory {
    fn send(&self, _: http::Request<Body>) -> TransportFuture<'_> {
        let body = self.0.clone();
        Box::pin(async move { Ok(http::Response::new(Body::from(body))) })
    }
}

fn page(body: &[u8]) {
    let client = Client::builder().token("t").transport(Memory(body.to_vec())).build().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let page = runtime.block_on(async { client.contacts().list().page().await });
    assert!(page.is_err_and(|error| error.is_decode()), "such a page is no page");
}

/// One test, since the peak is that of all threads. Each input takes more than those before, so that all count.
#[test]
fn the_peak_is_below_ten_times_the_body() {
    grows("unfit items", &list("data", "1", 200_000), decode::<ContactList>);
    grows("a page of unfit items", &list("data", "1", 200_000), page);
    grows("empty contacts", &list("data", "{}", 350_000), decode::<ContactList>);
    grows("a page of empty contacts", &list("data", "{}", 350_000), page);
    grows("unknown keys", &list("future", r#"{"":0}"#, 400_000), decode::<ContactList>);
    grows("nested unknown lists", &list("future", "[[],[]]", 500_000), decode::<ConversationList>);
    let keys: Vec<String> = (0..400_000).map(|key| format!(r#""{key}":0"#)).collect();
    let object = format!("{{{}}}", keys.join(",")).into_bytes();
    grows("an object of unknown keys", &object, decode::<Contact>);
    grows("custom attributes", &[br#"{"custom_attributes":"#, &*object, b"}"].concat(), decode::<Contact>);
    assert!(from_slice::<Value>(&object, Decoding::Strict).is_ok(), "who asks for any value gets it");
}
