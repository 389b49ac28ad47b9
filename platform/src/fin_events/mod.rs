//! Events of the Fin Agent API: the frames of an event stream, and which events are new.

mod sequence;
mod sse;

pub use sequence::{Novelty, Sequence};
pub use sse::{Event as StreamEvent, EventParser, EventTooLarge};
