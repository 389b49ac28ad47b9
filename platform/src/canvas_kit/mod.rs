//! Canvas Kit: requests of the Messenger and the Inbox to an app, and the responses of the app.
//!
//! The types of requests, canvases and components are in the generated crates, which re-export this module.

mod receiver;
mod response;
mod sheet;

pub use receiver::{DEFAULT_MAX_BODY, OpenSheet, ReceiveError, Receiver};
pub use response::{CanvasError, MAX_BYTES, Problem, Surface, encode_response};
pub use sheet::{SheetUserError, decrypt_user, encrypt_user};
