//! What the description says about an operation, as constants that generated crates carry.

mod paging;

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use http::Method;

pub use paging::{Location, Paging, PagingStyle};

/// The fixed facts of one operation of the API.
///
/// Generated crates hold one for each operation. To call something that a crate does not cover, use
/// [`Client::request`](crate::Client::request), which makes one of a path; or write one by hand, as a constant or at run time
/// (calls take both, see [`EndpointRef`]):
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
    /// Group and method, `contacts.create`: names the operation in errors, spans and checkpoints.
    pub id: Cow<'static, str>,
    /// The operation id of the description, empty where it has none.
    pub operation_id: &'static str,
    /// The API version that the operation was read from, as the `Intercom-Version` header says it: `2.15`, `Preview`.
    /// Where it is empty, the client's version is requested.
    pub version: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path template, `/contacts/{contact_id}`; each placeholder is filled with one encoded segment.
    pub path: Cow<'static, str>,
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
        let (id, path) = (Cow::Borrowed(id), Cow::Borrowed(path));
        Self { id, operation_id: "", version: "", method, path, idempotent, accept: "application/json", paging: None }
    }

    /// The same for texts that are known at run time only.
    pub fn named(id: impl Into<Cow<'static, str>>, method: Method, path: impl Into<Cow<'static, str>>) -> Self {
        Self { id: id.into(), path: path.into(), ..Self::new("", method, "") }
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

/// An endpoint as calls hold it: the constant of a generated crate, or one that was made at run time and is shared by the
/// call, its answer and its error. Cloning is cheap.
#[derive(Clone)]
pub struct EndpointRef(Holder);

#[derive(Clone)]
enum Holder {
    Constant(&'static Endpoint),
    Shared(Arc<Endpoint>),
}

impl Deref for EndpointRef {
    type Target = Endpoint;

    fn deref(&self) -> &Endpoint {
        match &self.0 {
            Holder::Constant(endpoint) => endpoint,
            Holder::Shared(endpoint) => endpoint,
        }
    }
}

impl From<&'static Endpoint> for EndpointRef {
    fn from(endpoint: &'static Endpoint) -> Self {
        Self(Holder::Constant(endpoint))
    }
}

impl From<Endpoint> for EndpointRef {
    fn from(endpoint: Endpoint) -> Self {
        Self(Holder::Shared(Arc::new(endpoint)))
    }
}

impl fmt::Debug for EndpointRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
