//! Reads `x-sdk-resource`: how a mock server imitates an operation.

use intercom_catalog::Resource;
use openapiv3::Operation as Source;
use serde::Deserialize as _;

use crate::diag::{Error, Result, join};

/// The resource of an operation, if the table of resources has an entry for it.
pub(super) fn resource(source: &Source, pointer: &str) -> Result<Option<Resource>> {
    let Some(entry) = source.extensions.get("x-sdk-resource") else { return Ok(None) };
    let resource = Resource::deserialize(entry).map_err(|error| {
        Error::new("", join(pointer, "x-sdk-resource"), error.to_string()).hint("correct the table of resources")
    })?;
    Ok(Some(resource))
}
