//! Random sequences of create, update, delete, find, search and list, compared with a plain model: 10,000 steps for each
//! collection that has all of these.

#![allow(clippy::unwrap_used, reason = "a test panics")]

use std::collections::BTreeMap;

use intercom_mock::Server;
use serde_json::{Value, json};

const STEPS: usize = 10_000;

/// A collection of the test: where it is, and which text of an item is written.
struct Kind {
    path: &'static str,
    /// A new item with this text.
    new: fn(&str) -> Value,
    text: &'static str,
    /// Where the items of a list are.
    items: &'static str,
    /// The field of a search that finds the text, where there is a search.
    search: Option<&'static str>,
    list: &'static str,
}

const KINDS: &[Kind] = &[
    Kind {
        path: "/contacts",
        new: |text| json!({"role": "lead", "name": text}),
        text: "name",
        items: "data",
        search: Some("name"),
        list: "per_page=7",
    },
    Kind {
        path: "/companies",
        new: |text| json!({"company_id": text, "name": text}),
        text: "name",
        items: "data",
        search: None,
        list: "per_page=7",
    },
    Kind {
        path: "/articles",
        new: |text| json!({"title": text, "author_id": 1}),
        text: "title",
        items: "data",
        search: None,
        list: "per_page=7",
    },
    Kind {
        path: "/help_center/collections",
        new: |text| json!({"name": text}),
        text: "name",
        items: "data",
        search: None,
        list: "per_page=7",
    },
    Kind {
        path: "/internal_articles",
        new: |text| json!({"title": text, "author_id": 1, "owner_id": 1}),
        text: "title",
        items: "data",
        search: None,
        list: "per_page=7",
    },
    Kind {
        path: "/news/news_items",
        new: |text| json!({"title": text, "sender_id": 1}),
        text: "title",
        items: "data",
        search: None,
        list: "per_page=7",
    },
    Kind {
        path: "/ai/content_import_sources",
        new: |text| json!({"sync_behavior": "api", "url": text}),
        text: "url",
        items: "data",
        search: None,
        list: "per_page=7",
    },
];

/// xorshift64*, with a seed that a failure names.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % end
    }
}

/// The plain model: ids in the order of creation, with the text of each.
#[derive(Default)]
struct Plain {
    order: Vec<String>,
    texts: BTreeMap<String, String>,
}

fn id_of(item: &Value) -> String {
    item["id"].as_str().map_or_else(|| item["id"].to_string(), str::to_owned)
}

#[track_caller]
fn ok((status, body): (u16, Value)) -> Value {
    assert!((200..300).contains(&status), "{status} {body}");
    body
}

fn run(kind: &Kind, seed: u64) {
    let server = Server::start_blocking("2.15");
    let get = |target: &str| server.call("GET", target, None);
    let post = |target: &str, body: Value| server.call("POST", target, Some(&body));
    let put = |target: &str, body: Value| server.call("PUT", target, Some(&body));
    let mut random = Random(seed);
    let mut plain = Plain::default();
    for step in 0..STEPS {
        let told = format!("{} step {step} of seed {seed}", kind.path);
        let some = (!plain.order.is_empty()).then(|| plain.order[random.below(plain.order.len())].clone());
        match (random.below(10), some) {
            (0..=2, _) | (_, None) if plain.order.len() < 40 => {
                // Texts differ from each other, as companies are the same where they are.
                let text = format!("text {step}");
                let item = ok(post(kind.path, (kind.new)(&text)));
                assert_eq!(item[kind.text], text, "{told}");
                plain.order.push(id_of(&item));
                plain.texts.insert(id_of(&item), text);
            }
            (3 | 4, Some(id)) => {
                let text = format!("text {step}");
                let mut body = (kind.new)(&text);
                body.as_object_mut()
                    .unwrap()
                    .retain(|key, _| key == kind.text || ["sync_behavior", "sender_id"].contains(&key.as_str()));
                let item = ok(put(&format!("{}/{id}", kind.path), body));
                assert_eq!((id_of(&item), &item[kind.text]), (id.clone(), &json!(text)), "{told}");
                plain.texts.insert(id, text);
            }
            (5, Some(id)) => {
                assert!(server.call("DELETE", &format!("{}/{id}", kind.path), None).0 < 300, "{told}");
                plain.order.retain(|known| *known != id);
                plain.texts.remove(&id);
                assert_eq!(get(&format!("{}/{id}", kind.path)).0, 404, "{told}");
            }
            (6 | 7, Some(id)) => {
                let item = ok(get(&format!("{}/{id}", kind.path)));
                assert_eq!(item[kind.text].as_str(), plain.texts.get(&id).map(String::as_str), "{told}");
            }
            (8, Some(id)) if kind.search.is_some() => {
                let query = json!({"query": {"field": kind.search, "operator": "=", "value": plain.texts[&id]}});
                let found = ok(post(&format!("{}/search", kind.path), query));
                let ids: Vec<String> = found[kind.items].as_array().unwrap().iter().map(id_of).collect();
                assert_eq!(ids, [id], "{told}");
            }
            _ => {
                let list = ok(get(&format!("{}?{}", kind.path, kind.list)));
                let ids: Vec<String> = list[kind.items].as_array().unwrap().iter().map(id_of).collect();
                assert_eq!(ids[..], plain.order[..plain.order.len().min(7)], "{told}");
                assert_eq!(list["total_count"], plain.order.len(), "{told}");
            }
        }
    }
    assert_eq!(server.unexpected().len(), server.calls().iter().filter(|call| call.status == 404).count());
}

#[test]
fn a_collection_is_what_a_plain_model_says() {
    for kind in KINDS {
        run(kind, 1);
    }
    println!("{} collections, {STEPS} steps each", KINDS.len());
}
