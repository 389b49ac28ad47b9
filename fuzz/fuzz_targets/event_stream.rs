//! Parses arbitrary bytes as an event stream. Checks that nothing panics, and that the events do not depend on the chunks.

#![no_main]

use intercom_platform::fin_events::{Deduplicator, EventParser, EventTooLarge, Replies, StreamEvent};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

/// The limit is small, so that the fuzzer exceeds it.
const LIMIT: usize = 512;

type Parsed = (Vec<StreamEvent>, Option<EventTooLarge>, Option<u64>);

fn parse<'a>(chunks: impl IntoIterator<Item = &'a [u8]>) -> Parsed {
    let (mut parser, mut events) = (EventParser::with_limit(LIMIT), Vec::new());
    let refused = chunks.into_iter().find_map(|chunk| parser.push(chunk, &mut events).err());
    (events, refused, parser.retry_millis())
}

fuzz_target!(|bytes: &[u8]| {
    let Some((sizes, stream)) = bytes.split_at_checked(4) else { return };
    let whole = parse([stream]);
    assert_eq!(parse(stream.chunks(1)), whole);
    let (mut rest, mut chunks) = (stream, Vec::new());
    for size in sizes.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (chunk, after) = rest.split_at((usize::from(*size) + 1).min(rest.len()));
        chunks.push(chunk);
        rest = after;
    }
    assert_eq!(parse(chunks), whole);

    let (mut deduplicator, mut replies) = (Deduplicator::new(), Replies::new());
    for event in &whole.0 {
        assert!(
            event.data.len() <= 3 * LIMIT,
            "an invalid byte becomes a replacement character, which has three bytes"
        );
        if let Ok(json) = serde_json::from_str::<Value>(&event.data) {
            deduplicator.check(&json);
            replies.update(&json);
        }
    }
});
