//! The grammar of OpenAPI 3.0 as data: the kinds of objects, the keys of each kind, and the value of each key.
//!
//! The same key means different things in different places: `description` is prose in an operation, the name of a
//! property below `properties`, and data in an example. So the check, the normalisation and the import walk a document by
//! these tables. `tables.rs` has the keys that OpenAPI defines, and `vocabulary.rs` those that this project adds.

mod tables;

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
    /// A shorthand of `x-sdk-shorthands`
    Shorthand,
    /// `x-sdk-resource`
    Resource,
    /// `with` of `x-sdk-resource`
    Related,
    /// An item of `unique` of `x-sdk-resource`
    Unique,
    /// An item of `defined` of `x-sdk-resource`
    Defined,
    /// `counted` of `x-sdk-resource`
    Counted,
    /// An item of `also` of `x-sdk-resource`
    Also,
    /// `changes` of `x-sdk-resource` or of one of its `cases`
    Changes,
    /// An item of `cases` of `x-sdk-resource`
    Case,
    /// `x-sdk-search`
    Search,
    /// A field of `x-sdk-search`
    SearchField,
}

/// The kind of value that a key has.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Holds {
    /// A string, such as a name or a URL.
    Text,
    /// Documentation, which the import leaves out or replaces.
    Prose,
    /// A title for readers, of which the import keeps at most six words.
    Title,
    /// `true` or `false`.
    Flag,
    /// A whole number that is not negative.
    Count,
    /// Any number.
    Number,
    /// A list of strings.
    Texts,
    /// A list of values.
    Values,
    /// One of these strings.
    Choice(&'static [&'static str]),
    /// A list of these strings.
    Choices(&'static [&'static str]),
    /// Any value; the import keeps it.
    Anything,
    /// Any value, such as an example; the import replaces prose in it, except in the examples of header objects (a
    /// parameter `in: header` is not a header object).
    Json,
    /// A reference to a component of the same kind.
    Reference,
    /// A list of mappings from the names of security schemes to lists of scopes.
    Security,
    /// A map from names to strings.
    Pairs,
    /// A map from OAuth scopes to their documentation.
    Scopes,
    /// An object.
    One(Kind),
    /// An object, or `true` or `false`.
    OneOrFlag(Kind),
    /// A list of objects.
    List(Kind),
    /// A map from names to objects.
    Map(Kind, Names),
}

/// The kind of names that a map has as its keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Names {
    /// Any names; a key that begins with `x-` is a name, too.
    Any,
    /// Names for readers, such as those of examples.
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
    /// Accepts it; later steps may ignore it.
    Accepted,
    /// Ignores it with a warning.
    Ignored,
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
    Field { name, holds, required: false, support: Support::Accepted }
}

/// A required key.
pub(super) const fn must(name: &'static str, holds: Holds) -> Field {
    Field { name, holds, required: true, support: Support::Accepted }
}

/// A key that is ignored with a warning.
const fn left_out(name: &'static str, holds: Holds) -> Field {
    Field { name, holds, required: false, support: Support::Ignored }
}

/// A key that is an error.
const fn refused(name: &'static str, holds: Holds, hint: &'static str) -> Field {
    Field { name, holds, required: false, support: Support::Refused(hint) }
}

impl Kind {
    /// The keys of an object of this kind, without those that the vocabulary adds to objects of OpenAPI.
    pub(crate) const fn fields(self) -> &'static [Field] {
        match self {
            Self::Document => tables::DOCUMENT,
            Self::Info => tables::INFO,
            Self::Contact => tables::CONTACT,
            Self::License => tables::LICENSE,
            Self::Server => tables::SERVER,
            Self::ServerVariable => tables::SERVER_VARIABLE,
            Self::Tag => tables::TAG,
            Self::ExternalDocs => tables::EXTERNAL_DOCS,
            Self::PathItem => tables::PATH_ITEM,
            Self::Operation => tables::OPERATION,
            // Its keys are runtime expressions, not fixed names.
            Self::Callback => &[],
            Self::Parameter => tables::PARAMETER,
            Self::Header => tables::HEADER,
            Self::RequestBody => tables::REQUEST_BODY,
            Self::Response => tables::RESPONSE,
            Self::Media => tables::MEDIA,
            Self::Encoding => tables::ENCODING,
            Self::Link => tables::LINK,
            Self::Example => tables::EXAMPLE,
            Self::Components => tables::COMPONENTS,
            Self::Schema => tables::SCHEMA,
            Self::Discriminator => tables::DISCRIMINATOR,
            Self::SecurityScheme => tables::SECURITY_SCHEME,
            Self::Flows => tables::FLOWS,
            Self::ImplicitFlow => tables::IMPLICIT_FLOW,
            Self::TokenFlow => tables::TOKEN_FLOW,
            Self::CodeFlow => tables::CODE_FLOW,
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

    /// The key with this name, of OpenAPI or of the vocabulary.
    pub(crate) fn field(self, name: &str) -> Option<&'static Field> {
        let mut fields = self.fields().iter();
        fields.find(|field| field.name == name).or_else(|| vocabulary::field(self, name))
    }

    /// The section of `components` that holds objects of this kind; `None` where references to them are not allowed.
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
            Self::Related => "`with` of `x-sdk-resource`",
            Self::Unique => "`unique` of `x-sdk-resource`",
            Self::Defined => "`defined` of `x-sdk-resource`",
            Self::Counted => "`counted` of `x-sdk-resource`",
            Self::Also => "`also` of `x-sdk-resource`",
            Self::Changes => "`changes` of `x-sdk-resource`",
            Self::Case => "`cases` of `x-sdk-resource`",
            Self::Search => "`x-sdk-search`",
            Self::SearchField => "a field of `x-sdk-search`",
        }
    }
}
