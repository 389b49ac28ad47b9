//! The metadata of an operation, which generated crates contain as constants.

mod paging;

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use http::Method;

pub use paging::{Location, Paging, PagingStyle};

/// The metadata of an operation: its method, path, pagination and so on.
///
/// A generated crate has one for each operation. To call a path that a crate does not cover, use
/// [`Client::request`](crate::Client::request), which makes an endpoint from the path; or make an endpoint by hand, as a constant or at run
/// time (calls accept both, see [`EndpointRef`]):
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
    /// The group and the method, such as `contacts.create`. It identifies the operation in errors, spans and checkpoints.
    pub id: Cow<'static, str>,
    /// The operation id of the description; empty if it has none.
    pub operation_id: &'static str,
    /// The API version of the operation, as in the header `Intercom-Version`: `2.15`, `Preview`. It is requested unless the client or the
    /// call sets another one. If it is empty, the version of the client is requested.
    pub version: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path template, such as `/contacts/{contact_id}`. Each placeholder is replaced with one encoded segment.
    pub path: Cow<'static, str>,
    /// Whether the request can be repeated safely, because sending it twice has the same effect as sending it once.
    pub idempotent: bool,
    /// The media type in the header `Accept`.
    pub accept: &'static str,
    /// The pagination of the operation, if it has pages.
    pub paging: Option<&'static Paging>,
}

impl Endpoint {
    /// Makes the metadata of an operation that returns JSON without pagination. It is idempotent if the method is GET, HEAD, OPTIONS, PUT
    /// or DELETE.
    pub const fn new(id: &'static str, method: Method, path: &'static str) -> Self {
        let idempotent = matches!(method, Method::GET | Method::HEAD | Method::OPTIONS | Method::PUT | Method::DELETE);
        let (id, path) = (Cow::Borrowed(id), Cow::Borrowed(path));
        Self { id, operation_id: "", version: "", method, path, idempotent, accept: "application/json", paging: None }
    }

    /// As [`new`](Self::new), with an id and a path that are only known at run time.
    pub fn dynamic(id: impl Into<Cow<'static, str>>, method: Method, path: impl Into<Cow<'static, str>>) -> Self {
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

    /// Sets [`paging`](Self::paging). The requests of a scroll are not idempotent, whatever their method: each one moves the server to the
    /// next page.
    pub const fn paging(mut self, paging: &'static Paging) -> Self {
        if matches!(paging.style, PagingStyle::Scroll) {
            self.idempotent = false;
        }
        self.paging = Some(paging);
        self
    }
}

/// A reference to an endpoint: the constant of a generated crate or, in an `Arc`, an endpoint that was made at run time. A call shares it
/// with its response or error. Cloning is cheap.
#[derive(Clone)]
pub struct EndpointRef(Inner);

#[derive(Clone)]
enum Inner {
    Constant(&'static Endpoint),
    Shared(Arc<Endpoint>),
}

impl Deref for EndpointRef {
    type Target = Endpoint;

    fn deref(&self) -> &Endpoint {
        match &self.0 {
            Inner::Constant(endpoint) => endpoint,
            Inner::Shared(endpoint) => endpoint,
        }
    }
}

impl From<&'static Endpoint> for EndpointRef {
    fn from(endpoint: &'static Endpoint) -> Self {
        Self(Inner::Constant(endpoint))
    }
}

impl From<Endpoint> for EndpointRef {
    fn from(endpoint: Endpoint) -> Self {
        Self(Inner::Shared(Arc::new(endpoint)))
    }
}

impl fmt::Debug for EndpointRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
