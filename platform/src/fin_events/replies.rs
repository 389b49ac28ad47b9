//! Assembly of replies that are streamed in chunks. The chunks of a reply have the same `stream_id`.

use std::collections::HashMap;

use serde_json::Value;

/// The maximum number of incomplete replies that are stored. When it is exceeded, all are dropped, and for each of these replies the
/// whole text of its next chunk counts as new ([`ReplyUpdate::Chunk`]).
const MAX_STREAMS: usize = 100;

/// Assembles replies that are streamed. Pass it the events that are new according to a [`Deduplicator`](super::Deduplicator).
#[derive(Debug, Default)]
pub struct Replies {
    texts: HashMap<String, String>,
}

/// What an event changes about a reply.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReplyUpdate {
    /// A chunk has arrived. The text is plain text.
    Chunk {
        /// The id of the stream.
        stream_id: String,
        /// The whole text so far.
        text: String,
        /// The byte index of `text` at which the new part begins; 0 if the earlier text has changed.
        new_from: usize,
    },
    /// The reply is complete. The text is HTML.
    Complete {
        /// The id of the stream, if the reply was streamed.
        stream_id: Option<String>,
        /// The whole reply.
        html: String,
    },
}

impl Replies {
    /// Makes a value without replies.
    pub fn new() -> Self {
        Self::default()
    }

    /// Handles an event, given as JSON. Returns `None` for events that do not belong to a reply, for a chunk without a stream id or a text,
    /// and for a reply without a body.
    pub fn update(&mut self, event: &Value) -> Option<ReplyUpdate> {
        let text = |pointer: &str| event.pointer(pointer).and_then(Value::as_str);
        let stream = text("/stream_id").map(str::to_owned);
        match text("/event_name")? {
            "fin_reply_chunk" => {
                let (stream_id, text) = (stream?, text("/chunk_text")?.to_owned());
                let new_from = self.add_chunk(&stream_id, &text);
                Some(ReplyUpdate::Chunk { stream_id, text, new_from })
            }
            "fin_replied" => {
                if let Some(stream) = &stream {
                    self.complete(stream);
                }
                Some(ReplyUpdate::Complete { stream_id: stream, html: text("/message/body")?.to_owned() })
            }
            _ => None,
        }
    }

    /// Handles a chunk, whose text normally begins with the text of the chunks before it. Returns the byte index of `text` at which the
    /// new part begins; 0 if the earlier text has changed.
    pub fn add_chunk(&mut self, stream_id: &str, text: &str) -> usize {
        if self.texts.len() >= MAX_STREAMS && !self.texts.contains_key(stream_id) {
            self.texts.clear();
        }
        let before = self.texts.insert(stream_id.to_owned(), text.to_owned()).unwrap_or_default();
        if text.starts_with(&before) { before.len() } else { 0 }
    }

    /// Marks the reply of a stream as complete. Returns whether it was stored as incomplete.
    pub fn complete(&mut self, stream_id: &str) -> bool {
        self.texts.remove(stream_id).is_some()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn chunk(stream: &str, text: &str) -> Value {
        json!({"event_name": "fin_reply_chunk", "stream_id": stream, "chunk_text": text})
    }

    fn new_text(replies: &mut Replies, stream: &str, text: &str) -> String {
        match replies.update(&chunk(stream, text)) {
            Some(ReplyUpdate::Chunk { text, new_from, .. }) => text[new_from..].to_owned(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn chunks_of_different_streams_are_kept_apart() {
        let mut replies = Replies::new();
        assert_eq!(new_text(&mut replies, "a", "Gr"), "Gr");
        assert_eq!(new_text(&mut replies, "b", "No"), "No");
        assert_eq!(new_text(&mut replies, "a", "Grüß"), "üß");
        assert_eq!(new_text(&mut replies, "a", "Hi"), "Hi");
        let reply = json!({"event_name": "fin_replied", "stream_id": "a", "message": {"body": "<p>Hi</p>"}});
        let complete = ReplyUpdate::Complete { stream_id: Some("a".to_owned()), html: "<p>Hi</p>".to_owned() };
        assert_eq!(replies.update(&reply), Some(complete));
        assert_eq!(replies.texts.len(), 1);
    }

    #[test]
    fn other_events_change_nothing() {
        let mut replies = Replies::new();
        for event in [json!({}), json!({"event_name": "csat_requested"}), json!({"event_name": "fin_reply_chunk"})] {
            assert_eq!(replies.update(&event), None);
        }
    }

    #[test]
    fn memory_is_bounded() {
        let mut replies = Replies::new();
        for index in 0..3 * MAX_STREAMS {
            replies.update(&chunk(&index.to_string(), "x"));
        }
        assert!(replies.texts.len() <= MAX_STREAMS);
    }
}
