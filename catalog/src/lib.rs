//! Intercom's REST API as data.
//!
//! A [`Catalog`] holds what the code generator knows of one API version: operations with their parameters, bodies,
//! responses, examples, pagination and search fields, the types that they use, and the documentation of all of them. The
//! generator writes one JSON file for each version; this crate defines the format, embeds the files and reads them. A mock
//! server or a command line can handle every operation with it, and needs no OpenAPI at run time.
//!
//! ```
//! let catalog = intercom_catalog::load("2.15")?;
//! let update = catalog.operation("contacts.update").expect("the API has contacts");
//! assert_eq!((update.http_method.as_str(), update.path.as_str()), ("PUT", "/contacts/{contact_id}"));
//! # Ok::<(), intercom_catalog::LoadError>(())
//! ```

#[cfg(feature = "client")]
pub mod call;
pub mod check;
mod embedded;
pub mod example;
mod index;
pub mod json_schema;
mod lazy_value;
mod model;
mod operation;
mod resource;
mod schema;
mod search;
mod shorthand;
mod write;

pub use embedded::{LoadError, VERSIONS, load, parse};
pub use index::Index;
pub use lazy_value::LazyValue;
pub use model::{Catalog, Group};
pub use operation::{Body, Example, Location, Operation, Pagination, Parameter, Part, Response};
pub use resource::{Action, Also, Case, Changes, Counted, Defined, Related, Resource, Unique};
pub use schema::{Alternative, Definition, EnumValue, Limits, Property, Schema, Shape, Type};
pub use search::{SEARCH_OPERATORS, SearchField, accepted_operators};
pub use shorthand::{Argument, Shorthand};

/// Compiles the example of README.md as a doctest.
#[cfg(all(doctest, feature = "v2-15"))]
#[doc = include_str!("../README.md")]
struct Readme;
