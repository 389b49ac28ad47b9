//! Compares the reader with serde_json on random valid and invalid JSON: both must accept the same texts and read the same values.

#![allow(missing_docs, clippy::unwrap_used, reason = "a test panics")]

use intercom_data::{Attributes, DecodeOptions, Decoding, Value, from_slice, read_slice, to_vec};
use serde::de::IgnoredAny;

const TEXTS: usize = 200_000;

/// A pseudo-random number generator with a fixed seed.
struct Random(u64);

impl Random {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % below
    }

    fn pick<'t>(&mut self, from: &[&'t str]) -> &'t str {
        from[self.next(from.len())]
    }

    /// Appends random valid JSON with random white space.
    fn json(&mut self, depth: usize, text: &mut String) {
        text.push_str(self.pick(&["", "", "", " ", "\n\t", "\r"]));
        match self.next(if depth == 0 { 6 } else { 9 }) {
            0 | 1 => text.push_str(self.pick(NUMBERS)),
            2 => text.push_str(self.pick(&["true", "false", "null"])),
            3..=5 => self.string(text),
            6 => {
                text.push('[');
                for index in 0..self.next(5) {
                    if index > 0 {
                        text.push(',');
                    }
                    self.json(depth - 1, text);
                }
                text.push_str(self.pick(&["]", " ]"]));
            }
            _ => {
                text.push('{');
                for index in 0..self.next(5) {
                    if index > 0 {
                        text.push(',');
                    }
                    text.push_str(self.pick(&["", " "]));
                    self.string(text);
                    text.push_str(self.pick(&[":", " :"]));
                    self.json(depth - 1, text);
                }
                text.push_str(self.pick(&["}", " }"]));
            }
        }
        text.push_str(self.pick(&["", "", " "]));
    }

    fn string(&mut self, text: &mut String) {
        text.push('"');
        for _ in 0..self.next(6) {
            text.push_str(self.pick(PIECES));
        }
        text.push('"');
    }

    /// Changes up to three random bytes, so that the text is usually no longer valid.
    fn damage(&mut self, text: &mut Vec<u8>) {
        for _ in 0..self.next(4) {
            let at = self.next(text.len() + 1);
            match self.next(4) {
                0 => text.truncate(at),
                1 if at < text.len() => drop(text.remove(at)),
                2 if at < text.len() => text[at] = self.byte(),
                _ => text.insert(at, self.byte()),
            }
        }
    }

    fn byte(&mut self) -> u8 {
        const BYTES: &[u8] = b"{}[]:,\"\\ute0123456789-+.eE \n\0\x1f\x7f\xc3\xff";
        BYTES[self.next(BYTES.len())]
    }
}

const NUMBERS: &[&str] = &[
    "0",
    "-0",
    "7",
    "-12",
    "1.5",
    "-0.0",
    "1e3",
    "2E-7",
    "1e400",
    "123456789012345678",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "-9223372036854775809",
    "18446744073709551615",
    "18446744073709551616",
    "0.1",
    "1.7976931348623157e308",
    "5e-324",
    "3.141592653589793238462643383279",
];
const PIECES: &[&str] = &[
    "a",
    "text that is longer than eight bytes",
    "é",
    "\u{1f600}",
    "\\n",
    "\\\"",
    "\\\\",
    "\\/",
    "\\u00e9",
    "\\ud83d\\ude00",
    "\\ud800",
    "\\udc00",
    "\\ud800\\u0041",
    "\\u0000",
    "\u{7f}",
    "\\b\\f\\r\\t",
    "'",
];

#[test]
fn the_reader_and_serde_json_agree_on_random_texts() {
    let mut random = Random(0x1234_5678_9abc_def1);
    let (mut accepted, mut refused) = (0, 0);
    for _ in 0..TEXTS {
        let mut text = String::new();
        random.json(4, &mut text);
        let mut text = text.into_bytes();
        if random.next(2) == 0 {
            random.damage(&mut text);
        }
        let shown = String::from_utf8_lossy(&text);

        let theirs = serde_json::from_slice::<Value>(&text);
        let ours = from_slice::<Value>(&text, Decoding::Strict);
        match (theirs, ours) {
            (Ok(theirs), Ok(ours)) => {
                // As text, since `-0.0` equals `0.0`.
                assert_eq!(theirs.to_string(), ours.value.to_string(), "{shown}");
                assert_eq!(to_vec(&ours.value), theirs.to_string().into_bytes());
                accepted += 1;
                let object = from_slice::<Attributes>(&text, Decoding::Strict);
                assert_eq!(object.is_ok(), theirs.is_object(), "{shown}");
            }
            (Err(_), Err(_)) => refused += 1,
            (theirs, ours) => panic!("{shown}: {theirs:?}, {ours:?}"),
        }

        // A skipped value may contain numbers and escapes that do not fit into a `Value`. The reader needs valid UTF-8.
        let Ok(utf8) = str::from_utf8(&text) else { continue };
        let theirs = serde_json::from_str::<IgnoredAny>(utf8);
        let ours = read_slice(utf8.as_bytes(), DecodeOptions::default(), &mut |reader| reader.skip());
        assert_eq!(theirs.is_ok(), ours.is_ok(), "{shown}: {theirs:?}, {ours:?}");
        assert_eq!(
            serde_json::from_str::<String>(utf8).ok(),
            from_slice::<String>(utf8.as_bytes(), Decoding::Strict).ok().map(|text| text.value),
            "{shown}"
        );
        assert_eq!(
            serde_json::from_str::<f64>(utf8).ok().map(f64::to_bits),
            from_slice::<f64>(utf8.as_bytes(), Decoding::Strict)
                .ok()
                .filter(|_| !utf8.contains('"'))
                .map(|number| number.value.to_bits()),
            "{shown}"
        );
        // serde_json reads `-0` as a float; the reader accepts it as the integer 0.
        assert_eq!(
            serde_json::from_str::<i64>(utf8).ok().or((utf8.trim_ascii() == "-0").then_some(0)),
            from_slice::<i64>(utf8.as_bytes(), Decoding::Strict)
                .ok()
                .filter(|_| !utf8.contains('"'))
                .map(|number| number.value),
            "{shown}"
        );
    }
    assert!(accepted > TEXTS / 3 && refused > TEXTS / 3, "{accepted} accepted, {refused} refused");
}

#[test]
fn the_reader_and_serde_json_have_the_same_depth_limit() {
    for depth in [1, 126, 127, 128, 129, 1_000] {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let text = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            let theirs = serde_json::from_str::<Value>(&text).is_ok();
            assert_eq!(theirs, from_slice::<Value>(text.as_bytes(), Decoding::Strict).is_ok(), "{depth}");
            assert!(read_slice(text.as_bytes(), DecodeOptions::default(), &mut |reader| reader.skip()).is_ok());
        }
    }
}
