//! Loopback servers for tests, and helpers of the test suites.

pub mod described;
pub mod description;
pub mod json;
pub mod mutate;
pub mod schema;
pub mod scripted;
pub mod versions;

/// Compiles the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;

/// Compiles the examples of the guide about webhooks.
#[cfg(doctest)]
#[doc = include_str!("../../docs/guide/webhooks.md")]
pub struct Webhooks;

/// Compiles the examples of the guide about Canvas Kit.
#[cfg(doctest)]
#[doc = include_str!("../../docs/guide/canvas-kit.md")]
pub struct CanvasKit;

/// Compiles the examples of the guide about Fin.
#[cfg(doctest)]
#[doc = include_str!("../../docs/guide/fin.md")]
pub struct Fin;
