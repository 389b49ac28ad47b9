//! Pagination keeps one page in memory, whatever the number of pages. A separate binary, since peak memory is measured for a process.

#![allow(clippy::unwrap_used, reason = "a test panics")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use intercom_runtime::paging::{Items, Location, Paging, PagingStyle};
use intercom_runtime::transport::{Body, Transport, TransportFuture};
use intercom_runtime::{Call, Client, ClientBuilder, Endpoint};
use serde_json::Value;

static THINGS: Endpoint =
    Endpoint::new("things.list", http::Method::GET, "/things").operation_id("listThings").version("2.15").paging(
        &Paging::new(PagingStyle::Cursor, Location::Query, "starting_after", &["data"])
            .per_page("per_page")
            .max_per_page(150)
            .next("pages.next.starting_after"),
    );

const PER_PAGE: usize = 150;
const ITEMS: usize = 1_000_000;

/// Makes each page when it is requested.
#[derive(Debug, Default)]
struct Endless {
    served: AtomicUsize,
}

impl Transport for Endless {
    fn send(&self, _request: http::Request<Body>) -> TransportFuture<'_> {
        let first = self.served.fetch_add(PER_PAGE, Ordering::SeqCst);
        let last = (first + PER_PAGE).min(ITEMS);
        let items: Vec<String> = (first..last).map(|id| format!(r#"{{"id":{id},"name":"{:0>200}"}}"#, id)).collect();
        let next = if last < ITEMS { format!(r#"{{"starting_after":"{last}"}}"#) } else { "null".to_owned() };
        let body = format!(r#"{{"type":"list","data":[{}],"pages":{{"next":{next}}}}}"#, items.join(","));
        Box::pin(async { Ok(http::Response::new(Body::from(body))) })
    }
}

/// The peak memory of this process in KiB; `None` if the system does not provide it.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().split(' ').next()?.parse().ok()
}

#[tokio::test]
async fn a_million_items_take_no_more_memory_than_a_few() {
    let client: Client = ClientBuilder::for_version("2.15", "paging/1.0")
        .token("paging")
        .transport(Arc::new(Endless::default()))
        .build()
        .unwrap();
    let mut items = Items::<Value>::new(Call::new(&client, &THINGS)).prefetch();
    let (mut count, mut before) = (0usize, None);
    while let Some(item) = items.try_next().await.unwrap() {
        assert_eq!(item["id"].as_u64(), Some(count as u64));
        count += 1;
        if count == 10 * PER_PAGE {
            before = peak();
        }
    }
    assert_eq!(count, ITEMS);
    if let (Some(before), Some(after)) = (before, peak()) {
        println!("{count} items: the peak grew by {} KiB", after - before);
        // All items together are 200 MiB of text.
        assert!(after - before < 16 * 1024, "the peak grew from {before} to {after} KiB");
    }
}
