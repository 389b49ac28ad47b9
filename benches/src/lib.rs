//! What the benchmarks share: pages as they are, and the baselines.

#![allow(missing_docs, reason = "nobody else uses it")]

pub mod handwritten;
pub mod pages;
pub mod server;

pub use pages::{Deviation, ITEMS, Kind, page};
