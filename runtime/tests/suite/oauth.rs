//! OAuth: the exchange of a code over a real connection, and the client for the region of the workspace.

use std::time::Duration;

use crate::common::Memory;
use crate::loopback::{Loopback, Script};
use intercom_platform::installation::Health;
use intercom_runtime::clock::VirtualClock;
use intercom_runtime::oauth::{AccessToken, App, Code, ExchangeError, deauthorize, report_health};
use intercom_runtime::transport::{BoxError, BoxFuture};
use intercom_runtime::{Client, ClientBuilder, Region, Token, TokenSource};

fn builder() -> ClientBuilder {
    ClientBuilder::for_version("2.15", "test/1.0")
}

async fn exchange(script: Script) -> (Result<AccessToken, ExchangeError>, Loopback) {
    let server = Loopback::start([script]).await;
    let app = App::new("id", "hunter2", builder().base_url(&server.url)).unwrap();
    let code = Code::new("dG9r==");
    let outcome = tokio::spawn(async move { app.exchange(&code).await }).await.unwrap();
    if let Err(error) = &outcome {
        let text = format!("{error} {error:?}");
        assert!(!text.contains("hunter2") && !text.contains("dG9r"), "{text}");
    }
    (outcome, server)
}

#[tokio::test]
async fn a_code_is_exchanged_without_a_token() {
    let answer = r#"{"token_type":"Bearer","token":"tok:1","access_token":"tok:1"}"#;
    let (token, server) = exchange(Script::response("200 OK", answer)).await;
    let token = token.unwrap();
    assert_eq!(token.expose(), "tok:1");
    assert!(!format!("{token:?}").contains("tok:1"));
    let [request] = &server.seen()[..] else { panic!("one request") };
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /auth/eagle/token HTTP/1.1\r\n"), "{head}");
    assert!(head.contains("content-type: application/x-www-form-urlencoded\r\n"));
    assert!(!head.to_ascii_lowercase().contains("authorization"));
    assert_eq!(body, "code=dG9r%3D%3D&client_id=id&client_secret=hunter2");
}

#[tokio::test]
async fn either_name_of_the_token_is_read() {
    for answer in [r#"{"token":"t"}"#, r#"{"access_token":"t"}"#, r#"{"access_token":null,"token":"t"}"#] {
        let (token, _) = exchange(Script::response("200 OK", answer)).await;
        assert_eq!(token.unwrap().expose(), "t", "{answer}");
    }
}

#[tokio::test]
async fn each_failure_has_its_error_without_secrets() {
    let (error, server) = exchange(Script::response("401 Unauthorized", "Unauthorized code dG9r== of hunter2")).await;
    let error = error.unwrap_err();
    assert!(matches!(error, ExchangeError::Unauthorized), "{error}");
    assert_eq!(server.seen().len(), 1);

    let body = r#"{"type":"error.list","errors":[{"code":"server_error","message":"hunter2"}]}"#;
    let error = exchange(Script::response("500 Internal Server Error", body)).await.0.unwrap_err();
    assert_eq!(error.to_string(), "the exchange was refused: 500 Internal Server Error, server_error");
    let error = exchange(Script::response("302 Found", "")).await.0.unwrap_err();
    assert!(matches!(error, ExchangeError::Refused { status, code: None } if status == 302), "{error}");

    for body in ["", "<html>", "{}", r#"{"token":""}"#, r#"{"token":5}"#, "[]"] {
        let error = exchange(Script::response("200 OK", body)).await.0.unwrap_err();
        assert!(matches!(error, ExchangeError::Unreadable { .. }), "{body}: {error}");
    }
    let large = format!(r#"{{"token":"{}"}}"#, "x".repeat(100_000));
    let error = exchange(Script::response("200 OK", &large)).await.0.unwrap_err();
    assert!(matches!(error, ExchangeError::Unreadable { .. }), "{error}");
    let error = exchange(Script::response("502 Bad Gateway", &large)).await.0.unwrap_err();
    assert!(matches!(error, ExchangeError::Refused { status, code: None } if status == 502), "{error}");
    let error = exchange(Script::response("401 Unauthorized", &large)).await.0.unwrap_err();
    assert!(matches!(error, ExchangeError::Unauthorized), "{error}");
}

#[tokio::test]
async fn a_lost_or_stalled_connection_is_an_error() {
    let error = exchange(Script::parts(["HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{\"tok"])).await.0.unwrap_err();
    assert!(matches!(&error, ExchangeError::Transport(error) if error.is_connection_lost()), "{error}");

    let server = Loopback::start([Script::parts(["HTTP/1.1 200 OK\r\n"]).stays_open()]).await;
    let clock = VirtualClock::default();
    let app = App::new("id", "hunter2", builder().base_url(&server.url).clock(clock.clone())).unwrap();
    assert!(!format!("{app:?}").contains("hunter2"));
    let code = Code::new("x");
    let waiting = tokio::spawn(async move { app.exchange(&code).await });
    while server.seen().is_empty() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    clock.advance(Duration::from_secs(61));
    let error = waiting.await.unwrap().unwrap_err();
    assert!(matches!(&error, ExchangeError::Transport(error) if error.is_timeout()), "{error}");
}

const ME: &str = r#"{"type":"admin","id":"7","email":"joe@example.com","email_verified":true,
    "app":{"type":"app","id_code":"abc123","name":"Acme","region":"EU"}}"#;

#[tokio::test]
async fn the_client_uses_the_region_of_the_workspace() {
    let memory = Memory::default().answer(200, &[], ME).answer(200, &[], "{}").answer(202, &[], "");
    let builder: ClientBuilder = builder().transport(memory.clone());
    let token = AccessToken::new("tok:1");
    let installed = tokio::spawn(async move { builder.for_installation(&token).await }).await.unwrap().unwrap();
    assert_eq!((installed.region, installed.workspace_id.as_str()), (Some(Region::Eu), "abc123"));
    assert_eq!(installed.workspace_name.as_deref(), Some("Acme"));
    assert_eq!(
        (installed.admin_id.as_deref(), installed.verified_email.as_deref()),
        (Some("7"), Some("joe@example.com"))
    );
    assert_eq!(installed.client.base_url(), "https://api.eu.intercom.io");
    assert!(!format!("{installed:?}").contains("tok:1"));

    report_health(&installed.client, &Health::ok()).await.unwrap();
    deauthorize(&installed.client).await.unwrap();
    let seen = memory.seen();
    let addresses: Vec<_> = seen.iter().map(|request| format!("{} {}", request.method(), request.uri())).collect();
    assert_eq!(
        addresses,
        [
            "GET https://api.intercom.io/me",
            "POST https://api.eu.intercom.io/app_install/status",
            "POST https://api.eu.intercom.io/auth/uninstall",
        ]
    );
    assert!(seen.iter().all(|request| request.headers()["authorization"] == "Bearer tok:1"));
    assert!(seen.iter().all(|request| request.headers()["intercom-version"] == "2.15"));
    assert_eq!(seen[1].body().as_bytes(), Some(&br#"{"state":"OK"}"#[..]));
}

#[tokio::test]
async fn a_base_url_of_the_caller_is_kept() {
    let server = Loopback::start([Script::response("200 OK", ME)]).await;
    let installed = builder().base_url(&server.url).for_installation(&AccessToken::new("t")).await.unwrap();
    assert_eq!(installed.client.base_url(), server.url);
    assert_eq!(installed.region, Some(Region::Eu));
}

/// The token of another workspace.
struct Other;

impl TokenSource for Other {
    fn token(&self) -> BoxFuture<'_, Result<Token, BoxError>> {
        Box::pin(async { Ok(Token::new("other")?) })
    }
}

#[tokio::test]
async fn a_token_source_of_the_builder_is_not_used() {
    let memory = Memory::default().answer(200, &[], ME).answer(202, &[], "");
    let builder: ClientBuilder = builder().transport(memory.clone()).token_source(Other);
    let installed = builder.for_installation(&AccessToken::new("own")).await.unwrap();
    report_health(&installed.client, &Health::ok()).await.unwrap();
    let seen = memory.seen();
    assert_eq!(seen.len(), 2);
    assert!(seen.iter().all(|request| request.headers()["authorization"] == "Bearer own"));
}

#[tokio::test]
async fn an_unknown_region_needs_a_base_url() {
    let memory = Memory::default().answer(200, &[], r#"{"app":{"id_code":"a","region":"Mars"}}"#);
    let builder: ClientBuilder = builder().transport(memory).base_url("https://api.mars.example");
    let installed = builder.for_installation(&AccessToken::new("t")).await.unwrap();
    assert_eq!((installed.region, installed.client.base_url()), (None, "https://api.mars.example"));
}

#[tokio::test]
async fn missing_or_unknown_fields_are_errors_or_none() {
    let install = async |body: &'static str| {
        let builder: ClientBuilder = builder().transport(Memory::default().answer(200, &[], body));
        builder.for_installation(&AccessToken::new("t")).await
    };
    let plain = install(r#"{"id":7,"email":"joe@example.com","app":{"id_code":"a"}}"#).await.unwrap();
    assert_eq!(plain.client.base_url(), "https://api.intercom.io");
    assert_eq!((plain.region, plain.verified_email, plain.admin_id.as_deref()), (Some(Region::Us), None, Some("7")));
    let unverified = install(r#"{"email":"joe@example.com","email_verified":false,"app":{"id_code":"a"}}"#).await;
    assert_eq!(unverified.unwrap().verified_email, None);
    let error = install(r#"{"app":{"id_code":"a","region":"Mars"}}"#).await.unwrap_err();
    assert!(error.is_config() && error.to_string().contains("Mars"), "{error}");
    assert!(install("{}").await.unwrap_err().is_config());

    let refused: Result<_, _> = {
        let memory = Memory::default().answer(401, &[], r#"{"errors":[{"code":"token_suspended"}]}"#);
        let builder: ClientBuilder<Client> = builder().transport(memory);
        builder.for_installation(&AccessToken::new("t")).await
    };
    assert!(refused.unwrap_err().is_unauthorized());
}
