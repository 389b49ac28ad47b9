//! Decodes arbitrary bytes as one of the largest response types of 2.15. Checks that nothing panics, that strict and tolerant decoding
//! agree, and that a value without mismatches survives encoding and decoding.

#![no_main]

use intercom_runtime::data::{Decode, Decoding, from_slice, to_vec};
use intercom_v2_15::types::{
    Article, CompanyList, ContactList, Conversation, ConversationList, Ticket, TicketList, Visitor,
};
use libfuzzer_sys::fuzz_target;
use serde::de::IgnoredAny;

fuzz_target!(|bytes: &[u8]| {
    let Some((kind, body)) = bytes.split_first() else { return };
    match kind % 8 {
        0 => check::<Conversation>(body),
        1 => check::<ConversationList>(body),
        2 => check::<Ticket>(body),
        3 => check::<TicketList>(body),
        4 => check::<ContactList>(body),
        5 => check::<Visitor>(body),
        6 => check::<Article>(body),
        _ => check::<CompanyList>(body),
    }
});

fn check<T: Decode + serde::Serialize + PartialEq + std::fmt::Debug>(body: &[u8]) {
    let strict = from_slice::<T>(body, Decoding::Strict);
    let tolerant = from_slice::<T>(body, Decoding::Tolerant);
    let strict = match strict {
        Ok(strict) => strict,
        Err(error) => {
            if let Ok(tolerant) = tolerant {
                assert!(
                    !tolerant.mismatches.is_empty(),
                    "only strict decoding fails, but tolerant decoding has no mismatches: {error}"
                );
            }
            return;
        }
    };
    let tolerant =
        tolerant.unwrap_or_else(|error| panic!("tolerant decoding fails, strict decoding does not: {error}"));
    assert!(tolerant.mismatches.is_empty());
    assert_eq!(strict.value, tolerant.value);
    let written = to_vec(&strict.value);
    let again = from_slice::<T>(&written, Decoding::Strict)
        .unwrap_or_else(|error| panic!("the encoded value cannot be decoded: {error}"));
    assert_eq!(again.value, strict.value);
    assert_eq!(to_vec(&again.value), written);
    assert_eq!(serde_json::to_vec(&strict.value).unwrap_or_default(), written);
    // What strict decoding accepts must be JSON according to serde_json.
    assert!(serde_json::from_slice::<IgnoredAny>(body).is_ok());
}
