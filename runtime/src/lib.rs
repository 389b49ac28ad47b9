//! The part of an Intercom client that does not depend on the API's version: transport, authentication, retries and
//! errors. It re-exports the data model. Generated crates re-export this crate, so few programs depend on it directly.
//!
//! ```
//! # async fn run() -> Result<(), intercom_runtime::Error> {
//! use intercom_runtime::{Client, ClientBuilder};
//!
//! let client: Client = ClientBuilder::for_version("2.15", "example/1.0").from_env().build()?;
//! let me = client.get("/me").await?;
//! println!("{}", me["email"]);
//! # Ok(())
//! # }
//! ```

#[cfg(all(feature = "blocking", not(target_arch = "wasm32")))]
pub mod blocking;
mod call;
mod client;
pub mod clock;
pub mod download;
mod endpoint;
mod error;
#[cfg(feature = "fin_events")]
pub mod fin_events;
mod http_date;
pub mod jobs;
mod macros;
mod meta;
pub mod metrics;
pub mod multipart;
#[cfg(feature = "oauth")]
pub mod oauth;
#[cfg(feature = "operations")]
pub mod operations;
mod options;
pub mod paging;
mod pending;
mod percent;
mod rate_limit;
mod raw;
pub mod request;
mod response;
pub mod retry;
pub mod search;
mod secret;
mod send;
pub mod throttle;
mod token;
mod trace;
pub mod transport;

pub use bytes;
pub use http;
pub use intercom_data as data;
#[cfg(any(feature = "oauth", feature = "fin_events"))]
pub use intercom_platform as platform;
#[doc(hidden)]
pub use serde;
#[doc(hidden)]
pub use serde_json;
pub use serde_json::Value;

pub use call::Call;
pub use client::{Client, ClientBuilder, Region};
pub use clock::Clock;
pub use data::Decoding;
pub use download::{Download, PendingDownload};
pub use endpoint::{Endpoint, EndpointRef};
pub use error::{ApiError, Error, ErrorCode};
pub use multipart::Multipart;
pub use options::RequestOptions;
pub use pending::Pending;
pub use rate_limit::RateLimit;
pub use raw::RawRequest;
pub use response::Response;
pub use retry::RetryPolicy;
pub use throttle::Throttle;
pub use token::{Token, TokenSource};
pub use transport::Transport;

/// The result of a call.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Compiles the examples of docs/runtime.md as doctests.
#[cfg(all(doctest, feature = "gzip"))]
#[doc = include_str!("../../docs/runtime.md")]
struct RuntimePage;

/// Compiles the example of README.md as a doctest.
#[cfg(all(doctest, feature = "transport"))]
#[doc = include_str!("../README.md")]
struct Readme;

/// Compiles the examples of docs/guide/oauth.md as doctests.
#[cfg(all(doctest, feature = "oauth"))]
#[doc = include_str!("../../docs/guide/oauth.md")]
struct OauthGuide;
