//! Events of the Fin Agent API: the receiver for a callback address, the parser of event streams, deduplication, and the assembly of
//! streamed replies.
//!
//! Events arrive as requests to the callback address, in an event stream, or in both ways, with the same JSON. An app that uses both
//! passes every event to one [`Deduplicator`].

mod deduplicator;
mod progress;
mod receiver;
mod replies;
mod sse;

pub use deduplicator::{Arrival, Deduplicator};
pub use progress::Progress;
pub use receiver::{DEFAULT_MAX_BODY, Incoming, ReceiveError, Received, Receiver};
pub use replies::{Replies, ReplyUpdate};
pub use sse::{Event as StreamEvent, EventParser, EventTooLarge};
