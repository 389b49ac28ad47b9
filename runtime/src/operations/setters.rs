//! Functions that set a parameter of a call from a JSON value, as the typed setters do. There is one for each way of sending a
//! parameter; the table of operations refers to them.

use std::fmt::Display;

use serde::Serialize;
use serde_json::Value;

use crate::call::Call;
use crate::data::{self, Decode, DecodeError};

/// Sets the parameter with this name in a call to a JSON value.
pub type SetParameter = fn(&mut Call, &'static str, &Value) -> Result<(), DecodeError>;

/// Sets a path parameter.
///
/// # Errors
/// If the value has the wrong type. The other functions return the same error.
pub fn path<T: Decode + Display>(call: &mut Call, name: &'static str, value: &Value) -> Result<(), DecodeError> {
    call.path(name, data::from_value::<T>(value)?);
    Ok(())
}

/// Sets a query parameter.
pub fn query<T: Decode + Display>(call: &mut Call, name: &'static str, value: &Value) -> Result<(), DecodeError> {
    call.query(name, data::from_value::<T>(value)?);
    Ok(())
}

/// Sets a query parameter to a list, separated by commas.
pub fn query_list<T: Decode + Display>(call: &mut Call, name: &'static str, value: &Value) -> Result<(), DecodeError> {
    call.query_list(name, data::from_value::<Vec<T>>(value)?);
    Ok(())
}

/// Sets a query parameter once for each item of a list.
pub fn query_repeated<T: Decode + Display>(
    call: &mut Call,
    name: &'static str,
    value: &Value,
) -> Result<(), DecodeError> {
    call.query_repeated(name, data::from_value::<Vec<T>>(value)?);
    Ok(())
}

/// Sets a query parameter for each key of an object.
pub fn query_object<T: Decode + Serialize>(call: &mut Call, _: &'static str, value: &Value) -> Result<(), DecodeError> {
    call.query_object(&data::from_value::<T>(value)?);
    Ok(())
}

/// Sets a header.
pub fn header<T: Decode + Display>(call: &mut Call, name: &'static str, value: &Value) -> Result<(), DecodeError> {
    call.header(name, data::from_value::<T>(value)?);
    Ok(())
}

/// Sets the page size.
pub fn per_page<T: Decode + TryInto<u32>>(call: &mut Call, _: &'static str, value: &Value) -> Result<(), DecodeError> {
    call.per_page(data::from_value::<T>(value)?);
    Ok(())
}

/// Sets the position of the first page.
pub fn starting_at<T: Decode + Display>(call: &mut Call, _: &'static str, value: &Value) -> Result<(), DecodeError> {
    call.starting_at(data::from_value::<T>(value)?);
    Ok(())
}
