//! Transports for tests: [`Record`] passes requests on and keeps the answers, [`Replay`] answers from what was kept.
//!
//! A recording is a JSON file that can be read in a review: a list of exchanges, each with the request line, the request's body, the
//! status and the body of the answer. It has neither the headers of requests nor the host, so the token is not in it; the data of
//! people in the answers are.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};
use std::{fs, io};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use http::{Request, Response, StatusCode};
use intercom_v2_15::runtime::transport::{Body, Transport, TransportError, TransportFuture};
use serde_json::{Value, json};

/// Passes requests on to another transport and keeps what they were answered with. Clones share the recording.
#[derive(Clone, Debug)]
pub struct Record<T> {
    inner: T,
    recording: Arc<Mutex<Vec<Value>>>,
}

impl<T: Transport> Record<T> {
    /// A recorder around a transport, with an empty recording.
    pub fn new(inner: T) -> Self {
        Self { inner, recording: Arc::default() }
    }

    /// Writes the recording to a file.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn save(&self, path: &Path) -> io::Result<()> {
        fs::write(path, format!("{:#}\n", Value::from(lock(&self.recording).clone())))
    }
}

impl<T: Transport + Clone> Transport for Record<T> {
    fn send(&self, mut request: Request<Body>) -> TransportFuture<'_> {
        // Compressed answers could not be read in the recording.
        request.headers_mut().remove(http::header::ACCEPT_ENCODING);
        let (line, sent) = (line(&request), request.body().as_bytes().map(text));
        Box::pin(async move {
            let (head, mut body) = self.inner.send(request).await?.into_parts();
            let mut whole = Vec::new();
            while let Some(chunk) = body.next_chunk().await {
                whole.extend_from_slice(&chunk.map_err(TransportError::lost)?);
            }
            let mut exchange = json!({"request": line, "status": head.status.as_u16(), "answer": text(&whole)});
            if let Some(sent) = sent.filter(|sent| sent != "") {
                exchange["sent"] = sent;
            }
            lock(&self.recording).push(exchange);
            Ok(Response::from_parts(head, Body::from(whole)))
        })
    }
}

/// Answers from a recording. A request is answered by the first exchange with the same line and body that was not used yet. A request that
/// the recording does not have is an error that names it.
#[derive(Clone, Debug)]
pub struct Replay(Arc<Mutex<VecDeque<Value>>>);

impl Replay {
    /// Reads a recording.
    ///
    /// # Errors
    /// Where the file cannot be read or is no recording.
    pub fn load(path: &Path) -> io::Result<Self> {
        let recording: VecDeque<Value> = serde_json::from_slice(&fs::read(path)?)?;
        Ok(Self(Arc::new(Mutex::new(recording))))
    }

    /// How many exchanges were not used: 0 at the end of a test that used the whole recording.
    pub fn left(&self) -> usize {
        lock(&self.0).len()
    }

    fn take(&self, line: &str, sent: &Value) -> Option<Value> {
        let mut recording = lock(&self.0);
        let fits = |exchange: &Value| exchange["request"] == line && exchange.get("sent").unwrap_or(&"".into()) == sent;
        let at = recording.iter().position(fits)?;
        recording.remove(at)
    }
}

impl Transport for Replay {
    fn send(&self, request: Request<Body>) -> TransportFuture<'_> {
        let line = line(&request);
        let sent = request.body().as_bytes().map_or_else(|| "".into(), text);
        let exchange = self.take(&line, &sent);
        Box::pin(async move {
            let exchange =
                exchange.ok_or_else(|| TransportError::invalid(format!("the recording has no answer to {line}")))?;
            let status = exchange["status"].as_u64().and_then(|status| u16::try_from(status).ok());
            let mut answer = Response::new(Body::from(bytes(&exchange["answer"])));
            *answer.status_mut() = status.and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or_default();
            Ok(answer)
        })
    }
}

fn line(request: &Request<Body>) -> String {
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    format!("{} {target}", request.method())
}

/// Bytes as they are kept: JSON as it is, text as text, everything else as Base64.
fn text(bytes: &[u8]) -> Value {
    if let Ok(value @ (Value::Object(_) | Value::Array(_))) = serde_json::from_slice(bytes) {
        return value;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => json!({"base64": BASE64_STANDARD.encode(bytes)}),
    }
}

fn bytes(kept: &Value) -> Vec<u8> {
    let decoded = kept["base64"].as_str().and_then(|text| BASE64_STANDARD.decode(text).ok());
    match (decoded, kept) {
        (Some(bytes), _) => bytes,
        (None, Value::String(text)) => text.clone().into_bytes(),
        (None, value) => value.to_string().into_bytes(),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}
