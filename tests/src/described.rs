//! A loopback server that takes a description at its word: it checks each request against it, method, path, query, headers
//! and body, and answers with the description's example.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::{Map, Value, json};

use crate::description::{Description, Operation, Parameter};
use crate::json::{Path, differences, walk};
use crate::schema::Place;
use crate::scripted::{Reply, Seen, Server};

/// The token that clients must send.
pub const TOKEN: &str = "loopback-token";

/// Where the answers that only redirect lead.
const FILE: &str = "/a-file-behind-a-redirect";

/// What stands in every file.
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
    /// What the next request must hold: `path`, `query`, `header` and `body`, by the names that are sent.
    expected: Option<Value>,
    /// What it gets in place of the example.
    reply: Option<Reply>,
    /// The value of the version header, where it is not the description's.
    version: Option<String>,
    complaints: Vec<String>,
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

    /// The address as a base URL.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The requests that came.
    pub fn seen(&self) -> Vec<Seen> {
        self.server.seen()
    }

    /// Says what the next request must hold, exactly: `{"path": {…}, "query": {…}, "header": {…}, "body": …}`.
    pub fn expect(&self, arguments: Value) {
        self.state().expected = Some(arguments);
    }

    /// Says what the next request is answered with.
    pub fn reply(&self, reply: Reply) {
        self.state().reply = Some(reply);
    }

    /// Says which version the next request must ask for.
    pub fn version(&self, version: &str) {
        self.state().version = Some(version.to_owned());
    }

    /// What was wrong with the requests since the last time.
    pub fn complaints(&self) -> Vec<String> {
        std::mem::take(&mut self.state().complaints)
    }

    /// How many requests of each operation were right.
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
            state.complaints.push(format!("{} {path} is no operation", seen.method));
            return Reply::new(404).header("content-type", "application/json").body("{}");
        };
        let mut check = Check { description: &self.description, operation: &operation, complaints: Vec::new() };
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
                    check.complain(format!("{section} {difference}"));
                }
            }
        }
        if !check.complaints.is_empty() {
            let text = check.complaints.join("; ");
            state.complaints.append(&mut check.complaints);
            return Reply::new(400).header("content-type", "text/plain").body(text);
        }
        *state.served.entry(operation.name()).or_default() += 1;
        reply.unwrap_or_else(|| self.description.answer(&operation, None))
    }
}

impl Description {
    /// The answer of an operation: an example (the first where none is given), or one made from the schema.
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

/// The operation that a path is for, and the values of its placeholders: the template with the most fixed segments.
fn find<'d>(description: &'d Description, method: &str, path: &str) -> Option<(Operation<'d>, Map<String, Value>)> {
    let segments: Vec<String> = path.split('/').map(decode).collect();
    let fitting = description.paths(method).filter_map(|template| Some((template, fill(template, &segments)?)));
    let (template, values) = fitting.min_by_key(|(_, values)| values.len())?;
    Some((description.find(method, template)?, values))
}

/// The values of a template's placeholders, where the segments fit it.
fn fill(template: &str, segments: &[String]) -> Option<Map<String, Value>> {
    let parts: Vec<&str> = template.split('/').collect();
    let mut values = Map::new();
    for (part, segment) in parts.iter().zip(segments) {
        match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
            Some(_) if segment.is_empty() => return None,
            Some(name) => drop(values.insert(name.to_owned(), json!(segment))),
            None if part == segment => {}
            None => return None,
        }
    }
    (parts.len() == segments.len()).then_some(values)
}

/// Takes percent-encoding away; broken encoding stays as it is and is found out by comparison.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let hex = after
            .get(..2)
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (first, hex) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// One request, held against its operation.
struct Check<'a, 'd> {
    description: &'d Description,
    operation: &'a Operation<'d>,
    complaints: Vec<String>,
}

impl<'d> Check<'_, 'd> {
    fn complain(&mut self, what: String) {
        self.complaints.push(format!("{}: {what}", self.operation.name()));
    }

    fn parameters(&self, location: &str) -> Vec<Parameter<'d>> {
        self.operation.parameters.iter().filter(|parameter| parameter.location == location).cloned().collect()
    }

    fn path(&mut self, values: &Map<String, Value>) -> Value {
        let mut all = Map::new();
        for parameter in self.parameters("path") {
            match values.get(parameter.name).and_then(Value::as_str) {
                Some(text) => drop(all.insert(parameter.name.to_owned(), self.typed(&parameter, text))),
                None => self.complain(format!("the path has no {}", parameter.name)),
            }
        }
        Value::Object(all)
    }

    /// The query by parameter: lists and objects are put together again.
    fn query(&mut self, query: &str) -> Value {
        let mut pairs: Vec<(String, String)> = query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .map(|(key, value)| (decode(key), decode(value)))
            .collect();
        let mut all = Map::new();
        for parameter in self.parameters("query") {
            let name = parameter.name;
            let schema = self.description.single(parameter.schema);
            let mut take = |key: &str| -> Vec<String> {
                let taken = pairs.iter().filter(|(known, _)| known == key).map(|(_, value)| value.clone()).collect();
                pairs.retain(|(known, _)| known != key);
                taken
            };
            let value = if schema["type"] == "array" {
                let values = take(name);
                let values: Vec<String> = if parameter.explode {
                    values
                } else {
                    values.iter().flat_map(|value| value.split(',')).map(str::to_owned).collect()
                };
                (!values.is_empty()).then(|| json!(values))
            } else if schema["type"] == "object" || schema.get("properties").is_some() || schema.get("oneOf").is_some()
            {
                let mut object = Map::new();
                for key in self.description.all_keys(schema) {
                    object.extend(take(&key).pop().map(|value| (key, json!(value))));
                }
                (!object.is_empty()).then(|| Value::Object(object))
            } else {
                let values = take(name);
                if values.len() > 1 {
                    self.complain(format!("the query has {name} more than once"));
                }
                values.first().map(|text| self.typed(&parameter, text))
            };
            match value {
                Some(value) => drop(all.insert(name.to_owned(), value)),
                None if parameter.required => self.complain(format!("the query lacks {name}")),
                None => {}
            }
        }
        for (key, _) in pairs {
            self.complain(format!("the query has {key}, which is no parameter"));
        }
        Value::Object(all)
    }

    /// The value that a text of a URL stands for.
    fn typed(&mut self, parameter: &Parameter<'_>, text: &str) -> Value {
        let schema = self.description.single(parameter.schema);
        let value = match schema["type"].as_str() {
            Some("integer") => text.parse::<i64>().map(Value::from).ok(),
            Some("number") => text.parse::<f64>().map(Value::from).ok(),
            Some("boolean") => text.parse::<bool>().map(Value::from).ok(),
            _ => Some(json!(text)),
        };
        value.unwrap_or_else(|| {
            self.complain(format!("{} is `{text}`, no {}", parameter.name, schema["type"]));
            json!(text)
        })
    }

    /// The version that the operation declares, where its header may have one value only.
    fn only_version(&self) -> Option<String> {
        let declared = self.parameters("header").into_iter();
        let mut declared = declared.filter(|parameter| parameter.name.eq_ignore_ascii_case("intercom-version"));
        match &self.description.resolve(declared.next()?.schema)["enum"].as_array()?[..] {
            [only] => only.as_str().map(str::to_owned),
            _ => None,
        }
    }

    fn headers(&mut self, seen: &Seen, version: &str) -> Value {
        let accept = match self.operation.success().and_then(|response| response.media.as_ref()) {
            _ if self.operation.is_download() => "application/octet-stream",
            Some(media) => media.media_type,
            None => "application/json",
        };
        for (name, value) in
            [("authorization", &*format!("Bearer {TOKEN}")), ("intercom-version", version), ("accept", accept)]
        {
            if seen.header(name) != Some(value) {
                self.complain(format!("the header {name} is {:?}, not {value}", seen.header(name)));
            }
        }
        let content_type = seen.header("content-type").map(|text| text.split(';').next().unwrap_or_default());
        let declared = self.operation.body.as_ref().map(|media| media.media_type);
        if content_type != declared {
            self.complain(format!("the content type is {content_type:?}, not {declared:?}"));
        }
        let mut all = Map::new();
        for parameter in self.parameters("header") {
            if parameter.name.eq_ignore_ascii_case("intercom-version") {
                continue;
            }
            match seen.header(&parameter.name.to_ascii_lowercase()) {
                Some(text) => drop(all.insert(parameter.name.to_owned(), self.typed(&parameter, text))),
                None if parameter.required => self.complain(format!("the header {} is missing", parameter.name)),
                None => {}
            }
        }
        Value::Object(all)
    }

    /// The body; where nothing is said about what it holds, it must fit the schema.
    fn body(&mut self, seen: &Seen, expected: bool) -> Value {
        let Some(media) = &self.operation.body else {
            if !seen.body.is_empty() {
                self.complain("a body, where none is declared".to_owned());
            }
            return Value::Null;
        };
        if media.media_type != "application/json" {
            let body = String::from_utf8_lossy(&seen.body);
            let named = |name: &String| body.contains(&format!("name=\"{name}\""));
            return json!({ "parts": self.description.all_keys(media.schema).into_iter().filter(named).collect::<Vec<_>>() });
        }
        let value: Value = match serde_json::from_slice(&seen.body) {
            Ok(value) => value,
            Err(error) => {
                self.complain(format!("the body is no JSON: {error}"));
                return Value::Null;
            }
        };
        if !expected {
            let whole = Path::default();
            for (path, part) in std::iter::once((whole, &value)).chain(walk(&value)) {
                let place = self.description.place(media.schema, &path);
                if matches!(place, Place::Undeclared) {
                    self.complain(format!("the body has {path}, which is not declared"));
                } else if self.description.fits(&place, part) == Some(false) {
                    self.complain(format!("in the body {path} is {part}"));
                }
            }
            for key in self.description.single(media.schema)["required"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
            {
                if value.get(key).is_none() {
                    self.complain(format!("the body lacks {key}"));
                }
            }
        }
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_finds_its_operation() {
        let description = Description::of("2.15");
        let found = |method: &str, path: &str| {
            find(&description, method, path).map(|(operation, values)| (operation.path, values))
        };
        assert_eq!(
            found("GET", "/contacts/a%2Fb%20c"),
            Some(("/contacts/{contact_id}", Map::from_iter([("contact_id".to_owned(), json!("a/b c"))])))
        );
        assert_eq!(found("POST", "/contacts/search").map(|(path, _)| path), Some("/contacts/search"));
        assert!(found("GET", "/contacts/").is_none() && found("PATCH", "/contacts/1").is_none());
    }
}
