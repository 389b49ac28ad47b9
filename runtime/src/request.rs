//! Operations as types: what a generated crate's `Request<O>` is generic over.
//!
//! A type without values stands for each operation. What all requests have, such as `send`, is then written once for all
//! of them, where a builder of its own for each operation would cost its users compile time for every one.

use std::fmt;
use std::marker::PhantomData;

use crate::call::Call;
use crate::client::Client;
use crate::data::Decode;
use crate::download::{Download, PendingDownload};
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::multipart::Multipart;
use crate::pending::Pending;
use crate::response::Response;

/// An operation of the API.
pub trait Operation: 'static {
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
        let mut call = Call::new(client, Self::ENDPOINT);
        for (name, value) in Self::HEADERS {
            call.header(name, value);
        }
        call
    }
}

/// An operation whose answer is a page of a list.
pub trait Paged: Operation {
    /// What the list holds.
    type Item: Decode;
}

/// What a request carries.
pub trait Body: Clone + fmt::Debug {
    /// Puts it into a call.
    fn put(self, call: &mut Call);
}

/// What a request without a body carries.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoBody;

impl Body for NoBody {
    fn put(self, _: &mut Call) {}
}

impl Body for Multipart {
    fn put(self, call: &mut Call) {
        call.multipart(self);
    }
}

impl<T: Decode + Clone + fmt::Debug> Body for T {
    fn put(self, call: &mut Call) {
        call.body(&self);
    }
}

/// What an operation answers with.
pub trait Answer {
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

impl Answer for File {
    type Output = Download;
    type Pending = PendingDownload;

    fn send(call: Call) -> PendingDownload {
        call.download()
    }
}
