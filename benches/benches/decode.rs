//! Decoding and encoding pages of 150 items, as they are and with deviations, compared with structs that derive serde's traits
//! and drop unknown keys, and with `serde_json::Value`.

#![allow(clippy::unwrap_used, reason = "a benchmark panics if its setup is broken")]

use divan::Bencher;
use divan::counter::BytesCount;
use intercom_benches::handwritten::{ContactList, ConversationList, TicketList};
use intercom_benches::{Deviation, ITEMS, Kind, page};
use intercom_runtime::data::{Decode, Decoding, from_slice, to_vec};
use intercom_v2_15::types;
use serde::de::DeserializeOwned;
use serde_json::Value;

fn main() {
    divan::main();
}

const PAGES: [(Kind, Deviation); 9] = {
    let mut all = [(Kind::Conversations, Deviation::None); 9];
    let mut next = 0;
    while next < all.len() {
        all[next] = (Kind::ALL[next / 3], Deviation::ALL[next % 3]);
        next += 1;
    }
    all
};

#[divan::bench(args = PAGES)]
fn decode_ours(bencher: Bencher<'_, '_>, (kind, deviation): (Kind, Deviation)) {
    fn decode<T: Decode>(bencher: Bencher<'_, '_>, body: &[u8], fits: bool) {
        bencher.counter(BytesCount::of_slice(body)).bench_local(|| {
            let page = from_slice::<T>(divan::black_box(body), Decoding::Tolerant).unwrap();
            assert_eq!(page.mismatches.is_empty(), fits);
            page
        });
    }
    let (body, fits) = (page(kind, ITEMS, deviation), deviation == Deviation::None);
    match kind {
        Kind::Conversations => decode::<types::ConversationList>(bencher, &body, fits),
        Kind::Contacts => decode::<types::ContactList>(bencher, &body, fits),
        Kind::Tickets => decode::<types::TicketList>(bencher, &body, fits),
    }
}

#[divan::bench(args = Kind::ALL)]
fn decode_handwritten(bencher: Bencher<'_, '_>, kind: Kind) {
    fn decode<T: DeserializeOwned>(bencher: Bencher<'_, '_>, body: &[u8]) {
        let bencher = bencher.counter(BytesCount::of_slice(body));
        bencher.bench_local(|| serde_json::from_slice::<T>(divan::black_box(body)).unwrap());
    }
    let body = page(kind, ITEMS, Deviation::None);
    match kind {
        Kind::Conversations => decode::<ConversationList>(bencher, &body),
        Kind::Contacts => decode::<ContactList>(bencher, &body),
        Kind::Tickets => decode::<TicketList>(bencher, &body),
    }
}

#[divan::bench(args = Kind::ALL)]
fn decode_value(bencher: Bencher<'_, '_>, kind: Kind) {
    let body = page(kind, ITEMS, Deviation::None);
    let bencher = bencher.counter(BytesCount::of_slice(&body));
    bencher.bench_local(|| serde_json::from_slice::<Value>(divan::black_box(&body)).unwrap());
}

#[divan::bench]
fn encode_ours(bencher: Bencher<'_, '_>) {
    let body = page(Kind::Conversations, ITEMS, Deviation::None);
    let page = from_slice::<types::ConversationList>(&body, Decoding::Tolerant).unwrap().value;
    bencher.bench_local(|| to_vec(divan::black_box(&page)));
}

#[divan::bench]
fn encode_handwritten(bencher: Bencher<'_, '_>) {
    let page: ConversationList = serde_json::from_slice(&page(Kind::Conversations, ITEMS, Deviation::None)).unwrap();
    bencher.bench_local(|| serde_json::to_vec(divan::black_box(&page)).unwrap());
}
