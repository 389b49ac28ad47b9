//! Reads an OpenAPI description and overlays, and returns the files of a Rust client crate.

pub mod diag;
pub mod import;
pub mod overlay;
pub mod version;
pub mod yaml;
