//! Calls of operations that are selected at run time.
//!
//! An [`Invocation`] is made of an operation of the catalog and its arguments as JSON. The arguments are checked before
//! anything is sent, and an error lists all problems that the check has found.
//!
//! ```
//! # async fn run(client: intercom_runtime::Client) -> Result<(), Box<dyn std::error::Error>> {
//! use intercom_catalog::call::{Answer, Arguments, Invocation};
//! use serde_json::json;
//!
//! let catalog = intercom_catalog::load("2.15")?;
//! let find = catalog.operation("contacts.find").ok_or("no such operation")?;
//! let arguments = Arguments::from_json(json!({"path": {"contact_id": "63a07ddf05a32042dffac965"}}))?;
//! if let Answer::Json(contact) = Invocation::new(&client, &catalog, find, arguments)?.send().await? {
//!     println!("{}", contact["email"]);
//! }
//! # Ok(())
//! # }
//! ```

mod arguments;
mod declared;
mod endpoint;
mod form;
mod parameters;
mod refusal;

use intercom_runtime::bytes::Bytes;
use intercom_runtime::paging::{Items, Pages, PendingPage};
use intercom_runtime::{Call, Client, Download, Error, RequestOptions, Response};
use serde_json::Value;

use crate::check::Rules;
use crate::model::Catalog;
use crate::operation::Operation;

pub use arguments::Arguments;
pub use declared::with_declared_ids;
pub use refusal::{Problem, Refusal};

/// A call with checked arguments, ready to be sent.
#[derive(Clone, Debug)]
pub struct Invocation {
    call: Call,
    kind: Kind,
}

/// The kind of a successful response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Json,
    Text,
    File,
}

/// The response to a call.
#[derive(Debug)]
pub enum Answer {
    /// JSON as the server sent it.
    Json(Response<Value>),
    /// Text.
    Text(Response<String>),
    /// A success without a body.
    Empty(Response<()>),
    /// A file, as a stream.
    File(Box<Download>),
}

impl Invocation {
    /// Checks the arguments by [`Rules::REQUEST`](crate::check::Rules::REQUEST), and creates the call.
    ///
    /// # Errors
    /// If arguments are unknown, missing or do not match their schemas; the error has all these problems. If a value cannot be sent, such
    /// as a file that is not Base64; the error has the first such problem.
    pub fn new(
        client: &Client,
        catalog: &Catalog,
        operation: &Operation,
        arguments: Arguments,
    ) -> Result<Self, Refusal> {
        Self::checked(client, catalog, operation, arguments, Some(Rules::REQUEST))
    }

    /// Creates the call; without `rules`, values are not compared with their schemas (see [`Arguments::problems`]).
    ///
    /// # Errors
    /// As for [`new`](Self::new), by these rules.
    pub fn checked(
        client: &Client,
        catalog: &Catalog,
        operation: &Operation,
        arguments: Arguments,
        rules: Option<Rules>,
    ) -> Result<Self, Refusal> {
        let problems = arguments.problems(catalog, operation, rules);
        if !problems.is_empty() {
            return Err(Refusal::new(&operation.id, problems));
        }
        let refused = |problem: Problem| Refusal::new(&operation.id, vec![problem]);
        let endpoint = endpoint::of(catalog, operation).map_err(refused)?;
        let mut call = Call::new(client, endpoint);
        let Arguments { path, query, header, body, files } = arguments;
        parameters::put(&mut call, operation, &[path, query, header]).map_err(refused)?;
        match &operation.body {
            Some(form) if form.schema.is_none() => {
                call.multipart(form::form(form, body, files).map_err(refused)?);
            }
            Some(json) => {
                // An operation with a body always sends one, even if no field is given.
                let body = body.unwrap_or_else(|| Value::Object(serde_json::Map::new()));
                call.json(&match &json.schema {
                    Some(schema) => with_declared_ids(catalog, schema, body),
                    None => body,
                });
            }
            None => {}
        }
        Ok(Self { call, kind: kind(operation) })
    }

    /// Adds settings for this call.
    pub fn options(mut self, options: RequestOptions) -> Self {
        self.call.options(options);
        self
    }

    /// Sends the call.
    ///
    /// # Errors
    /// Those of the runtime, such as a lost connection or the status of an error.
    pub async fn send(self) -> Result<Answer, Error> {
        match self.kind {
            Kind::File => self.call.download().await.map(|file| Answer::File(Box::new(file))),
            Kind::Text => self.call.send_text().await.map(Answer::Text),
            Kind::Json => {
                let response = self.call.send_raw().await?;
                if response.is_empty() {
                    return Ok(Answer::Empty(response.map(drop)));
                }
                match serde_json::from_slice(response.bytes()) {
                    Ok(value) => Ok(Answer::Json(response.map(|_: Bytes| value))),
                    // Operations that are declared without a response body may answer with text, such as `ok`.
                    Err(_) => {
                        let text = String::from_utf8_lossy(response.bytes()).into_owned();
                        Ok(Answer::Text(response.map(|_| text)))
                    }
                }
            }
        }
    }

    /// Whether the operation is paginated.
    pub fn is_paginated(&self) -> bool {
        self.call.endpoint().paging.is_some()
    }

    /// Returns a stream of the items of all pages; `None` if the operation is not paginated.
    pub fn items(self) -> Option<Items<Value>> {
        self.is_paginated().then(|| Items::new(self.call))
    }

    /// Returns a stream of all pages; `None` if the operation is not paginated.
    pub fn pages(self) -> Option<Pages<Value>> {
        self.is_paginated().then(|| Pages::new(self.call))
    }

    /// Returns the page that the arguments ask for; `None` if the operation is not paginated.
    pub fn page(self) -> Option<PendingPage<Value>> {
        self.is_paginated().then(|| PendingPage::new(self.call))
    }

    /// The call, to be sent in another way.
    pub fn into_call(self) -> Call {
        self.call
    }
}

fn kind(operation: &Operation) -> Kind {
    if operation.download {
        return Kind::File;
    }
    match operation.success().and_then(|success| success.media_type.as_deref()) {
        Some(media_type) if media_type.starts_with("text/") => Kind::Text,
        _ => Kind::Json,
    }
}
