//! The keys of each kind of object of OpenAPI 3.0.

use super::Holds::{
    Anything, Choice, Count, Flag, Json, List, Map, Number, One, OneOrFlag, Pairs, Prose, Reference, Scopes, Security,
    Text, Texts, Title, Values,
};
use super::{Field, Kind, Names, left_out, may, must, refused};

pub(super) const DOCUMENT: &[Field] = &[
    must("openapi", Text),
    must("info", One(Kind::Info)),
    may("servers", List(Kind::Server)),
    must("paths", Map(Kind::PathItem, Names::Paths)),
    may("components", One(Kind::Components)),
    may("security", Security),
    may("tags", List(Kind::Tag)),
    may("externalDocs", One(Kind::ExternalDocs)),
];

pub(super) const INFO: &[Field] = &[
    must("title", Title),
    must("version", Text),
    may("description", Prose),
    may("termsOfService", Text),
    may("contact", One(Kind::Contact)),
    may("license", One(Kind::License)),
];

pub(super) const CONTACT: &[Field] = &[may("name", Text), may("url", Text), may("email", Text)];
pub(super) const LICENSE: &[Field] = &[must("name", Text), may("url", Text)];
pub(super) const SERVER: &[Field] =
    &[must("url", Text), may("description", Prose), may("variables", Map(Kind::ServerVariable, Names::Any))];
pub(super) const SERVER_VARIABLE: &[Field] = &[may("enum", Texts), must("default", Text), may("description", Prose)];
pub(super) const TAG: &[Field] =
    &[must("name", Text), may("description", Prose), may("externalDocs", One(Kind::ExternalDocs))];
pub(super) const EXTERNAL_DOCS: &[Field] = &[must("url", Text), may("description", Prose)];

pub(super) const PATH_ITEM: &[Field] = &[
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

pub(super) const OPERATION: &[Field] = &[
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

pub(super) const PARAMETER: &[Field] = &[
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
    may("example", Json),
    may("examples", Map(Kind::Example, Names::Titles)),
];

pub(super) const HEADER: &[Field] = &[
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
    may("example", Json),
    may("examples", Map(Kind::Example, Names::Titles)),
];

pub(super) const REQUEST_BODY: &[Field] = &[
    may("$ref", Reference),
    may("description", Prose),
    must("content", Map(Kind::Media, Names::Any)),
    may("required", Flag),
];

pub(super) const RESPONSE: &[Field] = &[
    may("$ref", Reference),
    must("description", Prose),
    may("headers", Map(Kind::Header, Names::Any)),
    may("content", Map(Kind::Media, Names::Any)),
    left_out("links", Map(Kind::Link, Names::Any)),
];

pub(super) const MEDIA: &[Field] = &[
    may("schema", One(Kind::Schema)),
    may("example", Json),
    may("examples", Map(Kind::Example, Names::Titles)),
    may("encoding", Map(Kind::Encoding, Names::Any)),
];

pub(super) const ENCODING: &[Field] = &[
    may("contentType", Text),
    may("headers", Map(Kind::Header, Names::Any)),
    may("style", Choice(&["form", "spaceDelimited", "pipeDelimited", "deepObject"])),
    may("explode", Flag),
    may("allowReserved", Flag),
];

pub(super) const LINK: &[Field] = &[
    may("$ref", Reference),
    may("operationRef", Text),
    may("operationId", Text),
    may("parameters", Anything),
    may("requestBody", Anything),
    may("description", Prose),
    may("server", One(Kind::Server)),
];

pub(super) const EXAMPLE: &[Field] = &[
    may("$ref", Reference),
    may("summary", Prose),
    may("description", Prose),
    may("value", Json),
    may("externalValue", Text),
];

pub(super) const COMPONENTS: &[Field] = &[
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

pub(super) const SCHEMA: &[Field] = &[
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
    may("default", Json),
    may("example", Json),
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

pub(super) const DISCRIMINATOR: &[Field] = &[must("propertyName", Text), may("mapping", Pairs)];

pub(super) const SECURITY_SCHEME: &[Field] = &[
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

pub(super) const FLOWS: &[Field] = &[
    may("implicit", One(Kind::ImplicitFlow)),
    may("password", One(Kind::TokenFlow)),
    may("clientCredentials", One(Kind::TokenFlow)),
    may("authorizationCode", One(Kind::CodeFlow)),
];

pub(super) const IMPLICIT_FLOW: &[Field] =
    &[must("authorizationUrl", Text), may("tokenUrl", Text), may("refreshUrl", Text), must("scopes", Scopes)];
pub(super) const TOKEN_FLOW: &[Field] =
    &[may("authorizationUrl", Text), must("tokenUrl", Text), may("refreshUrl", Text), must("scopes", Scopes)];
pub(super) const CODE_FLOW: &[Field] =
    &[must("authorizationUrl", Text), must("tokenUrl", Text), may("refreshUrl", Text), must("scopes", Scopes)];
