//! Replies as they grow: the pieces of a reply, joined by their stream.

use std::collections::HashMap;

use serde_json::Value;

/// How many replies may grow at a time; further ones begin as if nothing of them had come.
const MOST: usize = 100;

/// Joins the pieces of replies, given events in any order that [`Sequence`](super::Sequence) admits.
#[derive(Debug, Default)]
pub struct Replies {
    texts: HashMap<String, String>,
}

/// What an event says of a reply.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReplyUpdate {
    /// The reply has grown. It is plain text.
    Grown {
        /// The stream of the reply.
        stream_id: String,
        /// All of it so far.
        text: String,
        /// Where in `text` the new part begins; 0 where the text so far has changed.
        new_from: usize,
    },
    /// The reply is complete. It is HTML.
    Complete {
        /// The stream of the reply, where it was streamed.
        stream_id: Option<String>,
        /// All of it.
        html: String,
    },
}

impl Replies {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// What an event, given as JSON, says of a reply; `None` for events about something else.
    pub fn update(&mut self, event: &Value) -> Option<ReplyUpdate> {
        let text = |pointer: &str| event.pointer(pointer).and_then(Value::as_str);
        let stream = text("/stream_id").map(str::to_owned);
        match text("/event_name")? {
            "fin_reply_chunk" => {
                let (stream_id, text) = (stream?, text("/chunk_text")?.to_owned());
                let new_from = self.grow(&stream_id, &text);
                Some(ReplyUpdate::Grown { stream_id, text, new_from })
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

    /// Takes a piece of a reply, which repeats the text of the pieces before it. Returns where in `text` the new part begins; 0
    /// where the text so far has changed.
    pub fn grow(&mut self, stream_id: &str, text: &str) -> usize {
        if self.texts.len() >= MOST && !self.texts.contains_key(stream_id) {
            self.texts.clear();
        }
        let before = self.texts.insert(stream_id.to_owned(), text.to_owned()).unwrap_or_default();
        if text.starts_with(&before) { before.len() } else { 0 }
    }

    /// Takes note that the reply of a stream is complete. Returns whether any of it had come.
    pub fn complete(&mut self, stream_id: &str) -> bool {
        self.texts.remove(stream_id).is_some()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn piece(stream: &str, text: &str) -> Value {
        json!({"event_name": "fin_reply_chunk", "stream_id": stream, "chunk_text": text})
    }

    fn grown(replies: &mut Replies, stream: &str, text: &str) -> String {
        match replies.update(&piece(stream, text)) {
            Some(ReplyUpdate::Grown { text, new_from, .. }) => text[new_from..].to_owned(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn pieces_are_joined_by_their_stream() {
        let mut replies = Replies::new();
        assert_eq!(grown(&mut replies, "a", "Gr"), "Gr");
        assert_eq!(grown(&mut replies, "b", "No"), "No");
        assert_eq!(grown(&mut replies, "a", "Grüß"), "üß");
        assert_eq!(grown(&mut replies, "a", "Hi"), "Hi");
        let reply = json!({"event_name": "fin_replied", "stream_id": "a", "message": {"body": "<p>Hi</p>"}});
        let complete = ReplyUpdate::Complete { stream_id: Some("a".to_owned()), html: "<p>Hi</p>".to_owned() };
        assert_eq!(replies.update(&reply), Some(complete));
        assert_eq!(replies.texts.len(), 1);
    }

    #[test]
    fn other_events_say_nothing() {
        let mut replies = Replies::new();
        for event in [json!({}), json!({"event_name": "csat_requested"}), json!({"event_name": "fin_reply_chunk"})] {
            assert_eq!(replies.update(&event), None);
        }
    }

    #[test]
    fn memory_is_bounded() {
        let mut replies = Replies::new();
        for index in 0..3 * MOST {
            replies.update(&piece(&index.to_string(), "x"));
        }
        assert!(replies.texts.len() <= MOST);
    }
}
