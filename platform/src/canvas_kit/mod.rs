//! Canvas Kit: requests of the Messenger and the Inbox to an app, and the canvases that it answers with.
//!
//! The types of requests, canvases and components are those of a generated crate, which re-exports this module beside them.

mod answer;
mod receiver;
mod sheet;

pub use answer::{CanvasError, MAX_BYTES, Problem, Surface, answer};
pub use receiver::{DEFAULT_MAX_BODY, OpenSheet, ReceiveError, Receiver};
pub use sheet::{SheetUserError, decrypt_user, encrypt_user};
