//! The largest response types of 2.15 from any bytes: no panic, strict agrees with tolerant, and what was read comes back.

#![no_main]

use intercom_runtime::data::{Decode, Decoding, from_slice};
use intercom_v2_15::types::{
    Article, CompanyList, ContactList, Conversation, ConversationList, Ticket, TicketList, Visitor,
};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

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
            // Of a key that comes twice the last value counts, which is no news but in strict decoding.
            if let Ok(tolerant) = tolerant
                && !error.to_string().contains("duplicate field")
            {
                assert!(!tolerant.mismatches.is_empty(), "strict refuses what tolerant takes without a word: {error}");
            }
            return;
        }
    };
    let tolerant = tolerant.unwrap_or_else(|error| panic!("tolerant refuses what strict takes: {error}"));
    // Unions are open: strict takes a value of no known member as it is, and tolerant tells of it.
    assert!(tolerant.mismatches.iter().all(|mismatch| mismatch.message().contains("fits no member")));
    assert_eq!(strict.value, tolerant.value);
    let written = serde_json::to_vec(&strict.value).unwrap_or_else(|error| panic!("it does not go back: {error}"));
    let again =
        from_slice::<T>(&written, Decoding::Strict).unwrap_or_else(|error| panic!("it does not come back: {error}"));
    // By what is written: of a key that came twice, null first, the value alone remembers the null.
    let again = serde_json::to_vec(&again.value).unwrap_or_else(|error| panic!("it does not go back again: {error}"));
    assert_eq!(again, written);
    // Only objects become types: whatever was read must have been one.
    assert!(serde_json::from_slice::<Value>(body).is_ok_and(|value| value.is_object()));
}
