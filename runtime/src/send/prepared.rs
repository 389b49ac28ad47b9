//! A call that is prepared for sending: the parts that all attempts have in common.

use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use http::{Request, Uri};

use super::{Mode, inflate};
use crate::call::{Call, CallBody};
use crate::error::Error;
use crate::multipart::Multipart;
use crate::percent;
use crate::token::Token;
use crate::transport::Body;

/// Makes the request of each attempt.
pub(super) struct Prepared {
    uri: Uri,
    /// The first attempt takes the headers out, which saves a clone of the map for each call. A retry or a redirect is rare, and builds
    /// them again.
    headers: Option<HeaderMap>,
    form_boundary: Option<String>,
    mode: Mode,
    /// A renewed token for the next attempt.
    renewed: Option<Token>,
    /// The token that the API has refused.
    refused: Option<Token>,
}

const INTERCOM_VERSION: HeaderName = HeaderName::from_static("intercom-version");
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

impl Prepared {
    pub(super) fn new(call: &Call, mode: Mode) -> Result<Self, Error> {
        if let Some(reason) = &call.invalid {
            return Err(Error::request(reason.clone()));
        }
        let form_boundary = matches!(call.body, CallBody::Multipart(_)).then(Multipart::boundary);
        let headers = headers(call, form_boundary.as_deref(), mode)?;
        Ok(Self { uri: uri(call)?, headers: Some(headers), form_boundary, mode, renewed: None, refused: None })
    }

    /// The token for an attempt.
    pub(super) async fn token(&mut self, call: &Call) -> Result<Token, Error> {
        match self.renewed.take() {
            Some(renewed) => Ok(renewed),
            None => call.client.0.credentials.token().await,
        }
    }

    /// Records that the API has refused the token of an attempt, unless the caller has set `Authorization` for this
    /// call.
    pub(super) fn record_refused_token(&mut self, call: &Call, token: Token) {
        self.refused = (!call.has_header(&AUTHORIZATION)).then_some(token);
    }

    /// Renews the token if the API has refused it. Returns whether there is a new token.
    pub(super) async fn renew(&mut self, call: &Call) -> bool {
        if let Some(refused) = self.refused.take() {
            self.renewed = call.client.0.credentials.renew(&refused).await;
        }
        self.renewed.is_some()
    }

    /// Whether the request can be sent again, which is not possible if its body is a stream.
    pub(super) fn is_replayable(&self, call: &Call) -> bool {
        match &call.body {
            CallBody::Multipart(form) => form.is_replayable(),
            CallBody::None | CallBody::Bytes { .. } => true,
        }
    }

    /// Makes the request. It is an error if the body is a stream that was sent before.
    pub(super) fn request(&mut self, call: &Call, token: &Token) -> Result<Request<Body>, Error> {
        let body = match &call.body {
            CallBody::None => Some(Body::empty()),
            CallBody::Bytes { bytes, .. } => Some(bytes.clone().into()),
            CallBody::Multipart(form) => form.body(self.form_boundary.as_deref().unwrap_or_default()),
        };
        let body = body.ok_or_else(|| Error::request("the body is a stream, which cannot be sent a second time"))?;
        let headers = match self.headers.take() {
            Some(mut headers) => {
                authorize(&mut headers, token);
                headers
            }
            None => self.headers(call, token)?,
        };
        let mut request = Request::new(body);
        *request.method_mut() = call.endpoint.method.clone();
        *request.uri_mut() = self.uri.clone();
        *request.headers_mut() = headers;
        Ok(request)
    }

    /// The headers of the request.
    pub(super) fn headers(&self, call: &Call, token: &Token) -> Result<HeaderMap, Error> {
        let mut headers = headers(call, self.form_boundary.as_deref(), self.mode)?;
        authorize(&mut headers, token);
        Ok(headers)
    }
}

/// Adds the token, unless the caller has set the header.
fn authorize(headers: &mut HeaderMap, token: &Token) {
    headers.entry(AUTHORIZATION).or_insert_with(|| token.header());
}

fn uri(call: &Call) -> Result<Uri, Error> {
    let mut uri = call.client.base_url().to_owned();
    uri.push_str(&percent::path(&call.endpoint.path, &call.path).map_err(Error::request)?);
    let mut query = String::new();
    for (name, value) in call.query.iter().chain(&call.options.query) {
        percent::pair(&mut query, name, value);
    }
    if !query.is_empty() {
        uri.push('?');
        uri.push_str(&query);
    }
    Uri::try_from(uri).map_err(|error| Error::request("the URL of the request is not valid").with_source(error.into()))
}

fn headers(call: &Call, form_boundary: Option<&str>, mode: Mode) -> Result<HeaderMap, Error> {
    let options = &call.options;
    let mut headers = call.client.0.headers.clone();
    headers.insert(INTERCOM_VERSION, value("intercom-version", call.version())?);
    headers.insert(ACCEPT, value("accept", call.endpoint.accept)?);
    match &call.body {
        CallBody::None => {}
        CallBody::Bytes { content_type, .. } => {
            headers.insert(CONTENT_TYPE, value("content-type", content_type)?);
        }
        CallBody::Multipart(_) => {
            let content_type = format!("multipart/form-data; boundary={}", form_boundary.unwrap_or_default());
            headers.insert(CONTENT_TYPE, value("content-type", &content_type)?);
        }
    }
    if let Some(key) = &options.idempotency_key {
        headers.insert(IDEMPOTENCY_KEY, value("idempotency-key", key)?);
    }
    for (name, text) in &call.headers {
        insert(&mut headers, name, text)?;
    }
    for (name, text) in &options.headers {
        insert(&mut headers, name, text)?;
    }
    inflate::accept(&mut headers, mode);
    Ok(headers)
}

fn insert(headers: &mut HeaderMap, name: &str, text: &str) -> Result<(), Error> {
    let key = HeaderName::try_from(name)
        .map_err(|_| Error::request(format!("`{}` is not a header name", name.escape_debug())))?;
    let mut value = value(name, text)?;
    value.set_sensitive(key == AUTHORIZATION);
    headers.insert(key, value);
    Ok(())
}

/// The error does not contain the value, which may be a secret.
fn value(name: &str, text: &str) -> Result<HeaderValue, Error> {
    HeaderValue::from_str(text)
        .map_err(|_| Error::request(format!("the value of header `{}` is not valid", name.escape_debug())))
}
