//! The API as the emitters see it: types and operations with both their names, and nothing of OpenAPI left.

mod arguments;
mod constructors;
mod metadata;
mod platform;
mod shorthand;
mod types;

pub use arguments::{Given, ids_in_a_row};
pub use constructors::{Alternative, Constructor};
pub use metadata::{Doc, Example, Limits, SchemaMetadata, SecurityKind, SecurityRequirement, SecurityScheme, Server};
pub use platform::{PlatformFeature, Reexports, Topic};
pub use shorthand::Shorthand;
pub use types::{Field, Member, Presence, Struct, Ty, TypeDef, TypeId, TypeKind, TypeTable, Union, Usage, Variant};

/// A name as it stands in JSON, a path or a query.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WireName(pub String);

/// A name in the emitted code: a type, a field, a method. Raw identifiers keep their `r#`.
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
    /// From `security`: any one of these is enough for an operation that says nothing else.
    pub security: Vec<SecurityRequirement>,
    /// The types.
    pub types: TypeTable,
    /// Sorted by name.
    pub groups: Vec<Group>,
    /// The parts of the platform beside the REST API.
    pub platform_features: Vec<PlatformFeature>,
}

/// The operations of one handle.
#[derive(Clone, Debug)]
pub struct Group {
    /// In snake case: the cargo feature and the file's name.
    pub name: String,
    /// The client's method and the module.
    pub ident: RustName,
    /// The type with a method for each operation.
    pub handle: RustName,
    /// What it is for.
    pub doc: Option<String>,
    /// Sorted by method name. Empty where the group only has other names for the operations of another one.
    pub operations: Vec<Operation>,
}

impl Api {
    /// The other names that a group has for operations: of its own, or of other groups.
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
    /// `group.method`
    pub id: String,
    /// From the description; empty where there is none.
    pub operation_id: String,
    /// The group's name.
    pub group: String,
    /// The handle's method.
    pub method: RustName,
    /// The other names that it can be called by.
    pub aliases: Vec<Alias>,
    /// The type that stands for the operation, in the module of its group.
    pub type_name: RustName,
    /// Upper case.
    pub http: String,
    /// The first tag, which its public reference page is filed under; `None` where there is no page to link to.
    pub tag: Option<String>,
    /// The template, as in the description.
    pub path: String,
    /// Where it stands in the description.
    pub pointer: String,
    /// In the order of the description; path parameters in the order of the template.
    pub params: Vec<Param>,
    /// What an overlay calls the first arguments of the method; those that follow have the names of what they give.
    pub argument_names: Vec<RustName>,
    /// The struct that takes the ids after the first, where [`ids_in_a_row`] finds some; in the module of the group.
    pub ids_type: Option<RustName>,
    /// What is sent.
    pub body: Option<Body>,
    /// What comes back.
    pub success: Success,
    /// The media type to ask for.
    pub accept: String,
    /// All declared responses: successes and errors, in the order of the description.
    pub responses: Vec<Response>,
    /// How it pages.
    pub paging: Option<Paging>,
    /// Methods that send it with a part of the body filled in.
    pub shorthands: Vec<Shorthand>,
    /// The job that it starts or tells about, if it does.
    pub job: Option<Job>,
    /// What it does to the data of a workspace. Only the catalog needs it, so the type is the catalog's.
    pub resource: Option<intercom_catalog::Resource>,
    /// Which fields its search takes.
    pub search: Vec<SearchField>,
    /// The module for those.
    pub search_module: RustName,
    /// Whether sending it twice does no more than sending it once.
    pub idempotent: bool,
    /// Whether what it removes is gone for good.
    pub deletes: bool,
    /// Whether it changes or removes what exists, where others only add something.
    pub destructive: bool,
    /// The version that it asks for, where its version header may have one value only; else that of the API holds.
    pub version: Option<String>,
    /// From `security`: `None` where what the API says holds.
    pub security: Option<Vec<SecurityRequirement>>,
    /// From `deprecated`.
    pub deprecated: bool,
    /// From the operation.
    pub doc: Doc,
}

/// Another name of an operation: a method that calls the operation's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    /// The name of the group that has the method; that of the operation or another one.
    pub group: String,
    /// The method of the group's handle.
    pub method: RustName,
    /// The type that stands for the operation under this name, in the module of the group.
    pub type_name: RustName,
}

impl Alias {
    /// `group.method`
    pub fn id(&self) -> String {
        format!("{}.{}", self.group, self.method.bare())
    }
}

impl Operation {
    /// The declared JSON bodies of successes by status.
    pub fn successes(&self) -> impl Iterator<Item = (&str, &Ty)> {
        self.responses.iter().filter(|response| response.succeeds).filter_map(Response::json)
    }

    /// The declared JSON bodies of errors by status.
    pub fn errors(&self) -> impl Iterator<Item = (&str, &Ty)> {
        self.responses.iter().filter(|response| !response.succeeds).filter_map(Response::json)
    }

    /// The key that identifies the operation in all versions: see [`operation_key`].
    pub fn key(&self) -> String {
        operation_key(&self.http, &self.path)
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

/// The job that an operation starts or tells about, from `x-sdk-job`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// The type of the operation that tells how the job stands, in the same module.
    pub poll: RustName,
    /// Of an operation that starts a job: the key of the job's id in its answer, and the placeholder for the id in the
    /// path of `poll`.
    pub starts: Option<(WireName, WireName)>,
    /// The key of the job's state in the answer of `poll`.
    pub state: WireName,
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Param {
    /// As in the description.
    pub wire: WireName,
    /// The argument or setter.
    pub ident: RustName,
    /// Where it goes.
    pub location: Location,
    /// Its type.
    pub ty: Ty,
    /// Whether the operation requires it.
    pub required: bool,
    /// The only value that the description allows; it is sent without asking.
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

/// Where a parameter goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Location {
    /// A segment of the path.
    Path,
    /// `name=value`
    Query,
    /// `name=a,b`
    QueryCommaList,
    /// `name=a&name=b`
    QueryRepeated,
    /// An object whose keys are parameters of their own.
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
    /// What is sent.
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

/// What a request sends.
#[derive(Clone, Debug)]
pub enum Content {
    /// JSON.
    Json(Ty),
    /// A form with files: its parts.
    Multipart(Vec<Field>),
}

/// The body of a success.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Success {
    /// JSON.
    Json(Ty),
    /// Text.
    Text,
    /// Nothing, or nothing that is declared.
    Empty,
    /// Bytes, as a stream.
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
    /// The type of a JSON body; `None` where the body is something else.
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

/// How an operation pages; the same metadata as the runtime's table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paging {
    /// `cursor`, `page` or `scroll`.
    pub style: String,
    /// Whether the cursor goes into the body instead of the query.
    pub in_body: bool,
    /// The name or dotted path that takes the cursor.
    pub cursor: String,
    /// The name or dotted path that takes the page size.
    pub per_page: Option<String>,
    /// The largest page size.
    pub max_per_page: Option<u32>,
    /// Dotted paths to the items, the first that is there counts.
    pub items: Vec<String>,
    /// Dotted path to the next cursor.
    pub next: String,
    /// Dotted path to the number of the last page.
    pub last: Option<String>,
    /// Dotted path to a flag that says whether there is more.
    pub more: Option<String>,
    /// Dotted path to the total count.
    pub total: Option<String>,
    /// The type of an item.
    pub item: Ty,
}

/// A field that a search takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchField {
    /// As it is sent.
    pub wire: WireName,
    /// The function that makes it.
    pub ident: RustName,
    /// `string`, `integer`, `boolean`, `date`, …
    pub kind: String,
    /// The operators that fit, where the overlay lists them.
    pub operators: Vec<String>,
}
