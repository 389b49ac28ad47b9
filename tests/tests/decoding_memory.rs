//! The memory of decoding hostile bodies is a small multiple of their size. Each body is decoded in a separate process, since peak
//! memory is measured for a process.

#![allow(clippy::unwrap_used, reason = "a test panics")]

use std::fmt::Write as _;
use std::process::Command;

use intercom_runtime::data::{Decode, Decoding, from_slice};
use intercom_runtime::paging::Page;
use intercom_runtime::transport::{Body, Transport, TransportFuture};
use intercom_runtime::{Error, Value};
use intercom_v2_15::Client;
use intercom_v2_15::types::{Contact, ContactList, ConversationList};

/// The peak memory of this process in bytes; `None` if the system does not provide it.
fn peak() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().split(' ').next()?.parse::<usize>().ok()? * 1024)
}

fn decode<T: Decode>(body: &[u8]) {
    let decoded = from_slice::<T>(body, Decoding::Tolerant);
    assert!(decoded.is_ok_and(|decoded| !decoded.mismatches.is_empty()));
}

/// A list of `count` equal items.
fn list(key: &str, item: &str, count: usize) -> Vec<u8> {
    let items = format!("{item},").repeat(count);
    format!(r#"{{"type":"list","{key}":[{}]}}"#, items.trim_end_matches(',')).into_bytes()
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
    assert!(fetch(body).is_err_and(|error| error.is_decode()), "such a page is no page");
}

fn fetch(body: &[u8]) -> Result<Page<Contact>, Error> {
    let client = Client::builder().token("t").transport(Memory(body.to_vec())).build().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async { client.contacts().list().page().await })
}

type Case = (&'static str, fn() -> Vec<u8>, fn(&[u8]));

const CASES: &[Case] = &[
    ("unfit items", || list("data", "1", 200_000), decode::<ContactList>),
    ("a page of unfit items", || list("data", "1", 200_000), page),
    ("empty contacts", || list("data", "{}", 350_000), decode::<ContactList>),
    ("a page of empty contacts", || list("data", "{}", 350_000), page),
    ("unknown keys", || list("future", r#"{"":0}"#, 400_000), decode::<ContactList>),
    ("nested unknown lists", || list("future", "[[],[]]", 500_000), decode::<ConversationList>),
    ("an object of unknown keys", || keys(400_000), decode::<Contact>),
    ("custom attributes", || [br#"{"custom_attributes":"#, &*keys(400_000), b"}"].concat(), decode::<Contact>),
];

fn keys(count: usize) -> Vec<u8> {
    let mut object = String::from("{");
    for key in 0..count {
        let _ = write!(object, "{}\"{key}\":0", if key > 0 { "," } else { "" });
    }
    object.push('}');
    object.into_bytes()
}

/// The environment variable with the case of a process.
const CASE: &str = "INTERCOM_TESTS_CASE";

#[test]
fn the_peak_is_below_ten_times_the_body() {
    if let Ok(case) = std::env::var(CASE) {
        let (_, body, run) = CASES[case.parse::<usize>().unwrap()];
        let body = body();
        // The memory of the client does not count.
        assert!(fetch(&list("data", r#"{"type":"contact"}"#, 3)).is_ok());
        let before = peak();
        run(&body);
        if let (Some(before), Some(after)) = (before, peak()) {
            let times = (after - before) as f64 / body.len() as f64;
            println!("{} bytes, the peak grew by {times:.1} times as many", body.len());
            assert!(times <= 10.0);
        }
        return;
    }
    for (number, (what, ..)) in CASES.iter().enumerate() {
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", "the_peak_is_below_ten_times_the_body", "--nocapture"]).env(CASE, number.to_string());
        let output = child.output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        println!("{what}: {}", said.lines().find(|line| line.contains("bytes")).unwrap_or_default());
        assert!(output.status.success(), "{what}: {said} {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn a_value_of_any_shape_can_be_decoded() {
    assert!(from_slice::<Value>(&keys(400_000), Decoding::Strict).is_ok());
}
