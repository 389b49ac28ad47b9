//! Notifications of every topic, in each form in which Intercom sends them, read with the types of each version.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;

use intercom_tests::description::{Description, members};
use intercom_tests::mutate::mutations;
use serde_json::{Value, json};

/// What became of a notification.
struct Read {
    known_topic: bool,
    known_item: bool,
    item_error: Option<String>,
    mismatches: Vec<String>,
}

fn file(path: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    intercom_codegen::yaml::read(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn texts(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str)
}

fn notification(envelope: &Value, topic: &str, item: &Value) -> Vec<u8> {
    let mut notification = envelope.clone();
    notification["topic"] = json!(topic);
    notification["data"]["item"] = item.clone();
    notification.to_string().into_bytes()
}

/// Whether a version describes the item of a topic.
fn described(topics: &Value, own: &Value, description: &Description, topic: &str) -> bool {
    let Some(item) = topics[topic]["item"].as_str() else { return false };
    match own.get(item) {
        // Schemas of tickets are left out where there are no tickets.
        Some(schema) => schema.get("x-versions").is_none() || description.has_schema("ticket"),
        None => description.has_schema(item),
    }
}

fn run(version: &str, read: impl Fn(&[u8]) -> Result<Read, String>) {
    let (fixtures, platform) = (file("tests/fixtures/webhooks.yaml"), file("descriptions/platform/webhooks.yaml"));
    let (topics, own) = (&platform["topics"], &platform["components"]["schemas"]);
    let description = Description::of(version);
    let (mut count, mut missing, mut mutated, mut untyped) = (0, 0, 0, BTreeSet::new());
    let mut seen = BTreeSet::new();
    for (name, of_topics) in members(&fixtures["notifications"]) {
        let item = &fixtures["items"][name];
        for topic in texts(of_topics) {
            seen.insert(topic);
            for (form, envelope) in members(&fixtures["envelopes"]) {
                let place = format!("{version}: {topic} with {name}, {form}");
                let read =
                    read(&notification(envelope, topic, item)).unwrap_or_else(|error| panic!("{place}: {error}"));
                assert!(read.known_topic, "{place}: the topic is not known");
                assert_eq!(read.item_error, None, "{place}");
                // Notifications bring less than the REST API: a pinned field that is absent is noted, and counted here.
                let (absent, unfit): (Vec<_>, Vec<_>) = read
                    .mismatches
                    .into_iter()
                    .partition(|mismatch| mismatch.contains("missing, though always present"));
                assert_eq!(unfit, [""; 0], "{place}");
                missing += absent.len();
                assert_eq!(read.known_item, described(topics, own, &description, topic), "{place}: typed");
                if !read.known_item {
                    untyped.insert(topic);
                }
                count += 1;
            }
        }
        // The first topic stands for those with the same item.
        if let Some(topic) = texts(of_topics).next() {
            for mutation in mutations(item) {
                let body = notification(&fixtures["envelopes"]["usual"], topic, &mutation.value);
                read(&body).unwrap_or_else(|error| panic!("{version}: {topic} with {name}, {mutation}: {error}"));
                mutated += 1;
            }
        }
    }
    let all: BTreeSet<&str> = members(topics).map(|(topic, _)| topic).collect();
    assert_eq!(seen, all, "topics without a fixture, or fixtures without a topic");
    let untyped: Vec<&str> = untyped.into_iter().collect();
    let _ = writeln!(
        std::io::stdout(),
        "{version}: {} topics in {count} notifications, {missing} pinned fields absent, {mutated} mutations; items that the \
         version does not describe: {}",
        all.len(),
        if untyped.is_empty() { "none".to_owned() } else { untyped.join(", ") }
    );
    assert!(mutated > 2_000, "{version}: {mutated} mutations");
}

/// A test for each version.
macro_rules! webhooks {
    ($($(#[$attribute:meta])* $name:ident $version:literal $krate:ident;)*) => {
        $(
            $(#[$attribute])*
            #[test]
            fn $name() {
                use $krate::webhooks::{Item, Notification, Topic};

                run($version, |body| {
                    let read = Notification::from_json(body).map_err(|error| error.to_string())?;
                    Ok(Read {
                        known_topic: !matches!(read.topic, Topic::Unknown(_)),
                        known_item: !matches!(read.item, Item::Unknown(_)),
                        item_error: read.item_error().map(str::to_owned),
                        mismatches: read.mismatches().iter().map(ToString::to_string).collect(),
                    })
                });
            }
        )*
    };
}

intercom_tests::versions!(webhooks);

#[test]
fn a_reply_that_came_with_an_assignment_is_found() {
    let fixtures = file("tests/fixtures/webhooks.yaml");
    let item = &fixtures["items"]["assigned_with_a_reply"];
    let body = notification(&fixtures["envelopes"]["usual"], "conversation.admin.assigned", item);
    let read = intercom_v2_15::webhooks::Notification::from_json(&body).unwrap_or_else(|error| panic!("{error}"));
    let text = read.item.conversation_part().and_then(|part| part.body.as_deref());
    assert_eq!(text, Some("<p>I take this one.</p>"));
    let contact = &fixtures["items"]["contact_tag"];
    let body = notification(&fixtures["envelopes"]["usual"], "contact.user.tag.created", contact);
    let read = intercom_v2_15::webhooks::Notification::from_json(&body).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(read.item.contact().and_then(|contact| contact.name.as_deref()), Some("Joe Example"));
}
