//! JSON arguments, taken one by one by the name under which they are sent.

use serde_json::{Map, Value};

use super::{Operation, from_base64};
use crate::data::{self, Decode};
use crate::error::Error;
use crate::multipart::{Multipart, Part};

/// The arguments of an invocation. Emitted code takes what it knows; what is left is an error.
#[derive(Debug)]
pub struct Arguments {
    path: Map<String, Value>,
    query: Map<String, Value>,
    header: Map<String, Value>,
    body: Option<Value>,
}

impl Arguments {
    pub(super) fn new(operation: &Operation, arguments: Value) -> Result<Self, Error> {
        let mut arguments = match arguments {
            Value::Object(map) => map,
            Value::Null => Map::new(),
            other => return Err(Error::request(format!("arguments are an object, not {other}"))),
        };
        let mut section = |name: &str| match arguments.remove(name) {
            None | Some(Value::Null) => Ok(Map::new()),
            Some(Value::Object(map)) => Ok(map),
            Some(other) => Err(Error::request(format!("`{name}` is an object of arguments, not {other}"))),
        };
        let (path, query, header) = (section("path")?, section("query")?, section("header")?);
        for (location, given) in [("path", &path), ("query", &query), ("header", &header)] {
            let known: Vec<&str> = operation
                .parameters
                .iter()
                .filter(|known| known.location == location)
                .map(|known| known.name)
                .collect();
            if let Some(unknown) = given.keys().find(|name| !known.contains(&name.as_str())) {
                let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
                return Err(Error::request(format!(
                    "{} has no {location} parameter `{unknown}`; it has {known}",
                    operation.id()
                )));
            }
        }
        let body = arguments.remove("body");
        if body.is_some() && operation.request.is_none() {
            return Err(Error::request(format!("{} takes no body", operation.id())));
        }
        match arguments.keys().next() {
            Some(unknown) => {
                Err(Error::request(format!("`{unknown}` is no section of arguments; path, query, header and body are")))
            }
            None => Ok(Self { path, query, header, body }),
        }
    }

    /// A parameter that is needed.
    ///
    /// # Errors
    /// Where it is missing or does not fit.
    pub fn needed<T: Decode>(&mut self, location: &str, name: &str) -> Result<T, Error> {
        self.optional(location, name)?
            .ok_or_else(|| Error::request(format!("the {location} parameter `{name}` is missing")))
    }

    /// A parameter that may be left out.
    ///
    /// # Errors
    /// Where it does not fit.
    pub fn optional<T: Decode>(&mut self, location: &str, name: &str) -> Result<Option<T>, Error> {
        let section = match location {
            "path" => &mut self.path,
            "query" => &mut self.query,
            _ => &mut self.header,
        };
        match section.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => decode(&value, || format!("the {location} parameter `{name}`")).map(Some),
        }
    }

    /// The body; one that is left out is an empty object.
    ///
    /// # Errors
    /// Where it does not fit.
    pub fn body<T: Decode>(&mut self) -> Result<T, Error> {
        let body = self.body.take().unwrap_or_else(|| Value::Object(Map::new()));
        decode(&body, || "the body".to_owned())
    }

    /// The body as a form: text fields, and Base64 text for the parts that are files.
    ///
    /// # Errors
    /// Where it is no object of scalars, or a file is no Base64 text.
    pub fn form(&mut self, files: &[&str]) -> Result<Multipart, Error> {
        let fields = match self.body.take() {
            None => Map::new(),
            Some(Value::Object(fields)) => fields,
            Some(other) => return Err(Error::request(format!("a form is an object, not {other}"))),
        };
        let mut form = Multipart::new();
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

fn decode<T: Decode>(value: &Value, what: impl Fn() -> String) -> Result<T, Error> {
    data::from_value(value).map_err(|error| Error::request(format!("{} does not fit: {error}", what())))
}
