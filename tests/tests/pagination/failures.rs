//! Failed requests of pages, errors that end a walk, and checkpoints of other operations.

use intercom_runtime::paging::{Checkpoint, End, Items, Location, Paging, PagingStyle};
use intercom_runtime::retry::RetryPolicy;
use intercom_runtime::{Call, Client, ClientBuilder, Endpoint, Value};
use intercom_tests::scripted::{Act, Reply, Server};
use serde_json::json;

use crate::block_on;
use crate::scenario::{Next, PAGES, PER, scenarios};
use crate::server::{Paged, number};

pub static THINGS: Endpoint = Endpoint::new("things.list", http::Method::GET, "/things")
    .operation_id("listThings")
    .version("2.15")
    .paging(&PAGING);

pub static PAGING: Paging = Paging::new(PagingStyle::Cursor, Location::Query, "starting_after", &["data"])
    .per_page("per_page")
    .max_per_page(150)
    .total("total_count")
    .next("pages.next.starting_after");

static OTHERS: Endpoint = Endpoint::new("others.list", http::Method::GET, "/things").version("2.15").paging(&PAGING);

pub fn client(url: String) -> Client {
    ClientBuilder::for_version("2.15", "paging/1.0")
        .token("paging")
        .base_url(url)
        .retry(RetryPolicy::never())
        .build()
        .unwrap()
}

pub fn things() -> Paged {
    Paged::start(&PAGING, scenarios(&PAGING)[0], json!({"id": "a"}))
}

pub fn walk(client: &Client, endpoint: &'static Endpoint) -> Items<Value> {
    Items::new(Call::new(client, endpoint))
}

/// The outcome of a walk: the numbers of the items, and a mark for each error.
async fn everything(items: &mut Items<Value>) -> Vec<Result<usize, String>> {
    let mut all = Vec::new();
    while let Some(item) = items.next().await {
        all.push(item.map(|item| number(&item)).map_err(|error| error.to_string()));
        assert!(all.len() < 1000, "the walk does not end");
    }
    all
}

#[test]
fn a_failed_page_is_asked_for_again() {
    let server = things();
    server.fail(0, [Reply::new(503)]);
    server.fail(1, [Reply::acts([Act::Reset]), Reply::json("<html>"), Reply::json("{\"data\":[{}")]);
    server.fail(3, [Reply::json(r#"{"something":"else"}"#), Reply::new(500).body("{}")]);
    let client = client(server.url());
    let mut items = walk(&client, &THINGS);
    let all = block_on(everything(&mut items));
    let errors = all.iter().filter(|item| item.is_err()).count();
    let numbers: Vec<usize> = all.into_iter().flatten().collect();
    assert_eq!((errors, numbers), (6, (0..PAGES * PER).collect()));
    assert_eq!(items.end(), Some(End::Complete));
}

#[test]
fn a_failed_page_loaded_ahead_is_asked_for_again() {
    let server = things();
    server.fail(2, [Reply::new(503), Reply::acts([Act::Reset])]);
    let client = client(server.url());
    let mut items = walk(&client, &THINGS).prefetch();
    let all = block_on(everything(&mut items));
    let failed: Vec<usize> = (0..all.len()).filter(|index| all[*index].is_err()).collect();
    // The error comes after the items of the previous page.
    assert_eq!(failed, [2 * PER, 2 * PER + 1]);
    assert_eq!(all.into_iter().flatten().collect::<Vec<_>>(), (0..PAGES * PER).collect::<Vec<_>>());
}

#[test]
fn an_error_that_a_retry_cannot_fix_ends_the_walk() {
    for status in [400, 401, 403, 404, 422] {
        let server = things();
        server.fail(1, [Reply::new(status)]);
        let client = client(server.url());
        let mut items = walk(&client, &THINGS);
        let all = block_on(everything(&mut items));
        assert_eq!(all.len(), PER + 1, "{status}");
        assert!(all[PER].is_err());
        assert_eq!(items.end(), Some(End::Failed));
        // The position is known nevertheless.
        let checkpoint = items.checkpoint();
        assert!(!checkpoint.is_done());
        let rest = block_on(everything(&mut walk(&client, &THINGS).resume(&checkpoint)));
        assert_eq!(rest.into_iter().flatten().collect::<Vec<_>>(), (PER..PAGES * PER).collect::<Vec<_>>());
    }
}

#[test]
fn a_server_that_stays_down_ends_the_walk() {
    let server = Server::answering(|_| Reply::new(503));
    let client = client(server.url());
    let mut items = walk(&client, &THINGS);
    assert_eq!(block_on(everything(&mut items)).len(), 10);
    assert_eq!(items.end(), Some(End::Failed));
    assert_eq!(server.count(), 10);
}

#[test]
fn ten_empty_pages_end_the_list() {
    let served = std::sync::atomic::AtomicUsize::new(0);
    let server = Server::answering(move |_| {
        let next = served.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        Reply::json(json!({"data": [], "pages": {"next": {"starting_after": next}}}).to_string())
    });
    let client = client(server.url());
    let mut items = walk(&client, &THINGS);
    let error = block_on(items.next()).unwrap().unwrap_err();
    assert!(error.is_cut_off() && block_on(items.next()).is_none(), "{error}");
    assert_eq!(items.end(), Some(End::Empty));
    assert_eq!(server.count(), 10);
}

#[test]
fn a_list_that_is_bare_null_or_absent_is_read() {
    for (body, expected) in [
        ("[1,2]", vec![1, 2]),
        (r#"{"data":null}"#, vec![]),
        (r#"{"total_count":0}"#, vec![]),
        (r#"{"data":[1],"total_count":1}"#, vec![1]),
        (r#"{"pages":null}"#, vec![]),
        (r#"{"data":[],"pages":null}"#, vec![]),
    ] {
        let server = Server::start([Reply::json(body)]);
        let found: Vec<Value> = block_on(walk(&client(server.url()), &THINGS).try_collect()).unwrap();
        assert_eq!(found, expected, "{body}");
    }
    for body in ["{}", r#"{"id":"one thing"}"#, "null", "\"x\"", ""] {
        let server = Server::start([Reply::json(body)]);
        let error = block_on(walk(&client(server.url()), &THINGS).next()).unwrap().unwrap_err();
        assert!(error.is_decode(), "{body}: {error}");
    }
}

#[test]
fn a_checkpoint_belongs_to_its_operation_and_version() {
    let server = things();
    let client = client(server.url());
    let mut items = walk(&client, &THINGS);
    block_on(items.next()).unwrap().unwrap();
    let checkpoint = items.checkpoint();

    let error = block_on(walk(&client, &OTHERS).resume(&checkpoint).next()).unwrap().unwrap_err();
    assert!(error.is_checkpoint(), "{error}");
    assert_eq!(error.to_string(), "others.list: the checkpoint is of operation things.list, not of others.list");

    let mut call = Call::new(&client, &THINGS);
    call.options(intercom_runtime::RequestOptions::new().api_version("2.11"));
    let mut other = Items::<Value>::new(call).resume(&checkpoint);
    let error = block_on(other.next()).unwrap().unwrap_err();
    assert!(error.is_checkpoint() && error.to_string().contains("API version 2.15"), "{error}");
    assert!(block_on(other.next()).is_none());
    assert_eq!(server.asked().len(), 1);
}

#[test]
fn a_finished_walk_has_nothing_left() {
    let server = things();
    let client = client(server.url());
    let mut items = walk(&client, &THINGS);
    block_on(everything(&mut items));
    let checkpoint: Checkpoint = items.checkpoint().to_string().parse().unwrap();
    assert!(checkpoint.is_done());
    assert!(block_on(walk(&client, &THINGS).resume(&checkpoint).next()).is_none());
    assert_eq!(server.asked().len(), PAGES);
}

#[test]
fn the_server_may_change_how_it_writes_cursors_meanwhile() {
    let server = things();
    let client = client(server.url());
    let mut items = walk(&client, &THINGS);
    for _ in 0..PER + 2 {
        block_on(items.next()).unwrap().unwrap();
    }
    let stored = items.checkpoint().to_string();
    let mut changed = scenarios(&PAGING)[0];
    (changed.next, changed.texts) = (Next::Address, true);
    server.change(changed);
    let mut rest = walk(&client, &THINGS).resume(&stored.parse().unwrap());
    let rest: Vec<usize> = block_on(everything(&mut rest)).into_iter().map(Result::unwrap).collect();
    assert_eq!(rest, (PER + 2..PAGES * PER).collect::<Vec<_>>());
}

#[test]
fn pages_are_resumed_at_a_checkpoint() {
    let server = things();
    let client = client(server.url());
    let page = |pages: &mut intercom_runtime::paging::Pages<Value>| block_on(pages.next()).map(Result::unwrap);
    let mut pages = intercom_runtime::paging::Pages::<Value>::new(Call::new(&client, &THINGS));
    page(&mut pages).unwrap();
    let checkpoint = page(&mut pages).unwrap().checkpoint();
    assert_eq!(checkpoint, pages.checkpoint());
    let mut rest = intercom_runtime::paging::Pages::<Value>::new(Call::new(&client, &THINGS)).resume(&checkpoint);
    let mut numbers = Vec::new();
    while let Some(page) = page(&mut rest) {
        numbers.extend(page.items.into_iter().map(|item| number(&item.unwrap())));
    }
    assert_eq!(numbers, (2 * PER..PAGES * PER).collect::<Vec<_>>());
}
