//! Which events of a conversation are new. The same event can arrive by webhook and by stream, and pieces of a reply can arrive
//! after the reply itself.

use std::collections::{HashMap, HashSet, VecDeque};

use serde_json::Value;

/// How many replies are remembered.
const REMEMBERED: usize = 1_000;

/// Remembers what has been seen of the conversations of an app.
#[derive(Debug, Default)]
pub struct Sequence {
    /// The events that have arrived, by what identifies them, and the order in which to forget them.
    events: HashSet<String>,
    event_order: VecDeque<String>,
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
    /// The same event has arrived before, by this way or another.
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
    /// use. A reply is the one with its message's id; any other event is the one of its kind, conversation, time and status.
    /// Events without a time are always new.
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
                    // Ids of messages are those of one workspace, as the conversations of an app are.
                    Some(id) => self.event(format!("message {id}")),
                    None => self.other(event),
                }
            }
            _ => self.other(event),
        }
    }

    fn other(&mut self, event: &Value) -> Novelty {
        let Some(time) = event.get("created_at_ms").filter(|time| !time.is_null()) else { return Novelty::New };
        let text = |key: &str| event.get(key).unwrap_or(&Value::Null).to_string();
        self.event(format!("{} {} {time} {}", text("event_name"), text("conversation_id"), text("status")))
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

    fn event(&mut self, identity: String) -> Novelty {
        if !self.events.insert(identity.clone()) {
            return Novelty::Duplicate;
        }
        self.event_order.push_back(identity);
        if self.event_order.len() > REMEMBERED
            && let Some(oldest) = self.event_order.pop_front()
        {
            self.events.remove(&oldest);
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
    fn a_status_is_new_once() {
        let status = |status: &str, time: Value| json!({"event_name": "fin_status_updated", "conversation_id": "c", "status": status, "created_at_ms": time});
        let mut sequence = Sequence::new();
        assert_eq!(sequence.admit(&status("resolved", json!(1))), Novelty::New);
        assert_eq!(sequence.admit(&status("resolved", json!(1))), Novelty::Duplicate);
        assert_eq!(sequence.admit(&status("complete", json!(1))), Novelty::New);
        assert_eq!(sequence.admit(&status("resolved", json!(2))), Novelty::New);
        assert_eq!(sequence.admit(&status("resolved", Value::Null)), Novelty::New);
        assert_eq!(sequence.admit(&status("resolved", Value::Null)), Novelty::New);
    }

    #[test]
    fn memory_is_bounded() {
        let mut sequence = Sequence::new();
        for index in 0..3 * REMEMBERED {
            let name = index.to_string();
            sequence.admit(&json!({"event_name": "fin_replied", "stream_id": name, "message": {"id": name}}));
        }
        assert_eq!((sequence.events.len(), sequence.streams.len()), (REMEMBERED, REMEMBERED));
    }
}
