//! The API as the emitters see it: types and operations with both their names, and nothing of OpenAPI left.

use std::collections::BTreeSet;

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

/// What a doc comment is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Doc {
    /// Text of the description or of an overlay, as Markdown.
    pub prose: Option<String>,
    /// Facts, a sentence each, in the order in which they are shown.
    pub facts: Vec<String>,
}

/// A whole API.
#[derive(Clone, Debug)]
pub struct Api {
    /// The value of the version header, such as `2.15`.
    pub version: String,
    /// From `info.title`.
    pub title: String,
    /// In the order of the description; hoisted types follow the type they stand in.
    pub types: Vec<TypeDef>,
    /// Sorted by name.
    pub groups: Vec<Group>,
}

/// A type to emit.
#[derive(Clone, Debug)]
pub struct TypeDef {
    /// Its name.
    pub name: RustName,
    /// The key under `components.schemas`; `None` for an inline schema.
    pub wire: Option<WireName>,
    /// Where the schema stands in the description.
    pub pointer: String,
    /// The module that holds it: that of the named schema or of the operation's group.
    pub module: String,
    /// What it is.
    pub kind: TypeKind,
    /// From the schema.
    pub doc: Doc,
    /// Filled by `passes::usage`.
    pub usage: Usage,
}

/// Where a type occurs.
#[derive(Clone, Debug, Default)]
pub struct Usage {
    /// In a request body or a parameter.
    pub input: bool,
    /// In a response.
    pub output: bool,
    /// The groups whose operations reach it.
    pub groups: BTreeSet<String>,
}

/// The kinds of types.
#[derive(Clone, Debug)]
pub enum TypeKind {
    /// An object with declared keys.
    Struct(Struct),
    /// A string with known values.
    TextEnum(Vec<Variant>),
    /// `oneOf` or `anyOf`.
    Union(Vec<Member>),
    /// Another name for a type.
    Alias(Ty),
}

/// An object with declared keys.
#[derive(Clone, Debug, Default)]
pub struct Struct {
    /// In the order of the description.
    pub fields: Vec<Field>,
    /// From alternatives that differ in what they require: the names of the fields each one asks for.
    pub alternatives: Vec<Vec<WireName>>,
}

/// A key of an object.
#[derive(Clone, Debug)]
pub struct Field {
    /// The key.
    pub wire: WireName,
    /// The struct's field and its setter.
    pub ident: RustName,
    /// Without the `Option` that its presence asks for.
    pub ty: Ty,
    /// Filled by `passes::presence`.
    pub presence: Presence,
    /// From `required`.
    pub required: bool,
    /// From `nullable`.
    pub nullable: bool,
    /// From `x-sdk-required`: an overlay says that responses always have it.
    pub pinned: bool,
    /// The only value that the description allows.
    pub constant: Option<String>,
    /// `string` or `integer`, where the Rust type takes both: an id or a point in time.
    pub form: Option<String>,
    /// From `deprecated`.
    pub deprecated: bool,
    /// From the property.
    pub doc: Doc,
}

/// Whether a key is there and may be null.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Presence {
    /// Always there, never null.
    Required,
    /// May be left out.
    #[default]
    Optional,
    /// Always there, may be null.
    Nullable,
    /// May be left out, and may be null.
    OptionalNullable,
}

/// A value of a string enum.
#[derive(Clone, Debug)]
pub struct Variant {
    /// The text.
    pub wire: WireName,
    /// The variant.
    pub name: RustName,
}

/// An alternative of a union.
#[derive(Clone, Debug)]
pub struct Member {
    /// The variant.
    pub name: RustName,
    /// What it holds.
    pub ty: Ty,
}

/// A type in use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ty {
    /// `String`
    String,
    /// `bool`
    Bool,
    /// `i64`
    I64,
    /// `f64`
    F64,
    /// A string or integer that identifies something.
    Id,
    /// A point in time.
    Timestamp,
    /// Any JSON: the description sets no limits.
    Value,
    /// An object with free keys.
    Attributes,
    /// A file in a multipart form.
    Bytes,
    /// `Vec<T>`
    List(Box<Ty>),
    /// An object with free keys and values of one type.
    Map(Box<Ty>),
    /// `Option<T>` inside a list or map.
    Nullable(Box<Ty>),
    /// `Box<T>`, where a type contains itself.
    Boxed(Box<Ty>),
    /// A type of the API.
    Named(RustName),
}

impl Ty {
    /// The type of the API that it mentions, if any.
    pub fn named(&self) -> Option<&RustName> {
        match self {
            Self::Named(name) => Some(name),
            Self::List(inner) | Self::Map(inner) | Self::Nullable(inner) | Self::Boxed(inner) => inner.named(),
            _ => None,
        }
    }
}

/// The operations of one handle.
#[derive(Clone, Debug)]
pub struct Group {
    /// In snake case: the client's method, the module and the cargo feature.
    pub name: String,
    /// Sorted by method name.
    pub operations: Vec<Operation>,
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
    /// What is sent.
    pub body: Option<Body>,
    /// What comes back.
    pub success: Success,
    /// Declared JSON bodies of successes by status.
    pub successes: Vec<(String, Ty)>,
    /// Declared error bodies by status.
    pub errors: Vec<(String, Ty)>,
    /// How it pages.
    pub paging: Option<Paging>,
    /// Which fields its search takes.
    pub search: Vec<SearchField>,
    /// Whether sending it twice does no more than sending it once.
    pub idempotent: bool,
    /// From `deprecated`.
    pub deprecated: bool,
    /// From the operation.
    pub doc: Doc,
}

impl Operation {
    /// Method and path with the names of its parameters left out: what identifies it across versions.
    pub fn key(&self) -> String {
        let mut key = format!("{} ", self.http);
        let mut inside = false;
        for c in self.path.chars() {
            match c {
                '{' => {
                    inside = true;
                    key.push('{');
                }
                '}' => {
                    inside = false;
                    key.push('}');
                }
                c if !inside => key.push(c),
                _ => {}
            }
        }
        key
    }
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
    /// Whether a call without it makes sense.
    pub required: bool,
    /// The only value that the description allows; it is sent without asking.
    pub constant: Option<String>,
    /// From the parameter.
    pub doc: Doc,
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
pub enum Body {
    /// JSON.
    Json(Ty),
    /// A form with files: its parts.
    Multipart(Vec<Field>),
}

/// The body of a success.
#[derive(Clone, Debug)]
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

/// How an operation pages; the same facts as the runtime's table.
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
