//! What the benchmarks share: real pages, and the baselines.

pub mod handwritten;

use serde_json::{Value, json};

/// The body of a page of `count` conversations: the description's example, repeated.
///
/// # Panics
/// Where the project's description has no such example.
#[allow(clippy::expect_used)]
pub fn conversation_page(count: usize) -> Vec<u8> {
    let text = include_str!("../../descriptions/2.15/api.intercom.io.yaml");
    let document = serde_yaml::from_str::<Value>(text).expect("the description is YAML");
    let examples = document
        .pointer("/paths/~1conversations/get/responses/200/content/application~1json/examples")
        .and_then(Value::as_object)
        .expect("listing conversations has examples");
    let page = examples.values().find_map(|example| example.get("value")).expect("an example has a value");
    let items = page["conversations"].as_array().expect("the example is a page");
    let items: Vec<&Value> = items.iter().cycle().take(count).collect();
    let mut page = page.clone();
    page["conversations"] = json!(items);
    serde_json::to_vec(&page).expect("JSON encodes")
}
