//! A Model Context Protocol server for Intercom.
//!
//! Agents get a small set of tools with the names and arguments of Intercom's own server, and two tools that find and call any
//! operation of the REST API. Tools are made from the catalog of an API version, so the server works for every version and
//! region.
//!
//! ```no_run
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! use intercom_mcp::{Options, Server, serve_stdio};
//! use intercom_runtime::{Client, ClientBuilder};
//!
//! let client = ClientBuilder::<Client>::for_version("2.16", "my-agent").from_env().build()?;
//! let server = Server::new(client, intercom_catalog::load("2.16")?, Options::default())?;
//! serve_stdio(server).await?;
//! # Ok(())
//! # }
//! ```
//!
//! A server is read-only unless [`Options::access`] allows more.

mod call;
mod curated;
mod failure;
mod filters;
mod find;
mod options;
mod query;
mod redact;
mod reference;
mod resources;
mod search;
mod server;
mod table;
mod tools;
mod transport;
mod truncate;

pub use options::{Access, DEFAULT_BUDGET, Options, ToolSet};
pub use server::{OptionsError, Server};
pub use transport::{HttpOptions, ServeError, serve_http, serve_stdio};

/// Compiles the example of README.md as a doctest.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
