//! The functions of an [`OperationEntry`](super::OperationEntry) that are generic over its operation.

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
use crate::request::{Body, NoBody, Operation, Paged, ResponseKind};

/// Sends a call with a body.
///
/// # Errors
/// If the body has the wrong type.
pub(super) fn send<O>(mut call: Call, body: Option<Value>, files: &[&str]) -> Result<Invocation, Error>
where
    O: Operation<Body: BodyArgument, Response: ResponseKind<Pending: IntoInvocation>>,
{
    O::Body::from_argument(body, files)?.put(&mut call);
    Ok(O::Response::send(call).into_invocation())
}

/// Returns a stream of the items of all pages, for a call with a body.
///
/// # Errors
/// If the body has the wrong type.
pub(super) fn items<O>(mut call: Call, body: Option<Value>, files: &[&str]) -> Result<Items<Value>, Error>
where
    O: Paged<Body: BodyArgument, Item: Serialize>,
{
    O::Body::from_argument(body, files)?.put(&mut call);
    Ok(Items::through::<O::Item>(call))
}

/// A body that can be made from JSON.
#[doc(hidden)]
pub trait BodyArgument: Body + Sized {
    /// Makes the body. Without JSON, it is made from an empty object.
    ///
    /// # Errors
    /// If the JSON has the wrong type.
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
        data::from_value(&body).map_err(|error| Error::request(format!("the body is not valid: {error}")))
    }
}

/// The fields of the form. A file is a Base64 string, or an object `{"base64": …, "file_name": …, "content_type": …}`, whose last two
/// keys are optional.
impl BodyArgument for Multipart {
    fn from_argument(body: Option<Value>, files: &[&str]) -> Result<Self, Error> {
        let fields = match body {
            None => Map::new(),
            Some(Value::Object(fields)) => fields,
            Some(other) => return Err(Error::request(format!("a form must be an object, not {other}"))),
        };
        let mut form = Self::new();
        for (name, value) in fields {
            if files.contains(&name.as_str()) {
                let part = file(&name, &value)?;
                form = form.part(name, part);
                continue;
            }
            let text = match value {
                Value::String(text) => text,
                scalar @ (Value::Number(_) | Value::Bool(_)) => scalar.to_string(),
                other => return Err(Error::request(format!("the part `{name}` must be text, not {other}"))),
            };
            form = form.text(name, text);
        }
        Ok(form)
    }
}

/// Makes a part that is a file. The default file name is the name of the part.
fn file(name: &str, value: &Value) -> Result<Part, Error> {
    let fail = |what: &str| Error::request(format!("the part `{name}` {what}"));
    if let Some(key) = value
        .as_object()
        .and_then(|object| object.keys().find(|key| !matches!(key.as_str(), "base64" | "file_name" | "content_type")))
    {
        return Err(fail(&format!("has an unknown key `{key}`; the keys are base64, file_name and content_type")));
    }
    let text = |key: &str| match value.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.as_str())),
        Some(_) => Err(fail(&format!("has a `{key}` that is not a string"))),
    };
    let content =
        value.as_str().or(text("base64")?).ok_or_else(|| fail("is neither a string nor an object with `base64`"))?;
    let bytes = from_base64(content).ok_or_else(|| fail("is not Base64"))?;
    let part = Part::bytes(bytes).file_name(text("file_name")?.unwrap_or(name));
    Ok(match text("content_type")? {
        Some(media_type) => part.content_type(media_type),
        None => part,
    })
}

/// The future of a call whose response can be converted to JSON.
#[doc(hidden)]
pub trait IntoInvocation: Sealed {
    /// Converts the response to JSON.
    fn into_invocation(self) -> Invocation;
}

/// Prevents implementations of [`IntoInvocation`] in other crates.
pub trait Sealed {}

impl<T> Sealed for Pending<T> {}

impl Sealed for PendingDownload {}

impl<T: Serialize + 'static> IntoInvocation for Pending<T> {
    fn into_invocation(self) -> Invocation {
        Box::pin(async move {
            let response = self.await?;
            let value = serde_json::to_value(&*response);
            value.map_err(|error| Error::request(format!("the response cannot be serialized: {error}")))
        })
    }
}

impl IntoInvocation for PendingDownload {
    fn into_invocation(self) -> Invocation {
        Box::pin(async move { Ok(Value::String(base64(&self.await?.bytes().await?))) })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::multipart::Multipart;

    #[test]
    fn a_file_may_have_a_name_and_a_media_type() {
        let sent = |value: Value| {
            let body = Multipart::new().part("f", file("f", &value).unwrap()).body("B").unwrap();
            String::from_utf8(body.as_bytes().unwrap().to_vec()).unwrap()
        };
        let csv = sent(json!({"base64": "aWQ=", "file_name": "p.csv", "content_type": "text/csv"}));
        assert!(csv.contains("filename=\"p.csv\"\r\nContent-Type: text/csv\r\n\r\nid\r\n"), "{csv}");
        let bare = sent(json!("aWQ="));
        assert!(bare.contains("filename=\"f\"\r\nContent-Type: application/octet-stream\r\n\r\nid\r\n"), "{bare}");
        let error = file("f", &json!({"base64": "aWQ=", "type": "text/csv"})).unwrap_err().to_string();
        assert!(error.contains("unknown key `type`"), "{error}");
    }
}
