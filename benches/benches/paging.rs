//! Ten pages of 150 conversations, item by item, compared with a loop written by hand over the same client and types.
//!
//! The transport answers from memory, so that only the pagination makes a difference. The responses differ in the
//! cursor and in the first id only.

#![allow(clippy::unwrap_used, reason = "a benchmark panics if its setup is broken")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use divan::Bencher;
use divan::counter::ItemsCount;
use intercom_benches::{Deviation, Kind, page};
use intercom_runtime::bytes::Bytes;
use intercom_runtime::http;
use intercom_runtime::transport::{Body, Transport, TransportFuture};
use intercom_v2_15::Client;
use intercom_v2_15::types::ConversationListItem;

const PAGES: usize = 10;
const PER_PAGE: usize = 150;

fn main() {
    divan::main();
}

/// Answers with one page after the other, and begins again after the last.
#[derive(Debug)]
struct Memory {
    pages: Vec<Bytes>,
    next: AtomicUsize,
}

impl Transport for Memory {
    fn send(&self, _request: http::Request<Body>) -> TransportFuture<'_> {
        let page = self.next.fetch_add(1, Ordering::Relaxed) % self.pages.len();
        Box::pin(async move { Ok(http::Response::new(Body::from(self.pages[page].clone()))) })
    }
}

fn client() -> Client {
    let page = page(Kind::Conversations, PER_PAGE, Deviation::None);
    let mut page: serde_json::Value = serde_json::from_slice(&page).unwrap();
    let pages = (0..PAGES).map(|number| {
        page["conversations"][0]["id"] = number.to_string().into();
        page["pages"]["next"] = match number + 1 {
            PAGES => serde_json::Value::Null,
            next => serde_json::json!({"page": next, "starting_after": next.to_string()}),
        };
        page.to_string().into()
    });
    let memory = Memory { pages: pages.collect(), next: AtomicUsize::new(0) };
    Client::builder().token("token").transport(Arc::new(memory)).build().unwrap()
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

fn use_it(conversation: ConversationListItem) -> usize {
    divan::black_box(&conversation);
    1
}

#[divan::bench]
fn items(bencher: Bencher<'_, '_>) {
    let (client, runtime) = (client(), runtime());
    bencher.counter(ItemsCount::new(PAGES * PER_PAGE)).bench_local(|| {
        runtime.block_on(async {
            let mut items = client.conversations().list().items();
            let mut count = 0;
            while let Some(conversation) = items.try_next().await.unwrap() {
                count += use_it(conversation);
            }
            assert_eq!(count, PAGES * PER_PAGE);
        });
    });
}

#[divan::bench]
fn by_hand(bencher: Bencher<'_, '_>) {
    let (client, runtime) = (client(), runtime());
    bencher.counter(ItemsCount::new(PAGES * PER_PAGE)).bench_local(|| {
        runtime.block_on(async {
            let (mut cursor, mut count) = (None::<String>, 0);
            loop {
                let mut request = client.conversations().list().per_page(150);
                if let Some(cursor) = &cursor {
                    request = request.starting_after(cursor);
                }
                let page = request.await.unwrap().into_inner();
                for conversation in page.conversations.unwrap_or_default() {
                    count += use_it(conversation);
                }
                cursor = page.pages.and_then(|pages| pages.next).and_then(|next| next.starting_after);
                if cursor.is_none() {
                    break;
                }
            }
            assert_eq!(count, PAGES * PER_PAGE);
        });
    });
}
