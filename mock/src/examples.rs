//! Answers from the examples of the description, or made for its schemas.

use std::io::Write as _;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use intercom_catalog::{Catalog, Operation, Response, example};
use serde_json::Value;

use crate::answer::{Answer, Content, Source};
use crate::request::Request;

/// Where a redirect to a file leads.
pub(crate) const FILE_PATH: &str = "/intercom-mock/file";

/// The file of all downloads: gzip of a CSV with one row.
pub(crate) fn file() -> Answer {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    // Writing to memory does not fail.
    let _ = encoder.write_all(b"id,created_at\n1,1700000000\n");
    let bytes = Bytes::from(encoder.finish().unwrap_or_default());
    Answer::new(200, Content::Bytes("application/octet-stream", bytes), Source::Example)
}

/// The answer to an operation that has no resource: the example of its success, a value made for its schema, a file, or a redirect.
pub(crate) fn answer(catalog: &Catalog, operation: &Operation, request: &Request) -> Answer {
    let Some(success) = operation.success() else { return redirect(operation, request) };
    if operation.download {
        return file();
    }
    let status = status(success);
    let content = match body(catalog, success) {
        Some(Value::String(text)) if success.media_type.as_deref().is_some_and(|it| it.starts_with("text/")) => {
            Content::Bytes("text/plain", text.into())
        }
        Some(value) => Content::Json(value),
        None => Content::Empty,
    };
    Answer::new(status, content, Source::Example)
}

/// The body that the description shows for a response, or one made for its schema; `None` where it has neither.
pub(crate) fn body(catalog: &Catalog, response: &Response) -> Option<Value> {
    let shown = response.examples.first().map(|example| Value::clone(&example.value));
    shown.or_else(|| response.schema.as_ref().map(|schema| example::answer(catalog, schema)))
}

/// The status of a declared response: `2XX` and `default` stand for 200.
pub(crate) fn status(response: &Response) -> u16 {
    response.status.parse().unwrap_or(200)
}

/// The answer of an operation that declares no success: its redirect, which leads to a file, or else 204.
fn redirect(operation: &Operation, request: &Request) -> Answer {
    let declared = operation.responses.iter().filter_map(|response| response.status.parse().ok());
    let status = declared.into_iter().find(|status| (300..400).contains(status)).unwrap_or(204);
    let mut answer = Answer::new(status, Content::Empty, Source::Example);
    if status != 204 {
        let host = request.header("host").unwrap_or("127.0.0.1");
        answer.headers.push(("location", format!("http://{host}{FILE_PATH}")));
    }
    answer
}

/// Code and message of an error that a test asks for by its status.
pub(crate) fn error_of(status: u16) -> (&'static str, &'static str) {
    match status {
        400 => ("bad_request", "The request is wrong."),
        401 => ("unauthorized", "The access token is wrong."),
        403 => ("forbidden", "This is not allowed."),
        404 => ("not_found", "There is no such item."),
        409 => ("conflict", "Such an item exists."),
        422 => ("unprocessable_entity", "The request cannot be processed."),
        429 => ("rate_limit_exceeded", "Too many calls in this window."),
        503 => ("service_unavailable", "The service is not available."),
        500.. => ("server_error", "Something went wrong."),
        _ => ("client_error", "The request is wrong."),
    }
}
