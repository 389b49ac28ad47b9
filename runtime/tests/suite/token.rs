//! A token source that fails for some time: what continues afterwards.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::common::{CREATE, FIND, Memory};
use intercom_runtime::clock::VirtualClock;
use intercom_runtime::jobs::{JobState, Poller};
use intercom_runtime::paging::{Items, Paging};
use intercom_runtime::transport::{BoxError, BoxFuture};
use intercom_runtime::{Call, Client, RequestOptions, RetryPolicy, Token, TokenSource, Value};

/// Fails on the calls with these numbers, counted from 1.
struct Store {
    calls: AtomicU32,
    failing: std::ops::Range<u32>,
}

impl TokenSource for Store {
    fn token(&self) -> BoxFuture<'_, Result<Token, BoxError>> {
        let call = self.calls.fetch_add(1, Ordering::SeqCst) + 1;
        Box::pin(async move {
            match self.failing.contains(&call) {
                true => Err("the store is closed".into()),
                false => Ok(Token::new("t")?),
            }
        })
    }
}

/// Fails the test if the client asks for another token.
struct NotRenewed;

impl TokenSource for NotRenewed {
    fn token(&self) -> BoxFuture<'_, Result<Token, BoxError>> {
        Box::pin(async { Ok(Token::new("t")?) })
    }

    fn renew<'a>(&'a self, _: &'a Token) -> BoxFuture<'a, Result<Token, BoxError>> {
        panic!("the token of the source was not refused")
    }
}

fn client(memory: &Memory, failing: std::ops::Range<u32>) -> Client {
    let store = Arc::new(Store { calls: AtomicU32::new(0), failing });
    memory.builder().clock(VirtualClock::default()).token_source(store).build().unwrap()
}

#[test]
fn a_token_is_visible_ascii() {
    for text in ["", "Bearer tok", "tok en", "t\u{f6}ken", "tok\u{7}en", "tok\nen"] {
        let error = Token::new(text).unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(error.is_config() && (text.is_empty() || !shown.contains(text)), "{shown}");
    }
    let error = Token::new("t\u{f6}ken").unwrap_err().to_string();
    assert_eq!(error, "the access token contains a character that is not a visible ASCII character");
    assert!(Token::new(" dG9rOjE=\n").is_ok());
}

#[tokio::test]
async fn pagination_continues_after_a_failure_of_the_source() {
    let memory = Memory::default()
        .answer(200, &[], r#"{"data":[{"id":1}],"pages":{"next":{"starting_after":"a"}}}"#)
        .answer(200, &[], r#"{"data":[{"id":2}],"pages":{"next":null}}"#);
    let client = client(&memory, 2..4);
    let mut items: Items<Value> = client.get("/contacts").paging(&Paging::LIST).items();
    assert_eq!(items.try_next().await.unwrap().unwrap()["id"], 1);
    for _ in 0..2 {
        let error = items.try_next().await.unwrap_err();
        assert!(error.is_token() && !error.is_request() && items.end().is_none(), "{error}");
    }
    assert_eq!(items.try_next().await.unwrap().unwrap()["id"], 2);
    assert!(items.try_next().await.unwrap().is_none());
}

#[tokio::test]
async fn polling_continues_after_a_failure_of_the_source() {
    let memory = Memory::default().answer(200, &[], r#"{"status":"running"}"#).answer(200, &[], r#"{"status":"done"}"#);
    let client = client(&memory, 2..3);
    let status = move || client.get("/export/content/data/1").send();
    let job = Poller::new(status, |job: &Value| JobState::from_status(job["status"].as_str().unwrap_or_default()));
    assert!(job.wait().await.unwrap().has_data());
}

#[tokio::test]
async fn a_condition_may_retry_a_post_after_a_failure_of_the_source() {
    let memory = Memory::default().answer(200, &[], "{}").answer(200, &[], "{}");
    let client = client(&memory, 1..2);
    let policy =
        RetryPolicy::new().condition(|failure: &intercom_runtime::retry::Failure<'_>| failure.error.is_token());
    let post = client.request("POST", "/tags").with_options(RequestOptions::new().retry(policy));
    assert_eq!(post.await.unwrap().attempts(), 2);
    assert_eq!(memory.seen().len(), 1, "the first attempt was not sent");
    let mut call = Call::new(&client, &FIND);
    call.path("contact_id", 1);
    assert_eq!(call.send_json::<Value>().await.unwrap().attempts(), 1);
}

#[tokio::test]
async fn a_refused_authorization_header_of_the_call_is_not_renewed() {
    let memory = Memory::default().answer(401, &[], "{}").answer(401, &[], "{}").answer(401, &[], "{}");
    let client = memory.builder().token_source(NotRenewed).build().unwrap();
    let own = "Bearer another";
    assert!(client.get("/me").header("Authorization", own).await.unwrap_err().is_unauthorized());
    let mut call = Call::new(&client, &CREATE);
    call.header("authorization", own);
    assert!(call.send_empty().await.unwrap_err().is_unauthorized());
    let options = RequestOptions::new().header("AUTHORIZATION", own);
    assert!(client.get("/me").with_options(options).await.unwrap_err().is_unauthorized());
    let seen = memory.seen();
    assert_eq!(seen.len(), 3, "one request for each call");
    assert!(seen.iter().all(|request| request.headers()["authorization"] == own));
}
