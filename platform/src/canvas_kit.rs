//! Canvas Kit: requests of the Messenger and the Inbox to an app, and the responses of the app.
//!
//! A canvas is what an app shows: a list of components. A live canvas is fetched from the app each time it is shown. A sheet is a page of
//! the app that is opened over the Messenger. Stored data are values that Intercom keeps for the app and sends with its requests.
//!
//! The types of requests, canvases and components are in the generated crates, which re-export this module.

mod receiver;
mod response;
mod sheet;

pub use receiver::{DEFAULT_MAX_BODY, OpenSheet, ReceiveError, Receiver};
pub use response::{CanvasError, MAX_BYTES, Problem, Surface, encode_response};
pub use sheet::{SheetUserError, decrypt_user, encrypt_user};
