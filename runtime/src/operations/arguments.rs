//! The JSON arguments of an invocation: parameters by location and name, and the body.

use serde_json::{Map, Value};

use super::{OperationEntry, Parameter};
use crate::call::Call;
use crate::error::Error;

/// The arguments of an invocation. All of them are known parameters of the operation.
#[derive(Debug)]
pub(super) struct Arguments {
    path: Map<String, Value>,
    query: Map<String, Value>,
    header: Map<String, Value>,
    pub(super) body: Option<Value>,
}

impl Arguments {
    pub(super) fn new(operation: &OperationEntry, arguments: Value) -> Result<Self, Error> {
        let mut arguments = match arguments {
            Value::Object(map) => map,
            Value::Null => Map::new(),
            other => return Err(Error::request(format!("the arguments must be an object, not {other}"))),
        };
        let mut section = |name: &str| match arguments.remove(name) {
            None | Some(Value::Null) => Ok(Map::new()),
            Some(Value::Object(map)) => Ok(map),
            Some(other) => Err(Error::request(format!("`{name}` must be an object of parameters, not {other}"))),
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
            return Err(Error::request(format!("{} has no body", operation.id())));
        }
        match arguments.keys().next() {
            Some(unknown) => Err(Error::request(format!(
                "unknown key `{unknown}` in the arguments; the keys are path, query, header and body"
            ))),
            None => Ok(Self { path, query, header, body }),
        }
    }

    /// Sets the value of a parameter in a call.
    ///
    /// # Errors
    /// If the value has the wrong type, or is missing although it is required.
    pub(super) fn set(&mut self, parameter: &Parameter, call: &mut Call) -> Result<(), Error> {
        let Parameter { name, location, .. } = *parameter;
        let section = match location {
            "path" => &mut self.path,
            "query" => &mut self.query,
            _ => &mut self.header,
        };
        match section.remove(name) {
            Some(value) if !value.is_null() => (parameter.set)(call, name, &value)
                .map_err(|error| Error::request(format!("the {location} parameter `{name}` is not valid: {error}"))),
            _ if parameter.required => Err(Error::request(format!("the {location} parameter `{name}` is missing"))),
            _ => Ok(()),
        }
    }
}
