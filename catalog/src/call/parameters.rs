//! Adds the values of parameters to a call.

use intercom_runtime::Call;
use serde_json::{Map, Value};

use super::Problem;
use super::arguments::section;
use crate::operation::{Location, Operation, Parameter};

/// The parameters of a section of the arguments.
pub(super) fn of<'a>(operation: &'a Operation, name: &'a str) -> impl Iterator<Item = &'a Parameter> {
    operation.parameters.iter().filter(move |parameter| section(parameter.location) == name)
}

/// Adds the values of the sections path, query and header to a call.
///
/// # Errors
/// If a value cannot be written as text.
pub(super) fn put(call: &mut Call, operation: &Operation, sections: &[Map<String, Value>; 3]) -> Result<(), Problem> {
    let [path, query, header] = sections;
    for parameter in &operation.parameters {
        let name = parameter.name.as_str();
        let given = match parameter.location {
            Location::Path => path,
            Location::Header => header,
            _ => query,
        };
        let constant = parameter.constant.as_deref().map(Value::from);
        let Some(value) = given.get(name).filter(|value| !value.is_null()).or(constant.as_ref()) else { continue };
        let pointer = || format!("/{}/{name}", section(parameter.location));
        let as_text = |value: &Value| text(value).ok_or_else(|| Problem::new(pointer(), "has no text form"));
        match parameter.location {
            Location::Path => call.path(name.to_owned(), as_text(value)?),
            Location::Query => call.query_append(name.to_owned(), as_text(value)?),
            Location::QueryCommaList => {
                let values: Vec<String> = list(value).iter().map(as_text).collect::<Result<_, _>>()?;
                call.query_append(name.to_owned(), values.join(","));
            }
            Location::QueryRepeated => {
                for value in list(value) {
                    call.query_append(name.to_owned(), as_text(value)?);
                }
            }
            Location::QueryExploded => call.query_object(value),
            Location::Header => call.header(name.to_owned(), as_text(value)?),
        }
    }
    Ok(())
}

fn list(value: &Value) -> &[Value] {
    match value {
        Value::Array(values) => values,
        one => std::slice::from_ref(one),
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
