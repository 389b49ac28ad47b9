//! The tests of the generator that need no process of their own, as one program: it links once, and its tests run side by side.

#![allow(clippy::unwrap_used, reason = "a test panics")]

mod broken;
mod descriptions;
mod diff;
mod diff_compiles;
mod diff_rules;
mod edit;
mod handles;
mod lint;
mod metadata;
mod places;
#[path = "../project/mod.rs"]
mod project;
mod prose;
mod rule_cases;
