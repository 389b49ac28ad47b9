//! Reads conversations and tickets in full, several at the same time, and keeps the order of the list.

use futures_util::StreamExt as _;
use futures_util::stream;
use intercom_catalog::call::{Answer, Arguments, Invocation};
use intercom_catalog::{Catalog, Operation};
use intercom_runtime::Client;
use serde_json::Value;

use super::target::id;
use crate::failure::{Failure, Result};

/// Reads each item in full. An item that was deleted meanwhile stays as the list had it.
///
/// # Errors
/// Where an item cannot be fetched.
pub async fn details(
    client: &Client,
    catalog: &Catalog,
    operation: &Operation,
    parts: &str,
    items: Vec<Value>,
    workers: usize,
) -> Result<Vec<Value>> {
    let read = items.into_iter().map(|item| one(client, catalog, operation, parts, item));
    let mut read = stream::iter(read).buffered(workers);
    let mut found = Vec::new();
    while let Some(item) = read.next().await {
        found.push(item?);
    }
    Ok(found)
}

async fn one(client: &Client, catalog: &Catalog, operation: &Operation, parts: &str, item: Value) -> Result<Value> {
    let (Some(id), Some(parameter)) = (id(&item), operation.parameters.first()) else { return Ok(item) };
    let mut arguments = Arguments::default();
    arguments.path.insert(parameter.name.clone(), Value::from(id));
    match Invocation::new(client, catalog, operation, arguments)?.send().await {
        Ok(Answer::Json(response)) => {
            let mut full = response.into_inner();
            if is_truncated(&full, parts)
                && let Value::Object(fields) = &mut full
            {
                fields.insert("parts_truncated".to_owned(), Value::Bool(true));
            }
            Ok(full)
        }
        Ok(_) => Ok(item),
        Err(error) if error.is_not_found() => Ok(item),
        Err(error) => Err(Failure::from(error)),
    }
}

/// Whether an item has more parts than the API returns.
fn is_truncated(item: &Value, parts: &str) -> bool {
    let total = item[parts]["total_count"].as_u64();
    let given = item[parts][parts].as_array().map(|given| given.len() as u64);
    total.zip(given).is_some_and(|(total, given)| total > given)
}
