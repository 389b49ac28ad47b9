//! Which events of a conversation are new. The same event can arrive by webhook and by stream, and pieces of a reply can arrive
//! after the reply itself.

use std::collections::{HashMap, HashSet, VecDeque};

use serde_json::Value;

/// How many replies are remembered.
const REMEMBERED: usize = 1_000;

/// Remembers what has been seen of the conversations of an app.
#[derive(Debug, Default)]
pub struct Sequence {
    /// The messages that have arrived, by id, and the order in which to forget them.
    messages: HashSet<String>,
    message_order: VecDeque<String>,
    /// The next piece of each stream; `None` once its reply is complete.
    streams: HashMap<String, Option<u64>>,
    stream_order: VecDeque<String>,
}

/// Whether an event says something new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Novelty {
    /// It does.
    New,
    /// The same message has arrived before, by this way or another.
    Duplicate,
    /// It is a piece of a reply of which a later piece, or the whole, has arrived.
    Late,
}

impl Sequence {
    /// A memory of nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether an event, given as JSON, is new; and remembers it.
    ///
    /// A piece of a reply repeats the text of the pieces before it, so a missing one loses nothing and only the latest is of
    /// use. Events without an id or a stream are always new.
    pub fn admit(&mut self, event: &Value) -> Novelty {
        let text = |pointer: &str| event.pointer(pointer).and_then(Value::as_str);
        let stream = text("/stream_id");
        match text("/event_name") {
            Some("fin_reply_chunk") => {
                let (Some(stream), Some(index)) = (stream, event.get("chunk_index").and_then(Value::as_u64)) else {
                    return Novelty::New;
                };
                self.piece(stream, index)
            }
            Some("fin_replied") => {
                if let Some(stream) = stream {
                    self.remember_stream(stream, None);
                }
                match text("/message/id") {
                    Some(id) => self.message(id),
                    None => Novelty::New,
                }
            }
            _ => Novelty::New,
        }
    }

    fn piece(&mut self, stream: &str, index: u64) -> Novelty {
        match self.streams.get(stream) {
            Some(None) => Novelty::Late,
            Some(Some(next)) if index < *next => Novelty::Late,
            _ => {
                self.remember_stream(stream, Some(index.saturating_add(1)));
                Novelty::New
            }
        }
    }

    fn message(&mut self, id: &str) -> Novelty {
        if !self.messages.insert(id.to_owned()) {
            return Novelty::Duplicate;
        }
        self.message_order.push_back(id.to_owned());
        if self.message_order.len() > REMEMBERED
            && let Some(oldest) = self.message_order.pop_front()
        {
            self.messages.remove(&oldest);
        }
        Novelty::New
    }

    fn remember_stream(&mut self, stream: &str, next: Option<u64>) {
        if self.streams.insert(stream.to_owned(), next).is_none() {
            self.stream_order.push_back(stream.to_owned());
        }
        if self.stream_order.len() > REMEMBERED
            && let Some(oldest) = self.stream_order.pop_front()
        {
            self.streams.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn piece(index: u64) -> Value {
        json!({"event_name": "fin_reply_chunk", "stream_id": "s", "chunk_index": index})
    }

    fn reply(id: &str) -> Value {
        json!({"event_name": "fin_replied", "stream_id": "s", "message": {"id": id}})
    }

    #[test]
    fn pieces_are_new_until_the_reply_is_complete() {
        let mut sequence = Sequence::new();
        let novelties = [piece(0), piece(2), piece(1), piece(2), piece(3), reply("m"), piece(4)]
            .map(|event| sequence.admit(&event));
        use Novelty::{Late, New};
        assert_eq!(novelties, [New, New, Late, Late, New, New, Late]);
    }

    #[test]
    fn a_message_is_new_once() {
        let mut sequence = Sequence::new();
        assert_eq!(sequence.admit(&reply("m")), Novelty::New);
        assert_eq!(sequence.admit(&reply("m")), Novelty::Duplicate);
        assert_eq!(sequence.admit(&json!({"event_name": "fin_replied", "message": {}})), Novelty::New);
        assert_eq!(sequence.admit(&json!({"event_name": "fin_status_updated"})), Novelty::New);
    }

    #[test]
    fn memory_is_bounded() {
        let mut sequence = Sequence::new();
        for index in 0..3 * REMEMBERED {
            let name = index.to_string();
            sequence.admit(&json!({"event_name": "fin_replied", "stream_id": name, "message": {"id": name}}));
        }
        assert_eq!((sequence.messages.len(), sequence.streams.len()), (REMEMBERED, REMEMBERED));
    }
}
