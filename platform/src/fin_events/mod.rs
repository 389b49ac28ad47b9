//! Events of the Fin Agent API: receiving them at a callback address, the frames of an event stream, which events are new, and
//! the pieces of a reply.
//!
//! The same events arrive both ways, as the same JSON. An app that uses both gives every event to one [`Sequence`].

mod receiver;
mod replies;
mod sequence;
mod sse;

pub use receiver::{DEFAULT_MAX_BODY, Incoming, ReceiveError, Received, Receiver};
pub use replies::{Replies, ReplyUpdate};
pub use sequence::{Novelty, Sequence};
pub use sse::{Event as StreamEvent, EventParser, EventTooLarge};
