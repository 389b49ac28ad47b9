//! What the description says about an operation, as constants that generated crates carry.

mod paging;

use http::Method;

pub use paging::{Location, Paging, PagingStyle};

/// The fixed facts of one operation of the API.
///
/// Generated crates hold one for each operation; write one by hand to call something that a crate does not
/// cover, or in tests:
///
/// ```
/// use intercom_runtime::Endpoint;
/// use intercom_runtime::http::Method;
///
/// static ME: Endpoint = Endpoint::new("admins.identify", Method::GET, "/me").version("2.15");
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Endpoint {
    /// Group and method, `contacts.create`: names the operation in errors, spans and stored positions.
    pub id: &'static str,
    /// The operation id of the description, empty where it has none.
    pub operation_id: &'static str,
    /// The API version that the operation was read from, as the `Intercom-Version` header says it: `2.15`, `Preview`.
    /// Where it is empty, the client's is asked for.
    pub version: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path template, `/contacts/{contact_id}`; each placeholder is filled with one encoded segment.
    pub path: &'static str,
    /// Whether sending the request twice does no more than sending it once.
    pub idempotent: bool,
    /// The media type asked for in `Accept`.
    pub accept: &'static str,
    /// How the operation pages, if it does.
    pub paging: Option<&'static Paging>,
}

impl Endpoint {
    /// An operation that answers with JSON and does not page. It is idempotent where HTTP says so of the method: GET,
    /// HEAD, OPTIONS, PUT, DELETE.
    pub const fn new(id: &'static str, method: Method, path: &'static str) -> Self {
        let idempotent = matches!(method, Method::GET | Method::HEAD | Method::OPTIONS | Method::PUT | Method::DELETE);
        Self { id, operation_id: "", version: "", method, path, idempotent, accept: "application/json", paging: None }
    }

    /// Sets [`operation_id`](Self::operation_id).
    pub const fn operation_id(mut self, operation_id: &'static str) -> Self {
        self.operation_id = operation_id;
        self
    }

    /// Sets [`version`](Self::version).
    pub const fn version(mut self, version: &'static str) -> Self {
        self.version = version;
        self
    }

    /// Sets [`idempotent`](Self::idempotent).
    pub const fn idempotent(mut self, idempotent: bool) -> Self {
        self.idempotent = idempotent;
        self
    }

    /// Sets [`accept`](Self::accept).
    pub const fn accept(mut self, media_type: &'static str) -> Self {
        self.accept = media_type;
        self
    }

    /// Sets [`paging`](Self::paging).
    pub const fn paging(mut self, paging: &'static Paging) -> Self {
        self.paging = Some(paging);
        self
    }
}
