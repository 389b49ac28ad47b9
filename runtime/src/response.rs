//! A response: the decoded value, with status, headers and raw body.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::data::{self, Decode, DecodeError, DecodeOptions, Decoded, IntoItems, Mismatch, Place};
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::meta::{Meta, request_id};
use crate::rate_limit::RateLimit;
use crate::secret::{Secret, from_fn};
use crate::trace::CallSpan;

/// A response with its whole body, and the span of its call; or the error of the call. The body is decoded later, in the span.
pub(crate) type Buffered = Result<(Response<Bytes>, CallSpan), Error>;

/// A decoded response. It derefs to the value, and has methods for status, headers and body. The value is what
/// the server has sent, so it cannot be changed in place: use [`into_inner`](Self::into_inner) or [`map`](Self::map).
///
/// ```compile_fail,E0596
/// fn add(response: &mut intercom_runtime::Response<String>) {
///     response.push('x');
/// }
/// ```
pub struct Response<T> {
    value: T,
    meta: Box<Meta>,
}

impl<T> Response<T> {
    pub(crate) fn new(value: T, meta: Box<Meta>) -> Self {
        Self { value, meta }
    }

    pub(crate) fn meta(&self) -> &Meta {
        &self.meta
    }

    pub(crate) fn meta_mut(&mut self) -> &mut Meta {
        &mut self.meta
    }

    /// Makes a response with this status, these headers and this value, for tests of code that has responses as arguments.
    ///
    /// ```
    /// use intercom_runtime::{Response, http};
    ///
    /// let response = Response::for_test(http::Response::new("a value"));
    /// assert_eq!((*response, response.attempts()), ("a value", 1));
    /// ```
    pub fn for_test(response: http::Response<T>) -> Self {
        static TEST: Endpoint = Endpoint::new("test", http::Method::GET, "/");
        let (head, value) = response.into_parts();
        let meta = Meta {
            endpoint: (&TEST).into(),
            status: head.status,
            rate_limit: RateLimit::from_headers(&head.headers),
            headers: Arc::new(head.headers),
            body: Bytes::new(),
            attempts: 1,
            decoding: DecodeOptions::default(),
            mismatches: Vec::new(),
            omitted_mismatches: 0,
            secret: Secret::default(),
        };
        Self::new(value, Box::new(meta))
    }

    /// Returns the value without cloning it. If the value is a list, [`into_items`](Self::into_items) returns its items.
    ///
    /// ```
    /// # use intercom_runtime::{Client, Error, Value};
    /// # async fn run(client: Client) -> Result<(), Error> {
    /// let me: Value = client.get("/me").await?.into_inner();
    /// # Ok(())
    /// # }
    /// ```
    pub fn into_inner(self) -> T {
        self.value
    }

    /// Returns the items of a response that is a list. If the operation has pages, these are the items of one page; `items()` of the
    /// request returns the items of all pages.
    pub fn into_items(self) -> Vec<T::Item>
    where
        T: IntoItems,
    {
        self.value.into_items()
    }

    pub(crate) fn into_meta(self) -> Meta {
        *self.meta
    }

    /// The HTTP status. The response of a call always has a 2xx status.
    pub fn status(&self) -> StatusCode {
        self.meta.status
    }

    /// The response headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.meta.headers
    }

    /// The request id, `X-Request-Id`, if there is one. Intercom's support can find the request by it.
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.meta.headers)
    }

    /// The rate limit that this response reported, if it did.
    pub fn rate_limit(&self) -> Option<RateLimit> {
        self.meta.rate_limit
    }

    /// How many attempts were made, including those that failed before the request was sent; 1 if the first one succeeded.
    pub fn attempts(&self) -> u32 {
        self.meta.attempts
    }

    /// The values that did not fit their declared type, up to
    /// [`ClientBuilder::max_mismatches`](crate::ClientBuilder::max_mismatches).
    pub fn mismatches(&self) -> &[Mismatch] {
        &self.meta.mismatches
    }

    /// How many values did not fit their declared type, including those beyond the limit of [`mismatches`](Self::mismatches).
    pub fn mismatch_count(&self) -> usize {
        self.meta.mismatches.len() + self.meta.omitted_mismatches
    }

    /// The raw body, after decompression.
    pub fn bytes(&self) -> &Bytes {
        &self.meta.body
    }

    /// Converts the value, and keeps the rest of the response.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Response<U> {
        Response { value: f(self.value), meta: self.meta }
    }
}

impl Response<Bytes> {
    /// Decodes a raw response as a type of the API.
    pub(crate) fn decode<T: Decode>(result: Buffered) -> Result<Response<T>, Error> {
        let mut value = T::DEFAULT;
        match Self::decode_into(result, &mut value) {
            Ok(meta) => Ok(Response { value, meta }),
            Err(error) => Err(error),
        }
    }

    /// The part of [`decode`](Self::decode) that is compiled once for all types.
    fn decode_into(result: Buffered, place: &mut dyn Place) -> Result<Box<Meta>, Error> {
        let (response, span) = result?;
        match span.in_scope(|| data::read_into(&response.meta.body, response.meta.decoding, place)) {
            Ok((mismatches, omitted)) => Ok(response.decoded(mismatches, omitted, &span)),
            Err(error) => Err(response.decode_error(error, &span)),
        }
    }

    /// Decodes a raw response by serde.
    pub(crate) fn decode_as<T: serde::de::DeserializeOwned>(result: Buffered) -> Result<Response<T>, Error> {
        let (response, span) = result?;
        match span.in_scope(|| data::from_slice_as(&response.meta.body, response.meta.decoding)) {
            Ok(Decoded { value, mismatches, omitted_mismatches, .. }) => {
                Ok(Response { value, meta: response.decoded(mismatches, omitted_mismatches, &span) })
            }
            Err(error) => Err(response.decode_error(error, &span)),
        }
    }

    /// The metadata of a response that was decoded.
    fn decoded(self, mismatches: Vec<Mismatch>, omitted_mismatches: usize, span: &CallSpan) -> Box<Meta> {
        let mut meta = self.meta;
        meta.set_mismatches(mismatches, omitted_mismatches);
        span.decoded(&meta.endpoint.id, Ok(meta.mismatches()));
        meta
    }

    /// The error of a response that could not be decoded.
    fn decode_error(self, error: DecodeError, span: &CallSpan) -> Error {
        let endpoint = self.meta.endpoint.clone();
        let error = Error::decode(*self.meta, error);
        span.decoded(&endpoint.id, Err(&error));
        error
    }

    /// Converts the body to text. Bytes that are not UTF-8 are replaced; the raw body is kept.
    pub(crate) fn text(self) -> Response<String> {
        self.map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    }
}

impl<T> Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: Clone> Clone for Response<T> {
    fn clone(&self) -> Self {
        Self { value: self.value.clone(), meta: self.meta.clone() }
    }
}

/// The output does not contain the token of the request, even if the server has echoed it.
impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields = from_fn(|f| {
            f.debug_struct("Response")
                .field("value", &self.value)
                .field("status", &self.meta.status)
                .field("request_id", &self.request_id())
                .field("attempts", &self.meta.attempts)
                .field("mismatches", &self.meta.mismatches)
                .finish_non_exhaustive()
        });
        self.meta.secret.debug(f, &fields)
    }
}
