//! Decoding and encoding a page of 150 conversations, beside structs that derive serde's traits.

#![allow(clippy::unwrap_used, reason = "a benchmark panics where its setting is broken")]

use divan::Bencher;
use divan::counter::BytesCount;
use intercom_benches::{conversation_page, handwritten};
use intercom_runtime::data::{self, Decoding};
use intercom_v2_15::types;

fn main() {
    divan::main();
}

const ITEMS: usize = 150;

#[divan::bench]
fn decode_ours(bencher: Bencher<'_, '_>) {
    let page = conversation_page(ITEMS);
    bencher.counter(BytesCount::of_slice(&page)).bench(|| {
        let page = data::from_slice::<types::ConversationList>(divan::black_box(&page), Decoding::Tolerant).unwrap();
        assert!(page.mismatches.is_empty());
        page
    });
}

#[divan::bench]
fn decode_handwritten(bencher: Bencher<'_, '_>) {
    let page = conversation_page(ITEMS);
    bencher
        .counter(BytesCount::of_slice(&page))
        .bench(|| serde_json::from_slice::<handwritten::ConversationList>(divan::black_box(&page)).unwrap());
}

#[divan::bench]
fn encode_ours(bencher: Bencher<'_, '_>) {
    let page: types::ConversationList = serde_json::from_slice(&conversation_page(ITEMS)).unwrap();
    bencher.bench(|| serde_json::to_vec(divan::black_box(&page)).unwrap());
}

#[divan::bench]
fn encode_handwritten(bencher: Bencher<'_, '_>) {
    let page: handwritten::ConversationList = serde_json::from_slice(&conversation_page(ITEMS)).unwrap();
    bencher.bench(|| serde_json::to_vec(divan::black_box(&page)).unwrap());
}
