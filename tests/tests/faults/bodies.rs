//! Bodies of successful responses that are truncated, too long, endless or huge.

use intercom_runtime::Value;
use intercom_tests::scripted::{Act, Reply, Server};

use super::{GET, POST, builder, call, client, send};

fn cut() -> Reply {
    Reply::raw("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"id\":")
}

#[tokio::test]
async fn a_body_that_ends_early_is_lost_and_a_post_was_seen_once() {
    let server = Server::start([cut(), Reply::json("{}")]);
    let error = send(&client(&server), &POST).await.unwrap_err();
    assert!(error.is_connection_lost(), "{error:?}");
    assert_eq!(server.count(), 1);

    let server = Server::start([cut(), Reply::json("{}")]);
    assert_eq!(send(&client(&server), &GET).await.unwrap().1, 2);
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn a_reset_in_mid_body_is_lost_and_a_get_is_repeated() {
    let reset = || {
        let head = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"id\":";
        let pause = std::time::Duration::from_millis(20);
        Reply::acts([Act::Send(head.into()), Act::Sleep(pause), Act::Reset])
    };
    let server = Server::start([reset(), Reply::json("{}")]);
    assert_eq!(send(&client(&server), &GET).await.unwrap().1, 2);

    let server = Server::start([reset(), Reply::json("{}")]);
    assert!(send(&client(&server), &POST).await.unwrap_err().is_connection_lost());
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn bytes_beyond_the_announced_length_do_not_spoil_the_next_answer() {
    let long =
        Reply::raw("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n666");
    let server = Server::start([long, Reply::json(r#"{"id":2}"#)]);
    let client = client(&server);
    assert_eq!(send(&client, &GET).await.unwrap().0, serde_json::json!({}));
    assert_eq!(send(&client, &GET).await.unwrap().0["id"], 2);
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn a_body_without_length_ends_with_the_connection() {
    let server = Server::start([Reply::raw("HTTP/1.0 200 OK\r\n\r\n{\"id\":7}")]);
    assert_eq!(send(&client(&server), &GET).await.unwrap().0["id"], 7);
}

#[tokio::test]
async fn a_body_in_small_pieces_is_read_whole() {
    let body = r#"{"id":"12345"}"#;
    let head = Reply::json(body).head();
    let every = std::time::Duration::from_millis(2);
    let drip = Act::Drip { bytes: format!("{head}{body}").into(), size: 1, every };
    let server = Server::start([Reply::acts([drip])]);
    assert_eq!(send(&client(&server), &GET).await.unwrap().0["id"], "12345");
}

#[tokio::test]
async fn a_body_announced_as_100_mib_is_not_read() {
    let head = Reply::new(200).header("content-length", 100 << 20).head();
    let flood = Act::Repeat { bytes: vec![b' '; 1 << 20], times: 100 };
    let server = Server::start([Reply::acts([Act::Send(head.into()), flood, Act::Close])]);
    let client = builder(&server).max_body(1 << 20).build().unwrap();
    let error = send(&client, &GET).await.unwrap_err();
    assert!(error.is_too_large() && !error.is_status(), "{error:?}");
    assert_eq!((error.status().unwrap().as_u16(), error.attempts(), server.count()), (200, 1, 1));
    assert!(server.sent() < 32 << 20, "{} bytes were sent", server.sent());
}

#[tokio::test]
async fn an_endless_chunked_body_is_read_up_to_the_bound() {
    let mut chunk = b"10000\r\n".to_vec();
    chunk.extend(vec![b' '; 0x10000]);
    chunk.extend(b"\r\n");
    let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    let server =
        Server::start([Reply::acts([Act::Send(head), Act::Repeat { bytes: chunk, times: 2_000 }, Act::Close])]);
    let client = builder(&server).max_body(1 << 20).build().unwrap();
    let error = send(&client, &GET).await.unwrap_err();
    assert!(error.is_too_large(), "{error:?}");
    assert!(server.sent() < 32 << 20, "{} bytes were sent", server.sent());
}

#[tokio::test]
async fn a_huge_content_length_reserves_no_memory() {
    let server =
        Server::start([Reply::raw(format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{{}}", u64::MAX / 4))]);
    let client = builder(&server).max_body(u64::MAX).retry(intercom_runtime::RetryPolicy::never()).build().unwrap();
    assert!(send(&client, &GET).await.unwrap_err().is_connection_lost());
}

#[tokio::test]
async fn an_empty_body_is_an_error_only_if_a_value_is_expected() {
    for reply in [Reply::new(200), Reply::new(204), Reply::new(202)] {
        let server = Server::start([reply.clone(), reply]);
        let client = client(&server);
        let error = call(&client, &GET).send_json::<Value>().await.unwrap_err();
        assert!(error.is_decode(), "{error:?}");
        call(&client, &GET).send_empty().await.unwrap();
    }
}

#[tokio::test]
async fn an_unexpected_body_is_kept() {
    let server = Server::start([Reply::json(r#"{"surprise":true}"#)]);
    let response = call(&client(&server), &GET).send_empty().await.unwrap();
    assert_eq!(&response.bytes()[..], br#"{"surprise":true}"#);
}

#[tokio::test]
async fn text_that_is_not_utf8_is_replaced_and_the_bytes_are_kept() {
    let server = Server::start([Reply::new(200).body(b"a\xffb".to_vec())]);
    let response = call(&client(&server), &GET).send_text().await.unwrap();
    assert_eq!(*response, "a\u{fffd}b");
    assert_eq!(&response.bytes()[..], b"a\xffb");
}

#[tokio::test]
async fn a_compressed_body_that_was_not_asked_for_is_an_error_with_its_bytes() {
    let server = Server::start([Reply::json(b"\x1b\x03\x00garbage".to_vec()).header("content-encoding", "br")]);
    let error = send(&client(&server), &GET).await.unwrap_err();
    assert!(error.is_decode());
    assert_eq!(error.body(), b"\x1b\x03\x00garbage");
    assert_eq!(error.headers().unwrap()["content-encoding"], "br");
}
