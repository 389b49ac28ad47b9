//! Operations as types: what a generated crate's `Request<O>` is generic over.
//!
//! A type without values stands for each operation. What all requests have, such as `send`, is then written once for all
//! of them, where a builder of its own for each operation would cost its users compile time for every one.

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

/// What keeps traits of this module from being implemented elsewhere. Not part of the public interface.
#[doc(hidden)]
pub mod private {
    /// Only emitted code makes one.
    #[derive(Clone, Copy, Debug)]
    pub struct Emitted;

    pub trait Body {}

    pub trait Answer {}
}

/// An operation of the API. Generated crates implement it; it may get further items in any version.
pub trait Operation: 'static {
    #[doc(hidden)]
    const EMITTED: private::Emitted;

    /// What is sent: a type of the API, a form, or nothing.
    type Body: Body;
    /// What is answered: [`Json`], [`Text`], [`Empty`] or [`File`].
    type Answer: Answer;
    /// The facts that every call of it carries.
    const ENDPOINT: &'static Endpoint;
    /// Headers that only have one value.
    const HEADERS: &'static [(&'static str, &'static str)] = &[];

    /// A call of it, nothing filled in yet.
    fn call(client: &Client) -> Call {
        Call::with_headers(client, Self::ENDPOINT, Self::HEADERS)
    }
}

/// An operation whose answer is a page of a list.
pub trait Paged: Operation {
    /// What the list holds.
    type Item: Decode;
}

/// An operation that starts a job, which another operation tells about.
///
/// Its request has `wait()` and `poller()`.
pub trait StartsJob: Operation<Answer: Answered> {
    /// The operation that returns the state of the job.
    type Look: Operation<Answer: Answered>;
    /// The key of the job's id in the answer of this operation.
    const ID: &'static str;
    /// The placeholder for the id in the path of `Look`.
    const PLACEHOLDER: &'static str;
    /// The key of the job's state in the answer of `Look`.
    const STATE: &'static str;

    /// Starts the job with `call` when it is waited for.
    fn poller(call: Call) -> Poller<Job<Self>> {
        let client = call.client().clone();
        let look = move |started: Response<<Self::Answer as Answered>::Value>| {
            let id = text_at(&*started, Self::ID);
            move || {
                let mut call = Self::Look::call(&client);
                match &id {
                    Some(id) => call.path(Self::PLACEHOLDER, id),
                    None => call.fail(format!("the answer has no `{}`, so that the job is not known", Self::ID)),
                }
                call.send_json()
            }
        };
        let judge = |job: &Job<Self>| JobState::of_status(&text_at(job, Self::STATE).unwrap_or_default());
        Poller::starting(call.send_json(), look, judge)
    }
}

/// The type that the status operation of a job answers with.
pub type Job<O> = <<<O as StartsJob>::Look as Operation>::Answer as Answered>::Value;

/// An answer that is JSON of a known type.
pub trait Answered: Answer {
    /// What the answer holds.
    type Value: Decode + Serialize + Send + 'static;
}

impl<T: Decode + Serialize + Send + 'static> Answered for Json<T> {
    type Value = T;
}

/// A text or a number at the top of a value.
fn text_at(value: &impl Serialize, key: &str) -> Option<String> {
    match serde_json::to_value(value).ok()?.get(key)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// What a request carries. The trait is sealed.
pub trait Body: Clone + fmt::Debug + private::Body {
    /// Puts it into a call.
    fn put(self, call: &mut Call);
}

/// What a request without a body carries.
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

#[doc(hidden)] // on the page of every type it would only take room
impl<T: Decode + Clone + fmt::Debug> Body for T {
    fn put(self, call: &mut Call) {
        call.body(&self);
    }
}

/// What an operation answers with. The trait is sealed.
///
/// ```compile_fail,E0277
/// use intercom_runtime::{Call, Pending, Response, request};
///
/// struct Mine;
///
/// impl request::Answer for Mine {
///     type Output = Response<()>;
///     type Pending = Pending<()>;
///
///     fn send(call: Call) -> Pending<()> {
///         call.send_empty()
///     }
/// }
/// ```
pub trait Answer: private::Answer {
    /// What comes back.
    type Output;
    /// The call on its way.
    type Pending: Future<Output = Result<Self::Output, Error>>;

    /// Sends a call.
    fn send(call: Call) -> Self::Pending;
}

/// An answer that can be decoded as another type instead.
pub trait AnyJson: Answer {}

/// JSON of a type of the API.
#[derive(Debug)]
pub struct Json<T>(PhantomData<T>);

impl<T> private::Answer for Json<T> {}

impl<T: Decode> Answer for Json<T> {
    type Output = Response<T>;
    type Pending = Pending<T>;

    fn send(call: Call) -> Pending<T> {
        call.send_json()
    }
}

impl<T: Decode> AnyJson for Json<T> {}

/// Text.
#[derive(Debug)]
pub enum Text {}

impl private::Answer for Text {}

impl Answer for Text {
    type Output = Response<String>;
    type Pending = Pending<String>;

    fn send(call: Call) -> Pending<String> {
        call.send_text()
    }
}

/// Nothing, by declaration.
#[derive(Debug)]
pub enum Empty {}

impl private::Answer for Empty {}

impl Answer for Empty {
    type Output = Response<()>;
    type Pending = Pending<()>;

    fn send(call: Call) -> Pending<()> {
        call.send_empty()
    }
}

impl AnyJson for Empty {}

/// A file, handed over as it comes.
#[derive(Debug)]
pub enum File {}

impl private::Answer for File {}

impl Answer for File {
    type Output = Download;
    type Pending = PendingDownload;

    fn send(call: Call) -> PendingDownload {
        call.download()
    }
}
