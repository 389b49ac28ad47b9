//! Operations as types: the parameter `O` of a generated crate's `Request<O>`.
//!
//! Each operation is an enum without variants, which implements [`Operation`]. The methods that several operations have, such as
//! `send`, are then written once. A separate builder for each operation would have its own copy of them, and programs would
//! compile more slowly.

use std::fmt;
use std::marker::PhantomData;

use serde::Serialize;
use serde_json::Value;

use crate::call::Call;
use crate::client::Client;
use crate::data::Decode;
use crate::download::{Download, PendingDownload};
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::jobs::{JobState, Poller};
use crate::multipart::Multipart;
use crate::pending::Pending;
use crate::response::Response;

/// Seals the traits of this module. Not part of the public interface.
#[doc(hidden)]
pub mod private {
    /// The argument of a method of [`Operation`](super::Operation). Outside this crate only generated code names it, so only generated code
    /// implements the trait.
    #[derive(Clone, Copy, Debug)]
    pub struct Emitted;

    pub trait Body {}

    pub trait ResponseKind {}
}

/// An operation of the API. The trait is implemented by generated crates only, and may get further items in any version.
pub trait Operation: 'static {
    /// The body of the request: a type of the API, a [`Multipart`] form, or [`NoBody`].
    type Body: Body;
    /// How the response is read: [`Json`], [`Text`], [`Empty`] or [`File`].
    type Response: ResponseKind;
    /// The method, the path and other metadata of the operation.
    ///
    /// It is a function and not an associated constant: `cargo check` evaluates associated constants, which takes time. It does not
    /// evaluate constants within functions.
    #[doc(hidden)]
    fn endpoint(_: private::Emitted) -> &'static Endpoint;
    /// Headers with a constant value.
    const HEADERS: &'static [(&'static str, &'static str)] = &[];

    /// Makes a call without parameters.
    fn call(client: &Client) -> Call {
        Call::with_headers(client, Self::endpoint(private::Emitted), Self::HEADERS)
    }
}

/// An operation that returns a page of a list.
pub trait Paged: Operation {
    /// The type of the items.
    type Item: Decode;
}

/// An operation that starts an asynchronous job, or one that returns the status of a job.
///
/// Its request has the methods `wait()` and `poller()`.
pub trait HasJob: Operation<Response: JsonResponse> {
    /// The operation that returns the status of the job; `Self` if this operation does so.
    type Status: Operation<Response: JsonResponse>;
    /// `None` if this operation does not start a job but returns its status. Otherwise the key of the job's id in the response of this
    /// operation, and the path parameter of `Status` that takes the id.
    const STARTS: Option<(&'static str, &'static str)>;
    /// The key of the job's state in the response of `Status`.
    const STATE: &'static str;

    /// Makes a poller for the job that `call` starts, or whose status it requests.
    fn poller(call: Call) -> Poller<Job<Self>> {
        let state = |job: &Job<Self>| JobState::from_status(&text_at(job, Self::STATE).unwrap_or_default());
        let Some((key, placeholder)) = Self::STARTS else {
            return Poller::new(move || call.clone().send_json(), state);
        };
        let client = call.client().clone();
        let status = move |started: Response<<Self::Response as JsonResponse>::Value>| {
            let id = text_at(&*started, key);
            move || {
                let mut call = Self::Status::call(&client);
                match &id {
                    Some(id) => call.path(placeholder, id),
                    None => {
                        call.fail(format!("the response has no `{key}`, so the status of the job cannot be requested"))
                    }
                }
                call.send_json()
            }
        };
        Poller::starting(call.send_json(), status, state)
    }
}

/// The type that the status operation of a job returns.
pub type Job<O> = <<<O as HasJob>::Status as Operation>::Response as JsonResponse>::Value;

/// A response that is JSON of a known type.
pub trait JsonResponse: ResponseKind {
    /// The type of the value.
    type Value: Decode + Serialize + Send + 'static;
}

impl<T: Decode + Serialize + Send + 'static> JsonResponse for Json<T> {
    type Value = T;
}

/// The string or number at a key of a value, as text.
fn text_at(value: &impl Serialize, key: &str) -> Option<String> {
    match serde_json::to_value(value).ok()?.get(key)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The body of a request. The trait is sealed.
#[doc(hidden)] // The page of each type of an API would list its impl.
pub trait Body: Clone + fmt::Debug + private::Body {
    /// Sets the body of a call.
    fn put(self, call: &mut Call);
}

/// The body type of operations without a body.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoBody;

impl private::Body for NoBody {}

impl Body for NoBody {
    fn put(self, _: &mut Call) {}
}

impl private::Body for Multipart {}

impl Body for Multipart {
    fn put(self, call: &mut Call) {
        call.multipart(self);
    }
}

impl<T: Decode + Clone + fmt::Debug> private::Body for T {}

impl<T: Decode + Clone + fmt::Debug> Body for T {
    fn put(self, call: &mut Call) {
        call.body(&self);
    }
}

/// How the response of an operation is read. The trait is sealed.
///
/// ```compile_fail,E0277
/// use intercom_runtime::{Call, Pending, Response, request};
///
/// struct Mine;
///
/// impl request::ResponseKind for Mine {
///     type Output = Response<()>;
///     type Pending = Pending<()>;
///
///     fn send(call: Call) -> Pending<()> {
///         call.send_empty()
///     }
/// }
/// ```
pub trait ResponseKind: private::ResponseKind {
    /// The result of the call.
    type Output;
    /// The future of the call.
    type Pending: Future<Output = Result<Self::Output, Error>>;

    /// Sends a call when the future is awaited.
    fn send(call: Call) -> Self::Pending;
}

/// A response that can be decoded as another type than the declared one.
pub trait DecodeAs: ResponseKind {}

/// The body is JSON of a type of the API.
#[derive(Debug)]
pub struct Json<T>(PhantomData<T>);

impl<T> private::ResponseKind for Json<T> {}

impl<T: Decode> ResponseKind for Json<T> {
    type Output = Response<T>;
    type Pending = Pending<T>;

    fn send(call: Call) -> Pending<T> {
        call.send_json()
    }
}

impl<T: Decode> DecodeAs for Json<T> {}

/// The body is text.
#[derive(Debug)]
pub enum Text {}

impl private::ResponseKind for Text {}

impl ResponseKind for Text {
    type Output = Response<String>;
    type Pending = Pending<String>;

    fn send(call: Call) -> Pending<String> {
        call.send_text()
    }
}

/// The description declares no body of the response.
#[derive(Debug)]
pub enum Empty {}

impl private::ResponseKind for Empty {}

impl ResponseKind for Empty {
    type Output = Response<()>;
    type Pending = Pending<()>;

    fn send(call: Call) -> Pending<()> {
        call.send_empty()
    }
}

impl DecodeAs for Empty {}

/// The body is a file, which is streamed.
#[derive(Debug)]
pub enum File {}

impl private::ResponseKind for File {}

impl ResponseKind for File {
    type Output = Download;
    type Pending = PendingDownload;

    fn send(call: Call) -> PendingDownload {
        call.download()
    }
}
