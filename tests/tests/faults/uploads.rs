//! Forms and streamed uploads, and when they are retried.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use intercom_runtime::multipart::{Multipart, Part};
use intercom_runtime::transport::{BoxError, ByteStream};
use intercom_runtime::{Call, RequestOptions};
use intercom_tests::scripted::{Act, Reply, Server};

use super::{POST, client, real_time};

fn upload(server: &Server, form: Multipart) -> Call {
    let mut call = Call::new(&client(server), &POST);
    call.multipart(form);
    call
}

fn stream(size: usize) -> ByteStream {
    Box::pin(Chunks { left: size, fails: false })
}

/// Chunks of up to 1,000 bytes, and then the end or a failure.
struct Chunks {
    left: usize,
    fails: bool,
}

impl futures_core::Stream for Chunks {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let size = self.left.min(1_000);
        self.left -= size;
        Poll::Ready(match size {
            0 if self.fails => Some(Err("the disk is gone".into())),
            0 => None,
            size => Some(Ok(vec![b'#'; size].into())),
        })
    }
}

fn file(part: Part) -> Multipart {
    Multipart::new().text("kind", "csv").part("file", part.file_name("a.csv").content_type("text/csv"))
}

#[tokio::test]
async fn a_form_of_bytes_is_sent_again_unchanged() {
    let server = Server::start([Reply::new(429), Reply::new(204)]);
    let response = upload(&server, file(Part::bytes("a,b\n"))).send_empty().await.unwrap();
    assert_eq!(response.attempts(), 2);
    let seen = server.seen();
    assert_eq!(seen[0].body, seen[1].body);
    assert_eq!(seen[0].header("content-type"), seen[1].header("content-type"));
    assert!(String::from_utf8_lossy(&seen[0].body).contains("\r\n\r\na,b\n\r\n"));
}

#[tokio::test]
async fn a_stream_of_known_length_is_sent_with_its_length() {
    let server = Server::start([Reply::new(204)]);
    upload(&server, file(Part::stream(stream(100_000), Some(100_000)))).send_empty().await.unwrap();
    let seen = &server.seen()[0];
    let length: usize = seen.header("content-length").unwrap().parse().unwrap();
    assert_eq!(seen.body.len(), length);
    assert_eq!(seen.body.iter().filter(|byte| **byte == b'#').count(), 100_000);
}

#[tokio::test]
async fn a_stream_of_unknown_length_is_sent_in_chunks() {
    let server = Server::start([Reply::new(204)]);
    upload(&server, file(Part::stream(stream(100_000), None))).send_empty().await.unwrap();
    let seen = &server.seen()[0];
    assert_eq!(seen.header("transfer-encoding"), Some("chunked"));
    assert_eq!(seen.body.iter().filter(|byte| **byte == b'#').count(), 100_000);
}

#[tokio::test]
async fn a_stream_is_never_sent_twice() {
    for status in [429, 503] {
        let server = Server::start([Reply::new(status), Reply::new(204)]);
        let mut call = upload(&server, file(Part::stream(stream(10), None)));
        call.options(RequestOptions::new().assume_idempotent());
        let again = call.clone();
        assert_eq!(call.send_empty().await.unwrap_err().status().unwrap().as_u16(), status);
        // The stream was sent: a second call is an error, and does not send half a form.
        let error = again.send_empty().await.unwrap_err();
        assert!(error.is_request(), "{error:?}");
        assert_eq!(server.count(), 1);
    }
}

#[tokio::test]
async fn a_stream_that_fails_ends_the_call() {
    let server = Server::start([Reply::new(204)]);
    let failing = Box::pin(Chunks { left: 5_000, fails: true });
    let error = upload(&server, file(Part::stream(failing, None))).send_empty().await.unwrap_err();
    assert!(error.is_connection_lost(), "{error:?}");
    let mut sources = std::iter::successors(std::error::Error::source(&error), |error| error.source());
    assert!(sources.any(|source| source.to_string().contains("the disk is gone")), "{error:?}");
    assert_eq!(server.count(), 0, "half a form is not a request");
}

#[tokio::test]
async fn a_stream_shorter_than_announced_is_not_a_request() {
    let server = Server::start([Reply::new(204)]);
    let call = upload(&server, file(Part::stream(stream(10), Some(1_000))));
    assert!(call.send_empty().await.is_err());
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn an_answer_before_the_end_of_the_upload_is_taken() {
    // Reads the head, refuses, and ignores the rest.
    let server = Server::start([Reply::new(413).header("connection", "close").then(Act::Close)]);
    let form = file(Part::stream(stream(2_000_000), Some(2_000_000)));
    let client = real_time(&server).build().unwrap();
    let mut call = Call::new(&client, &POST);
    call.multipart(form);
    assert_eq!(call.send_empty().await.unwrap_err().status().unwrap().as_u16(), 413);
}

#[tokio::test]
async fn a_json_body_goes_out_as_it_was_given() {
    let server = Server::start([Reply::new(204)]);
    let mut call = Call::new(&client(&server), &POST);
    call.json(&serde_json::json!({ "name": "Zoë \u{1F600} \"x\"", "nothing": null }));
    call.send_empty().await.unwrap();
    let seen = &server.seen()[0];
    assert_eq!(seen.header("content-type"), Some("application/json"));
    let sent: serde_json::Value = serde_json::from_slice(&seen.body).unwrap();
    assert_eq!(sent["name"], "Zoë \u{1F600} \"x\"");
    assert!(sent["nothing"].is_null());
}
