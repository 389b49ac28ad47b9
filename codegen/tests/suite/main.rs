//! All tests that need no separate process, as one program: it is linked once, and its tests run in parallel.

#![allow(clippy::unwrap_used, reason = "a test panics")]

mod broken;
mod descriptions;
mod diff;
mod diff_compiles;
mod diff_rules;
mod edit;
mod emitted;
mod handles;
mod kept;
mod lint;
mod metadata;
mod places;
#[path = "../project/mod.rs"]
mod project;
mod prose;
mod rule_cases;

/// As in xtask.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
