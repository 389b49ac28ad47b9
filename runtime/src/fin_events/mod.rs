//! The events of a conversation with Fin as a stream, with re-exports of [`intercom_platform::fin_events`] for the callback address.
//!
//! The responses of `fin_agent().start(…)` and `fin_agent().reply(…)` contain the address of an event stream. It is valid for three
//! minutes and for one reply of Fin: take a new one from each response.
//!
//! ```
//! use intercom_runtime::fin_events::subscribe;
//! use intercom_runtime::{Client, Error};
//!
//! async fn print(client: &Client, sse_subscription_url: &str) -> Result<(), Box<dyn std::error::Error>> {
//!     let mut events = subscribe(client, sse_subscription_url)?;
//!     while let Some(event) = events.try_next().await? {
//!         println!("{}", event["event_name"]);
//!     }
//!     Ok(())
//! }
//! ```
//!
//! The stream ends when Fin waits for the user or the conversation is over. Any other end is an error that says why
//! ([`StreamError`]). When the connection is lost, the stream connects again, as long as the address is valid. The
//! events of the meantime are repeated only where the address has the parameter `rewind`; the address for the first
//! reply of a conversation has it. Events that come twice or late are dropped.

mod address;
mod connection;
mod error;
mod session;
mod stream;

pub use error::StreamError;
pub use intercom_platform::fin_events::*;
pub use stream::{EventStream, subscribe};

/// For generated code; not part of the public interface.
#[doc(hidden)]
pub mod private {
    pub use super::stream::subscribe_answer;
}
