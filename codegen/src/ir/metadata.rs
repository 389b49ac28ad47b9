//! What a description declares beyond types: documentation, limits, defaults, examples, servers and security.

use serde_json::{Number, Value};

/// Documentation from a description, an overlay, or `descriptions/docs`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Doc {
    /// From `summary`, which operations and shorthands have.
    pub summary: Option<String>,
    /// From `description`, as Markdown.
    pub description: Option<String>,
}

/// What a schema declares about its values in addition to the Rust type.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SchemaMetadata {
    /// From `title`.
    pub title: Option<String>,
    /// From `type`: `string`, `integer`, … The Rust type may take more, such as an id of either form.
    pub json_type: Option<String>,
    /// From `format`.
    pub format: Option<String>,
    /// From `pattern`.
    pub pattern: Option<String>,
    /// From `enum`, without null.
    pub values: Vec<Value>,
    /// The bounds.
    pub limits: Limits,
    /// From `default`.
    pub default: Option<Value>,
    /// From `example`.
    pub example: Option<Value>,
    /// From `readOnly`.
    pub read_only: bool,
    /// From `writeOnly`.
    pub write_only: bool,
    /// The metadata of a list's items or of a map's values, where their schema is inline.
    pub items: Option<Box<SchemaMetadata>>,
}

/// The bounds of a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// The fewest characters of a string.
    pub min_length: Option<u64>,
    /// The most characters of a string.
    pub max_length: Option<u64>,
    /// The lower bound of a number.
    pub minimum: Option<Number>,
    /// The upper bound of a number.
    pub maximum: Option<Number>,
    /// Whether the number has to be above `minimum`.
    pub exclusive_minimum: bool,
    /// Whether the number has to be below `maximum`.
    pub exclusive_maximum: bool,
    /// What the number has to be a multiple of.
    pub multiple_of: Option<Number>,
    /// The fewest keys of an object.
    pub min_properties: Option<u64>,
    /// The most keys of an object.
    pub max_properties: Option<u64>,
    /// The fewest items of a list.
    pub min_items: Option<u64>,
    /// The most items of a list.
    pub max_items: Option<u64>,
    /// Whether the items of a list have to differ.
    pub unique_items: bool,
}

/// An example of a parameter, a body or a response.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// Its key under `examples`; `None` for the value of `example`.
    pub name: Option<String>,
    /// The value.
    pub value: Value,
}

/// A server of the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Its address; may hold variables in braces.
    pub url: String,
    /// From `description`.
    pub description: Option<String>,
}

/// A security scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityScheme {
    /// The key under `components.securitySchemes`.
    pub name: String,
    /// Its kind, with the details.
    pub kind: SecurityKind,
}

/// The kinds of security schemes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecurityKind {
    /// A scheme of HTTP, such as `bearer` or `basic`, in lower case.
    Http(String),
    /// A key in a header, the query or a cookie.
    ApiKey {
        /// `header`, `query` or `cookie`.
        location: String,
        /// The name of the header, parameter or cookie.
        name: String,
    },
    /// OAuth 2.
    OAuth2,
    /// OpenID Connect, with the address of its discovery document.
    OpenIdConnect(String),
}

/// The security schemes that a request must use together, each with its scopes. A requirement without schemes is met by every request.
pub type SecurityRequirement = Vec<(String, Vec<String>)>;
