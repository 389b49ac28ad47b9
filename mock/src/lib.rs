//! A stateful mock server of Intercom's REST API, for tests.
//!
//! It serves every operation of a version of the API on loopback, checks requests as Intercom does, and remembers what was
//! created. Any client can talk to it; for the Rust crates, [`Server::configure`] sets up the client.
//!
//! All that it knows of operations is data from [`intercom_catalog`]: what an operation does to which collection, what its
//! requests may be, and what its answers look like.

mod answer;
mod builder;
mod checks;
mod clock;
mod engine;
mod examples;
mod faults;
mod handle;
mod limits;
mod model;
mod planned;
mod random;
mod recorded;
mod request;
mod router;
mod serve;
mod server;
mod state_file;
mod time;
mod webhooks;

pub use builder::{ServerBuilder, StartError};
pub use faults::Fault;
pub use intercom_runtime::clock::VirtualClock;
pub use planned::PlannedFault;
pub use recorded::{Calls, RecordedCall};
pub use server::Server;
pub use state_file::StateError;
pub use webhooks::Delivery;
