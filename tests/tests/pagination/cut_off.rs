//! Lists that the server ends too early, and lists that change meanwhile: they must not look complete.

use std::sync::atomic::{AtomicUsize, Ordering};

use intercom_runtime::paging::{Checkpoint, End, Items, Location, Paging, PagingStyle};
use intercom_runtime::{Call, Endpoint, Error, Value};
use intercom_tests::scripted::{Reply, Server};
use serde_json::json;

use crate::block_on;
use crate::failures::{THINGS, client, walk};

static NUMBERED: Endpoint = Endpoint::new("numbered.list", http::Method::GET, "/things").version("2.15").paging(&PAGES);

static PAGES: Paging = Paging::new(PagingStyle::Page, Location::Query, "page", &["data"])
    .per_page("per_page")
    .max_per_page(150)
    .next("pages.next")
    .last("pages.total_pages")
    .total("total_count");

fn collect(items: Items<Value>) -> Result<Vec<Value>, Error> {
    block_on(items.try_collect())
}

/// Reads a list with these responses, strictly and leniently.
fn cut_off(endpoint: &'static Endpoint, answers: &[Value], delivered: usize, end: End) -> Checkpoint {
    let start = || Server::start(answers.iter().map(|body| Reply::json(body.to_string())));
    let server = start();
    let error = collect(walk(&client(server.url()), endpoint)).expect_err("the walk was cut off");
    assert!(error.is_cut_off(), "{error}");
    let checkpoint = error.checkpoint().unwrap().clone();
    assert!(!checkpoint.is_done());
    assert_eq!(checkpoint.delivered(), delivered as u64, "{error}");
    assert!(error.to_string().contains(&format!("after {delivered}")), "{error}");

    let server = start();
    let mut items = walk(&client(server.url()), endpoint).lenient();
    let mut count = 0;
    while block_on(items.try_next()).unwrap().is_some() {
        count += 1;
    }
    assert_eq!((count, items.end()), (delivered, Some(end)));
    assert_eq!(items.checkpoint(), checkpoint);
    checkpoint
}

#[test]
fn more_without_a_position_is_an_error() {
    let address = json!({"next": "https://api.intercom.io/things?page=2"});
    cut_off(&THINGS, &[json!({"data": [1], "pages": address, "total_count": 100})], 1, End::NoPosition);
    cut_off(&THINGS, &[json!({"data": [1], "pages": address})], 1, End::NoPosition);
    cut_off(&THINGS, &[json!({"data": [1], "total_count": 100})], 1, End::NoPosition);
    cut_off(&THINGS, &[json!({"data": [1], "pages": {"page": 1, "total_pages": 100}})], 1, End::NoPosition);
    cut_off(&THINGS, &[json!({"data": [], "pages": {"next": null}, "total_count": 100})], 0, End::NoPosition);
    let last = json!({"data": [1], "pages": {"page": 1, "total_pages": 1}, "total_count": 4});
    cut_off(&NUMBERED, &[last], 1, End::NoPosition);
}

#[test]
fn a_cursor_that_repeats_is_an_error() {
    let page = |item| json!({"data": [item], "pages": {"next": {"starting_after": "a"}}, "total_count": 50});
    let checkpoint = cut_off(&THINGS, &[page(1), page(2)], 2, End::Repeated);
    // Continuing requests the last page again, and delivers no item twice.
    let mut again = page(2);
    again["pages"]["next"]["starting_after"] = json!("b");
    let rest = [again, json!({"data": [3], "pages": {"next": null}, "total_count": 50})];
    let server = Server::start(rest.map(|body| Reply::json(body.to_string())));
    let items = walk(&client(server.url()), &THINGS).resume(&checkpoint);
    assert_eq!(collect(items).unwrap(), [3]);
    let asked: Vec<String> = server.seen().into_iter().map(|seen| seen.target).collect();
    assert_eq!(asked, ["/things?per_page=150&starting_after=a", "/things?per_page=150&starting_after=b"]);
}

#[test]
fn a_page_that_comes_again_is_an_error() {
    let page = |page| json!({"data": [1, 2], "pages": {"page": page, "total_pages": 5}, "total_count": 10});
    let checkpoint = cut_off(&NUMBERED, &[page(1), page(1)], 2, End::Repeated);
    // The server still ignores the position. No item is delivered twice.
    let server = Server::start([page(1), page(1)].map(|body| Reply::json(body.to_string())));
    let error = collect(walk(&client(server.url()), &NUMBERED).resume(&checkpoint)).unwrap_err();
    assert_eq!(error.checkpoint(), Some(&checkpoint));
}

#[test]
fn an_empty_page_with_more_announced_is_an_error() {
    let page = |items: Value, page| json!({"data": items, "pages": {"page": page, "total_pages": 4}});
    cut_off(&NUMBERED, &[page(json!([1]), 1), page(json!([]), 2)], 1, End::Empty);
    let counted = |items: Value| json!({"data": items, "pages": {"total_pages": 9}, "total_count": 4});
    cut_off(&NUMBERED, &[counted(json!([1])), counted(json!([]))], 1, End::Empty);
    // By the total the list is complete, so the number of pages was wrong.
    let counted = |items: Value| json!({"data": items, "pages": {"total_pages": 9}, "total_count": 1});
    let server = Server::start([counted(json!([1])), counted(json!([]))].map(|body| Reply::json(body.to_string())));
    assert_eq!(collect(walk(&client(server.url()), &NUMBERED)).unwrap(), [1]);
}

#[test]
fn reaching_a_limit_is_not_an_early_end() {
    let body = json!({"data": [1], "pages": {"next": {"page": 2}}, "total_count": 100});
    for limited in [walk_limited as fn(Items<Value>) -> Items<Value>, |items| items.max_pages(1)] {
        let server = Server::start([Reply::json(body.to_string())]);
        let mut items = limited(walk(&client(server.url()), &THINGS));
        assert!(block_on(items.next()).unwrap().is_ok() && block_on(items.next()).is_none());
        assert_eq!((items.end(), items.checkpoint().is_done()), (Some(End::Limit), false));
    }
}

fn walk_limited(items: Items<Value>) -> Items<Value> {
    items.limit(1)
}

/// A list of the numbers from `first` to 9, with three on a page. It grows at its beginning before the second page is requested.
fn growing(first: impl Fn(usize) -> i64 + Send + Sync + 'static) -> Server {
    let count = AtomicUsize::new(0);
    Server::answering(move |seen| {
        let asked = count.fetch_add(1, Ordering::SeqCst);
        let all: Vec<i64> = (first(asked)..10).collect();
        let page: usize = seen
            .target
            .rsplit_once("page=")
            .and_then(|(_, page)| page.parse().ok())
            .filter(|page| *page < 100)
            .unwrap_or(1);
        let data: Vec<i64> = all.iter().copied().skip((page - 1) * 3).take(3).collect();
        let pages = json!({"page": page, "total_pages": all.len().div_ceil(3)});
        Reply::json(json!({"data": data, "pages": pages, "total_count": all.len()}).to_string())
    })
}

#[test]
fn numbered_pages_that_shift_are_noticed_by_the_total() {
    let shifting = || growing(|asked| if asked == 0 { 1 } else { 0 });
    let server = shifting();
    let mut items = walk(&client(server.url()), &NUMBERED);
    let (mut numbers, mut told) = (Vec::new(), None);
    while let Some(item) = block_on(items.next()) {
        match item {
            Ok(item) => numbers.push(item.as_i64().unwrap()),
            Err(error) => {
                assert!(error.is_list_changed() && told.is_none(), "{error}");
                told = error.checkpoint().cloned();
                assert_eq!(numbers, [1, 2, 3]);
                assert_eq!(
                    error.to_string(),
                    "numbered.list: the list had 9 items and now has 10: some may be missing or returned twice"
                );
            }
        }
    }
    // After the error the reader knows that items may be missing (0) or come twice (3).
    assert_eq!(numbers, [1, 2, 3, 3, 4, 5, 6, 7, 8, 9]);
    assert_eq!((told.unwrap().delivered(), items.end()), (3, Some(End::Complete)));

    let server = shifting();
    assert!(collect(walk(&client(server.url()), &NUMBERED)).unwrap_err().is_list_changed());
    let server = shifting();
    assert_eq!(collect(walk(&client(server.url()), &NUMBERED).lenient()).unwrap().len(), 10);
    // The same with a checkpoint in another process.
    let server = growing(|asked| if asked < 2 { 1 } else { 0 });
    let mut items = walk(&client(server.url()), &NUMBERED);
    for _ in 0..4 {
        block_on(items.next()).unwrap().unwrap();
    }
    let stored = items.checkpoint().to_string();
    let rest = walk(&client(server.url()), &NUMBERED).resume(&stored.parse().unwrap());
    assert!(collect(rest).unwrap_err().is_list_changed());
}

#[test]
fn a_cursor_does_not_mind_that_the_list_grows() {
    let page = |item, next: Value, total| json!({"data": [item], "pages": {"page": item, "total_pages": total, "next": next}, "total_count": total});
    let mut last = page(2, Value::Null, 3);
    last["pages"].as_object_mut().unwrap().remove("next");
    let server =
        Server::start([page(1, json!({"starting_after": "a"}), 2), last].map(|body| Reply::json(body.to_string())));
    assert_eq!(collect(walk(&client(server.url()), &THINGS)).unwrap(), [1, 2]);
}

#[test]
fn a_checkpoint_that_was_changed_is_an_error() {
    let server = Server::answering(|_| Reply::json(r#"{"data":[1],"pages":{"next":{"starting_after":"a"}}}"#));
    let client = client(server.url());
    let mut items = walk(&client, &THINGS);
    block_on(items.next()).unwrap().unwrap();
    let stored = items.checkpoint().to_string();
    for (from, to) in [
        ("\"delivered\":1", "\"delivered\":18446744073709551615"),
        ("\"delivered\":1", "\"delivered\":1,\"skip\":18446744073709551615"),
        ("\"per_page\":150", "\"per_page\":0"),
        ("\"per_page\":150", "\"per_page\":4294967296"),
        ("\"per_page\":150", "\"per_page\":100000"),
        ("\"position\":\"a\"", "\"position\":\"b\""),
        ("\"position\":\"a\"", "\"position\":[\"a\"]"),
        ("\"delivered\":1", "\"delivered\":1,\"done\":true"),
    ] {
        let tampered = stored.replacen(from, to, 1);
        assert_ne!(tampered, stored, "{from}");
        let error = tampered.parse::<Checkpoint>().expect_err(&tampered);
        assert!(error.is_checkpoint(), "{error}");
    }
    assert!(stored.parse::<Checkpoint>().is_ok());
}

#[test]
fn an_invalid_page_size_is_refused_before_sending() {
    let server = Server::start([]);
    let client = client(server.url());
    for size in ["0", "151"] {
        let mut call = Call::new(&client, &THINGS);
        call.query("per_page", size);
        let error = collect(Items::new(call)).unwrap_err();
        assert!(error.is_request(), "{size}: {error}");
    }
    assert_eq!(server.count(), 0);
}
