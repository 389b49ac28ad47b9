//! Shared by the benchmarks: sample pages, and the hand-written baselines.

#![allow(missing_docs, reason = "nobody else uses it")]

pub mod handwritten;
pub mod pages;
pub mod server;

pub use pages::{Deviation, ITEMS, Kind, page};
