//! Operations as data: what a generated crate's table is made of, and how an entry is called with JSON arguments.
//!
//! A call through the table goes the way of a typed call: the same request type, send path and response type. Tools that
//! call operations of one version by name, such as the conformance tests, use it. The `intercom` command reads the
//! catalog instead.

mod arguments;
pub mod put;
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
use crate::request::{Operation, Paged, ResponseKind};
use crate::transport::BoxFuture;

use arguments::Arguments;
pub use put::Put;
pub use typed::{BodyArgument, IntoInvocation};

/// The result of [`OperationEntry::invoke`], to be awaited.
pub type Invocation = BoxFuture<'static, Result<Value, Error>>;

/// A function that puts a JSON body into a call, and sends the call or walks its pages. The names are those of the
/// parts of a form that are files.
type WithBody<T> = fn(Call, Option<Value>, &[&str]) -> Result<T, Error>;

/// An operation of the API.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct OperationEntry {
    /// Method, path and paging: the constant that every call of the operation carries.
    pub endpoint: &'static Endpoint,
    /// The client's method that leads to it: `contacts`.
    pub group: &'static str,
    /// The handle's method: `create`.
    pub method: &'static str,
    /// Its other names, each a group and a method: `brands.list_brands`.
    pub aliases: &'static [&'static str],
    /// Its parameters, the body aside.
    pub parameters: &'static [Parameter],
    /// The type of its body.
    pub request: Option<TypeEntry>,
    /// The parts of its body that are files, where it is a form.
    pub files: &'static [&'static str],
    /// The declared types of its JSON answers, by status; `default` stands for those that are not listed.
    pub responses: &'static [(&'static str, TypeEntry)],
    /// The name of the type that a success is decoded into.
    pub response: &'static str,
    /// Begins a call of it.
    call: fn(&Client) -> Call,
    /// Sends the call.
    send: WithBody<Invocation>,
    /// Walks its pages, where it has some.
    items: Option<WithBody<Items<Value>>>,
}

/// A parameter of an operation.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Parameter {
    /// Its name, as it is sent.
    pub name: &'static str,
    /// Where it is sent: `path`, `query` or `header`.
    pub location: &'static str,
    /// Whether the operation needs it.
    pub required: bool,
    /// Puts its value into a call.
    put: Put,
}

/// What tables are made of. Emitted code calls this.
#[doc(hidden)]
impl Parameter {
    pub const fn new(name: &'static str, location: &'static str, required: bool, put: Put) -> Self {
        Self { name, location, required, put }
    }
}

/// What tables are made of. Emitted code calls this.
#[doc(hidden)]
impl OperationEntry {
    pub const fn of<O>(group: &'static str, method: &'static str, response: &'static str) -> Self
    where
        O: Operation<Body: BodyArgument, Response: ResponseKind<Pending: IntoInvocation>>,
    {
        Self {
            endpoint: O::ENDPOINT,
            group,
            method,
            aliases: &[],
            parameters: &[],
            request: None,
            files: &[],
            responses: &[],
            response,
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
/// A name is a group and a method (`brands.list`), the same in the spelling of Intercom's SDKs (`brands.listBrands`), an operation
/// id of the description (`listBrands`), or a method and a path (`GET /brands`). Case and underscores make no difference in
/// the first three.
pub fn find<'t>(table: &'t [OperationEntry], name: &str) -> Option<&'t OperationEntry> {
    // The main name of an operation wins over an alias of a different operation.
    let ways: [fn(&OperationEntry, &str) -> bool; 4] = [
        |entry, name| same_words(entry.id(), name),
        |entry, name| entry.aliases.iter().any(|alias| same_words(alias, name)),
        |entry, name| !name.is_empty() && same_words(entry.operation_id(), name),
        |entry, name| name.split_once(' ') == Some((entry.http_method(), entry.path())),
    ];
    ways.iter().find_map(|is_called| table.iter().find(|entry| is_called(entry, name)))
}

/// Whether two names differ in nothing but case and underscores.
fn same_words(left: &str, right: &str) -> bool {
    let letters = |text: &str| text.replace('_', "").to_ascii_lowercase();
    letters(left) == letters(right)
}

impl OperationEntry {
    /// Group and method: `contacts.create`.
    pub fn id(&self) -> &'static str {
        &self.endpoint.id
    }

    /// The operation id of the description; empty where it has none.
    pub fn operation_id(&self) -> &'static str {
        self.endpoint.operation_id
    }

    /// The HTTP method.
    pub fn http_method(&self) -> &'static str {
        self.endpoint.method.as_str()
    }

    /// The path template, as in the description.
    pub fn path(&self) -> &'static str {
        &self.endpoint.path
    }

    /// How it pages, if it does.
    pub fn paging(&self) -> Option<PagingStyle> {
        self.endpoint.paging.map(|paging| paging.style)
    }

    /// Whether it may be sent again when it is not known what became of it.
    pub fn is_idempotent(&self) -> bool {
        self.endpoint.idempotent
    }

    /// Calls the operation with `{"path": {…}, "query": {…}, "header": {…}, "body": …}`, by the names that are sent.
    ///
    /// The answer is the JSON of the decoded type; text is a string, no content is null, and a file is Base64 text.
    ///
    /// # Errors
    /// If an argument is unknown, missing or does not fit, and those of a typed call.
    pub async fn invoke(&self, client: &impl AsRef<Client>, arguments: Value) -> Result<Value, Error> {
        let (call, body) = self.filled(client.as_ref(), arguments)?;
        (self.send)(call, body, self.files)?.await
    }

    /// Walks the pages of the operation with the arguments of [`invoke`](Self::invoke). The items are the JSON of the
    /// decoded type.
    ///
    /// # Errors
    /// If the operation does not page, or an argument is unknown, missing or does not fit.
    pub fn items(&self, client: &impl AsRef<Client>, arguments: Value) -> Result<Items<Value>, Error> {
        let items = self.items.ok_or_else(|| Error::request(format!("{} does not page", self.id())))?;
        let (call, body) = self.filled(client.as_ref(), arguments)?;
        items(call, body, self.files)
    }

    /// A call with its parameters, and the body.
    fn filled(&self, client: &Client, arguments: Value) -> Result<(Call, Option<Value>), Error> {
        let mut arguments = Arguments::new(self, arguments)?;
        let mut call = (self.call)(client);
        for parameter in self.parameters {
            arguments.put(parameter, &mut call)?;
        }
        Ok((call, arguments.body))
    }
}

/// A type of the API by name, whose decoding can be tested without naming the type in code.
#[derive(Clone, Copy, Debug)]
pub struct TypeEntry {
    /// The Rust type: `Contact`, `Vec<Contact>`.
    pub name: &'static str,
    decode: fn(&[u8], Decoding) -> RoundTrip,
}

/// The value as it goes back, and what had to be set aside.
type RoundTrip = Result<(Value, Vec<Mismatch>), DecodeError>;

impl TypeEntry {
    /// The entry of a type.
    pub const fn of<T: Decode + Serialize>(name: &'static str) -> Self {
        Self { name, decode: round_trip::<T> }
    }

    /// Decodes JSON text into the type and encodes it again. Also returns what had to be set aside.
    ///
    /// # Errors
    /// If the text cannot be decoded at all, or, in strict decoding, does not fit.
    pub fn round_trip(&self, json: &[u8], decoding: Decoding) -> Result<(Value, Vec<Mismatch>), DecodeError> {
        (self.decode)(json, decoding)
    }
}

fn round_trip<T: Decode + Serialize>(json: &[u8], decoding: Decoding) -> Result<(Value, Vec<Mismatch>), DecodeError> {
    let decoded = data::from_slice::<T>(json, decoding)?;
    Ok((serde_json::to_value(&decoded.value)?, decoded.mismatches))
}

/// Base64 with padding.
fn base64(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}

/// The bytes of Base64 text, with or without padding.
fn from_base64(text: &str) -> Option<Vec<u8>> {
    BASE64.decode(text).ok()
}

/// The usual alphabet; padding is written and not asked for.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

#[cfg(test)]
mod tests {
    use super::{base64, from_base64};

    #[test]
    fn base64_goes_both_ways() {
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
