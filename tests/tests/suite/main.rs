//! The tests of the generated crates that need no process of their own, as one program: it links once, and its tests run side by side.

#![allow(clippy::unwrap_used, reason = "a test panics")]

mod canvas_kit;
mod declared;
mod end_to_end;
mod fin_events;
mod mock;
mod operations;
mod reference;
mod search;
mod shorthands;
mod versions;
mod webhook_faults;
mod webhooks;
