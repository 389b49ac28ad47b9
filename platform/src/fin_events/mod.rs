//! Events of the Fin Agent API: the receiver of a callback address, the parser of event streams, deduplication, and replies that are
//! streamed.
//!
//! Events arrive by callback, by stream, or both, as the same JSON. An app that uses both gives every event to one [`Deduplicator`].

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
