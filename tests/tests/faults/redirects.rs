//! Redirects: which are followed, and that another server never gets the token.

use std::sync::{Arc, OnceLock};

use intercom_runtime::RequestOptions;
use intercom_tests::scripted::{Reply, Server};

use super::{GET, POST, call, client, send};

fn to(status: u16, location: &str) -> Reply {
    Reply::new(status).header("location", location)
}

#[tokio::test]
async fn a_redirect_on_the_same_server_keeps_the_token() {
    for status in [301, 302, 303, 307, 308] {
        let server = Server::start([to(status, "/things/2?a=b"), Reply::json("{}")]);
        assert_eq!(send(&client(&server), &GET).await.unwrap().1, 1);
        let seen = server.seen();
        assert_eq!(seen[1].target, "/things/2?a=b");
        assert_eq!(seen[1].method, "GET");
        assert_eq!(seen[1].header("authorization"), Some("Bearer sesame"));
    }
}

#[tokio::test]
async fn a_redirect_to_another_server_has_no_token_and_nothing_of_the_callers() {
    let other = Server::start([Reply::json("{}").header("x-ratelimit-remaining", 0)]);
    let server = Server::start([to(302, &format!("{}/file", other.url()))]);
    let client = client(&server);
    let mut call = call(&client, &GET);
    call.options(RequestOptions::new().header("x-mine", "secret").header("cookie", "secret").idempotency_key("k"));
    call.send_empty().await.unwrap();
    assert_eq!(client.rate_limit(), None, "another server's limits are not the API's");
    let seen = other.seen();
    assert_eq!(seen[0].target, "/file");
    for name in ["authorization", "x-mine", "cookie", "idempotency-key", "intercom-version"] {
        assert_eq!(seen[0].header(name), None, "{name}");
    }
    assert_eq!(seen[0].header("accept"), Some("application/json"));
}

#[tokio::test]
async fn the_token_does_not_come_back_by_way_of_another_server() {
    let elsewhere = Arc::new(OnceLock::<String>::new());
    let there = elsewhere.clone();
    let home = Server::answering(move |seen| match seen.target.as_str() {
        "/things/1" => to(302, there.get().unwrap()),
        _ => Reply::json("{}"),
    });
    let back = format!("{}/home", home.url());
    let other = Server::answering(move |_| to(302, &back));
    elsewhere.set(format!("{}/there", other.url())).unwrap();

    send(&client(&home), &GET).await.unwrap();
    let tokens: Vec<bool> = home.seen().iter().map(|request| request.header("authorization").is_some()).collect();
    assert_eq!(tokens, [true, false]);
    assert_eq!(other.seen()[0].header("authorization"), None);
}

#[tokio::test]
async fn a_loop_ends() {
    let server = Server::answering(|_| to(302, "/things/1"));
    let error = send(&client(&server), &GET).await.unwrap_err();
    assert!(error.is_redirect(), "{error:?}");
    assert_eq!(server.count(), 6);
}

#[tokio::test]
async fn a_redirect_of_a_post_is_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        let server = Server::start([to(status, "/elsewhere"), Reply::json("{}")]);
        let error = send(&client(&server), &POST).await.unwrap_err();
        assert!(error.is_redirect(), "{error:?}");
        assert_eq!((error.status().unwrap().as_u16(), server.count()), (status, 1));
        assert_eq!(error.headers().unwrap()["location"], "/elsewhere");
    }
}

#[tokio::test]
async fn a_redirect_to_an_address_without_tls_is_refused() {
    let server = Server::start([to(302, "http://files.example/recording")]);
    let error = send(&client(&server), &GET).await.unwrap_err();
    assert!(error.is_redirect(), "{error:?}");
    assert!(std::error::Error::source(&error).is_some());
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn a_redirect_to_nowhere_is_an_error() {
    for location in ["", "ftp://127.0.0.1/x", "file:///etc/passwd", "javascript:alert(1)", "http://"] {
        let server = Server::answering(move |seen| match seen.target.as_str() {
            "/things/1" => to(302, location),
            _ => Reply::new(404),
        });
        let error = send(&client(&server), &GET).await.unwrap_err();
        assert!(error.is_redirect() || error.is_not_found(), "{location}: {error:?}");
        assert!(server.count() <= 6, "{location}");
    }
    let server = Server::start([Reply::new(302)]);
    assert!(send(&client(&server), &GET).await.unwrap_err().is_redirect());
}

#[tokio::test]
async fn failures_behind_a_redirect_are_tried_again_from_the_start() {
    let server = Server::start([to(302, "/there"), Reply::new(503), to(302, "/there"), Reply::json("{}")]);
    assert_eq!(send(&client(&server), &GET).await.unwrap().1, 2);
    let targets: Vec<_> = server.seen().into_iter().map(|request| request.target).collect();
    assert_eq!(targets, ["/things/1", "/there", "/things/1", "/there"]);
}

#[tokio::test]
async fn an_error_behind_a_redirect_does_not_take_the_limits_of_another_server() {
    for status in [403, 429, 500] {
        let limits = |reply: Reply| reply.header("x-ratelimit-limit", 5).header("x-ratelimit-remaining", 0);
        let other = Server::answering(move |_| limits(Reply::new(status)));
        let server = Server::answering({
            let there = format!("{}/file", other.url());
            move |_| to(302, &there)
        });
        let client = client(&server);
        let error = send(&client, &GET).await.unwrap_err();
        assert_eq!(error.status().unwrap().as_u16(), status);
        assert_eq!((error.rate_limit(), client.rate_limit()), (None, None), "{error:?}");
    }
    // The limits of the API itself are stored, even after a redirect.
    let server = Server::answering(|seen| match seen.target.as_str() {
        "/things/1" => to(302, "/there"),
        _ => Reply::new(404).header("x-ratelimit-remaining", 7),
    });
    let client = client(&server);
    let error = send(&client, &GET).await.unwrap_err();
    assert_eq!(error.rate_limit().unwrap().remaining, Some(7));
    assert_eq!(client.rate_limit(), error.rate_limit());
}
