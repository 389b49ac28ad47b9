//! Scrolls: one at a time, expiry, and beginning again.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use intercom_runtime::clock::{Clock as _, VirtualClock};
use intercom_runtime::paging::{End, Items, Location, Paging, PagingStyle, ScrollOptions};
use intercom_runtime::retry::RetryPolicy;
use intercom_runtime::throttle::{AcquireRequest, Throttle, TooLate};
use intercom_runtime::transport::BoxFuture;
use intercom_runtime::{Call, Client, ClientBuilder, Endpoint, Value};
use intercom_tests::scripted::{Act, Reply};
use serde_json::json;

use crate::block_on;
use crate::scenario::{PAGES, PER, scenarios};
use crate::server::{Paged, number};

static SCROLL: Endpoint = Endpoint::new("companies.scroll", http::Method::GET, "/companies/scroll")
    .operation_id("scrollOverAllCompanies")
    .version("2.15")
    .idempotent(false)
    .paging(&PAGING);

static PAGING: Paging =
    Paging::new(PagingStyle::Scroll, Location::Query, "scroll_param", &["data"]).next("scroll_param");

fn server() -> Paged {
    Paged::start(&PAGING, scenarios(&PAGING)[0], json!({"id": "a"}))
}

fn builder(server: &Paged) -> ClientBuilder {
    ClientBuilder::for_version("2.15", "paging/1.0").token("paging").base_url(server.url())
}

fn scroll(client: &Client) -> Items<Value> {
    Items::new(Call::new(client, &SCROLL))
}

async fn numbers(items: &mut Items<Value>) -> Vec<usize> {
    let mut numbers = Vec::new();
    while let Some(item) = items.try_next().await.unwrap() {
        numbers.push(number(&item));
    }
    numbers
}

fn expired() -> Reply {
    let body = r#"{"type":"error.list","errors":[{"code":"not_found","message":"scroll parameter not found"}]}"#;
    Reply::new(404).header("content-type", "application/json").body(body)
}

fn broken() -> Reply {
    let body = r#"{"type":"error.list","errors":[{"code":"internal_error","message":"Internal network error, please restart the scroll"}]}"#;
    Reply::new(500).header("content-type", "application/json").body(body)
}

#[test]
fn a_scroll_ends_with_the_first_empty_page() {
    let server = server();
    let client: Client = builder(&server).build().unwrap();
    let mut items = scroll(&client);
    assert_eq!(block_on(numbers(&mut items)), (0..PAGES * PER).collect::<Vec<_>>());
    assert_eq!(items.end(), Some(End::Complete));
    assert_eq!(server.asked(), (0..=PAGES).collect::<Vec<_>>());
}

#[test]
fn an_expired_or_broken_scroll_ends_with_a_typed_error() {
    let server = server();
    let client: Client = builder(&server).build().unwrap();
    for (reply, expired) in
        [(expired(), true), (broken(), false), (Reply::acts([Act::Reset]), false), (Reply::json("<html>"), false)]
    {
        server.serve(&PAGING, scenarios(&PAGING)[0], &json!({}));
        server.fail(2, [reply]);
        let mut items = scroll(&client);
        let error = block_on(async {
            let mut count = 0;
            loop {
                match items.next().await.unwrap() {
                    Ok(_) => count += 1,
                    Err(error) => {
                        assert_eq!(count, 2 * PER);
                        break error;
                    }
                }
            }
        });
        assert_eq!((error.is_scroll_expired(), error.is_scroll_broken()), (expired, !expired), "{error}");
        assert!(block_on(items.next()).is_none());
        assert_eq!(items.end(), Some(End::Failed));
        assert_eq!(server.asked(), [0, 1, 2], "no request of a scroll is sent twice");
    }
}

#[test]
fn a_scroll_continues_after_items_that_cannot_be_decoded() {
    let server = server();
    let client: Client = builder(&server).build().unwrap();
    let mut items: Items<i64> = Items::new(Call::new(&client, &SCROLL));
    let mut wrong = 0;
    while let Some(item) = block_on(items.next()) {
        let error = item.unwrap_err();
        assert!(error.is_decode() && !error.is_scroll_broken(), "{error}");
        wrong += 1;
    }
    assert_eq!((wrong, items.end()), (PAGES * PER, Some(End::Complete)));
}

/// A throttle that refuses the third call.
#[derive(Default)]
struct RefusesTheThird(AtomicUsize);

impl Throttle for RefusesTheThird {
    fn acquire<'a>(&'a self, _: AcquireRequest<'a>) -> BoxFuture<'a, Result<(), TooLate>> {
        let refused = self.0.fetch_add(1, Ordering::Relaxed) == 2;
        Box::pin(std::future::ready(if refused { Err(TooLate::new()) } else { Ok(()) }))
    }
}

#[test]
fn a_scroll_goes_on_after_a_request_that_was_never_sent() {
    let server = server();
    let client: Client = builder(&server).throttle(RefusesTheThird::default()).build().unwrap();
    let mut items = scroll(&client);
    block_on(async {
        for _ in 0..2 * PER {
            items.next().await.unwrap().unwrap();
        }
        let error = items.next().await.unwrap().unwrap_err();
        assert!(error.is_throttled() && !error.is_scroll_broken(), "{error}");
        assert_eq!(numbers(&mut items).await, (2 * PER..PAGES * PER).collect::<Vec<_>>());
    });
    assert_eq!((items.end(), server.asked()), (Some(End::Complete), (0..=PAGES).collect::<Vec<_>>()));
}

#[test]
fn a_lost_scroll_begins_again_if_the_options_allow_it() {
    let server = server();
    let client: Client = builder(&server).build().unwrap();
    for reply in [expired(), broken(), Reply::acts([Act::Reset])] {
        server.serve(&PAGING, scenarios(&PAGING)[0], &json!({}));
        server.fail(2, [reply]);
        let mut items = scroll(&client).scroll(ScrollOptions::new().restart_if_lost());
        assert_eq!(block_on(numbers(&mut items)), (0..PAGES * PER).collect::<Vec<_>>());
        assert_eq!(server.asked(), [0, 1, 2, 0, 1, 2, 3, 4]);
    }
}

#[test]
fn a_scroll_that_is_lost_again_and_again_ends() {
    let server = server();
    let client: Client = builder(&server).build().unwrap();
    server.fail(2, std::iter::repeat_n(broken(), 50));
    let mut items = scroll(&client).scroll(ScrollOptions::new().restart_if_lost());
    let errors = block_on(async {
        let mut errors = 0;
        while let Some(item) = items.next().await {
            errors += usize::from(item.is_err());
        }
        errors
    });
    assert_eq!((errors, items.end()), (1, Some(End::Failed)));
    assert!(server.asked().len() <= 12, "{:?}", server.asked());
}

#[test]
fn a_stored_scroll_that_has_expired_begins_again_and_skips() {
    let server = server();
    let client: Client = builder(&server).build().unwrap();
    let mut items = scroll(&client);
    block_on(async {
        for _ in 0..2 * PER {
            items.next().await.unwrap().unwrap();
        }
    });
    let stored = items.checkpoint().to_string();
    drop(items);
    server.fail(2, [expired()]);
    let mut rest = scroll(&client).resume(&stored.parse().unwrap()).scroll(ScrollOptions::new().restart_if_lost());
    assert_eq!(block_on(numbers(&mut rest)), (2 * PER..PAGES * PER).collect::<Vec<_>>());
}

#[test]
fn one_scroll_of_a_client_at_a_time() {
    let server = server();
    let client: Client = builder(&server).build().unwrap();
    block_on(async {
        let mut first = scroll(&client);
        first.next().await.unwrap().unwrap();

        // A clone is the same client.
        let mut refused = scroll(&client.clone()).scroll(ScrollOptions::new().fail_if_busy());
        let error = refused.next().await.unwrap().unwrap_err();
        assert!(error.is_scroll_busy(), "{error}");
        assert_eq!(server.asked(), [0]);

        let waiting = tokio::spawn({
            let client = client.clone();
            async move { numbers(&mut scroll(&client)).await }
        });
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert!(!waiting.is_finished());
        assert_eq!(server.asked(), [0]);
        assert_eq!(numbers(&mut first).await.len(), PAGES * PER - 1);
        assert_eq!(waiting.await.unwrap().len(), PAGES * PER);
        // The scroll that was refused can be polled again.
        assert_eq!(numbers(&mut refused).await.len(), PAGES * PER);
    });
}

#[test]
fn a_dropped_scroll_lets_the_next_one_start() {
    let server = server();
    let client: Client = builder(&server).build().unwrap();
    block_on(async {
        let mut first = scroll(&client);
        first.next().await.unwrap().unwrap();
        let waiting = tokio::spawn({
            let client = client.clone();
            async move { numbers(&mut scroll(&client)).await }
        });
        tokio::time::sleep(Duration::from_millis(50)).await;
        drop(first);
        assert_eq!(waiting.await.unwrap().len(), PAGES * PER);
    });
}

#[test]
fn a_scroll_that_has_expired_does_not_block_others() {
    let server = server();
    let clock = VirtualClock::default();
    let client: Client = builder(&server).clock(clock.clone()).retry(RetryPolicy::never()).build().unwrap();
    block_on(async {
        let mut first = scroll(&client);
        first.next().await.unwrap().unwrap();
        // The scroll is not continued, and expires after a minute.
        assert_eq!(numbers(&mut scroll(&client)).await.len(), PAGES * PER);
        assert!(clock.now() <= Duration::from_secs(61), "waited until {:?}", clock.now());
    });
}

#[test]
fn a_scroll_that_the_server_refuses_is_busy() {
    let server = server();
    let client: Client = builder(&server).build().unwrap();
    let body = r#"{"type":"error.list","errors":[{"code":"scroll_exists","message":"scroll already exists for this workspace"}]}"#;
    server.fail(0, [Reply::new(400).header("content-type", "application/json").body(body)]);
    let error = block_on(scroll(&client).next()).unwrap().unwrap_err();
    assert!(error.is_scroll_busy() && !error.is_scroll_expired() && !error.is_scroll_broken());
}
