//! The intermediate representation (IR): types and operations with their names on the wire and in Rust. Emitters read it, and
//! never OpenAPI.

mod arguments;
mod constructors;
mod metadata;
mod platform;
mod shorthand;
mod types;

pub use arguments::{ArgumentTarget, ids_in_struct};
pub use constructors::{Constructor, RequiredSet};
pub use metadata::{Doc, Example, Limits, SchemaMetadata, SecurityKind, SecurityRequirement, SecurityScheme, Server};
pub use platform::{PlatformFeature, Reexports, Topic};
pub use shorthand::{Shorthand, dotted};
pub use types::{Field, Member, Presence, Struct, Ty, TypeDef, TypeId, TypeKind, TypeTable, Union, Usage, Variant};

/// A name as it is sent and received: a key of JSON, a parameter, a value of an enum.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WireName(pub String);

/// A name in the emitted code, such as that of a type, a field or a method. Raw identifiers keep their `r#`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RustName(pub String);

impl RustName {
    /// The name without `r#`, for use inside longer names.
    pub fn bare(&self) -> &str {
        self.0.strip_prefix("r#").unwrap_or(&self.0)
    }
}

/// A whole API.
#[derive(Clone, Debug)]
pub struct Api {
    /// The value of the version header, such as `2.15`.
    pub version: String,
    /// From `info.title`.
    pub title: String,
    /// From `servers`.
    pub servers: Vec<Server>,
    /// From `components.securitySchemes`.
    pub security_schemes: Vec<SecurityScheme>,
    /// From `security`: the alternative requirements of each operation that declares none of its own.
    pub security: Vec<SecurityRequirement>,
    /// The types.
    pub types: TypeTable,
    /// Sorted by name.
    pub groups: Vec<Group>,
    /// The platform features, such as webhooks.
    pub platform_features: Vec<PlatformFeature>,
}

/// The operations of one handle.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its name in snake case; its cargo feature has the same name.
    pub name: String,
    /// The name of the client's method and of the module.
    pub ident: RustName,
    /// The name of the type that has the methods of the group.
    pub handle: RustName,
    /// Its purpose, if it is documented.
    pub doc: Option<String>,
    /// Sorted by method name. Empty where the group has only aliases for operations of other groups.
    pub operations: Vec<Operation>,
}

impl Api {
    /// All operations, group by group.
    pub fn operations(&self) -> impl Iterator<Item = &Operation> {
        self.groups.iter().flat_map(|group| &group.operations)
    }

    /// The groups without those that have only aliases of operations in other groups.
    pub fn groups_with_operations(&self) -> impl Iterator<Item = &Group> {
        self.groups.iter().filter(|group| !group.operations.is_empty())
    }

    /// The platform feature whose file declares a named type; `None` for other types.
    pub fn platform_feature_of(&self, def: &TypeDef) -> Option<&PlatformFeature> {
        self.platform_features.iter().find(|feature| def.platform_feature.as_ref() == Some(&feature.name))
    }

    /// The aliases in a group, each with its operation and the operation's group, which may be another one.
    pub fn aliases_in<'a>(&'a self, group: &'a Group) -> impl Iterator<Item = (&'a Group, &'a Operation, &'a Alias)> {
        let operations = self.groups.iter().flat_map(|other| other.operations.iter().map(move |of| (other, of)));
        operations.flat_map(move |(other, operation)| {
            let aliases = operation.aliases.iter().filter(move |alias| alias.group == group.name);
            aliases.map(move |alias| (other, operation, alias))
        })
    }
}

/// An operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The group and the method: `contacts.update`.
    pub id: String,
    /// From the description; empty where there is none.
    pub operation_id: String,
    /// The group's name.
    pub group: String,
    /// The handle's method.
    pub method: RustName,
    /// Its aliases: other names that it can be called by.
    pub aliases: Vec<Alias>,
    /// The type of the operation, in the module of its group.
    pub type_name: RustName,
    /// The HTTP method in upper case.
    pub http_method: String,
    /// The first tag, which is part of the address of its page in the public reference; `None` where it has no tag or no page.
    pub tag: Option<String>,
    /// The template, as in the description.
    pub path: String,
    /// Its JSON pointer in the description.
    pub pointer: String,
    /// Path parameters first, in the order of the template; then the others: the operation's own, then those of the path item.
    pub params: Vec<Param>,
    /// The names that an overlay gives to the first arguments of the method. The others are named by
    /// [`arguments`](Self::arguments).
    pub argument_names: Vec<RustName>,
    /// If three or more of the arguments in a row are ids: the name of the struct that takes those after the first (see [`ids_in_struct`]).
    /// It is in the group's module.
    pub ids_type: Option<RustName>,
    /// The request body.
    pub body: Option<Body>,
    /// The body of a successful response.
    pub success: Success,
    /// The value of the `Accept` header.
    pub accept: String,
    /// All declared responses, in the order of the description, except that `default` is the last.
    pub responses: Vec<Response>,
    /// Its pagination, if it has one.
    pub paging: Option<Paging>,
    /// Methods for common uses of it.
    pub shorthands: Vec<Shorthand>,
    /// The job that it starts, or whose state it returns.
    pub job: Option<Job>,
    /// How a mock server imitates it. Only the catalog shows it, so the type is the catalog's.
    pub resource: Option<intercom_catalog::Resource>,
    /// The fields that its search accepts.
    pub search: Vec<SearchField>,
    /// The module with a function for each field in `search`. It has no meaning if there are none.
    pub search_module: RustName,
    /// Whether sending it twice has the same effect as sending it once. GET, PUT, DELETE, HEAD and OPTIONS are idempotent, and operations
    /// that an overlay marks as safe (`x-sdk-safe`) because they only read. An operation with scroll pagination is not, whatever its
    /// method and `x-sdk-safe`.
    pub idempotent: bool,
    /// Whether it deletes something permanently.
    pub deletes: bool,
    /// Whether it changes or deletes what exists; other operations only read or add something.
    pub destructive: bool,
    /// The value of the version header, where the description allows only one for the operation; `None` where the API's version is sent.
    pub version: Option<String>,
    /// From `security`; `None` where the requirement of the API applies.
    pub security: Option<Vec<SecurityRequirement>>,
    /// From `deprecated`.
    pub deprecated: bool,
    /// From the operation.
    pub doc: Doc,
}

/// Another name of an operation: a method that calls the operation's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    /// The name of the group that has the method: the operation's group or another one.
    pub group: String,
    /// The method of the group's handle.
    pub method: RustName,
    /// The name of an alias of the operation's type, in the module of `group`.
    pub type_name: RustName,
}

impl Alias {
    /// The group and the method: `contacts.update`.
    pub fn id(&self) -> String {
        format!("{}.{}", self.group, self.method.bare())
    }
}

impl Operation {
    /// The declared JSON bodies of successes, each with its status.
    pub fn successes(&self) -> impl Iterator<Item = (&str, &Ty)> {
        self.responses.iter().filter(|response| response.succeeds).filter_map(Response::json)
    }

    /// The declared JSON bodies of other responses, each with its status.
    pub fn errors(&self) -> impl Iterator<Item = (&str, &Ty)> {
        self.responses.iter().filter(|response| !response.succeeds).filter_map(Response::json)
    }

    /// The key by which the operation is found in other versions: see [`operation_key`].
    pub fn key(&self) -> String {
        operation_key(&self.http_method, &self.path)
    }
}

/// Method and path without the names of the path parameters, which differ between versions: `GET /tags/{}`.
pub fn operation_key(method: &str, path: &str) -> String {
    let mut parts = path.split('{');
    let mut key = format!("{} {}", method.to_uppercase(), parts.next().unwrap_or_default());
    for part in parts {
        key.push('{');
        key.push_str(&part[part.find('}').unwrap_or(part.len())..]);
    }
    key
}

/// The job that an operation starts, or whose state it returns, from `x-sdk-job`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// The type of the operation that returns the state of the job, in the same module.
    pub poll: RustName,
    /// If the operation starts a job: the key of the job's id in its response, and the placeholder for the id in the path of
    /// `poll`.
    pub starts: Option<(WireName, WireName)>,
    /// The key of the job's state in the response of `poll`.
    pub state: WireName,
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Param {
    /// As in the description.
    pub wire: WireName,
    /// The name of the argument or setter.
    pub ident: RustName,
    /// Where and how it is sent.
    pub location: Location,
    /// Its type.
    pub ty: Ty,
    /// Whether the operation requires it, as it does every parameter in the path.
    pub required: bool,
    /// For a header: the only value that the description allows; it is sent automatically.
    pub constant: Option<String>,
    /// From `deprecated`.
    pub deprecated: bool,
    /// From the parameter.
    pub doc: Doc,
    /// From the parameter's schema, where it is inline.
    pub metadata: SchemaMetadata,
    /// From the parameter.
    pub examples: Vec<Example>,
}

/// Where and how a parameter is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Location {
    /// In the path, instead of a placeholder.
    Path,
    /// In the query as `name=value`.
    Query,
    /// In the query as a comma-separated list: `name=a,b`.
    QueryCommaList,
    /// In the query, once for each item: `name=a&name=b`.
    QueryRepeated,
    /// An object in the query, with a parameter for each key.
    QueryExploded,
    /// A header.
    Header,
}

/// A request body.
#[derive(Clone, Debug)]
pub struct Body {
    /// As in the description: `application/json`, …
    pub media_type: String,
    /// Whether the description requires it.
    pub required: bool,
    /// The type of a JSON body, or the parts of a form.
    pub content: Content,
    /// From the media type.
    pub examples: Vec<Example>,
    /// From the body.
    pub doc: Doc,
}

impl Body {
    /// The type of a JSON body.
    pub fn json(&self) -> Option<&Ty> {
        match &self.content {
            Content::Json(ty) => Some(ty),
            Content::Multipart(_) => None,
        }
    }

    /// The parts of a form.
    pub fn parts(&self) -> &[Field] {
        match &self.content {
            Content::Multipart(parts) => parts,
            Content::Json(_) => &[],
        }
    }
}

/// The content of a request body.
#[derive(Clone, Debug)]
pub enum Content {
    /// JSON.
    Json(Ty),
    /// A multipart form: its parts.
    Multipart(Vec<Field>),
}

/// The body of a success.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Success {
    /// JSON.
    Json(Ty),
    /// Text.
    Text,
    /// No body is declared.
    Empty,
    /// A file, as a stream of bytes.
    Download,
}

/// A declared response.
#[derive(Clone, Debug)]
pub struct Response {
    /// A code such as `200`, a range such as `4XX`, or `default`.
    pub status: String,
    /// Whether the status is that of a success.
    pub succeeds: bool,
    /// As in the description; `None` where no body is declared.
    pub media_type: Option<String>,
    /// The type of a JSON body; `None` where there is no body, or another kind of body.
    pub ty: Option<Ty>,
    /// Whether a JSON body may be null.
    pub nullable: bool,
    /// From the media type.
    pub examples: Vec<Example>,
    /// From the response.
    pub doc: Doc,
}

impl Response {
    /// The status and the type of a JSON body.
    pub fn json(&self) -> Option<(&str, &Ty)> {
        Some((&self.status, self.ty.as_ref()?))
    }
}

/// The pagination of an operation: what the runtime's `Paging` has, and the type of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paging {
    /// `cursor`, `page` or `scroll`.
    pub style: String,
    /// Whether the position and the page size go into the body instead of the query.
    pub in_body: bool,
    /// The parameter, or the dotted path in the body, of the position: a cursor, a page number or the id of a scroll.
    pub position: String,
    /// The parameter, or the dotted path in the body, of the page size.
    pub per_page: Option<String>,
    /// The largest page size.
    pub max_per_page: Option<u32>,
    /// Dotted paths to the items, tried in order.
    pub items: Vec<String>,
    /// Dotted path to the next position; empty where responses have none.
    pub next: String,
    /// Dotted path to the number of the last page.
    pub last: Option<String>,
    /// Dotted path to a flag that says whether there are more pages.
    pub more: Option<String>,
    /// Dotted path to the total count.
    pub total: Option<String>,
    /// The type of an item.
    pub item: Ty,
}

/// A field that a search accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchField {
    /// Its name in a query.
    pub wire: WireName,
    /// The name of its function.
    pub ident: RustName,
    /// `string`, `integer`, `boolean`, `date` or `any`.
    pub kind: String,
    /// The operators, if it accepts fewer than its type; otherwise empty.
    pub operators: Vec<String>,
}
