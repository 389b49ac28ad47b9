//! A call: the untyped request builder below the typed requests of generated crates.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use http::HeaderName;
use serde::Serialize;
use serde_json::Value;

use crate::client::Client;
use crate::data::{self, Encode};
use crate::endpoint::{Endpoint, EndpointRef};
use crate::multipart::Multipart;
use crate::options::{Limits, RequestOptions};

/// A request that is built step by step and then sent. It has no type parameters, so that its code is compiled once. It owns a clone
/// of its client, so that its future can be spawned.
///
/// An invalid value, such as a header with a line break or a body that cannot be serialized, is an error when the call is sent.
#[derive(Clone)]
pub struct Call {
    pub(crate) client: Client,
    pub(crate) endpoint: EndpointRef,
    pub(crate) path: Vec<(Cow<'static, str>, String)>,
    pub(crate) query: Vec<(Cow<'static, str>, String)>,
    pub(crate) headers: Vec<(Cow<'static, str>, String)>,
    pub(crate) body: CallBody,
    pub(crate) options: RequestOptions,
    /// The pagination parameters that belong in the JSON body, by dotted path. `put_paging_into_body` writes them into it.
    pub(crate) paging_in_body: Vec<(&'static str, Value)>,
    /// Why the call cannot be sent, if it cannot.
    pub(crate) invalid: Option<String>,
}

#[derive(Clone, Debug)]
pub(crate) enum CallBody {
    None,
    Bytes { content_type: Cow<'static, str>, bytes: Bytes },
    Multipart(Multipart),
}

impl CallBody {
    pub(crate) fn json(bytes: Vec<u8>) -> Self {
        Self::Bytes { content_type: Cow::Borrowed("application/json"), bytes: bytes.into() }
    }
}

impl Call {
    /// Makes a call of `endpoint` without parameters.
    pub fn new(client: &Client, endpoint: impl Into<EndpointRef>) -> Self {
        Self {
            client: client.clone(),
            endpoint: endpoint.into(),
            path: Vec::new(),
            query: Vec::new(),
            headers: Vec::new(),
            body: CallBody::None,
            options: RequestOptions::default(),
            paging_in_body: Vec::new(),
            invalid: None,
        }
    }

    /// A call of `endpoint` with these headers. It is compiled once for all operations.
    pub(crate) fn with_headers(
        client: &Client,
        endpoint: &'static Endpoint,
        headers: &[(&'static str, &'static str)],
    ) -> Self {
        let mut call = Self::new(client, endpoint);
        for &(name, value) in headers {
            call.header(name, value);
        }
        call
    }

    /// The operation that is called.
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    pub(crate) fn set_endpoint(&mut self, endpoint: impl Into<EndpointRef>) {
        self.endpoint = endpoint.into();
    }

    /// The client that sends the call.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Sets a path parameter. The value is percent-encoded as one segment. An empty value, `.`, `..` and a name that is not in the path
    /// are an error when the call is sent.
    pub fn path(&mut self, name: impl Into<Cow<'static, str>>, value: impl fmt::Display) {
        self.path.push((name.into(), value.to_string()));
    }

    /// Sets a query parameter. It replaces parameters of the same name.
    pub fn query(&mut self, name: impl Into<Cow<'static, str>>, value: impl fmt::Display) {
        let name = name.into();
        self.query_remove(&name);
        self.query_append(name, value);
    }

    /// Appends a query parameter, and keeps others of the same name.
    pub fn query_append(&mut self, name: impl Into<Cow<'static, str>>, value: impl fmt::Display) {
        self.query.push((name.into(), value.to_string()));
    }

    /// Sets a query parameter to a list, separated by commas.
    pub fn query_list<T: fmt::Display>(&mut self, name: &'static str, values: impl IntoIterator<Item = T>) {
        let values: Vec<String> = values.into_iter().map(|value| value.to_string()).collect();
        self.query(name, values.join(","));
    }

    /// Sets a query parameter once for each value.
    pub fn query_repeated<T: fmt::Display>(&mut self, name: &'static str, values: impl IntoIterator<Item = T>) {
        self.query_remove(name);
        for value in values {
            self.query_append(name, value);
        }
    }

    /// Appends a query parameter for each key of an object, and keeps others of the same name. Strings are sent as they are, other values
    /// as JSON.
    pub fn query_object<T: Serialize + ?Sized>(&mut self, object: &T) {
        match serde_json::to_value(object) {
            Ok(Value::Object(map)) => {
                for (key, value) in map {
                    match value {
                        Value::String(text) => self.query_append(key, text),
                        value => self.query_append(key, value),
                    }
                }
            }
            Ok(other) => self.fail(format!("query parameters must be an object, not {other}")),
            Err(error) => self.fail(format!("the query cannot be serialized: {error}")),
        }
    }

    /// Removes the query parameters with this name.
    pub fn query_remove(&mut self, name: &str) {
        self.query.retain(|(key, _)| key != name);
    }

    /// Sets a header.
    pub fn header(&mut self, name: impl Into<Cow<'static, str>>, value: impl fmt::Display) {
        let name = name.into();
        self.headers.retain(|(key, _)| *key != name);
        self.headers.push((name, value.to_string()));
    }

    /// Whether a header is set by the call or by its options.
    pub(crate) fn has_header(&self, name: &HeaderName) -> bool {
        self.headers.iter().chain(&self.options.headers).any(|(key, _)| key.eq_ignore_ascii_case(name.as_str()))
    }

    /// Sets a value of a type of the API as the JSON body. Ids are sent as their declared JSON type.
    pub fn body(&mut self, body: &dyn Encode) {
        self.json_bytes(Ok(data::to_request(body)));
    }

    /// Sets a JSON body.
    pub fn json<T: Serialize + ?Sized>(&mut self, body: &T) {
        self.json_bytes(serde_json::to_vec(body));
    }

    fn json_bytes(&mut self, body: serde_json::Result<Vec<u8>>) {
        match body {
            Ok(bytes) => {
                self.body = CallBody::json(bytes);
                self.put_paging_into_body();
            }
            Err(error) => self.fail(format!("the body cannot be serialized: {error}")),
        }
    }

    /// Sets a body of another media type.
    pub fn raw_body(&mut self, content_type: impl Into<Cow<'static, str>>, body: impl Into<Bytes>) {
        self.body = CallBody::Bytes { content_type: content_type.into(), bytes: body.into() };
    }

    /// Sets a form as the body.
    pub fn multipart(&mut self, form: Multipart) {
        self.body = CallBody::Multipart(form);
    }

    /// Applies settings to this call. They take precedence over earlier ones.
    pub fn options(&mut self, options: RequestOptions) {
        self.options.merge(options);
    }

    /// The API version that the call requests. The options of the call take precedence over the client's builder, which takes precedence
    /// over the operation. The default is the version that the crate was generated for.
    pub(crate) fn version(&self) -> &str {
        let client = &*self.client.0;
        match (&self.options.api_version, &client.api_version, self.endpoint.version) {
            (Some(version), _, _) | (None, Some(version), _) => version,
            (None, None, "") => client.version,
            (None, None, version) => version,
        }
    }

    /// The limits of the call.
    pub(crate) fn limits(&self) -> Limits {
        self.options.limits(self.client.0.limits)
    }

    /// Records why the call cannot be sent. Sending it then returns the first recorded error.
    pub fn fail(&mut self, why: impl Into<String>) {
        self.invalid.get_or_insert(why.into());
    }
}

/// Contains the names of parameters but not their values, which may be personal data or secrets.
impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("operation", &self.endpoint.id)
            .field("query", &self.query.iter().map(|(name, _)| name).collect::<Vec<_>>())
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
