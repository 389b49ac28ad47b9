//! The table of operations of a generated crate, whose entries can be called by name with JSON arguments.
//!
//! A call through the table uses the same request type, code and response type as a typed call. It is for tools that call the
//! operations of one version by name, such as the conformance tests. The `intercom` command uses the catalog instead.

mod arguments;
pub mod setters;
mod typed;

use base64::Engine as _;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::Serialize;
use serde_json::Value;

use crate::call::Call;
use crate::client::Client;
use crate::data::{self, Decode, DecodeError, Decoding, Mismatch};
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::paging::{Items, PagingStyle};
use crate::request::private::Emitted;
use crate::request::{Operation, Paged, ResponseKind};
use crate::transport::BoxFuture;

use arguments::Arguments;
pub use setters::SetParameter;
pub use typed::{BodyArgument, IntoInvocation};

/// A call that is sent when it is awaited, and returns what [`OperationEntry::invoke`] does.
pub type Invocation = BoxFuture<'static, Result<Value, Error>>;

/// A function that sets the body of a call from JSON, and sends the call or returns a stream of its items. The last argument contains the
/// names of the parts of a form that are files.
type WithBody<T> = fn(Call, Option<Value>, &[&str]) -> Result<T, Error>;

/// An operation of the API.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct OperationEntry {
    /// The method of the client that returns the group, such as `contacts`.
    pub group: &'static str,
    /// The method of the group, such as `create`.
    pub method: &'static str,
    /// Other names of the operation, such as `brands.list_brands`.
    pub aliases: &'static [&'static str],
    /// The parameters, without the body.
    pub parameters: &'static [Parameter],
    /// The type of the body, if there is one.
    pub request: Option<TypeEntry>,
    /// The names of the parts that are files, if the body is a form.
    pub files: &'static [&'static str],
    /// The declared types of JSON responses by status, without those in `errors`.
    responses: &'static [(&'static str, TypeEntry)],
    /// A type that several error responses have, and their statuses.
    errors: Option<(TypeEntry, &'static [&'static str])>,
    /// The name of the type of a successful response.
    pub response: &'static str,
    /// Returns the metadata of the operation.
    endpoint: fn(Emitted) -> &'static Endpoint,
    /// Makes a call without parameters.
    call: fn(&Client) -> Call,
    /// Sends the call.
    send: WithBody<Invocation>,
    /// Returns a stream of the items of all pages, if the operation has pages.
    items: Option<WithBody<Items<Value>>>,
}

/// A parameter of an operation.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Parameter {
    /// The name as it is sent.
    pub name: &'static str,
    /// Where it is sent: `path`, `query` or `header`.
    pub location: &'static str,
    /// Whether the parameter is required.
    pub required: bool,
    /// Sets the value of the parameter in a call.
    set: SetParameter,
}

/// Constructors that generated code calls.
#[doc(hidden)]
impl Parameter {
    pub const fn new(name: &'static str, location: &'static str, required: bool, set: SetParameter) -> Self {
        Self { name, location, required, set }
    }
}

/// Constructors that generated code calls.
#[doc(hidden)]
impl OperationEntry {
    pub const fn of<O>(group: &'static str, method: &'static str, response: &'static str) -> Self
    where
        O: Operation<Body: BodyArgument, Response: ResponseKind<Pending: IntoInvocation>>,
    {
        Self {
            group,
            method,
            aliases: &[],
            parameters: &[],
            request: None,
            files: &[],
            responses: &[],
            errors: None,
            response,
            endpoint: O::endpoint,
            call: O::call,
            send: typed::send::<O>,
            items: None,
        }
    }

    pub const fn aliases(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    pub const fn parameters(mut self, parameters: &'static [Parameter]) -> Self {
        self.parameters = parameters;
        self
    }

    pub const fn request(mut self, body: TypeEntry) -> Self {
        self.request = Some(body);
        self
    }

    pub const fn files(mut self, files: &'static [&'static str]) -> Self {
        self.files = files;
        self
    }

    pub const fn responses(mut self, responses: &'static [(&'static str, TypeEntry)]) -> Self {
        self.responses = responses;
        self
    }

    pub const fn errors(mut self, ty: TypeEntry, statuses: &'static [&'static str]) -> Self {
        self.errors = Some((ty, statuses));
        self
    }

    pub const fn paged<O>(mut self) -> Self
    where
        O: Paged<Body: BodyArgument, Item: Serialize>,
    {
        self.items = Some(typed::items::<O>);
        self
    }
}

/// Finds an operation of a table by any of its names.
///
/// A name is a group and a method of it (`brands.list`), an alias of that (`brands.list_brands`, or `brands.listBrands` as in Intercom's
/// SDKs), an operation id of the description (`listBrands`), or an HTTP method and a path (`GET /brands`). Case and underscores make no
/// difference in the first three.
pub fn find<'t>(table: &'t [OperationEntry], name: &str) -> Option<&'t OperationEntry> {
    // The name of an operation takes precedence over an alias of another operation.
    let matchers: [fn(&OperationEntry, &str) -> bool; 4] = [
        |entry, name| same_words(entry.id(), name),
        |entry, name| entry.aliases.iter().any(|alias| same_words(alias, name)),
        |entry, name| !name.is_empty() && same_words(entry.operation_id(), name),
        |entry, name| name.split_once(' ') == Some((entry.http_method(), entry.path())),
    ];
    matchers.iter().find_map(|matches| table.iter().find(|entry| matches(entry, name)))
}

/// Whether two names are equal except for case and underscores.
fn same_words(left: &str, right: &str) -> bool {
    let letters = |text: &str| text.replace('_', "").to_ascii_lowercase();
    letters(left) == letters(right)
}

impl OperationEntry {
    /// The metadata of the operation: method, path, pagination.
    pub fn endpoint(&self) -> &'static Endpoint {
        (self.endpoint)(Emitted)
    }

    /// The group and the method, such as `contacts.create`.
    pub fn id(&self) -> &'static str {
        &self.endpoint().id
    }

    /// The operation id of the description; empty if it has none.
    pub fn operation_id(&self) -> &'static str {
        self.endpoint().operation_id
    }

    /// The HTTP method.
    pub fn http_method(&self) -> &'static str {
        self.endpoint().method.as_str()
    }

    /// The path template, as in the description.
    pub fn path(&self) -> &'static str {
        &self.endpoint().path
    }

    /// The kind of pagination, if the operation has pages.
    pub fn paging(&self) -> Option<PagingStyle> {
        self.endpoint().paging.map(|paging| paging.style)
    }

    /// Whether the request can be repeated safely.
    pub fn is_idempotent(&self) -> bool {
        self.endpoint().idempotent
    }

    /// The declared type of the JSON responses with a status, such as `200`. `default` stands for statuses that are not declared.
    pub fn response_type(&self, status: &str) -> Option<&TypeEntry> {
        let in_errors = self.errors.as_ref().filter(|(_, statuses)| statuses.contains(&status)).map(|(ty, _)| ty);
        in_errors.or_else(|| self.responses.iter().find(|(declared, _)| *declared == status).map(|(_, ty)| ty))
    }

    /// Calls the operation with the arguments `{"path": {…}, "query": {…}, "header": {…}, "body": …}`. Parameters have the names that are
    /// sent.
    ///
    /// Returns the JSON of the decoded type. Text is returned as a string, an empty response as null, and a file as Base64.
    ///
    /// # Errors
    /// If an argument is unknown, missing or of the wrong type, and those of a typed call.
    pub async fn invoke(&self, client: &impl AsRef<Client>, arguments: Value) -> Result<Value, Error> {
        let (call, body) = self.prepare(client.as_ref(), arguments)?;
        (self.send)(call, body, self.files)?.await
    }

    /// Returns a stream of the items of all pages, for the arguments of [`invoke`](Self::invoke). The items are the JSON of the decoded
    /// type.
    ///
    /// # Errors
    /// If the operation has no pages, or an argument is unknown, missing or of the wrong type.
    pub fn items(&self, client: &impl AsRef<Client>, arguments: Value) -> Result<Items<Value>, Error> {
        let items = self.items.ok_or_else(|| Error::request(format!("{} has no pages", self.id())))?;
        let (call, body) = self.prepare(client.as_ref(), arguments)?;
        items(call, body, self.files)
    }

    /// Makes a call with the parameters in `arguments`. Also returns the body, which is not set yet.
    fn prepare(&self, client: &Client, arguments: Value) -> Result<(Call, Option<Value>), Error> {
        let mut arguments = Arguments::new(self, arguments)?;
        let mut call = (self.call)(client);
        for parameter in self.parameters {
            arguments.set(parameter, &mut call)?;
        }
        Ok((call, arguments.body))
    }
}

/// A type of the API by name. Tools can decode it without naming the type in code.
#[derive(Clone, Copy, Debug)]
pub struct TypeEntry {
    /// The name of the Rust type: `Contact`, `Vec<Contact>`.
    pub name: &'static str,
    decode: fn(&[u8], Decoding) -> RoundTrip,
}

/// The value, decoded and encoded again, and the mismatches.
type RoundTrip = Result<(Value, Vec<Mismatch>), DecodeError>;

impl TypeEntry {
    /// Makes the entry of a type.
    pub const fn of<T: Decode + Serialize>(name: &'static str) -> Self {
        Self { name, decode: round_trip::<T> }
    }

    /// Decodes JSON text as the type and encodes it again. Also returns the mismatches.
    ///
    /// # Errors
    /// If the text cannot be decoded, or decoding is strict and a value does not fit.
    pub fn round_trip(&self, json: &[u8], decoding: Decoding) -> Result<(Value, Vec<Mismatch>), DecodeError> {
        (self.decode)(json, decoding)
    }
}

fn round_trip<T: Decode + Serialize>(json: &[u8], decoding: Decoding) -> Result<(Value, Vec<Mismatch>), DecodeError> {
    let decoded = data::from_slice::<T>(json, decoding)?;
    Ok((serde_json::to_value(&decoded.value)?, decoded.mismatches))
}

/// Encodes bytes as Base64 with padding.
fn base64(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}

/// Decodes Base64 with or without padding.
fn from_base64(text: &str) -> Option<Vec<u8>> {
    BASE64.decode(text).ok()
}

/// The standard alphabet. Padding is written, and optional when reading.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

#[cfg(test)]
mod tests {
    use super::{base64, from_base64};

    #[test]
    fn base64_is_encoded_and_decoded() {
        for (text, encoded) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("\u{ff}\u{fe}", "w7/Dvg=="),
        ] {
            assert_eq!(base64(text.as_bytes()), encoded);
            assert_eq!(from_base64(encoded).as_deref(), Some(text.as_bytes()));
        }
        assert_eq!(from_base64("Zm8").as_deref(), Some(&b"fo"[..]));
        for bad in ["a b", "Z", "Zm9vZ", "Zm9v=Zm9v", "Zh=="] {
            assert_eq!(from_base64(bad), None, "{bad}");
        }
    }
}
