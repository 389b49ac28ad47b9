//! Decodes arbitrary bytes as a webhook notification of 2.15, or as the item of one of its topics. Checks that nothing panics, that
//! the receiver accepts a body only with its own signature, and that any JSON is accepted as an item.

#![no_main]

use intercom_platform::signature::Scheme;
use intercom_runtime::data::TextEnum;
use intercom_v2_15::webhooks::{Item, Notification, Receiver, Topic};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, rest)) = bytes.split_first() else { return };
    // The first byte chooses: 0 for the whole notification, another value for the item of a topic.
    let topic = usize::from(*choice).checked_sub(1).map(|index| Topic::texts()[index % Topic::texts().len()]);
    let body = match topic {
        None => rest.to_vec(),
        Some(topic) => {
            let start = format!(r#"{{"topic":"{topic}","data":{{"item":"#);
            [start.as_bytes(), rest, b"}}"].concat()
        }
    };
    let read = Notification::from_json(&body);

    let (mut headers, receiver) = (http::HeaderMap::new(), Receiver::new("secret"));
    if let Ok(signature) = Scheme::Hub.sign("secret", &body).parse() {
        headers.insert(Scheme::Hub.header(), signature);
    }
    assert_eq!(receiver.receive(&headers, &body).is_ok(), read.is_ok());
    assert!(receiver.receive(&headers, &[&body[..], b" "].concat()).is_err());

    let is_json = serde_json::from_slice::<Value>(rest).is_ok() && serde_json::from_slice::<Value>(&body).is_ok();
    match (topic, read) {
        (Some(topic), Ok(read)) => {
            assert!(!is_json || read.topic.as_str() == topic);
            assert!(read.item_error().is_none() || matches!(read.item, Item::Unknown(_)));
            drop((format!("{read:?}"), read.item.conversation_part().is_some(), read.item.ticket_part().is_some()));
        }
        (Some(_), Err(error)) => assert!(!is_json, "{error}"),
        (None, _) => {}
    }
});
