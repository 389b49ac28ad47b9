//! The loopback server and the suites that run against it.

pub mod described;
pub mod description;
pub mod json;
pub mod mutate;
pub mod schema;
pub mod scripted;
pub mod versions;

/// Compiles what the README shows, as it stands there.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;

/// And what the guide shows of webhooks.
#[cfg(doctest)]
#[doc = include_str!("../../docs/guide/webhooks.md")]
pub struct Webhooks;

/// And of Canvas Kit.
#[cfg(doctest)]
#[doc = include_str!("../../docs/guide/canvas-kit.md")]
pub struct CanvasKit;

/// And of Fin.
#[cfg(doctest)]
#[doc = include_str!("../../docs/guide/fin.md")]
pub struct Fin;
