//! Error statuses: which are retried, after which delay, and how often. Delays are virtual.

use std::time::Duration;

use intercom_runtime::clock::{Clock as _, VirtualClock};
use intercom_runtime::retry::{Failure, StandardCondition};
use intercom_runtime::{Endpoint, Error, RequestOptions, RetryPolicy, Value};
use intercom_tests::scripted::{Act, Reply, Server};

use super::{GET, POST, SEARCH, builder, call, client, clock, send};

/// Makes a call. Returns the attempts or the error, the number of requests, and the time of the delays.
async fn run(endpoint: &'static Endpoint, script: Vec<Reply>) -> (Result<u32, Error>, usize, Duration) {
    let server = Server::start(script);
    let clock: VirtualClock = clock();
    let client = builder(&server).clock(clock.clone()).build().unwrap();
    let result = send(&client, endpoint).await.map(|(_, attempts)| attempts);
    (result, server.count(), clock.now())
}

fn full_window() -> Reply {
    Reply::new(429).body(r#"{"type":"error.list","errors":[{"code":"rate_limit_exceeded","message":"slow down"}]}"#)
}

async fn full_window_wait(reply: Reply) -> Duration {
    let (result, count, waited) = run(&POST, vec![reply, Reply::json("{}")]).await;
    assert_eq!((result.unwrap(), count), (2, 2));
    waited
}

#[tokio::test]
async fn a_storm_of_429_that_passes_is_survived() {
    for endpoint in [&GET, &POST] {
        let (result, count, _) = run(endpoint, vec![full_window(), full_window(), Reply::json("{}")]).await;
        assert_eq!((result.unwrap(), count), (3, 3));
    }
}

#[tokio::test]
async fn a_storm_of_429_that_lasts_ends_in_the_typed_error() {
    let (result, count, _) = run(&POST, vec![full_window(); 10]).await;
    let error = result.unwrap_err();
    assert!(error.is_rate_limited());
    assert_eq!((error.attempts(), count, error.message()), (3, 3, Some("slow down")));
}

#[tokio::test]
async fn retry_after_in_seconds_is_waited_for_and_a_little_more() {
    // The delay and half of the maximum jitter, which is a fifth of the delay and at least half a second.
    assert_eq!(full_window_wait(full_window().header("retry-after", 13)).await.as_millis(), 14_300);
    assert_eq!(full_window_wait(full_window().header("retry-after", 0)).await.as_millis(), 250);
}

#[tokio::test]
async fn retry_after_as_a_date_is_waited_for() {
    // The virtual clock starts at 22:13:20.
    let date = full_window().header("retry-after", "Tue, 14 Nov 2023 22:13:29 GMT");
    assert_eq!(full_window_wait(date).await.as_secs(), 9);
    let past = full_window().header("retry-after", "Tue, 14 Nov 2023 22:13:00 GMT");
    assert_eq!(full_window_wait(past).await.as_millis(), 250);
}

#[tokio::test]
async fn an_invalid_retry_after_is_ignored() {
    for value in ["soon", "-3", "", "1e9", "99999999999999999999999"] {
        assert_eq!(full_window_wait(full_window().header("retry-after", value)).await.as_millis(), 250, "{value}");
    }
}

#[tokio::test]
async fn retry_after_wins_over_the_window() {
    let both = full_window().header("retry-after", 2).header("x-ratelimit-reset", 1_700_000_009);
    assert_eq!(full_window_wait(both).await.as_secs(), 2);
}

#[tokio::test]
async fn the_end_of_the_window_is_waited_for() {
    // Ten seconds and half of the maximum jitter, which is two seconds.
    assert_eq!(full_window_wait(full_window().header("x-ratelimit-reset", 1_700_000_010)).await.as_secs(), 11);
}

#[tokio::test]
async fn an_implausible_rate_limit_reset_is_ignored() {
    for reset in ["1600000000", "1900000000", "1700000010000", "later", "", "-1", "18446744073709551616"] {
        assert_eq!(
            full_window_wait(full_window().header("x-ratelimit-reset", reset)).await.as_millis(),
            250,
            "{reset}"
        );
    }
}

#[tokio::test]
async fn a_wait_beyond_the_deadline_is_not_begun() {
    // The timeout of the call is three minutes. A delay of more than five minutes would be refused with any timeout.
    let (result, count, waited) = run(&GET, vec![full_window().header("retry-after", 200); 2]).await;
    let error = result.unwrap_err();
    assert!(error.is_rate_limited());
    assert_eq!(error.retry_after(), Some(Duration::from_secs(200)));
    assert_eq!((count, waited), (1, Duration::ZERO));
}

#[tokio::test]
async fn a_pending_export_is_not_waited_for() {
    let pending = Reply::new(429).header("retry-after", 1).body(r#"{"errors":[{"code":"export_already_running"}]}"#);
    let (result, count, _) = run(&POST, vec![pending; 2]).await;
    let error = result.unwrap_err();
    assert!(!error.is_rate_limited());
    assert_eq!((error.status().unwrap().as_u16(), count), (429, 1));
}

#[tokio::test]
async fn a_429_while_the_window_has_room_is_not_the_rate_limit() {
    let (result, count, _) = run(&GET, vec![Reply::new(429).header("x-ratelimit-remaining", 70); 2]).await;
    assert!(!result.unwrap_err().is_rate_limited());
    assert_eq!(count, 1);
}

#[tokio::test]
async fn a_bare_429_is_the_rate_limit() {
    let (result, count, _) = run(&POST, vec![Reply::new(429).body("slow down"), Reply::json("{}")]).await;
    assert_eq!((result.unwrap(), count), (2, 2));
}

#[tokio::test]
async fn the_rate_limit_is_on_the_client_the_response_and_the_error() {
    let limits = |reply: Reply, left: u32| {
        let reply = reply.header("x-ratelimit-limit", 166).header("x-ratelimit-remaining", left);
        reply.header("x-ratelimit-reset", 1_700_000_010)
    };
    let server = Server::start([limits(Reply::json("{}"), 165), limits(Reply::new(404), 164), Reply::json("{}")]);
    let client = client(&server);
    assert_eq!(client.rate_limit(), None);
    let response = call(&client, &GET).send_json::<Value>().await.unwrap();
    assert_eq!(response.rate_limit().unwrap().remaining, Some(165));
    let error = call(&client, &GET).send_json::<Value>().await.unwrap_err();
    assert_eq!(error.rate_limit().unwrap().remaining, Some(164));
    assert_eq!(error.rate_limit().unwrap().limit, Some(166));
    // A response without rate limit headers does not erase the known rate limit.
    call(&client.clone(), &GET).send_json::<Value>().await.unwrap();
    assert_eq!(client.rate_limit().unwrap().remaining, Some(164));
}

#[tokio::test]
async fn gateway_errors_are_tried_again_for_a_get() {
    let script = vec![Reply::new(502), Reply::new(503), Reply::json("{}")];
    let (result, count, waited) = run(&GET, script).await;
    assert_eq!((result.unwrap(), count, waited.as_millis()), (3, 3, 250 + 500));
}

#[tokio::test]
async fn repeated_gateway_errors_return_the_last_one() {
    let (result, count, _) =
        run(&GET, vec![Reply::new(502), Reply::new(503), Reply::new(504), Reply::json("{}")]).await;
    let error = result.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), error.attempts(), count), (504, 3, 3));
    assert!(error.is_server_error());
}

#[tokio::test]
async fn gateway_errors_are_final_for_a_post() {
    for status in [408, 502, 503, 504] {
        let (result, count, _) = run(&POST, vec![Reply::new(status), Reply::json("{}")]).await;
        assert_eq!((result.unwrap_err().status().unwrap().as_u16(), count), (status, 1));
    }
}

#[tokio::test]
async fn a_post_that_only_searches_is_tried_again() {
    for status in [408, 502, 503, 504] {
        let (result, count, _) = run(&SEARCH, vec![Reply::new(status), Reply::json("{}")]).await;
        assert_eq!((result.unwrap(), count), (2, 2), "{status}");
    }
}

#[tokio::test]
async fn a_post_is_tried_again_if_the_caller_says_it_is_safe() {
    let server = Server::start([Reply::new(503), Reply::json("{}")]);
    let mut call = call(&client(&server), &POST);
    call.options(RequestOptions::new().assume_idempotent().idempotency_key("k-1"));
    assert_eq!(call.send_json::<Value>().await.unwrap().attempts(), 2);
    let seen = server.seen();
    assert!(seen.iter().all(|request| request.header("idempotency-key") == Some("k-1")));
    assert_eq!(seen[0].body, seen[1].body);
}

#[tokio::test]
async fn the_retry_after_of_a_503_is_waited_for() {
    let (result, _, waited) = run(&GET, vec![Reply::new(503).header("retry-after", 4), Reply::json("{}")]).await;
    assert_eq!((result.unwrap(), waited.as_secs()), (2, 4));
}

#[tokio::test]
async fn a_500_is_final_unless_asked_for() {
    let (result, count, _) = run(&GET, vec![Reply::new(500), Reply::json("{}")]).await;
    assert_eq!((result.unwrap_err().is_server_error(), count), (true, 1));

    let server = Server::start([Reply::new(500), Reply::json("{}")]);
    let mut call = call(&client(&server), &GET);
    call.options(
        RequestOptions::new().retry(RetryPolicy::new().condition(StandardCondition::new().internal_errors(true))),
    );
    assert_eq!(call.send_json::<Value>().await.unwrap().attempts(), 2);
}

#[tokio::test]
async fn client_errors_are_not_retried() {
    for status in [400, 401, 402, 403, 404, 405, 406, 409, 410, 413, 415, 422, 501] {
        let (result, count, _) = run(&GET, vec![Reply::new(status); 2]).await;
        let error = result.unwrap_err();
        assert_eq!((error.status().unwrap().as_u16(), count), (status, 1));
        assert_eq!(error.is_invalid(), matches!(status, 400 | 422));
        assert_eq!(error.is_unauthorized(), status == 401);
        assert_eq!(error.is_forbidden(), matches!(status, 402 | 403));
        assert_eq!(error.is_not_found(), matches!(status, 404 | 410));
        assert_eq!(error.is_conflict(), status == 409);
        assert_eq!(error.is_server_error(), status == 501);
    }
}

#[tokio::test]
async fn an_unknown_status_is_an_error() {
    let (result, ..) = run(&GET, vec![Reply::new(799)]).await;
    assert_eq!(result.unwrap_err().status().unwrap().as_u16(), 799);
}

#[tokio::test]
async fn not_modified_is_not_a_success() {
    let (result, count, _) = run(&GET, vec![Reply::new(304)]).await;
    let error = result.unwrap_err();
    assert!(error.is_redirect());
    assert_eq!((error.status().unwrap().as_u16(), count), (304, 1));
}

#[tokio::test]
async fn interim_responses_are_skipped() {
    let raw = "HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
    let (result, count, _) = run(&GET, vec![Reply::raw(raw)]).await;
    assert_eq!((result.unwrap(), count), (1, 1));
}

#[tokio::test]
async fn retries_of_a_client_end_when_its_budget_is_spent() {
    let server = Server::answering(|_| Reply::new(503));
    let client = client(&server);
    for _ in 0..200 {
        send(&client.clone(), &GET).await.unwrap_err();
    }
    assert_eq!(server.count(), 200 + 100);
}

#[tokio::test]
async fn a_condition_does_not_repeat_a_post_unless_it_is_called_unsafe() {
    let always = |_: &Failure<'_>| true;
    for (policy, sent) in [
        (RetryPolicy::new().condition(always), 1),
        (RetryPolicy::new().unsafe_condition(always), 3),
        (RetryPolicy::new().unsafe_condition(always).condition(always), 1),
    ] {
        for reply in [Reply::new(503), Reply::new(500), Reply::new(409), Reply::acts([Act::Reset])] {
            let server = Server::answering(move |_| reply.clone());
            let mut post = call(&client(&server), &POST);
            post.options(RequestOptions::new().retry(policy.clone()));
            post.send_empty().await.unwrap_err();
            assert_eq!(server.count(), sent);
            // A request that is safe to repeat is repeated by any condition.
            let mut get = call(&client(&server), &GET);
            get.options(RequestOptions::new().retry(policy.clone()));
            get.send_empty().await.unwrap_err();
            assert_eq!(server.count(), sent + 3);
        }
    }
}
