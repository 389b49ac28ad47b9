//! A loopback server for conformance tests: it checks each request against a description (method, path, query, headers and body)
//! and responds with the example of the description.

mod check;
mod route;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::{Value, json};

use crate::description::{Description, Operation};
use crate::json::differences;
use crate::scripted::{Reply, Seen, Server};
use check::Check;
use route::find;

/// The token that clients must send.
pub const TOKEN: &str = "loopback-token";

/// The target of redirects.
const FILE: &str = "/a-file-behind-a-redirect";

/// The content of every file.
pub const CONTENT: &[u8] = b"the content of a file, \x00\xff and all";

/// The server. It stops when it is dropped.
#[derive(Debug)]
pub struct Described {
    server: Server,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    description: Description,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// The expected `path`, `query`, `header` and `body` of the next request, by the names that are sent.
    expected: Option<Value>,
    /// The response to the next request, in place of the example.
    reply: Option<Reply>,
    /// The expected value of the version header, where it is not that of the description.
    version: Option<String>,
    violations: Vec<String>,
    served: BTreeMap<String, usize>,
}

impl Described {
    /// Starts a server for a description.
    pub fn start(description: Description) -> Self {
        let shared = Arc::new(Shared { description, state: Mutex::default() });
        let answering = shared.clone();
        Self { server: Server::answering(move |seen| answering.answer(seen)), shared }
    }

    /// The description.
    pub fn description(&self) -> &Description {
        &self.shared.description
    }

    /// The base URL of the server.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The requests that were received.
    pub fn seen(&self) -> Vec<Seen> {
        self.server.seen()
    }

    /// Sets what the next request must contain, exactly: `{"path": {…}, "query": {…}, "header": {…}, "body": …}`.
    pub fn expect(&self, arguments: Value) {
        self.state().expected = Some(arguments);
    }

    /// Sets the response to the next request.
    pub fn reply(&self, reply: Reply) {
        self.state().reply = Some(reply);
    }

    /// Sets the API version that the next request must have.
    pub fn version(&self, version: &str) {
        self.state().version = Some(version.to_owned());
    }

    /// Returns and clears what was wrong with the requests so far.
    pub fn violations(&self) -> Vec<String> {
        std::mem::take(&mut self.state().violations)
    }

    /// The number of correct requests of each operation.
    pub fn served(&self) -> BTreeMap<String, usize> {
        self.state().served.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state()
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn answer(&self, seen: &Seen) -> Reply {
        let (path, query) = seen.target.split_once('?').unwrap_or((&seen.target, ""));
        if path == FILE {
            return file();
        }
        let mut state = self.state();
        let (expected, reply, version) = (state.expected.take(), state.reply.take(), state.version.take());
        let Some((operation, values)) = find(&self.description, &seen.method, path) else {
            state.violations.push(format!("{} {path} is not an operation", seen.method));
            return Reply::new(404).header("content-type", "application/json").body("{}");
        };
        let mut check = Check { description: &self.description, operation: &operation, violations: Vec::new() };
        let version = version.or_else(|| check.only_version()).unwrap_or_else(|| self.description.version());
        let received = json!({
            "path": check.path(&values),
            "query": check.query(query),
            "header": check.headers(seen, &version),
            "body": check.body(seen, expected.is_some()),
        });
        if let Some(expected) = expected {
            for section in ["path", "query", "header", "body"] {
                let none = if section == "body" { Value::Null } else { json!({}) };
                for difference in differences(expected.get(section).unwrap_or(&none), &received[section]) {
                    check.violation(format!("{section} {difference}"));
                }
            }
        }
        if !check.violations.is_empty() {
            let text = check.violations.join("; ");
            state.violations.append(&mut check.violations);
            return Reply::new(400).header("content-type", "text/plain").body(text);
        }
        *state.served.entry(operation.name()).or_default() += 1;
        reply.unwrap_or_else(|| self.description.answer(&operation, None))
    }
}

impl Description {
    /// The response of an operation: the given example, else the first one, else one that is made from the schema.
    pub fn answer(&self, operation: &Operation<'_>, example: Option<&Value>) -> Reply {
        let Some(response) = operation.success().or(operation.responses.first()) else { return Reply::new(200) };
        let status = response.status.parse().unwrap_or(200);
        if response.status.starts_with('3') {
            return Reply::new(status).header("location", FILE);
        }
        let Some(media) = &response.media else {
            return if operation.is_download() { file() } else { Reply::new(status) };
        };
        let example = example.or_else(|| media.examples.first().map(|(_, value)| *value));
        let value = example.cloned().unwrap_or_else(|| self.sample(media.schema));
        let reply = Reply::new(status).header("content-type", media.media_type);
        match (media.media_type, value) {
            ("application/json", value) => reply.body(value.to_string()),
            ("application/octet-stream", _) => file(),
            (_, Value::String(text)) => reply.body(text),
            (_, value) => reply.body(value.to_string()),
        }
    }
}

fn file() -> Reply {
    Reply::new(200).header("content-type", "application/octet-stream").body(CONTENT)
}
