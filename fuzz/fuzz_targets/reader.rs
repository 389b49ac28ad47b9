//! Reads arbitrary bytes with the JSON reader and with serde_json. Checks that both accept the same texts and read the same values.

#![no_main]

use intercom_runtime::data::{DecodeOptions, Decoding, Value, from_slice, read_slice, to_vec};
use libfuzzer_sys::fuzz_target;
use serde::de::IgnoredAny;

fuzz_target!(|bytes: &[u8]| {
    let theirs = serde_json::from_slice::<Value>(bytes);
    let ours = from_slice::<Value>(bytes, Decoding::Strict);
    match (theirs, ours) {
        (Ok(theirs), Ok(ours)) => {
            let text = theirs.to_string();
            assert_eq!(text, ours.value.to_string());
            assert_eq!(text.as_bytes(), to_vec(&ours.value));
        }
        (Err(_), Err(_)) => {}
        (theirs, ours) => panic!("{theirs:?}, {ours:?}"),
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    // A skipped value may contain numbers and escapes that do not fit into a `Value`, and may have any depth.
    let theirs = serde_json::from_str::<IgnoredAny>(text);
    let ours = read_slice(bytes, DecodeOptions::default(), &mut |reader| reader.skip());
    assert_eq!(theirs.is_ok(), ours.is_ok());
    let theirs = serde_json::from_str::<String>(text).ok();
    assert_eq!(theirs, from_slice::<String>(bytes, Decoding::Strict).ok().map(|read| read.value));
});
