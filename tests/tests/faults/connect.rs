//! Connections that cannot be opened, or that are lost before a request is read.

use std::time::{Duration, Instant};

use intercom_runtime::{ClientBuilder, RequestOptions, RetryPolicy, Value};
use intercom_tests::scripted::{Act, Reply, Server};

use super::{GET, POST, builder, call, client, every, quick, real_time, send};

#[tokio::test]
async fn a_refused_connection_is_tried_again_for_every_method() {
    let nobody = format!("http://{}", Server::unused_address());
    for endpoint in [&GET, &POST] {
        let builder: ClientBuilder = ClientBuilder::for_version("2.15", "faults/1.0").token("t").base_url(&nobody);
        let error = send(&builder.retry(quick()).build().unwrap(), endpoint).await.unwrap_err();
        assert!(error.is_connect() && !error.is_timeout() && !error.is_connection_lost(), "{error:?}");
        assert_eq!(error.attempts(), 3);
        assert!(std::error::Error::source(&error).is_some());
        assert!(error.status().is_none());
    }
}

#[tokio::test]
async fn a_post_goes_through_once_the_server_is_up() {
    let address = Server::unused_address();
    let policy = RetryPolicy::new().max_attempts(20).backoff(every(50));
    let builder: ClientBuilder = ClientBuilder::for_version("2.15", "faults/1.0").token("t");
    let client = builder.base_url(format!("http://{address}")).retry(policy).build().unwrap();
    let server = Server::start_later(address, Duration::from_millis(200), vec![Reply::json("{}")]);
    let (_, attempts) = send(&client, &POST).await.unwrap();
    assert!(attempts > 1);
    assert_eq!(server.join().unwrap().count(), 1);
}

#[tokio::test]
async fn a_connection_closed_at_once_is_lost_and_only_a_get_is_repeated() {
    let close = || Reply::at_accept([Act::Close]);
    let server = Server::start([close(), close(), Reply::json("{}")]);
    assert_eq!(send(&client(&server), &GET).await.unwrap().1, 3);
    assert_eq!(server.count(), 1);

    let server = Server::start([Reply::at_accept([Act::Close]), Reply::json("{}")]);
    let error = send(&client(&server), &POST).await.unwrap_err();
    assert!(error.is_connection_lost(), "{error:?}");
    assert_eq!((error.attempts(), server.count()), (1, 0));
}

#[tokio::test]
async fn a_reset_before_the_answer_is_lost_and_a_post_was_seen_once() {
    let reset = || Reply::acts([Act::Reset]);
    let server = Server::start([reset(), Reply::json("{}")]);
    let error = send(&client(&server), &POST).await.unwrap_err();
    assert!(error.is_connection_lost(), "{error:?}");
    assert_eq!(server.count(), 1);

    let server = Server::start([reset(), reset(), Reply::json("{}")]);
    assert_eq!(send(&client(&server), &GET).await.unwrap().1, 3);
    assert_eq!(server.count(), 3);
}

#[tokio::test]
async fn a_connection_that_the_server_closed_while_idle_is_not_used_again() {
    let server = Server::start([Reply::json("{}").then(Act::Close), Reply::json("{}").then(Act::Close)]);
    let client = real_time(&server).build().unwrap();
    send(&client, &POST).await.unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(send(&client, &POST).await.unwrap().1, 1);
    assert_eq!((server.count(), server.accepted()), (2, 2));
}

#[tokio::test]
async fn a_connection_is_used_again() {
    let server = Server::answering(|_| Reply::json("{}"));
    let client = client(&server);
    for _ in 0..5 {
        send(&client, &GET).await.unwrap();
    }
    assert_eq!((server.count(), server.accepted()), (5, 1));
}

#[tokio::test]
async fn a_host_that_does_not_exist_is_a_failure_to_connect() {
    let builder: ClientBuilder = ClientBuilder::for_version("2.15", "faults/1.0").token("t");
    let builder = builder.base_url("http://api.intercom.invalid").allow_http(true).retry(RetryPolicy::never());
    let error = send(&builder.build().unwrap(), &POST).await.unwrap_err();
    assert!(error.is_connect(), "{error:?}");
}

#[tokio::test]
async fn connecting_is_bounded() {
    // An address that is reserved for documentation: nobody answers, or the machine has no route.
    let builder: ClientBuilder = ClientBuilder::for_version("2.15", "faults/1.0").token("t");
    let builder = builder.base_url("http://192.0.2.1:9").allow_http(true).retry(RetryPolicy::never());
    let begun = Instant::now();
    let error = send(&builder.connect_timeout(Duration::from_millis(200)).build().unwrap(), &POST).await.unwrap_err();
    assert!(error.is_connect(), "{error:?}");
    assert!(begun.elapsed() < Duration::from_secs(8));
}

#[tokio::test]
async fn a_server_without_tls_gets_a_handshake_and_no_token() {
    let server = Server::start([]);
    let secure = server.url().replace("http:", "https:");
    let client = builder(&server).base_url(secure).retry(RetryPolicy::never()).build().unwrap();
    let error = send(&client, &POST).await.unwrap_err();
    assert!(error.is_connect(), "{error:?}");
    let noise = server.other_bytes();
    assert_eq!(noise.first(), Some(&0x16), "a TLS handshake");
    assert!(!noise.windows(6).any(|bytes| bytes == b"sesame"));
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn an_address_without_tls_is_refused_when_the_client_is_built() {
    let builder = || -> ClientBuilder { ClientBuilder::for_version("2.15", "faults/1.0").token("sesame") };
    let error = builder().base_url("http://api.intercom.io").build().unwrap_err();
    assert!(error.is_config());
    assert!(!format!("{error:?} {error}").contains("sesame"));
    assert!(error.to_string().contains("write https://api.intercom.io"), "{error}");
    assert!(builder().base_url("http://127.0.0.1:1").build().is_ok());
    assert!(builder().base_url("http://api.intercom.io").allow_http(true).build().is_ok());
}

#[tokio::test]
async fn an_invalid_base_url_is_refused_with_a_correction() {
    for (url, write) in [
        ("api.intercom.io", "`api.intercom.io` has no scheme; write https://api.intercom.io"),
        ("localhost:3000", "`localhost:3000` has no scheme; write http://localhost:3000"),
        ("https://api.intercom.io#v2", "`https://api.intercom.io#…` has a fragment"),
        ("https://api.intercom.io?a=b", "`https://api.intercom.io?…` has a query"),
        (
            "https://api.intercom.io:port/v2",
            "has the port `port`, which is not a number from 1 to 65535; write https://api.intercom.io/v2",
        ),
        ("https://api.intercom.io:70000", "has the port `70000`"),
        ("https://joe:sesame@api.intercom.io", "`https://…@api.intercom.io` contains a user name or a password"),
        ("ftp://api.intercom.io", "neither https nor http; write https://api.intercom.io"),
        ("https://", "has no host"),
        (" ", "the base URL is empty"),
    ] {
        let builder: ClientBuilder = ClientBuilder::for_version("2.15", "faults/1.0").token("t").base_url(url);
        let error = builder.build().expect_err(url);
        assert!(error.is_config() && error.to_string().contains(write), "{error}");
        assert!(error.to_string().contains("; write http"), "{error}");
        assert!(!format!("{error:?} {error}").contains("sesame"));
    }
}

#[tokio::test]
async fn no_text_contains_the_token() {
    let server = Server::start([Reply::new(401).body(r#"{"errors":[{"code":"unauthorized"}]}"#)]);
    let client = client(&server);
    let call = call(&client, &GET);
    let texts = format!("{client:?} {call:?}");
    let error = call.send_empty().await.unwrap_err();
    assert!(error.is_unauthorized());
    assert_eq!(server.seen()[0].header("authorization"), Some("Bearer sesame"));
    assert!(!format!("{texts} {error:?} {error}").contains("sesame"));
}

#[tokio::test]
async fn no_text_contains_a_token_that_the_server_echoes() {
    let token = "dG9rOmFiY2RlZmdo/aWprbG1ub3A=";
    let long = format!("{}{token}", "x".repeat(290));
    let echo = move |status: u16| {
        let escaped = token.replace('/', "\\/").replace('=', "\\u003d");
        let encoded = token.replace('/', "%2F").replace('=', "%3D");
        let errors = format!(r#"[{{"code":"{token}","message":"{long} {token}","field":"{encoded}"}}]"#);
        let body =
            format!(r#"{{"id":"{token}","name":"{escaped} {encoded}","request_id":"{token}","errors":{errors}}}"#);
        Reply::new(status).header("x-request-id", token).header("content-type", "application/json").body(body)
    };
    let server = Server::answering(move |seen| {
        let status = seen.header("x-status").and_then(|status| status.parse().ok()).unwrap_or(200);
        if status == 302 { echo(302).header("location", format!("http://files.example/{token}")) } else { echo(status) }
    });
    let client = builder(&server).token(token).retry(RetryPolicy::never()).build().unwrap();
    let call = |status: u16| {
        let mut call = call(&client, &GET);
        call.options(RequestOptions::new().header("x-status", status));
        call
    };
    let mut texts = Vec::new();
    let mut add = |error: intercom_runtime::Error| {
        texts.push(format!("{error} {error:?} {error:#?} {:?} {:?}", error.errors(), error.request_id()));
        let mut source = std::error::Error::source(&error);
        while let Some(error) = source {
            texts.push(format!("{error} {error:?}"));
            source = error.source();
        }
    };
    for status in [400, 401, 429, 500, 302] {
        add(call(status).send_empty().await.unwrap_err());
    }
    add(call(200).send_json::<Vec<intercom_runtime::data::Id>>().await.unwrap_err());
    let bounded = builder(&server).token(token).max_error_body(30).build().unwrap();
    let mut cut = super::call(&bounded, &GET);
    cut.options(RequestOptions::new().header("x-status", 400));
    add(cut.send_empty().await.unwrap_err());
    let response = call(200).send_json::<Value>().await.unwrap();
    assert_eq!(response["id"], token, "the value is as it came");
    texts.push(format!("{response:?} {response:#?}"));
    texts.push(format!("{:?}", call(200).send_text().await.unwrap()));
    assert!(texts[0].contains("[token]"), "{}", texts[0]);
    for text in texts {
        let text = text.to_ascii_lowercase();
        assert!(!text.contains("dg9romfiy2"), "{text}");
    }
}

#[test]
fn a_token_with_its_scheme_is_refused_with_the_reason() {
    for token in ["Bearer sesame-seed", "bearer  sesame-seed", "Bearer: sesame-seed", "BEARER\tsesame-seed", "Bearer"] {
        let builder: ClientBuilder = ClientBuilder::for_version("2.15", "faults/1.0").token(token);
        let error = builder.build().unwrap_err();
        assert!(error.is_config() && error.to_string().contains("`Bearer`, which the client adds"), "{error}");
        assert!(!format!("{error} {error:?}").contains("sesame"));
    }
    let builder: ClientBuilder = ClientBuilder::for_version("2.15", "faults/1.0").token("sesame seed");
    assert!(builder.build().unwrap_err().to_string().contains("white space"));
    let builder: ClientBuilder = ClientBuilder::for_version("2.15", "faults/1.0").token(" sesame-seed\n");
    assert!(builder.build().is_ok());
}

#[test]
fn debug_of_a_builder_hides_user_name_and_query() {
    let builder: ClientBuilder = ClientBuilder::for_version("2.15", "faults/1.0").token("sesame");
    let builder = builder.base_url("https://joe:sesame@api.intercom.io/v2?key=sesame#sesame");
    let text = format!("{builder:?} {builder:#?}");
    assert!(text.contains("https://…@api.intercom.io/v2?…"), "{text}");
    assert!(!text.contains("sesame") && !text.contains("joe") && !text.contains("key"), "{text}");
}

#[test]
fn a_proxy_of_the_environment_does_not_see_calls_to_this_machine() {
    // Environment variables apply to a whole process, so another process runs a test of this file with them.
    let proxy = Server::start([]);
    let status = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "connect::a_connection_is_used_again"])
        .envs(["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"].map(|name| (name, proxy.url())))
        .env_remove("no_proxy")
        .env_remove("NO_PROXY")
        .stdout(std::process::Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
    assert_eq!(proxy.accepted(), 0);
}
