//! The events of a conversation with Fin as a stream. The module also re-exports [`intercom_platform::fin_events`], for the callback
//! address.
//!
//! The responses of `fin_agent().start(…)` and `fin_agent().reply(…)`, and in Preview also those of other operations such as `ask` and
//! `escalate`, can contain the address of an event stream. It is valid for three minutes and for one reply of Fin: use the new address of
//! each response.
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
//! The stream ends when Fin waits for the user, when the conversation has ended, or when the server refuses the token while Fin is probably
//! done ([`Progress`]). Otherwise its last item is a [`StreamError`]. If the connection is lost, the stream reconnects as long as the
//! address is valid, unless too many attempts in a row fail. Events that were sent meanwhile are repeated only if the address has the
//! parameter `rewind`. The address from `start` has it; in Preview, so do the addresses from operations that may continue a conversation,
//! such as `ask`. Duplicate and late events are dropped.

mod address;
mod connection;
mod error;
mod session;
mod stream;

pub use error::StreamError;
pub use intercom_platform::fin_events::*;
pub use stream::{EventStream, subscribe};

/// Functions that generated code calls; not part of the public interface.
#[doc(hidden)]
pub mod private {
    pub use super::stream::subscribe_optional;
}
