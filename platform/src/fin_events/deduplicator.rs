//! Deduplication of events. The same event can arrive at the callback address and in the stream, and chunks of a reply can arrive
//! after the complete reply.

use std::collections::{HashMap, HashSet, VecDeque};

use serde_json::Value;

/// The maximum number of events, and of streamed replies (`stream_id`), that are remembered.
const MAX_REMEMBERED: usize = 1_000;

/// Decides which events are new. It remembers the last thousand events of all conversations of an app, and as many streamed replies.
#[derive(Debug, Default)]
pub struct Deduplicator {
    /// The identities of the recent events.
    events: HashSet<String>,
    /// The same identities, oldest first: the order in which they are forgotten.
    event_order: VecDeque<String>,
    /// By stream id: the index of the next chunk of the reply; `None` once the reply is complete.
    replies: HashMap<String, Option<u64>>,
    /// The ids of the same replies, oldest first.
    reply_order: VecDeque<String>,
}

/// Whether an event is new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Arrival {
    /// The event is new.
    New,
    /// The same event has arrived before, at the callback address or in the event stream.
    Duplicate,
    /// The event is a chunk of a reply, and the same chunk, a later one, or the complete reply has arrived before.
    Late,
}

impl Deduplicator {
    /// A deduplicator without events.
    pub fn new() -> Self {
        Self::default()
    }

    /// Remembers an event, given as JSON, and returns whether it is new.
    ///
    /// A chunk contains the text of the chunks before it, so only the latest chunk is needed, and a missing one does not matter. A chunk
    /// without a stream id or an index always counts as new. Two replies with message ids are duplicates if the ids are equal. Other
    /// events are duplicates if they have the same name, conversation, time and status; without a time they always count as new.
    pub fn check(&mut self, event: &Value) -> Arrival {
        let text = |pointer: &str| event.pointer(pointer).and_then(Value::as_str);
        let stream = text("/stream_id");
        match text("/event_name") {
            Some("fin_reply_chunk") => {
                let (Some(stream), Some(index)) = (stream, event.get("chunk_index").and_then(Value::as_u64)) else {
                    return Arrival::New;
                };
                self.chunk(stream, index)
            }
            Some("fin_replied") => {
                if let Some(stream) = stream {
                    self.remember_reply(stream, None);
                }
                match text("/message/id") {
                    // Message ids are unique within a workspace.
                    Some(id) => self.event(format!("message {id}")),
                    None => self.other(event),
                }
            }
            _ => self.other(event),
        }
    }

    fn other(&mut self, event: &Value) -> Arrival {
        let Some(time) = event.get("created_at_ms").filter(|time| !time.is_null()) else { return Arrival::New };
        let text = |key: &str| event.get(key).unwrap_or(&Value::Null).to_string();
        self.event(format!("{} {} {time} {}", text("event_name"), text("conversation_id"), text("status")))
    }

    fn chunk(&mut self, stream: &str, index: u64) -> Arrival {
        match self.replies.get(stream) {
            Some(None) => Arrival::Late,
            Some(Some(next)) if index < *next => Arrival::Late,
            _ => {
                self.remember_reply(stream, Some(index.saturating_add(1)));
                Arrival::New
            }
        }
    }

    fn event(&mut self, identity: String) -> Arrival {
        if !self.events.insert(identity.clone()) {
            return Arrival::Duplicate;
        }
        self.event_order.push_back(identity);
        if self.event_order.len() > MAX_REMEMBERED
            && let Some(oldest) = self.event_order.pop_front()
        {
            self.events.remove(&oldest);
        }
        Arrival::New
    }

    fn remember_reply(&mut self, stream: &str, next: Option<u64>) {
        if self.replies.insert(stream.to_owned(), next).is_none() {
            self.reply_order.push_back(stream.to_owned());
        }
        if self.reply_order.len() > MAX_REMEMBERED
            && let Some(oldest) = self.reply_order.pop_front()
        {
            self.replies.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn chunk(index: u64) -> Value {
        json!({"event_name": "fin_reply_chunk", "stream_id": "s", "chunk_index": index})
    }

    fn reply(id: &str) -> Value {
        json!({"event_name": "fin_replied", "stream_id": "s", "message": {"id": id}})
    }

    #[test]
    fn chunks_are_new_until_the_reply_is_complete() {
        let mut deduplicator = Deduplicator::new();
        let arrivals = [chunk(0), chunk(2), chunk(1), chunk(2), chunk(3), reply("m"), chunk(4)]
            .map(|event| deduplicator.check(&event));
        use Arrival::{Late, New};
        assert_eq!(arrivals, [New, New, Late, Late, New, New, Late]);
    }

    #[test]
    fn a_message_is_new_once() {
        let mut deduplicator = Deduplicator::new();
        assert_eq!(deduplicator.check(&reply("m")), Arrival::New);
        assert_eq!(deduplicator.check(&reply("m")), Arrival::Duplicate);
        assert_eq!(deduplicator.check(&json!({"event_name": "fin_replied", "message": {}})), Arrival::New);
        assert_eq!(deduplicator.check(&json!({"event_name": "fin_status_updated"})), Arrival::New);
    }

    #[test]
    fn a_status_is_new_once() {
        let status = |status: &str, time: Value| json!({"event_name": "fin_status_updated", "conversation_id": "c", "status": status, "created_at_ms": time});
        let mut deduplicator = Deduplicator::new();
        assert_eq!(deduplicator.check(&status("resolved", json!(1))), Arrival::New);
        assert_eq!(deduplicator.check(&status("resolved", json!(1))), Arrival::Duplicate);
        assert_eq!(deduplicator.check(&status("complete", json!(1))), Arrival::New);
        assert_eq!(deduplicator.check(&status("resolved", json!(2))), Arrival::New);
        assert_eq!(deduplicator.check(&status("resolved", Value::Null)), Arrival::New);
        assert_eq!(deduplicator.check(&status("resolved", Value::Null)), Arrival::New);
    }

    #[test]
    fn memory_is_bounded() {
        let mut deduplicator = Deduplicator::new();
        for index in 0..3 * MAX_REMEMBERED {
            let name = index.to_string();
            deduplicator.check(&json!({"event_name": "fin_replied", "stream_id": name, "message": {"id": name}}));
        }
        assert_eq!((deduplicator.events.len(), deduplicator.replies.len()), (MAX_REMEMBERED, MAX_REMEMBERED));
    }
}
