//! Converts an operation of the catalog to the runtime's `Endpoint`.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use intercom_runtime::Endpoint;
use intercom_runtime::http::Method;
use intercom_runtime::paging::{Location, Paging, PagingStyle};

use super::Problem;
use crate::model::Catalog;
use crate::operation::{Operation, Pagination};

/// The runtime's `Endpoint` of an operation.
///
/// The runtime needs it as a `'static` reference, because errors, spans and checkpoints refer to it. It is created once for
/// each operation that a process calls, and never freed.
///
/// # Errors
/// If the catalog has an unknown HTTP method or style of pagination.
pub(super) fn of(catalog: &Catalog, operation: &Operation) -> Result<&'static Endpoint, Problem> {
    static KNOWN: Mutex<Option<HashMap<String, &'static Endpoint>>> = Mutex::new(None);
    let Operation { id, http_method, path, accept, idempotent, pagination, .. } = operation;
    let version = operation.version.as_ref().unwrap_or(&catalog.version);
    // A catalog that was read from a file may differ from the compiled one of the same version.
    let key = format!("{version} {id} {http_method} {path} {accept} {idempotent} {pagination:?}");
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let known = known.get_or_insert_default();
    if let Some(endpoint) = known.get(&key) {
        return Ok(endpoint);
    }
    let method = Method::from_bytes(http_method.as_bytes())
        .map_err(|_| Problem::new("", format!("`{http_method}` in the catalog is not an HTTP method")))?;
    let mut endpoint = Endpoint::dynamic(id.clone(), method, path.clone())
        .operation_id(leaked(&operation.operation_id))
        .version(leaked(version))
        .idempotent(*idempotent)
        .accept(leaked(accept));
    if let Some(pagination) = pagination {
        endpoint = endpoint.paging(Box::leak(Box::new(paging(pagination)?)));
    }
    let endpoint: &'static Endpoint = Box::leak(Box::new(endpoint));
    known.insert(key, endpoint);
    Ok(endpoint)
}

fn paging(pagination: &Pagination) -> Result<Paging, Problem> {
    let style = match pagination.style.as_str() {
        "cursor" => PagingStyle::Cursor,
        "page" => PagingStyle::Page,
        "scroll" => PagingStyle::Scroll,
        other => return Err(Problem::new("", format!("`{other}` in the catalog is not a style of pagination"))),
    };
    let location = if pagination.in_body { Location::Body } else { Location::Query };
    let items: Vec<&'static str> = pagination.items.iter().map(|place| leaked(place)).collect();
    let mut paging =
        Paging::new(style, location, leaked(&pagination.position), items.leak()).next(leaked(&pagination.next));
    if let Some(name) = &pagination.per_page {
        paging = paging.per_page(leaked(name));
    }
    if let Some(most) = pagination.max_per_page {
        paging = paging.max_per_page(most);
    }
    if let Some(place) = &pagination.last {
        paging = paging.last(leaked(place));
    }
    if let Some(place) = &pagination.more {
        paging = paging.more(leaked(place));
    }
    if let Some(place) = &pagination.total {
        paging = paging.total(leaked(place));
    }
    Ok(paging)
}

fn leaked(text: &str) -> &'static str {
    text.to_owned().leak()
}
