//! `limit`, `max_pages`, `prefetch` and page sizes.

use intercom_runtime::paging::{End, Items, Pages};
use intercom_runtime::{Call, Value};

use crate::block_on;
use crate::failures::{THINGS, client, things, walk};
use crate::scenario::{PAGES, PER};
use crate::server::number;

async fn numbers(items: &mut Items<Value>) -> Vec<usize> {
    let mut numbers = Vec::new();
    while let Some(item) = items.try_next().await.unwrap() {
        numbers.push(number(&item));
    }
    numbers
}

#[test]
fn a_limit_counts_items() {
    for limit in [0, 1, PER - 1, PER, PER + 1, PAGES * PER - 1, PAGES * PER, PAGES * PER + 5] {
        let server = things();
        let client = client(server.url());
        let mut items = walk(&client, &THINGS).limit(limit as u64);
        let found = block_on(numbers(&mut items));
        let expected = limit.min(PAGES * PER);
        assert_eq!(found, (0..expected).collect::<Vec<_>>());
        assert_eq!(server.asked().len(), expected.div_ceil(PER), "no request too many for {limit}");
        let end = if limit < PAGES * PER { End::Limit } else { End::Complete };
        assert_eq!(items.end(), Some(end), "{limit}");
        // The page is not larger than the limit.
        let size = limit.min(150).to_string();
        assert!(server.sizes().iter().all(|asked| asked.as_deref() == Some(&size)), "{:?}", server.sizes());
        // The checkpoint continues with the next item.
        let mut rest = walk(&client, &THINGS).resume(&items.checkpoint());
        assert_eq!(block_on(numbers(&mut rest)), (expected..PAGES * PER).collect::<Vec<_>>());
    }
}

#[test]
fn a_limit_of_items_applies_to_pages() {
    let server = things();
    let client = client(server.url());
    let mut pages = Pages::<Value>::new(Call::new(&client, &THINGS)).limit(PER as u64 + 1);
    let mut counts = Vec::new();
    while let Some(page) = block_on(pages.try_next()).unwrap() {
        counts.push(page.items.len());
    }
    assert_eq!(counts, [PER, 1]);
}

#[test]
fn max_pages_counts_pages() {
    for most in 0..=PAGES + 1 {
        let server = things();
        let client = client(server.url());
        let mut items = walk(&client, &THINGS).max_pages(most as u64);
        assert_eq!(block_on(numbers(&mut items)).len(), most.min(PAGES) * PER);
        assert_eq!(server.asked().len(), most.min(PAGES));
        let mut rest = walk(&client, &THINGS).resume(&items.checkpoint());
        assert_eq!(block_on(numbers(&mut rest)).len(), (PAGES - most.min(PAGES)) * PER);
    }
}

#[test]
fn the_next_page_is_loaded_ahead_only_where_that_is_asked_for() {
    for (prefetch, after_first) in [(false, 1), (true, 2)] {
        let server = things();
        let client = client(server.url());
        block_on(async {
            let mut items = walk(&client, &THINGS);
            if prefetch {
                items = items.prefetch();
            }
            items.next().await.unwrap().unwrap();
            // Lets the task of the connection send the request.
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
            assert_eq!(server.asked().len(), after_first);
            let rest = numbers(&mut items).await;
            assert_eq!(rest, (1..PAGES * PER).collect::<Vec<_>>());
        });
        assert_eq!(server.asked(), (0..PAGES).collect::<Vec<_>>());
    }
}

#[test]
fn nothing_is_loaded_ahead_that_the_limit_does_not_need() {
    let server = things();
    let client = client(server.url());
    let mut items = walk(&client, &THINGS).prefetch().limit(PER as u64);
    assert_eq!(block_on(numbers(&mut items)).len(), PER);
    assert_eq!(server.asked(), [0]);
}

#[test]
fn a_checkpoint_of_a_walk_that_loads_ahead_is_where_the_reader_is() {
    let server = things();
    let client = client(server.url());
    block_on(async {
        let mut items = walk(&client, &THINGS).prefetch();
        for at in 1..PAGES * PER {
            items.next().await.unwrap().unwrap();
            let mut rest = walk(&client, &THINGS).resume(&items.checkpoint());
            assert_eq!(numbers(&mut rest).await, (at..PAGES * PER).collect::<Vec<_>>());
        }
    });
}

#[test]
fn the_page_size_of_a_checkpoint_holds() {
    let server = things();
    let client = client(server.url());
    let mut call = Call::new(&client, &THINGS);
    call.per_page(7);
    let mut items = Items::<Value>::new(call);
    block_on(items.next()).unwrap().unwrap();
    let mut rest = walk(&client, &THINGS).resume(&items.checkpoint());
    block_on(numbers(&mut rest));
    assert!(server.sizes().iter().all(|size| size.as_deref() == Some("7")), "{:?}", server.sizes());
}
