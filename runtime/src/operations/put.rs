//! How the JSON value of a parameter gets into a call: what a typed setter does, for each way of sending a parameter.

use std::fmt::Display;

use serde::Serialize;
use serde_json::Value;

use crate::call::Call;
use crate::data::{self, Decode, DecodeError};

/// Puts the value of the parameter with that name into a call.
pub type Put = fn(&mut Call, &'static str, &Value) -> Result<(), DecodeError>;

/// Into the path.
///
/// # Errors
/// If the value does not fit, here and below.
pub fn path<T: Decode + Display>(call: &mut Call, name: &'static str, value: &Value) -> Result<(), DecodeError> {
    call.path(name, data::from_value::<T>(value)?);
    Ok(())
}

/// Into the query.
pub fn query<T: Decode + Display>(call: &mut Call, name: &'static str, value: &Value) -> Result<(), DecodeError> {
    call.query(name, data::from_value::<T>(value)?);
    Ok(())
}

/// Into the query as a list that is separated by commas.
pub fn query_list<T: Decode + Display>(call: &mut Call, name: &'static str, value: &Value) -> Result<(), DecodeError> {
    call.query_list(name, data::from_value::<Vec<T>>(value)?);
    Ok(())
}

/// Into the query, once for each item of a list.
pub fn query_repeated<T: Decode + Display>(
    call: &mut Call,
    name: &'static str,
    value: &Value,
) -> Result<(), DecodeError> {
    call.query_repeated(name, data::from_value::<Vec<T>>(value)?);
    Ok(())
}

/// Into the query, a parameter for each key of an object.
pub fn query_object<T: Decode + Serialize>(call: &mut Call, _: &'static str, value: &Value) -> Result<(), DecodeError> {
    call.query_object(&data::from_value::<T>(value)?);
    Ok(())
}

/// Into the headers.
pub fn header<T: Decode + Display>(call: &mut Call, name: &'static str, value: &Value) -> Result<(), DecodeError> {
    call.header(name, data::from_value::<T>(value)?);
    Ok(())
}

/// How many items a page holds.
pub fn per_page<T: Decode + TryInto<u32>>(call: &mut Call, _: &'static str, value: &Value) -> Result<(), DecodeError> {
    call.per_page(data::from_value::<T>(value)?);
    Ok(())
}

/// Where to begin.
pub fn starting_at<T: Decode + Display>(call: &mut Call, _: &'static str, value: &Value) -> Result<(), DecodeError> {
    call.starting_at(data::from_value::<T>(value)?);
    Ok(())
}
