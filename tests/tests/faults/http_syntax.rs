//! Responses that are not valid HTTP.

use intercom_tests::scripted::{Act, Reply, Server};

use super::{GET, POST, client, send};

/// Each of these loses the connection: a GET is repeated, a POST is not.
async fn is_lost(bytes: impl Into<Vec<u8>>) {
    let bytes = bytes.into();
    let server = Server::start([Reply::raw(bytes.clone()), Reply::json("{}")]);
    let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(60)]).into_owned();
    match send(&client(&server), &GET).await {
        Ok((_, attempts)) => assert_eq!((attempts, server.count()), (2, 2), "{shown}"),
        Err(error) => panic!("{shown}: {error:?}"),
    }
    let server = Server::start([Reply::raw(bytes), Reply::json("{}")]);
    let error = send(&client(&server), &POST).await.unwrap_err();
    assert!(error.is_connection_lost(), "{shown}: {error:?}");
    assert_eq!(server.count(), 1, "{shown}");
}

#[tokio::test]
async fn another_protocol_is_a_lost_connection() {
    is_lost("SSH-2.0-OpenSSH_9.6\r\n").await;
    is_lost(b"\x15\x03\x01\x00\x02\x02\x46".to_vec()).await;
    is_lost("\r\n\r\n\r\n").await;
}

#[tokio::test]
async fn a_broken_head_is_a_lost_connection() {
    is_lost("HTTP/1.1\r\n\r\n").await;
    is_lost("HTTP/1.1 abc OK\r\n\r\n").await;
    is_lost("HTTP/1.1 200 OK\r\ncontent-length").await;
    is_lost("HTTP/1.1 200 OK\r\nno colon\r\n\r\n").await;
    is_lost("HTTP/1.1 200 OK\r\na: b\0c\r\n\r\n").await;
}

#[tokio::test]
async fn lengths_that_contradict_each_other_are_a_lost_connection() {
    is_lost("HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{} ").await;
    is_lost("HTTP/1.1 200 OK\r\ncontent-length: two\r\n\r\n{}").await;
    is_lost("HTTP/1.1 200 OK\r\ncontent-length: -2\r\n\r\n{}").await;
}

#[tokio::test]
async fn chunks_that_are_garbage_are_a_lost_connection() {
    let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    is_lost(format!("{head}zz\r\n{{}}\r\n0\r\n\r\n")).await;
    is_lost(format!("{head}2\r\n{{}}0\r\n\r\n")).await;
    is_lost(format!("{head}ffffffffffffffffff\r\n{{}}\r\n0\r\n\r\n")).await;
    is_lost(format!("{head}2\r\n{{}}\r\n")).await;
    is_lost(format!("{head}-2\r\n{{}}\r\n0\r\n\r\n")).await;
}

#[tokio::test]
async fn too_many_headers_are_a_lost_connection() {
    let one = format!("HTTP/1.1 200 OK\r\nx-huge: {}\r\n\r\n", "x".repeat(2 << 20));
    is_lost(one).await;
    let many = format!("HTTP/1.1 200 OK\r\n{}\r\n", "x-a: b\r\n".repeat(20_000));
    is_lost(many).await;
}

#[tokio::test]
async fn headers_without_end_are_not_kept() {
    let flood = Act::Repeat { bytes: b"x-a: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\r\n".repeat(1_000), times: 2_000 };
    let server = Server::start([Reply::acts([Act::Send(b"HTTP/1.1 200 OK\r\n".to_vec()), flood, Act::Close])]);
    let error = send(&client(&server), &POST).await.unwrap_err();
    assert!(error.is_connection_lost(), "{error:?}");
    assert!(server.sent() < 32 << 20, "{} bytes were sent", server.sent());
}

#[tokio::test]
async fn chunks_with_extensions_and_trailers_are_read() {
    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n\
        4;a=b\r\n{\"id\r\n5\r\n\": 3}\r\n0\r\nx-trailer: y\r\n\r\n";
    let server = Server::start([Reply::raw(chunked)]);
    assert_eq!(send(&client(&server), &GET).await.unwrap().0["id"], 3);
}

#[tokio::test]
async fn large_headers_within_reason_are_read() {
    let server = Server::start([Reply::json("{}").header("x-large", "x".repeat(50_000))]);
    send(&client(&server), &GET).await.unwrap();
}

#[tokio::test]
async fn a_response_sent_before_the_request_does_not_cause_a_second_post() {
    // A server or proxy that sends a response before the request: the POST must not be sent twice because of it.
    let early = Reply::at_accept([
        Act::Send(b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_vec()),
        Act::Close,
    ]);
    let server = Server::start([early, Reply::json("{}"), Reply::json("{}")]);
    let result = send(&client(&server), &POST).await;
    assert!(server.count() <= 1);
    if let Ok((_, attempts)) = result {
        assert_eq!(server.count(), 1, "{attempts} attempts");
    }
}
