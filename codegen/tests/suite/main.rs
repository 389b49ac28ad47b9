//! The tests that can share one program: it is linked once, and its tests run in parallel. The other programs beside it run the
//! generator in processes of their own (`unusual`, `mutations`), or are run by name while an emitter is changed (`cases`).

#![allow(clippy::unwrap_used, reason = "a test panics")]

mod broken;
mod descriptions;
mod diff;
mod diff_compiles;
mod diff_rules;
mod edit;
mod emitted;
mod handles;
mod keep_removed;
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
