//! Operations: their parameters, responses and pagination.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::lazy_value::LazyValue;
use crate::resource::Resource;
use crate::schema::{Property, Schema, is_false};
use crate::search::SearchField;
use crate::shorthand::Shorthand;

/// An operation of the API.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Operation {
    /// Group and method: `contacts.update`.
    pub id: String,
    /// The operation id of the description; empty where it has none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub operation_id: String,
    /// The group's name: `contacts`.
    pub group: String,
    /// The method of the group's handle in snake case: `update`.
    pub method: String,
    /// Its aliases, each a group and a method, such as the one in the official SDKs: `contacts.merge_lead_in_user`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// `GET`, `POST`, …
    pub http_method: String,
    /// The path template: `/contacts/{contact_id}`.
    pub path: String,
    /// One line that says what the operation does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// Details for its use, as Markdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The address of the public reference page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Whether the description marks it as deprecated.
    #[serde(default, skip_serializing_if = "is_false")]
    pub deprecated: bool,
    /// Whether it may be sent again after a lost answer. Of the POST operations, only those that change nothing are marked, although others
    /// could be repeated, too.
    #[serde(default, skip_serializing_if = "is_false")]
    pub idempotent: bool,
    /// Whether it removes something permanently.
    #[serde(default, skip_serializing_if = "is_false")]
    pub deletes: bool,
    /// Whether it changes or deletes what exists; other operations only read or add something.
    #[serde(default, skip_serializing_if = "is_false")]
    pub destructive: bool,
    /// The only value of the version header that it accepts, if that is not the catalog's version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The media type to ask for in `Accept`.
    pub accept: String,
    /// Whether a successful response is a file.
    #[serde(default, skip_serializing_if = "is_false")]
    pub download: bool,
    /// The parameters of path, query and headers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parameters: Vec<Parameter>,
    /// The request body, if it takes one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Body>,
    /// The declared responses, successes and errors.
    pub responses: Vec<Response>,
    /// Its pagination, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pagination: Option<Pagination>,
    /// The fields that its search accepts; empty if it is not a search.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub search: Vec<SearchField>,
    /// Additional methods for common uses of the operation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shorthands: Vec<Shorthand>,
    /// What it does to the data of a workspace, for a mock server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<Box<Resource>>,
}

impl Operation {
    /// Whether it changes nothing: a GET, or a POST that is marked as [`idempotent`](Self::idempotent), since only those that read are.
    pub fn reads(&self) -> bool {
        self.http_method == "GET" || (self.http_method == "POST" && self.idempotent)
    }

    /// The first declared response with a success status.
    pub fn success(&self) -> Option<&Response> {
        self.responses.iter().find(|response| response.succeeds)
    }

    /// The parameter with this name.
    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|parameter| parameter.name == name)
    }
}

/// A parameter of an operation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Parameter {
    /// Its name as it is sent.
    pub name: String,
    /// Where it is sent.
    pub location: Location,
    /// Whether the operation needs it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub required: bool,
    /// Its schema.
    pub schema: Schema,
    /// The only value that the description allows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub constant: Option<String>,
    /// Whether the description marks it as deprecated.
    #[serde(default, skip_serializing_if = "is_false")]
    pub deprecated: bool,
    /// What it means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
    /// A value that the description shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub example: Option<Value>,
}

/// Where a parameter is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Location {
    /// As a segment of the path.
    Path,
    /// As `name=value`.
    Query,
    /// As `name=a,b`.
    QueryCommaList,
    /// As `name=a&name=b`.
    QueryRepeated,
    /// As `key=value` for each key of an object.
    QueryExploded,
    /// As a header.
    Header,
}

/// A request body: JSON or a form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Body {
    /// `application/json`, `multipart/form-data`.
    pub media_type: String,
    /// Whether the operation needs it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub required: bool,
    /// The schema of a JSON body; `None` for a form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<Schema>,
    /// The parts of a form; empty for JSON.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
    /// Bodies that the description shows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<Example>,
    /// What it means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
}

/// A part of a form; its schema is [`Shape::File`](crate::Shape::File) where it is a file.
pub type Part = Property;

/// A declared response.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Response {
    /// A code such as `200`, a range such as `4XX`, or `default`.
    pub status: String,
    /// Whether the status means success.
    #[serde(default, skip_serializing_if = "is_false")]
    pub succeeds: bool,
    /// The media type of the body; `None` where no body is declared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// The schema of a JSON body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<Schema>,
    /// Whether a JSON body may be null.
    #[serde(default, skip_serializing_if = "is_false")]
    pub nullable: bool,
    /// Bodies that the description shows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<Example>,
    /// What it means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
}

/// An example of a body.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Example {
    /// Its name; `None` where it is the only one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The body.
    pub value: LazyValue,
}

/// The pagination of an operation. Places are dotted paths.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pagination {
    /// `cursor`, `page` or `scroll`.
    pub style: String,
    /// Whether the position is sent in the body instead of the query.
    #[serde(default, skip_serializing_if = "is_false")]
    pub in_body: bool,
    /// The parameter, or the place in the body, that takes the position: a cursor, a page number or the id of a scroll.
    pub position: String,
    /// The parameter, or the place in the body, that takes the page size.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_page: Option<String>,
    /// The largest page size.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_per_page: Option<u32>,
    /// Where the items are in a response; the first place that exists is used. An empty place is the response itself.
    pub items: Vec<String>,
    /// Where the next position is; empty if there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub next: String,
    /// Where the number of the last page is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<String>,
    /// Where the flag is that says whether there is another page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more: Option<String>,
    /// Where the total count is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<String>,
    /// The name of the type of an item, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
}
