//! Requests of any path: for what a generated crate does not cover, and for programs that learn paths at run time.

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
use crate::response::Response;
use crate::trace::CallSpan;

/// A request of any path, made by [`Client::get`] or [`Client::request`]. Awaiting it sends it and gives the answer as JSON.
///
/// It is sent as any other call: with the token, the version header, retries, the throttle and the limits of the client.
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
/// // A value in the path is encoded, whatever is in it.
/// let notes = client.get("/contacts/{id}/notes").path("id", id).query("per_page", 5).await?;
/// println!("{}", notes["total_count"]);
/// # Ok(())
/// # }
/// ```
///
/// The path is shown in errors and in spans as it is given, so values that should not be there, such as an address of a
/// person, belong in [`path`](Self::path) or [`query`](Self::query). GET, HEAD, OPTIONS, PUT and DELETE are retried like
/// requests that may be repeated; for others, [`RequestOptions::assume_idempotent`] says so.
#[derive(Clone)]
#[must_use = "a request does nothing until it is sent or awaited"]
pub struct RawRequest {
    call: Call,
}

impl Client {
    /// Starts a GET request of any path; see [`request`](Self::request).
    pub fn get(&self, path: impl Into<Cow<'static, str>>) -> RawRequest {
        self.request(Method::GET, path)
    }

    /// Starts a request of any path, which begins with `/` and may hold a query: `/contacts?per_page=5`. A whole address is
    /// taken where it begins with the client's base URL; no other server is called.
    ///
    /// The method is a [`Method`] or its name, such as `"PATCH"`. A method or path that cannot be sent is an error when the
    /// request is sent.
    pub fn request(&self, method: impl TryInto<Method>, path: impl Into<Cow<'static, str>>) -> RawRequest {
        RawRequest::new(self, method.try_into().ok().and_then(target::standard), path.into())
    }
}

impl RawRequest {
    fn new(client: &Client, method: Option<Method>, path: Cow<'static, str>) -> Self {
        let (path, query) = match target::split(client.base_url(), path) {
            Ok(parts) => parts,
            Err(error) => {
                // The path may hold anything: it is not repeated.
                let mut call = Call::new(client, Endpoint::named("request", Method::GET, ""));
                call.fail(error);
                return Self { call };
            }
        };
        let known = method.clone().unwrap_or(Method::GET);
        let mut call = Call::new(client, Endpoint::named(format!("{known} {path}"), known, path));
        for (name, value) in query {
            call.query_append(name, value);
        }
        if method.is_none() {
            call.fail("the method is not supported; write GET, POST, PUT, PATCH, DELETE, HEAD or OPTIONS");
        }
        Self { call }
    }

    /// Fills a placeholder of the path, `{name}`, with a value, encoded as one segment.
    pub fn path(mut self, name: impl Into<Cow<'static, str>>, value: impl fmt::Display) -> Self {
        self.call.path(name, value);
        self
    }

    /// Appends a query parameter, beside any of that name.
    pub fn query(mut self, name: impl Into<Cow<'static, str>>, value: impl fmt::Display) -> Self {
        self.call.query_append(name, value);
        self
    }

    /// Sets a header, in place of one of that name that the client would send.
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

    /// Sets settings for this request only.
    pub fn with_options(mut self, options: RequestOptions) -> Self {
        self.call.options(options);
        self
    }

    /// Says how the path pages, so that [`items`](Self::items) can walk it: [`Paging::LIST`] and [`Paging::SEARCH`] are how most
    /// lists and searches of the API do.
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

    /// How many items a page holds. Without [`paging`](Self::paging) before it, it is an error when the request is sent.
    pub fn per_page(mut self, count: impl TryInto<u32>) -> Self {
        self.call.per_page(count);
        self
    }

    /// Begins at a position that an earlier answer gave. Without [`paging`](Self::paging) before it, it is an error when the
    /// request is sent.
    pub fn starting_at(mut self, position: impl fmt::Display) -> Self {
        self.call.starting_at(position);
        self
    }

    /// Sends the request and reads the answer as JSON of any shape: null where it has no body.
    pub fn send(self) -> Pending<Value> {
        Pending::new(self.call, json)
    }

    /// Sends the request and decodes the answer: a type of the API as its own operations do, any other type by serde.
    pub fn send_as<T: DeserializeOwned>(self) -> Pending<T> {
        self.call.send_as()
    }

    /// Sends the request and takes the body as text.
    pub fn send_text(self) -> Pending<String> {
        self.call.send_text()
    }

    /// Sends the request and takes the body as it is.
    pub fn send_raw(self) -> Pending<Bytes> {
        self.call.send_raw()
    }

    /// Sends the request; a body that comes anyway is kept in [`Response::bytes`].
    pub fn send_empty(self) -> Pending<()> {
        self.call.send_empty()
    }

    /// Sends the request and hands over the body while it comes.
    pub fn download(self) -> PendingDownload {
        self.call.download()
    }

    /// The items of all pages, as types of the API or as [`Value`]; see [`paging`](crate::paging) for what that means.
    pub fn items<T: Decode>(self) -> Items<T> {
        Items::new(self.call)
    }

    /// The pages, one after the other.
    pub fn pages<T: Decode>(self) -> Pages<T> {
        Pages::new(self.call)
    }

    /// One page.
    pub fn page<T: Decode>(self) -> PendingPage<T> {
        PendingPage::new(self.call)
    }
}

fn json(response: Response<Bytes>, span: &CallSpan) -> Result<Response<Value>, Error> {
    match response.bytes().is_empty() {
        true => Ok(response.map(|_| Value::Null)),
        false => response.decode(span),
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
