//! Conformance of webhooks: notifications of every topic, in each form that Intercom sends, decoded with the types of each version.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;

use intercom_codegen::version::{Version, Versions};
use intercom_tests::description::{Description, members};
use intercom_tests::mutate::mutations;
use serde_json::{Value, json};

/// The outcome of decoding a notification.
struct Read {
    known_topic: bool,
    known_item: bool,
    item_error: Option<String>,
    mismatches: Vec<String>,
}

/// An item of the fixtures, with one of its topics.
struct Case {
    name: String,
    topic: String,
    item: Value,
    /// Whether the version sends items of this form.
    sent: bool,
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

/// Every item of the fixtures with every topic that it comes with.
fn cases(fixtures: &Value, version: &str) -> Vec<Case> {
    let version: Version = version.parse().unwrap_or_else(|error| panic!("{error}"));
    let sent = |name: &str| match fixtures["versions"][name].as_str() {
        Some(versions) => versions.parse::<Versions>().unwrap_or_else(|error| panic!("{error}")).contains(version),
        None => true,
    };
    let mut cases = Vec::new();
    for (name, topics) in members(&fixtures["notifications"]) {
        for topic in texts(topics) {
            let item = fixtures["items"][name].clone();
            assert!(item.is_object(), "there is no item `{name}`");
            cases.push(Case { name: name.to_owned(), topic: topic.to_owned(), item, sent: sent(name) });
        }
    }
    for (kind, actions) in members(&fixtures["content_stats"]) {
        for action in texts(actions) {
            let (topic, mut item) = (format!("content_stat.{kind}"), fixtures["items"]["content_stat"].clone());
            item["type"] = json!(topic);
            item["content_stat"]["stat_type"] = json!(action);
            cases.push(Case { name: "content_stat".to_owned(), topic, item, sent: true });
        }
    }
    cases
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
    let (mut seen, mut changed) = (BTreeSet::new(), BTreeSet::new());
    let cases = cases(&fixtures, version);
    for Case { name, topic, item, sent } in &cases {
        seen.insert(topic.as_str());
        for (form, envelope) in members(&fixtures["envelopes"]) {
            let place = format!("{version}: {topic} with {name}, {form}");
            let read = read(&notification(envelope, topic, item)).unwrap_or_else(|error| panic!("{place}: {error}"));
            assert!(read.known_topic, "{place}: the topic is not known");
            assert_eq!(read.item_error, None, "{place}");
            // Notifications have fewer fields than the REST API, so pinned fields may be absent. These mismatches are counted only.
            let (absent, unfit): (Vec<_>, Vec<_>) =
                read.mismatches.into_iter().partition(|mismatch| mismatch.contains("but the field is missing"));
            assert!(unfit.is_empty() || !sent, "{place}: {unfit:?}");
            missing += absent.len();
            assert_eq!(read.known_item, described(topics, own, &description, topic), "{place}: typed");
            if !read.known_item {
                untyped.insert(topic.as_str());
            }
            count += 1;
        }
        // Mutations are made with the first topic of an item only.
        if changed.insert(name) {
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

#[test]
fn notifications_sort_by_the_time_of_their_events() {
    let fixtures = file("tests/fixtures/webhooks.yaml");
    let read = |created_at: Value, message: &str| {
        let mut envelope = fixtures["envelopes"]["usual"].clone();
        envelope["created_at"] = created_at;
        let body = notification(&envelope, "ping", &json!({"type": "ping", "message": message}));
        intercom_v2_15::webhooks::Notification::from_json(&body).unwrap_or_else(|error| panic!("{error}"))
    };
    let mut arrived = [
        read(json!(1_767_225_602), "third"),
        read(json!(1_767_225_601), "second"),
        read(json!(1_767_225_602), "third, arrived later"),
        read(Value::Null, "no time"),
    ];
    arrived.sort_by(intercom_v2_15::webhooks::Notification::by_time);
    let messages = arrived.map(|notification| match notification.item {
        intercom_v2_15::webhooks::Item::Ping(ping) => ping.message.unwrap_or_default(),
        other => panic!("{other:?}"),
    });
    assert_eq!(messages, ["no time", "second", "third", "third, arrived later"]);
}
