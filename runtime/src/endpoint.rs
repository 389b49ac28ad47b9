//! What the description says about an operation, as constants that generated crates carry.

use crate::paging::Paging;

/// The fixed facts of one operation of the API.
///
/// Generated crates hold one for each operation; write one by hand to call something that a crate does not
/// cover, or in tests.
#[derive(Debug)]
pub struct Endpoint {
    /// Group and method, `contacts.create`: names the operation in errors, spans and stored positions.
    pub id: &'static str,
    /// The operation id of the description, empty where it has none.
    pub operation_id: &'static str,
    /// The API version that the operation was read from, as the `Intercom-Version` header says it: `2.15`, `Preview`.
    pub version: &'static str,
    /// The HTTP method.
    pub method: http::Method,
    /// The path template, `/contacts/{contact_id}`; each placeholder is filled with one encoded segment.
    pub path: &'static str,
    /// Whether sending the request twice does no more than sending it once.
    pub idempotent: bool,
    /// The media type asked for in `Accept`.
    pub accept: &'static str,
    /// How the operation pages, if it does.
    pub paging: Option<&'static Paging>,
}
