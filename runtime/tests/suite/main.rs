//! The tests of the runtime as one program: it links once, and its tests run side by side.

#![allow(clippy::unwrap_used, reason = "a test panics")]

#[cfg(all(feature = "blocking", feature = "transport"))]
mod blocking;
mod call;
#[path = "../common/mod.rs"]
mod common;
#[cfg(all(feature = "fin_events", feature = "transport"))]
mod fin_events;
mod interface;
mod jobs;
#[cfg(all(feature = "transport", any(feature = "fin_events", feature = "oauth")))]
mod loopback;
mod metrics;
#[cfg(all(feature = "oauth", feature = "transport"))]
mod oauth;
mod raw;
mod retry;
mod throttle;
mod token;
