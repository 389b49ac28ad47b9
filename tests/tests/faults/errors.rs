//! Error bodies: in any form, the status is kept, and the body up to a limit.

use intercom_runtime::{Error, ErrorCode, Value};
use intercom_tests::scripted::{Act, Reply, Server};

use super::{GET, builder, call, client, send};

async fn error_of(reply: Reply) -> Error {
    let server = Server::start([reply]);
    let error = send(&client(&server), &GET).await.unwrap_err();
    assert!(error.is_status() && !error.is_decode(), "{error:?}");
    assert_eq!(error.operation(), Some("things.find"));
    error
}

#[tokio::test]
async fn the_documented_shape_is_read_whole() {
    let body = r#"{"type":"error.list","request_id":"from-body","errors":[
        {"code":"parameter_invalid","message":"bad","field":"email"},{"code":"brand_new"}]}"#;
    let error = error_of(Reply::new(422).header("x-request-id", "from-header").header("x-other", 1).body(body)).await;
    assert_eq!(error.code(), Some(&ErrorCode::ParameterInvalid));
    assert_eq!(error.errors().len(), 2);
    assert_eq!(error.errors()[0].field.as_deref(), Some("email"));
    assert_eq!(error.errors()[1].code, Some(ErrorCode::Other("brand_new".into())));
    assert_eq!(error.request_id(), Some("from-header"));
    assert_eq!(error.headers().unwrap()["x-other"], "1");
    assert_eq!(error.body(), body.as_bytes());
    assert!(!error.is_body_truncated());
}

#[tokio::test]
async fn the_request_id_is_taken_from_the_body_if_the_header_is_missing() {
    assert_eq!(error_of(Reply::new(400).body(r#"{"request_id":"b"}"#)).await.request_id(), Some("b"));
}

#[tokio::test]
async fn bodies_of_other_shapes_keep_the_status_and_the_bytes() {
    let bodies: [&[u8]; 14] = [
        b"",
        b"null",
        b"[]",
        b"0",
        b"\"gone\"",
        b"{}",
        b"<html><body>502 Bad Gateway</body></html>",
        b"\xff\xfe\x00bad",
        br#"{"errors":"#,
        br#"{"errors":null}"#,
        br#"{"errors":[null,1,"x",{"code":5,"message":[]}]}"#,
        br#"{"errors":{"a":["b"]}}"#,
        br#"{"error":"gone"}"#,
        br#"{"status":404,"error":{"type":"not_found"}}"#,
    ];
    for body in bodies {
        let error = error_of(Reply::new(404).body(body)).await;
        assert!(error.is_not_found());
        assert_eq!(error.body(), body);
        // The text is one line for every body.
        assert!(!error.to_string().contains('\n'));
    }
}

#[tokio::test]
async fn an_interrupted_error_body_keeps_the_status() {
    let reply = Reply::raw("HTTP/1.1 400 Bad Request\r\ncontent-length: 500\r\n\r\n{\"errors\":[{\"co");
    let error = error_of(reply).await;
    assert_eq!(error.body(), b"{\"errors\":[{\"co");
    assert!(error.is_body_truncated());
}

#[tokio::test]
async fn an_error_body_of_100_mib_is_read_up_to_the_bound() {
    let head = Reply::new(400).header("content-length", 100 << 20).head();
    let flood = Act::Repeat { bytes: vec![b'x'; 1 << 20], times: 100 };
    let server = Server::start([Reply::acts([Act::Send(head.into()), flood, Act::Close])]);
    let client = builder(&server).max_error_body(10_000).build().unwrap();
    let error = send(&client, &GET).await.unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 400);
    assert_eq!(error.body().len(), 10_000);
    assert!(error.is_body_truncated());
    assert!(server.sent() < 32 << 20, "the rest is not read: {} bytes were sent", server.sent());
}

#[tokio::test]
async fn the_text_of_an_error_is_one_line_of_bounded_length() {
    let message = "a\\nb".repeat(10_000);
    let error = error_of(Reply::new(400).body(format!(r#"{{"message":"{message}"}}"#))).await;
    let text = error.to_string();
    assert!(!text.contains('\n') && text.len() < 1_000, "{text}");
    assert!(format!("{error:?}").len() < 300_000);
    let error = error_of(Reply::new(400).header("x-request-id", "a\tb").body(r#"{"errors":[{"code":"a\nb"}]}"#)).await;
    assert_eq!(error.to_string(), "things.find: 400 Bad Request, a b [request a b]");
}

#[tokio::test]
async fn an_error_body_nested_deeply_does_not_overflow_the_stack() {
    let deep = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
    let error = error_of(Reply::new(400).body(format!(r#"{{"errors":{deep}}}"#))).await;
    assert!(error.errors().is_empty());
}

#[tokio::test]
async fn a_request_id_that_is_not_text_is_absent() {
    let reply = Reply::raw(b"HTTP/1.1 400 X\r\nx-request-id: \xff\xfe\r\ncontent-length: 0\r\n\r\n".to_vec());
    assert_eq!(error_of(reply).await.request_id(), None);
}

#[tokio::test]
async fn an_error_can_cross_threads_and_be_boxed() {
    fn is_portable<T: std::error::Error + Send + Sync + 'static>(error: T) -> Box<dyn std::error::Error + Send + Sync> {
        Box::new(error)
    }
    let server = Server::start([Reply::new(404)]);
    let error = call(&client(&server), &GET).send_json::<Value>().await.unwrap_err();
    assert!(is_portable(error).downcast::<Error>().is_ok());
}

#[tokio::test]
async fn the_text_of_an_error_says_the_cause() {
    use intercom_runtime::ClientBuilder;

    let nobody: ClientBuilder = ClientBuilder::for_version("2.15", "faults/1.0").token("t");
    let nobody = nobody.base_url(format!("http://{}", Server::unused_address())).clock(super::clock()).build().unwrap();
    let error = send(&nobody, &GET).await.unwrap_err();
    let text = "things.find: no connection to the server after 3 attempts: connection refused";
    assert_eq!(error.to_string(), text);

    let server = Server::answering(|seen| match seen.header("x-fault") {
        Some("reset") => Reply::acts([Act::Reset]),
        Some("redirect") => Reply::new(302).header("location", "http://files.example/?secret"),
        _ => Reply::json(r#"{"id":"joe@personal.example","age":"joe"}"#),
    });
    let client = client(&server);
    let text = |fault: &'static str| {
        let mut call = call(&client, &GET);
        call.options(intercom_runtime::RequestOptions::new().header("x-fault", fault));
        call
    };
    let error = text("reset").send_empty().await.unwrap_err().to_string();
    assert!(error.starts_with("things.find: the connection was lost after 3 attempts: connection "), "{error}");
    let error = text("redirect").send_empty().await.unwrap_err().to_string();
    assert!(
        error.contains("the redirect to files.example is not followed: it is not https") && !error.contains("secret"),
        "{error}"
    );

    // What was expected and where, but never a value of the body.
    let list = text("").send_json::<Vec<intercom_runtime::data::Id>>().await.unwrap_err();
    let strict = text("").send_as::<std::collections::HashMap<String, u32>>().await.unwrap_err();
    for error in [list, strict] {
        let text = error.to_string();
        assert!(text.contains("cannot be decoded (200): expected"), "{text}");
        assert!(!text.contains("joe"), "{text}");
    }
}
