//! What an entry of the table does with the types of its operation.

use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value};

use super::{Invocation, base64, from_base64};
use crate::call::Call;
use crate::data::{self, Decode};
use crate::download::PendingDownload;
use crate::error::Error;
use crate::multipart::{Multipart, Part};
use crate::paging::Items;
use crate::pending::Pending;
use crate::request::{Answer, Body, NoBody, Operation, Paged};

/// Sends a call with a body.
///
/// # Errors
/// Where the body does not fit.
pub(super) fn send<O>(mut call: Call, body: Option<Value>, files: &[&str]) -> Result<Invocation, Error>
where
    O: Operation<Body: BodyArgument, Answer: Answer<Pending: IntoInvocation>>,
{
    O::Body::from_argument(body, files)?.put(&mut call);
    Ok(O::Answer::send(call).into_invocation())
}

/// Walks the pages of a call with a body.
///
/// # Errors
/// Where the body does not fit.
pub(super) fn items<O>(mut call: Call, body: Option<Value>, files: &[&str]) -> Result<Items<Value>, Error>
where
    O: Paged<Body: BodyArgument, Item: Serialize>,
{
    O::Body::from_argument(body, files)?.put(&mut call);
    Ok(Items::through::<O::Item>(call))
}

/// A body that can be made of JSON.
#[doc(hidden)]
pub trait BodyArgument: Body + Sized {
    /// Makes it; one that is left out is an empty object.
    ///
    /// # Errors
    /// Where it does not fit.
    fn from_argument(body: Option<Value>, files: &[&str]) -> Result<Self, Error>;
}

impl BodyArgument for NoBody {
    fn from_argument(_: Option<Value>, _: &[&str]) -> Result<Self, Error> {
        Ok(Self)
    }
}

impl<T: Decode + Clone + fmt::Debug> BodyArgument for T {
    fn from_argument(body: Option<Value>, _: &[&str]) -> Result<Self, Error> {
        let body = body.unwrap_or_else(|| Value::Object(Map::new()));
        data::from_value(&body).map_err(|error| Error::request(format!("the body does not fit: {error}")))
    }
}

/// Text fields, and Base64 text for the parts that are files.
impl BodyArgument for Multipart {
    fn from_argument(body: Option<Value>, files: &[&str]) -> Result<Self, Error> {
        let fields = match body {
            None => Map::new(),
            Some(Value::Object(fields)) => fields,
            Some(other) => return Err(Error::request(format!("a form is an object, not {other}"))),
        };
        let mut form = Self::new();
        for (name, value) in fields {
            let text = match value {
                Value::String(text) => text,
                scalar @ (Value::Number(_) | Value::Bool(_)) => scalar.to_string(),
                other => return Err(Error::request(format!("the part `{name}` is text, not {other}"))),
            };
            form = if files.contains(&name.as_str()) {
                let bytes =
                    from_base64(&text).ok_or_else(|| Error::request(format!("the part `{name}` is no Base64 text")))?;
                let part = Part::bytes(bytes).file_name(&*name);
                form.part(name, part)
            } else {
                form.text(name, text)
            };
        }
        Ok(form)
    }
}

/// What a call's answer becomes in a table.
#[doc(hidden)]
pub trait IntoInvocation: Sealed {
    /// The answer as JSON.
    fn into_invocation(self) -> Invocation;
}

/// Keeps the trait from being implemented elsewhere.
pub trait Sealed {}

impl<T> Sealed for Pending<T> {}

impl Sealed for PendingDownload {}

impl<T: Serialize + 'static> IntoInvocation for Pending<T> {
    fn into_invocation(self) -> Invocation {
        Box::pin(async move {
            let response = self.await?;
            let value = serde_json::to_value(&*response);
            value.map_err(|error| Error::request(format!("the answer does not serialise: {error}")))
        })
    }
}

impl IntoInvocation for PendingDownload {
    fn into_invocation(self) -> Invocation {
        Box::pin(async move { Ok(Value::String(base64(&self.await?.bytes().await?))) })
    }
}
