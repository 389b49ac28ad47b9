//! The events of a conversation with Fin: as a stream, and what [the platform](intercom_platform::fin_events) has for receiving
//! them at a callback address.
//!
//! The answers of `fin_agent().start(…)` and `fin_agent().reply(…)` give an address to subscribe to. It is good for three minutes
//! and for one reply of Fin: take a new one from each answer.
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
//! ([`StreamError`]). When the connection breaks it is made again, as long as the address is good; what was sent meanwhile comes
//! again only where the address asks for it (`rewind`), which is so for the first reply of a conversation. Events that come twice
//! or late are dropped.

mod address;
mod connection;
mod error;
mod progress;
mod session;
mod stream;

pub use error::StreamError;
pub use intercom_platform::fin_events::*;
pub use stream::{EventStream, subscribe};

/// What generated code calls; not part of the public interface.
#[doc(hidden)]
pub mod private {
    pub use super::stream::subscribe_answer;
}
