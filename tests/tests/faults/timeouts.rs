//! Timeouts of attempts and calls, with retries, by the system clock.

use std::time::{Duration, Instant};

use intercom_runtime::paging::{Items, Location, Paging, PagingStyle};
use intercom_runtime::throttle::{AcquireRequest, Throttle, TooLate};
use intercom_runtime::transport::BoxFuture;
use intercom_runtime::{Call, Endpoint, RequestOptions, RetryPolicy, Value};
use intercom_tests::scripted::{Act, Reply, Server};

use super::{GET, POST, call, every, is_quiet, real_time, send};

const SHORT: Duration = Duration::from_millis(150);

/// An upper bound for what SHORT limits. It is long, since a loaded machine may be slow, but shorter than the defaults of a client
/// and than what the servers of these tests take.
const SOON: Duration = Duration::from_secs(20);

fn hang() -> Reply {
    Reply::acts([Act::Hang])
}

fn head_only() -> Reply {
    Reply::acts([Act::Send(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{".to_vec()), Act::Hang])
}

fn half_a_head() -> Reply {
    Reply::acts([Act::Send(b"HTTP/1.1 200 OK\r\ncontent-le".to_vec()), Act::Hang])
}

#[tokio::test]
async fn an_answer_that_does_not_come_ends_the_attempt_wherever_it_stops() {
    for stall in [hang, half_a_head, head_only] {
        let server = Server::start([stall(), stall(), stall(), Reply::json("{}")]);
        let client = real_time(&server).attempt_timeout(SHORT).build().unwrap();
        let begun = Instant::now();
        let error = send(&client, &GET).await.unwrap_err();
        assert!(error.is_timeout() && !error.is_connect(), "{error:?}");
        assert_eq!((error.attempts(), server.count()), (3, 3));
        assert!(begun.elapsed() >= SHORT * 3 && begun.elapsed() < SOON);
    }
}

#[tokio::test]
async fn a_post_without_an_answer_is_not_sent_again() {
    for stall in [hang, half_a_head, head_only] {
        let server = Server::start([stall(), Reply::json("{}")]);
        let client = real_time(&server).attempt_timeout(SHORT).build().unwrap();
        let error = send(&client, &POST).await.unwrap_err();
        assert!(error.is_timeout());
        assert_eq!((error.attempts(), server.count()), (1, 1));
    }
}

#[tokio::test]
async fn an_attempt_after_a_timeout_can_succeed() {
    let server = Server::start([hang(), Reply::json("{}")]);
    let client = real_time(&server).attempt_timeout(SHORT).build().unwrap();
    assert_eq!(send(&client, &GET).await.unwrap().1, 2);
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn a_body_that_drips_for_too_long_ends_the_attempt() {
    let drip = Act::Drip { bytes: vec![b' '; 10_000], size: 1, every: Duration::from_millis(20) };
    let head = b"HTTP/1.1 200 OK\r\ncontent-length: 10000\r\n\r\n".to_vec();
    let server = Server::start([Reply::acts([Act::Send(head), drip])]);
    let client = real_time(&server).attempt_timeout(SHORT).retry(RetryPolicy::never()).build().unwrap();
    assert!(send(&client, &GET).await.unwrap_err().is_timeout());
    is_quiet(&server).await;
}

#[tokio::test]
async fn an_error_body_that_drips_for_too_long_ends_the_attempt() {
    let drip = Act::Drip { bytes: vec![b' '; 10_000], size: 1, every: Duration::from_millis(20) };
    let head = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 10000\r\n\r\n".to_vec();
    let server = Server::start([Reply::acts([Act::Send(head), drip])]);
    let client = real_time(&server).attempt_timeout(SHORT).retry(RetryPolicy::never()).build().unwrap();
    let begun = Instant::now();
    assert!(send(&client, &GET).await.unwrap_err().is_timeout());
    assert!(begun.elapsed() < SOON);
}

#[tokio::test]
async fn the_whole_call_is_bounded_over_its_attempts() {
    let server = Server::answering(|_| hang());
    let policy = RetryPolicy::new().max_attempts(10_000).backoff(every(1));
    let client = real_time(&server).attempt_timeout(SHORT).timeout(SHORT * 4).retry(policy).build().unwrap();
    let begun = Instant::now();
    let error = send(&client, &GET).await.unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
    assert!(begun.elapsed() >= SHORT * 3 && begun.elapsed() < SOON, "{:?}", begun.elapsed());
    assert!((1..=4).contains(&server.count()), "{}", server.count());
}

#[tokio::test]
async fn a_call_cut_off_by_its_deadline_keeps_the_failure_before_as_its_source() {
    let server = Server::start([Reply::new(503), hang()]);
    let client = real_time(&server).timeout(SHORT).build().unwrap();
    let error = send(&client, &GET).await.unwrap_err();
    assert!(error.is_timeout());
    let earlier = std::error::Error::source(&error).unwrap().downcast_ref::<intercom_runtime::Error>().unwrap();
    assert_eq!(earlier.status().unwrap().as_u16(), 503);
}

#[tokio::test]
async fn limits_of_a_call_take_precedence_over_those_of_its_client() {
    let server = Server::answering(|_| hang());
    let client = real_time(&server).build().unwrap();
    let begun = Instant::now();
    let mut call = call(&client, &POST);
    call.options(RequestOptions::new().attempt_timeout(SHORT));
    assert!(call.send_empty().await.unwrap_err().is_timeout());
    let mut call = super::call(&client, &GET);
    call.options(RequestOptions::new().timeout(SHORT));
    assert!(call.send_empty().await.unwrap_err().is_timeout());
    assert!(begun.elapsed() < SOON);
}

/// A throttle that never allows a call.
struct Never;

impl Throttle for Never {
    fn acquire<'a>(&'a self, _: AcquireRequest<'a>) -> BoxFuture<'a, Result<(), TooLate>> {
        Box::pin(std::future::pending())
    }
}

#[tokio::test]
async fn every_limit_of_a_client_can_be_lifted_for_a_call() {
    let slow = |status: u16| Reply::new(status).header("content-type", "application/json").body("[1,2,3]");
    let server = Server::answering(move |seen| {
        let status = if seen.method == "GET" { 200 } else { 422 };
        Reply::acts([Act::Sleep(SHORT * 2), Act::Send(slow(status).head().into()), Act::Send(b"[1,2,3]".to_vec())])
    });
    let client = real_time(&server).timeout(SHORT).attempt_timeout(SHORT).max_body(3).max_error_body(3);
    let client = client.max_mismatches(1).max_in_flight(1).throttle(Never).build().unwrap();
    let lifted = RequestOptions::new().timeout(None).attempt_timeout(None).max_body(u64::MAX).max_error_body(u64::MAX);
    let lifted = lifted.max_mismatches(usize::MAX).skip_queue();
    let mut get = call(&client, &GET);
    get.options(lifted.clone());
    assert_eq!(get.send_raw().await.unwrap().bytes().as_ref(), b"[1,2,3]");
    let mut post = call(&client, &POST);
    post.options(lifted.clone());
    assert_eq!(post.send_raw().await.unwrap_err().body(), b"[1,2,3]");

    for (options, kept) in [(lifted.clone(), 3), (lifted.clone().max_mismatches(1), 1)] {
        let mut get = call(&client, &GET);
        get.options(options);
        let response = get.send_json::<Vec<bool>>().await.unwrap();
        assert_eq!((response.mismatches().len(), response.mismatch_count()), (kept, 3));
    }

    // Without the settings of the call, each limit applies.
    let (time, bytes) =
        (|options: RequestOptions| options.timeout(None).attempt_timeout(None), RequestOptions::new().skip_queue());
    for (options, fails) in [
        (lifted.clone().timeout(SHORT), intercom_runtime::Error::is_timeout as fn(&intercom_runtime::Error) -> bool),
        (lifted.attempt_timeout(SHORT), intercom_runtime::Error::is_timeout),
        (time(bytes), intercom_runtime::Error::is_too_large),
        (RequestOptions::new(), intercom_runtime::Error::is_timeout),
    ] {
        let mut get = call(&client, &GET);
        get.options(options.retry(RetryPolicy::never()));
        let error = get.send_raw().await.unwrap_err();
        assert!(fails(&error), "{error:?}");
    }
}

#[tokio::test]
async fn a_wait_between_attempts_that_passes_the_deadline_is_not_begun() {
    let server = Server::start([Reply::new(503).header("retry-after", 200), Reply::json("{}")]);
    let client = real_time(&server).timeout(Duration::from_secs(100)).retry(RetryPolicy::new()).build().unwrap();
    let begun = Instant::now();
    assert!(send(&client, &GET).await.unwrap_err().is_server_error());
    assert!(begun.elapsed() < SOON);
    assert_eq!(server.count(), 1);
}

static PAGED: Endpoint = Endpoint::new("things.list", http::Method::GET, "/things")
    .version("2.15")
    .paging(&Paging::new(PagingStyle::Page, Location::Query, "page", &["data"]).last("last"));

#[tokio::test]
async fn a_page_that_is_loaded_ahead_comes_while_the_caller_works() {
    let page = |item| Reply::json(format!(r#"{{"data":[{item}],"last":2}}"#));
    let server = Server::start([page(1), Reply::new(503), page(2)]);
    let client = real_time(&server).attempt_timeout(SHORT).timeout(SHORT).build().unwrap();
    let mut items = Items::<Value>::new(Call::new(&client, &PAGED)).prefetch();
    assert_eq!(items.next().await.unwrap().unwrap(), 1);
    tokio::time::sleep(SHORT * 2).await;
    assert_eq!(server.count(), 3, "the page comes, also after a retry");
    assert_eq!(items.next().await.unwrap().unwrap(), 2);
    assert!(items.next().await.is_none());

    // Dropping the stream of items cancels the request of the next page.
    let server = Server::start([page(1), hang()]);
    let client = real_time(&server).build().unwrap();
    let mut items = Items::<Value>::new(Call::new(&client, &PAGED)).prefetch();
    items.next().await.unwrap().unwrap();
    tokio::time::sleep(SHORT).await;
    assert_eq!((server.count(), server.open()), (2, 1));
    drop(items);
    is_quiet(&server).await;
}
