//! The parts of an integration other than calls of the REST API: requests that Intercom sends to an app, and data that an app signs
//! for the Messenger.
//!
//! Functions take bytes and types of the crate [`http`] and return values. The crate needs no web framework and no HTTP client.
//! A generated crate re-exports webhooks, Fin events and Canvas Kit behind a feature of the same name, with the types
//! of its API version. [`identity`] needs no types of a version and is used from this crate directly.
//!
//! | Part | Signed with | Header |
//! |---|---|---|
//! | [`webhooks`] | the app's client secret | `X-Hub-Signature`, SHA-1 |
//! | [`installation`]: uninstall and health check | the app's client secret | `X-Body-Signature`, SHA-256 |
//! | [`fin_events`] | the signing secret of the Fin Agent API | `X-Fin-Agent-API-Webhook-Signature`, SHA-256 |
//! | [`canvas_kit`] | the app's client secret | `X-Body-Signature`, SHA-256 |
//! | [`identity`] | the identity verification secret or the Messenger API secret | none: the app signs |

#[cfg(feature = "canvas_kit")]
pub mod canvas_kit;
#[cfg(feature = "fin_events")]
pub mod fin_events;
#[cfg(feature = "identity")]
pub mod identity;
pub mod installation;
pub mod signature;
#[cfg(feature = "webhooks")]
pub mod webhooks;

/// Compiles the examples of docs/guide/identity.md as doctests.
#[cfg(all(doctest, feature = "identity"))]
#[doc = include_str!("../../docs/guide/identity.md")]
struct IdentityGuide;
