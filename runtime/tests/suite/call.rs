//! Calls through an in-memory transport: the request that is sent, and how the response is handled.

use crate::common::{CREATE, FIND, Memory};
use intercom_runtime::{Call, ErrorCode, Multipart, RequestOptions, Value};

#[tokio::test]
async fn a_call_becomes_one_request_and_its_answer_a_response() {
    let memory = Memory::default().answer(
        200,
        &[("x-request-id", "r1"), ("x-ratelimit-limit", "166"), ("x-ratelimit-remaining", "165")],
        r#"{"id":"1"}"#,
    );
    let client = memory.client();
    let mut call = Call::new(&client, &FIND);
    call.path("contact_id", "a/b");
    call.query("q", "x y");
    call.query("q", "z&");
    call.query_append("r[]", 1);
    call.options(RequestOptions::new().header("x-one", "1").query("s", true));
    let response = call.send_json::<Value>().await.unwrap();
    assert_eq!(response["id"], "1");
    assert_eq!(response.request_id(), Some("r1"));
    assert_eq!(response.attempts(), 1);
    assert_eq!(client.rate_limit().unwrap().remaining, Some(165));

    let [request] = &memory.seen()[..] else { panic!("one request") };
    assert_eq!(request.uri(), "https://api.intercom.io/contacts/a%2Fb?q=z%26&r%5B%5D=1&s=true");
    let header = |name: &str| request.headers()[name].to_str().unwrap();
    assert_eq!(header("authorization"), "Bearer hunter2");
    assert_eq!(header("intercom-version"), "2.15");
    assert_eq!(header("accept"), "application/json");
    assert_eq!(header("x-one"), "1");
    assert!(header("user-agent").starts_with("test/1.0 intercom-runtime/"));
    assert!(!format!("{request:?}").contains("hunter2"));
}

#[tokio::test]
async fn an_error_status_is_an_error_with_all_details() {
    let body = r#"{"type":"error.list","request_id":"r2","errors":[{"code":"not_found","message":"gone"}]}"#;
    let memory = Memory::default().answer(404, &[], body);
    let client = memory.client();
    let mut call = Call::new(&client, &FIND);
    call.path("contact_id", 1);
    let error = call.send_json::<Value>().await.unwrap_err();
    assert!(error.is_not_found() && error.is_status() && !error.is_decode());
    assert_eq!(error.code(), Some(&ErrorCode::NotFound));
    assert_eq!(error.body(), body.as_bytes());
    assert_eq!(error.to_string(), "contacts.find: 404 Not Found, not_found: gone [request r2]");
}

#[tokio::test]
async fn an_invalid_call_is_not_sent() {
    let memory = Memory::default();
    let client = memory.client();
    let mut empty = Call::new(&client, &FIND);
    empty.path("contact_id", "");
    let mut line_break = Call::new(&client, &CREATE);
    line_break.header("x-a", "b\nc");
    let mut not_json = Call::new(&client, &CREATE);
    not_json.json(&std::collections::BTreeMap::from([((1, 2), 3)]));
    for call in [empty, line_break, not_json] {
        let error = call.send_empty().await.unwrap_err();
        assert!(error.is_request(), "{error}");
        assert_eq!(error.attempts(), 0);
    }
    assert!(memory.seen().is_empty());
}

#[tokio::test]
async fn a_redirect_to_another_server_does_not_send_the_token() {
    let memory = Memory::default()
        .answer(302, &[("location", "/elsewhere")], "")
        .answer(302, &[("location", "https://files.example/recording")], "")
        .answer(200, &[], "audio");
    let client = memory.client();
    let mut call = Call::new(&client, &FIND);
    call.path("contact_id", 1);
    assert_eq!(&call.download().await.unwrap().bytes().await.unwrap()[..], b"audio");
    let seen = memory.seen();
    let tokens: Vec<bool> = seen.iter().map(|request| request.headers().contains_key("authorization")).collect();
    assert_eq!(tokens, [true, true, false]);
}

#[tokio::test]
async fn a_post_is_not_redirected() {
    let memory = Memory::default().answer(307, &[("location", "/elsewhere")], "");
    let client = memory.client();
    let error = Call::new(&client, &CREATE).send_empty().await.unwrap_err();
    assert!(error.is_redirect());
    assert_eq!(memory.seen().len(), 1);
}

#[tokio::test]
async fn a_form_is_sent_with_its_boundary() {
    let memory = Memory::default().answer(204, &[], "");
    let client = memory.client();
    let mut call = Call::new(&client, &CREATE);
    call.multipart(Multipart::new().text("a", 1));
    call.send_empty().await.unwrap();
    let [request] = &memory.seen()[..] else { panic!("one request") };
    let content_type = request.headers()["content-type"].to_str().unwrap();
    let boundary = content_type.strip_prefix("multipart/form-data; boundary=").unwrap();
    let body = String::from_utf8(request.body().as_bytes().unwrap().to_vec()).unwrap();
    assert!(body.starts_with(&format!("--{boundary}\r\n")) && body.ends_with(&format!("--{boundary}--\r\n")));
}

#[tokio::test]
async fn a_call_can_be_spawned() {
    let memory = Memory::default().answer(200, &[], "text");
    let client = memory.client();
    let mut call = Call::new(&client, &FIND);
    call.path("contact_id", 1);
    let text = tokio::spawn(async move { call.send_text().await }).await.unwrap().unwrap();
    assert_eq!(*text, "text");
}

#[tokio::test]
async fn settings_of_the_client_and_of_the_call_are_applied() {
    let memory = Memory::default().answer(204, &[], "").answer(204, &[], "").answer(204, &[], "");
    let client = memory
        .builder()
        .user_agent("my-app/2")
        .default_header("x-team", "blue")
        .api_version("2.14")
        .base_url("https://proxy.example/intercom/")
        .build()
        .unwrap();
    let send = async |options: RequestOptions| {
        let mut call = Call::new(&client, &CREATE);
        call.options(RequestOptions::new().header("x-a", "first").api_version("2.9"));
        call.options(options);
        call.send_empty().await.unwrap();
    };
    send(RequestOptions::new()).await;
    send(RequestOptions::new().header("X-Team", "red").header("x-a", "second").api_version("Preview")).await;
    Call::new(&client, &CREATE).send_empty().await.unwrap();

    let seen = memory.seen();
    let values = |name: &str| -> Vec<_> {
        seen.iter().map(|request| request.headers().get(name).map(|value| value.to_str().unwrap().to_owned())).collect()
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(seen[0].uri(), "https://proxy.example/intercom/contacts");
    assert_eq!(values("x-team"), [some("blue"), some("red"), some("blue")]);
    assert_eq!(values("x-a"), [some("first"), some("second"), None]);
    assert_eq!(values("intercom-version"), [some("2.9"), some("Preview"), some("2.14")]);
    assert!(values("user-agent")[0].as_ref().is_some_and(|agent| agent.starts_with("my-app/2 test/1.0 ")));
}

#[tokio::test]
async fn a_long_decimal_round_trips() {
    let memory = Memory::default().answer(200, &[], r#"{"n":1111111111111111.11111}"#);
    let mut call = Call::new(&memory.client(), &FIND);
    call.path("contact_id", 1);
    let value = call.send_json::<Value>().await.unwrap().into_inner();
    let written = serde_json::to_string(&value).unwrap();
    let again: Value = serde_json::from_str(&written).unwrap();
    assert_eq!((written.as_str(), again), (r#"{"n":1111111111111111.1}"#, value));
}
