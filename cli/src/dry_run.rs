//! Shows a request instead of sending it.

use std::sync::{Arc, Mutex, PoisonError};

use intercom_runtime::http::Request;
use intercom_runtime::http::header::AUTHORIZATION;
use intercom_runtime::transport::{Body, Transport, TransportError, TransportFuture};
use serde_json::Value;

/// A transport that keeps the text of the request and sends nothing, so that a dry run prepares a call like a real one.
#[derive(Clone, Debug, Default)]
pub struct DryRun(Arc<Mutex<Option<String>>>);

impl DryRun {
    /// Takes the request that would have been sent; `None` if the call failed before that.
    pub fn shown(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Transport for DryRun {
    fn send(&self, mut request: Request<Body>) -> TransportFuture<'_> {
        Box::pin(async move {
            let mut body = Vec::new();
            while let Some(chunk) = request.body_mut().next_chunk().await {
                body.extend_from_slice(&chunk.map_err(TransportError::invalid)?);
            }
            let text = text(&request, &body);
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(text);
            Err(TransportError::invalid("this is a dry run"))
        })
    }
}

fn text(request: &Request<Body>, body: &[u8]) -> String {
    let mut text = format!("{} {}\n", request.method(), request.uri());
    for (name, value) in request.headers() {
        let value = match value.to_str() {
            // The token is not printed.
            _ if *name == AUTHORIZATION => "Bearer …",
            Ok(value) => value,
            Err(_) => "…",
        };
        text.push_str(&format!("{name}: {value}\n"));
    }
    if body.is_empty() {
        return text;
    }
    text.push('\n');
    match serde_json::from_slice::<Value>(body) {
        Ok(json) => text.push_str(&format!("{json:#}\n")),
        Err(_) => match std::str::from_utf8(body) {
            Ok(body) => text.push_str(&format!("{body}\n")),
            Err(_) => text.push_str(&format!("({} bytes)\n", body.len())),
        },
    }
    text
}
