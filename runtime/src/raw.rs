//! Requests of any path, for operations that a generated crate does not cover and for paths that are only known at run time.

mod target;

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use http::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::call::Call;
use crate::client::Client;
use crate::data::Decode;
use crate::download::PendingDownload;
use crate::endpoint::{Endpoint, Paging};
use crate::error::Error;
use crate::multipart::Multipart;
use crate::options::RequestOptions;
use crate::paging::{Items, Pages, PendingPage};
use crate::pending::Pending;
use crate::response::{Buffered, Response};

/// A request of any path, made by [`Client::get`] or [`Client::request`]. It is sent when it is awaited, and returns the response as JSON.
///
/// It is sent like any other call: with the token, the version header, retries, the throttle and the limits of the client.
///
/// ```
/// # use intercom_runtime::{Client, Error, Value};
/// # async fn run(client: Client, id: String) -> Result<(), Error> {
/// let me = client.get("/me").await?;
/// println!("{}", me["email"]);
///
/// let tag = client.request("POST", "/tags").json(&serde_json::json!({ "name": "vip" })).await?;
/// println!("{}", tag["id"]);
///
/// // A value in the path is percent-encoded.
/// let notes = client.get("/contacts/{id}/notes").path("id", id).query("per_page", 5).await?;
/// println!("{}", notes["total_count"]);
/// # Ok(())
/// # }
/// ```
///
/// Errors and spans contain the path as it is given, without the query. Pass values that must not be logged, such as the email address of a
/// person, by [`path`](Self::path) or [`query`](Self::query). GET, HEAD, OPTIONS, PUT and DELETE count as idempotent and are retried as
/// such; for other methods use [`RequestOptions::assume_idempotent`].
#[derive(Clone)]
#[must_use = "a request does nothing until it is awaited"]
pub struct RawRequest {
    call: Call,
}

impl Client {
    /// Makes a GET request of any path; see [`request`](Self::request).
    pub fn get(&self, path: impl Into<Cow<'static, str>>) -> RawRequest {
        self.request(Method::GET, path)
    }

    /// Makes a request of any path, which begins with `/` and may contain a query: `/contacts?per_page=5`. A URL is only accepted if it
    /// begins with the client's base URL, so no other server can be called.
    ///
    /// The method is a [`Method`] or its name, such as `"PATCH"`. An invalid method or path is an error when the request is sent.
    pub fn request(&self, method: impl TryInto<Method>, path: impl Into<Cow<'static, str>>) -> RawRequest {
        RawRequest::new(self, method.try_into().ok().and_then(target::supported_method), path.into())
    }
}

impl RawRequest {
    fn new(client: &Client, method: Option<Method>, path: Cow<'static, str>) -> Self {
        let (path, query) = match target::split(client.base_url(), path) {
            Ok(parts) => parts,
            Err(error) => {
                // The invalid path may contain secrets, so the error does not contain it.
                let mut call = Call::new(client, Endpoint::dynamic("request", Method::GET, ""));
                call.fail(error);
                return Self { call };
            }
        };
        let known = method.clone().unwrap_or(Method::GET);
        let mut call = Call::new(client, Endpoint::dynamic(format!("{known} {path}"), known, path));
        for (name, value) in query {
            call.query_append(name, value);
        }
        if method.is_none() {
            call.fail("the method is not supported; write GET, POST, PUT, PATCH, DELETE, HEAD or OPTIONS");
        }
        Self { call }
    }

    /// Replaces a placeholder of the path, `{name}`, with a value, which is percent-encoded as one segment. A name that
    /// the path does not have is an error when the request is sent.
    pub fn path(mut self, name: impl Into<Cow<'static, str>>, value: impl fmt::Display) -> Self {
        self.call.path(name, value);
        self
    }

    /// Appends a query parameter, and keeps others of the same name.
    pub fn query(mut self, name: impl Into<Cow<'static, str>>, value: impl fmt::Display) -> Self {
        self.call.query_append(name, value);
        self
    }

    /// Sets a header. It replaces a header of the same name that the client would send.
    pub fn header(mut self, name: impl Into<Cow<'static, str>>, value: impl fmt::Display) -> Self {
        self.call.header(name, value);
        self
    }

    /// Sets a JSON body.
    pub fn json<T: Serialize + ?Sized>(mut self, body: &T) -> Self {
        self.call.json(body);
        self
    }

    /// Sets a body of another media type.
    pub fn raw_body(mut self, content_type: impl Into<Cow<'static, str>>, body: impl Into<Bytes>) -> Self {
        self.call.raw_body(content_type, body);
        self
    }

    /// Sets a form as the body.
    pub fn form(mut self, form: Multipart) -> Self {
        self.call.multipart(form);
        self
    }

    /// Sets options for this request, which take precedence over the settings of the client.
    pub fn with_options(mut self, options: RequestOptions) -> Self {
        self.call.options(options);
        self
    }

    /// Sets the pagination of the path, which [`items`](Self::items), [`pages`](Self::pages) and [`page`](Self::page) need. Lists
    /// by cursor, such as contacts and conversations, have [`Paging::LIST`], and searches [`Paging::SEARCH`]. Most other lists are
    /// numbered; [`Paging`] has an example.
    ///
    /// ```
    /// # use intercom_runtime::{Client, Error, Value};
    /// use intercom_runtime::paging::Paging;
    ///
    /// # async fn run(client: Client) -> Result<(), Error> {
    /// let mut contacts = client.get("/contacts").paging(&Paging::LIST).items::<Value>();
    /// while let Some(contact) = contacts.try_next().await? {
    ///     println!("{}", contact["id"]);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn paging(mut self, paging: &'static Paging) -> Self {
        let endpoint = self.call.endpoint().clone().paging(paging);
        self.call.set_endpoint(endpoint);
        self
    }

    /// Sets the page size. [`paging`](Self::paging) must be called before, otherwise it is an error when the request is sent.
    pub fn per_page(mut self, count: impl TryInto<u32>) -> Self {
        self.call.per_page(count);
        self
    }

    /// Starts at a position from an earlier response. [`paging`](Self::paging) must be called before, otherwise it is an error when the
    /// request is sent.
    pub fn starting_at(mut self, position: impl fmt::Display) -> Self {
        self.call.starting_at(position);
        self
    }

    /// Returns a future that sends the request and returns the response as JSON; null if it has no body.
    pub fn send(self) -> Pending<Value> {
        Pending::new(self.call, json)
    }

    /// Returns a future that sends the request and decodes the response as `T`. Types of the API are decoded as by their operations, other
    /// types by serde.
    pub fn send_as<T: DeserializeOwned>(self) -> Pending<T> {
        self.call.send_as()
    }

    /// Returns a future that sends the request and returns the body as text.
    pub fn send_text(self) -> Pending<String> {
        self.call.send_text()
    }

    /// Returns a future that sends the request and returns the raw body.
    pub fn send_raw(self) -> Pending<Bytes> {
        self.call.send_raw()
    }

    /// Returns a future that sends the request and ignores the body, which is kept in [`Response::bytes`].
    pub fn send_empty(self) -> Pending<()> {
        self.call.send_empty()
    }

    /// Returns a future that sends the request and streams the body.
    pub fn download(self) -> PendingDownload {
        self.call.download()
    }

    /// Returns a stream of the items of all pages, as types of the API or as [`Value`]. See [`paging`](crate::paging) for the rules.
    pub fn items<T: Decode>(self) -> Items<T> {
        Items::new(self.call)
    }

    /// Returns a stream of the pages.
    pub fn pages<T: Decode>(self) -> Pages<T> {
        Pages::new(self.call)
    }

    /// Requests one page.
    pub fn page<T: Decode>(self) -> PendingPage<T> {
        PendingPage::new(self.call)
    }
}

fn json(result: Buffered) -> Result<Response<Value>, Error> {
    match result {
        Ok((response, _)) if response.bytes().is_empty() => Ok(response.map(|_| Value::Null)),
        result => Response::decode(result),
    }
}

impl IntoFuture for RawRequest {
    type Output = Result<Response<Value>, Error>;
    type IntoFuture = Pending<Value>;

    fn into_future(self) -> Pending<Value> {
        self.send()
    }
}

impl fmt::Debug for RawRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawRequest").field("call", &self.call).finish()
    }
}
