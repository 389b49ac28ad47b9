//! The fields of OpenAPI 3.0.1, and what an import does with each.
//!
//! A table, because only the place of a key says what it is: `description` is prose in an operation, a property of a
//! contact in `properties`, and data in an example.

/// The kinds of objects in a description.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
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
    Flow,
}

/// What happens to the value of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// A fact: stays as it is.
    Keep,
    /// Prose: goes.
    Drop,
    /// A name made of words: stays, shortened.
    Title,
    /// The required description of a response: becomes the reason phrase of its status.
    Reason,
    /// A value of the kind that the API sends or takes: stays, its text redacted.
    Value,
    /// Names that belong to the API, each with a text about it: the names stay.
    Names,
    /// An object.
    One(Kind),
    /// An object, or a plain value that stays: `additionalProperties`.
    OneOrPlain(Kind),
    /// A list of objects.
    List(Kind),
    /// Objects under names that belong to the API.
    Map(Kind),
    /// Objects under names that are text: examples.
    Titled(Kind),
}

/// What the field is, or nothing where OpenAPI 3.0 has no such field.
pub(super) fn rule(kind: Kind, field: &str) -> Option<Rule> {
    use Kind as K;
    use Rule::{Drop, Keep, List, Map, Names, One, OneOrPlain, Reason, Title, Titled, Value};

    if kind == K::Callback {
        return Some(One(K::PathItem));
    }
    Some(match (kind, field) {
        // Before all others: a reference may stand in the place of most objects, and a response must be described.
        (_, "$ref") => Keep,
        (K::Response, "description") => Reason,
        (_, "description" | "summary") => Drop,
        (_, "externalDocs") => One(K::ExternalDocs),

        (K::Document, "openapi" | "security") => Keep,
        (K::Document, "info") => One(K::Info),
        (K::Document | K::PathItem | K::Operation, "servers") => List(K::Server),
        (K::Document, "paths") => Map(K::PathItem),
        (K::Document, "components") => One(K::Components),
        (K::Document, "tags") => List(K::Tag),

        (K::Info, "title") => Title,
        (K::Info, "version" | "termsOfService") => Keep,
        (K::Info, "contact") => One(K::Contact),
        (K::Info, "license") => One(K::License),
        (K::Contact, "name" | "url" | "email") => Keep,
        (K::License, "name" | "url") => Keep,
        (K::Server, "url") => Keep,
        (K::Server, "variables") => Map(K::ServerVariable),
        (K::ServerVariable, "enum" | "default") => Keep,
        (K::Tag, "name") => Keep,
        (K::ExternalDocs, "url") => Keep,

        (K::PathItem, "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace") => One(K::Operation),
        (K::PathItem | K::Operation, "parameters") => List(K::Parameter),
        (K::Operation, "tags" | "operationId" | "deprecated" | "security") => Keep,
        (K::Operation, "requestBody") => One(K::RequestBody),
        (K::Operation, "responses") => Map(K::Response),
        (K::Operation, "callbacks") => Map(K::Callback),

        (K::Parameter, "name" | "in") => Keep,
        (K::Parameter | K::Header, "required" | "deprecated" | "allowEmptyValue") => Keep,
        (K::Parameter | K::Header | K::Encoding, "style" | "explode" | "allowReserved") => Keep,
        (K::Parameter | K::Header | K::Media, "schema") => One(K::Schema),
        (K::Parameter | K::Header | K::Media, "example") => Value,
        (K::Parameter | K::Header | K::Media, "examples") => Titled(K::Example),
        (K::Parameter | K::Header | K::RequestBody | K::Response, "content") => Map(K::Media),
        (K::RequestBody, "required") => Keep,
        (K::Response | K::Encoding, "headers") => Map(K::Header),
        (K::Response, "links") => Map(K::Link),
        (K::Media, "encoding") => Map(K::Encoding),
        (K::Encoding, "contentType") => Keep,
        (K::Link, "operationRef" | "operationId" | "parameters" | "requestBody") => Keep,
        (K::Link, "server") => One(K::Server),
        (K::Example, "value") => Value,
        (K::Example, "externalValue") => Keep,

        (K::Components, "schemas") => Map(K::Schema),
        (K::Components, "responses") => Map(K::Response),
        (K::Components, "parameters") => Map(K::Parameter),
        (K::Components, "examples") => Map(K::Example),
        (K::Components, "requestBodies") => Map(K::RequestBody),
        (K::Components, "headers") => Map(K::Header),
        (K::Components, "securitySchemes") => Map(K::SecurityScheme),
        (K::Components, "links") => Map(K::Link),
        (K::Components, "callbacks") => Map(K::Callback),

        (K::Schema, "title") => Title,
        (K::Schema, "type" | "format" | "enum" | "nullable" | "required") => Keep,
        (K::Schema, "readOnly" | "writeOnly" | "deprecated" | "xml") => Keep,
        (K::Schema, "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf") => Keep,
        (K::Schema, "minLength" | "maxLength" | "pattern") => Keep,
        (K::Schema, "minItems" | "maxItems" | "uniqueItems" | "minProperties" | "maxProperties") => Keep,
        (K::Schema, "allOf" | "oneOf" | "anyOf") => List(K::Schema),
        (K::Schema, "not" | "items") => One(K::Schema),
        (K::Schema, "additionalProperties") => OneOrPlain(K::Schema),
        (K::Schema, "properties") => Map(K::Schema),
        (K::Schema, "discriminator") => One(K::Discriminator),
        (K::Schema, "default" | "example") => Value,
        (K::Discriminator, "propertyName" | "mapping") => Keep,

        (K::SecurityScheme, "type" | "name" | "in" | "scheme" | "bearerFormat" | "openIdConnectUrl") => Keep,
        (K::SecurityScheme, "flows") => One(K::Flows),
        (K::Flows, "implicit" | "password" | "clientCredentials" | "authorizationCode") => One(K::Flow),
        (K::Flow, "authorizationUrl" | "tokenUrl" | "refreshUrl") => Keep,
        (K::Flow, "scopes") => Names,
        _ => return None,
    })
}
