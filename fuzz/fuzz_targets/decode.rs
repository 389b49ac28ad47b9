//! The largest response types of 2.15 from any bytes: no panic, strict agrees with tolerant, and what was read comes back.

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
                assert!(!tolerant.mismatches.is_empty(), "strict refuses what tolerant takes without a word: {error}");
            }
            return;
        }
    };
    let tolerant = tolerant.unwrap_or_else(|error| panic!("tolerant refuses what strict takes: {error}"));
    assert!(tolerant.mismatches.is_empty());
    assert_eq!(strict.value, tolerant.value);
    let written = to_vec(&strict.value);
    let again =
        from_slice::<T>(&written, Decoding::Strict).unwrap_or_else(|error| panic!("it does not come back: {error}"));
    // By what is written: of a key that came twice, null first, the value alone remembers the null.
    assert_eq!(to_vec(&again.value), written);
    assert_eq!(serde_json::to_vec(&strict.value).unwrap_or_default(), written);
    // Only objects become types, and null: whatever was read must have been one.
    assert!(serde_json::from_slice::<IgnoredAny>(body).is_ok());
}
