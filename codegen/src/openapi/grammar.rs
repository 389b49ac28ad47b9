//! The grammar of OpenAPI 3.0 as data: the kinds of objects, the keys of each, and what each key holds.
//!
//! The meaning of a key depends on its place: `description` is prose in an operation, a property of a contact below
//! `properties`, and data in an example. The check and the import traverse a document by these tables.

use super::vocabulary;

/// The kinds of objects in a description.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Document,
    Info,
    Contact,
    License,
    Server,
    ServerVariable,
    Tag,
    ExternalDocs,
    PathItem,
    Operation,
    Callback,
    Parameter,
    Header,
    RequestBody,
    Response,
    Media,
    Encoding,
    Link,
    Example,
    Components,
    Schema,
    Discriminator,
    SecurityScheme,
    Flows,
    ImplicitFlow,
    TokenFlow,
    CodeFlow,
    /// `x-sdk-pagination`
    Paging,
    /// `x-sdk-job`
    Job,
    /// `x-sdk-shorthands`
    Shorthand,
    /// `x-sdk-resource`
    Resource,
    /// `with` of `x-sdk-resource`
    Related,
    /// `unique` of `x-sdk-resource`
    Unique,
    /// `defined` of `x-sdk-resource`
    Defined,
    /// `counted` of `x-sdk-resource`
    Counted,
    /// `also` of `x-sdk-resource`
    Also,
    /// `changes` of `x-sdk-resource`
    Changes,
    /// `cases` of `x-sdk-resource`
    Case,
    /// `x-sdk-search`
    Search,
    /// A field of `x-sdk-search`
    SearchField,
}

/// What a key holds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Holds {
    /// A name, a URL or another text that is a fact of the interface.
    Text,
    /// Prose for readers.
    Prose,
    /// A short name for readers.
    Title,
    /// `true` or `false`.
    Flag,
    /// A whole number that is not negative.
    Count,
    Number,
    /// A list of strings.
    Texts,
    /// A list of values.
    Values,
    /// One of these strings.
    Choice(&'static [&'static str]),
    /// A list of these strings.
    Choices(&'static [&'static str]),
    /// Any value that is a fact of the interface.
    Anything,
    /// A value that the API sends or accepts, such as an example.
    Example,
    /// A reference to a component of the same kind.
    Reference,
    /// A list of the names of security schemes, each with a list of scopes.
    Security,
    /// A map from names to strings.
    Pairs,
    /// A map from names of the API to prose.
    Scopes,
    One(Kind),
    OneOrFlag(Kind),
    List(Kind),
    /// A map from names to objects.
    Map(Kind, Names),
}

/// What the names in a map are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Names {
    /// Names that belong to the API.
    Any,
    /// Names for readers.
    Titles,
    /// Paths, which begin with a slash; extensions are allowed among them.
    Paths,
    /// Status codes; extensions are allowed among them.
    Statuses,
    /// Runtime expressions for the URL of a callback; extensions are allowed among them.
    Expressions,
}

/// What the generator does with a key.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Support {
    /// Reads it, or ignores it because it does not affect what is sent and received.
    Read,
    /// Ignores it with a warning.
    LeftOut,
    /// Rejects the description, with this hint.
    Refused(&'static str),
}

/// A key of an object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) holds: Holds,
    pub(crate) required: bool,
    pub(crate) support: Support,
}

/// An optional key.
pub(super) const fn may(name: &'static str, holds: Holds) -> Field {
    Field { name, holds, required: false, support: Support::Read }
}

/// A required key.
pub(super) const fn must(name: &'static str, holds: Holds) -> Field {
    Field { name, holds, required: true, support: Support::Read }
}

const fn left_out(name: &'static str, holds: Holds) -> Field {
    Field { name, holds, required: false, support: Support::LeftOut }
}

const fn refused(name: &'static str, holds: Holds, hint: &'static str) -> Field {
    Field { name, holds, required: false, support: Support::Refused(hint) }
}

impl Kind {
    /// The keys of an object of this kind, without those of the vocabulary.
    pub(crate) const fn fields(self) -> &'static [Field] {
        match self {
            Self::Document => DOCUMENT,
            Self::Info => INFO,
            Self::Contact => CONTACT,
            Self::License => LICENSE,
            Self::Server => SERVER,
            Self::ServerVariable => SERVER_VARIABLE,
            Self::Tag => TAG,
            Self::ExternalDocs => EXTERNAL_DOCS,
            Self::PathItem => PATH_ITEM,
            Self::Operation => OPERATION,
            // Its keys are expressions.
            Self::Callback => &[],
            Self::Parameter => PARAMETER,
            Self::Header => HEADER,
            Self::RequestBody => REQUEST_BODY,
            Self::Response => RESPONSE,
            Self::Media => MEDIA,
            Self::Encoding => ENCODING,
            Self::Link => LINK,
            Self::Example => EXAMPLE,
            Self::Components => COMPONENTS,
            Self::Schema => SCHEMA,
            Self::Discriminator => DISCRIMINATOR,
            Self::SecurityScheme => SECURITY_SCHEME,
            Self::Flows => FLOWS,
            Self::ImplicitFlow => IMPLICIT_FLOW,
            Self::TokenFlow => TOKEN_FLOW,
            Self::CodeFlow => CODE_FLOW,
            Self::Paging => vocabulary::PAGING,
            Self::Job => vocabulary::JOB,
            Self::Shorthand => vocabulary::SHORTHAND,
            Self::Resource => vocabulary::RESOURCE,
            Self::Related => vocabulary::RELATED,
            Self::Unique => vocabulary::UNIQUE,
            Self::Defined => vocabulary::DEFINED,
            Self::Counted => vocabulary::COUNTED,
            Self::Also => vocabulary::ALSO,
            Self::Changes => vocabulary::CHANGES,
            Self::Case => vocabulary::CASE,
            Self::Search => vocabulary::SEARCH,
            Self::SearchField => vocabulary::SEARCH_FIELD,
        }
    }

    /// The key of an object of this kind, also one of the vocabulary.
    pub(crate) fn field(self, name: &str) -> Option<&'static Field> {
        let mut fields = self.fields().iter();
        fields.find(|field| field.name == name).or_else(|| vocabulary::field(self, name))
    }

    /// The section of the components that holds objects of this kind.
    pub(crate) const fn section(self) -> Option<&'static str> {
        Some(match self {
            Self::Schema => "schemas",
            Self::Response => "responses",
            Self::Parameter => "parameters",
            Self::Example => "examples",
            Self::RequestBody => "requestBodies",
            Self::Header => "headers",
            Self::SecurityScheme => "securitySchemes",
            Self::Link => "links",
            Self::Callback => "callbacks",
            _ => return None,
        })
    }

    /// The kind as error messages name it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Document => "an OpenAPI document",
            Self::Info => "the info of a document",
            Self::Contact => "a contact",
            Self::License => "a license",
            Self::Server => "a server",
            Self::ServerVariable => "a variable of a server",
            Self::Tag => "a tag",
            Self::ExternalDocs => "external documentation",
            Self::PathItem => "a path item",
            Self::Operation => "an operation",
            Self::Callback => "a callback",
            Self::Parameter => "a parameter",
            Self::Header => "a header",
            Self::RequestBody => "a request body",
            Self::Response => "a response",
            Self::Media => "a media type",
            Self::Encoding => "an encoding",
            Self::Link => "a link",
            Self::Example => "an example",
            Self::Components => "the components",
            Self::Schema => "a schema",
            Self::Discriminator => "a discriminator",
            Self::SecurityScheme => "a security scheme",
            Self::Flows => "the flows of a security scheme",
            Self::ImplicitFlow | Self::TokenFlow | Self::CodeFlow => "an OAuth flow",
            Self::Paging => "`x-sdk-pagination`",
            Self::Job => "`x-sdk-job`",
            Self::Shorthand => "a shorthand of `x-sdk-shorthands`",
            Self::Resource => "`x-sdk-resource`",
            Self::Related => "the other item of `x-sdk-resource`",
            Self::Unique => "a unique place of `x-sdk-resource`",
            Self::Defined => "the custom attributes of `x-sdk-resource`",
            Self::Counted => "the count of `x-sdk-resource`",
            Self::Also => "an operation in `also` of `x-sdk-resource`",
            Self::Changes => "the changes of `x-sdk-resource`",
            Self::Case => "a case of `x-sdk-resource`",
            Self::Search => "`x-sdk-search`",
            Self::SearchField => "a field of `x-sdk-search`",
        }
    }
}

use Holds::{
    Anything, Choice, Count, Example, Flag, List, Map, Number, One, OneOrFlag, Pairs, Prose, Reference, Scopes,
    Security, Text, Texts, Title, Values,
};

const DOCUMENT: &[Field] = &[
    must("openapi", Text),
    must("info", One(Kind::Info)),
    may("servers", List(Kind::Server)),
    must("paths", Map(Kind::PathItem, Names::Paths)),
    may("components", One(Kind::Components)),
    may("security", Security),
    may("tags", List(Kind::Tag)),
    may("externalDocs", One(Kind::ExternalDocs)),
];

const INFO: &[Field] = &[
    must("title", Title),
    must("version", Text),
    may("description", Prose),
    may("termsOfService", Text),
    may("contact", One(Kind::Contact)),
    may("license", One(Kind::License)),
];

const CONTACT: &[Field] = &[may("name", Text), may("url", Text), may("email", Text)];
const LICENSE: &[Field] = &[must("name", Text), may("url", Text)];
const SERVER: &[Field] =
    &[must("url", Text), may("description", Prose), may("variables", Map(Kind::ServerVariable, Names::Any))];
const SERVER_VARIABLE: &[Field] = &[may("enum", Texts), must("default", Text), may("description", Prose)];
const TAG: &[Field] = &[must("name", Text), may("description", Prose), may("externalDocs", One(Kind::ExternalDocs))];
const EXTERNAL_DOCS: &[Field] = &[must("url", Text), may("description", Prose)];

const PATH_ITEM: &[Field] = &[
    refused("$ref", Text, "write the path item in place"),
    may("summary", Prose),
    may("description", Prose),
    may("get", One(Kind::Operation)),
    may("put", One(Kind::Operation)),
    may("post", One(Kind::Operation)),
    may("delete", One(Kind::Operation)),
    may("options", One(Kind::Operation)),
    may("head", One(Kind::Operation)),
    may("patch", One(Kind::Operation)),
    may("trace", One(Kind::Operation)),
    may("servers", List(Kind::Server)),
    may("parameters", List(Kind::Parameter)),
];

const OPERATION: &[Field] = &[
    may("tags", Texts),
    may("summary", Prose),
    may("description", Prose),
    may("externalDocs", One(Kind::ExternalDocs)),
    may("operationId", Text),
    may("parameters", List(Kind::Parameter)),
    may("requestBody", One(Kind::RequestBody)),
    must("responses", Map(Kind::Response, Names::Statuses)),
    left_out("callbacks", Map(Kind::Callback, Names::Any)),
    may("deprecated", Flag),
    may("security", Security),
    may("servers", List(Kind::Server)),
];

const PARAMETER: &[Field] = &[
    may("$ref", Reference),
    must("name", Text),
    must("in", Choice(&["query", "path", "header", "cookie"])),
    may("description", Prose),
    may("required", Flag),
    may("deprecated", Flag),
    may("allowEmptyValue", Flag),
    may("style", Choice(&["form", "simple", "label", "matrix", "spaceDelimited", "pipeDelimited", "deepObject"])),
    may("explode", Flag),
    may("allowReserved", Flag),
    may("schema", One(Kind::Schema)),
    may("content", Map(Kind::Media, Names::Any)),
    may("example", Example),
    may("examples", Map(Kind::Example, Names::Titles)),
];

const HEADER: &[Field] = &[
    may("$ref", Reference),
    may("description", Prose),
    may("required", Flag),
    may("deprecated", Flag),
    may("allowEmptyValue", Flag),
    may("style", Choice(&["simple"])),
    may("explode", Flag),
    may("allowReserved", Flag),
    may("schema", One(Kind::Schema)),
    may("content", Map(Kind::Media, Names::Any)),
    may("example", Example),
    may("examples", Map(Kind::Example, Names::Titles)),
];

const REQUEST_BODY: &[Field] = &[
    may("$ref", Reference),
    may("description", Prose),
    must("content", Map(Kind::Media, Names::Any)),
    may("required", Flag),
];

const RESPONSE: &[Field] = &[
    may("$ref", Reference),
    must("description", Prose),
    may("headers", Map(Kind::Header, Names::Any)),
    may("content", Map(Kind::Media, Names::Any)),
    left_out("links", Map(Kind::Link, Names::Any)),
];

const MEDIA: &[Field] = &[
    may("schema", One(Kind::Schema)),
    may("example", Example),
    may("examples", Map(Kind::Example, Names::Titles)),
    may("encoding", Map(Kind::Encoding, Names::Any)),
];

const ENCODING: &[Field] = &[
    may("contentType", Text),
    may("headers", Map(Kind::Header, Names::Any)),
    may("style", Choice(&["form", "spaceDelimited", "pipeDelimited", "deepObject"])),
    may("explode", Flag),
    may("allowReserved", Flag),
];

const LINK: &[Field] = &[
    may("$ref", Reference),
    may("operationRef", Text),
    may("operationId", Text),
    may("parameters", Anything),
    may("requestBody", Anything),
    may("description", Prose),
    may("server", One(Kind::Server)),
];

const EXAMPLE: &[Field] = &[
    may("$ref", Reference),
    may("summary", Prose),
    may("description", Prose),
    may("value", Example),
    may("externalValue", Text),
];

const COMPONENTS: &[Field] = &[
    may("schemas", Map(Kind::Schema, Names::Any)),
    may("responses", Map(Kind::Response, Names::Any)),
    may("parameters", Map(Kind::Parameter, Names::Any)),
    may("examples", Map(Kind::Example, Names::Any)),
    may("requestBodies", Map(Kind::RequestBody, Names::Any)),
    may("headers", Map(Kind::Header, Names::Any)),
    may("securitySchemes", Map(Kind::SecurityScheme, Names::Any)),
    left_out("links", Map(Kind::Link, Names::Any)),
    left_out("callbacks", Map(Kind::Callback, Names::Any)),
];

const SCHEMA: &[Field] = &[
    may("$ref", Reference),
    may("title", Title),
    may("type", Choice(&["string", "integer", "number", "boolean", "object", "array"])),
    may("format", Text),
    may("description", Prose),
    may("enum", Values),
    may("properties", Map(Kind::Schema, Names::Any)),
    may("required", Texts),
    may("additionalProperties", OneOrFlag(Kind::Schema)),
    may("items", One(Kind::Schema)),
    may("allOf", List(Kind::Schema)),
    may("oneOf", List(Kind::Schema)),
    may("anyOf", List(Kind::Schema)),
    refused("not", One(Kind::Schema), "remove it with an overlay: no type says what a value must not be"),
    may("nullable", Flag),
    may("default", Example),
    may("example", Example),
    may("deprecated", Flag),
    may("readOnly", Flag),
    may("writeOnly", Flag),
    may("discriminator", One(Kind::Discriminator)),
    may("minimum", Number),
    may("maximum", Number),
    may("exclusiveMinimum", Flag),
    may("exclusiveMaximum", Flag),
    may("multipleOf", Number),
    may("minLength", Count),
    may("maxLength", Count),
    may("pattern", Text),
    may("minItems", Count),
    may("maxItems", Count),
    may("uniqueItems", Flag),
    may("minProperties", Count),
    may("maxProperties", Count),
    may("xml", Anything),
    may("externalDocs", One(Kind::ExternalDocs)),
];

const DISCRIMINATOR: &[Field] = &[must("propertyName", Text), may("mapping", Pairs)];

const SECURITY_SCHEME: &[Field] = &[
    may("$ref", Reference),
    must("type", Choice(&["apiKey", "http", "oauth2", "openIdConnect"])),
    may("description", Prose),
    may("name", Text),
    may("in", Choice(&["query", "header", "cookie"])),
    may("scheme", Text),
    may("bearerFormat", Text),
    may("flows", One(Kind::Flows)),
    may("openIdConnectUrl", Text),
];

const FLOWS: &[Field] = &[
    may("implicit", One(Kind::ImplicitFlow)),
    may("password", One(Kind::TokenFlow)),
    may("clientCredentials", One(Kind::TokenFlow)),
    may("authorizationCode", One(Kind::CodeFlow)),
];

const IMPLICIT_FLOW: &[Field] =
    &[must("authorizationUrl", Text), may("tokenUrl", Text), may("refreshUrl", Text), must("scopes", Scopes)];
const TOKEN_FLOW: &[Field] =
    &[may("authorizationUrl", Text), must("tokenUrl", Text), may("refreshUrl", Text), must("scopes", Scopes)];
const CODE_FLOW: &[Field] =
    &[must("authorizationUrl", Text), must("tokenUrl", Text), may("refreshUrl", Text), must("scopes", Scopes)];
