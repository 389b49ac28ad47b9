//! Canvas Kit: requests of the Messenger and the Inbox to an app.
//!
//! The types of requests, canvases and components are those of a generated crate, which re-exports this module beside them.

mod sheet;

pub use sheet::{SheetUserError, decrypt_user, encrypt_user};
