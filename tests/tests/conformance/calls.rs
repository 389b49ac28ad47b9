//! Every operation is called with JSON arguments against the mock server, and what was sent is compared with the description.

use std::collections::BTreeSet;

use intercom_mock::{Fault, Server};
use intercom_runtime::data::Decoding;
use intercom_runtime::operations::OperationEntry as Entry;
use intercom_runtime::{Client, Error};
use intercom_tests::description::{Description, Operation, Parameter};
use intercom_tests::json::differences;
use intercom_tests::mutate::grown;
use serde_json::{Value, json};

use super::sent::violations;
use super::{Failures, Suite};

/// The counts.
#[derive(Default)]
pub struct Counts {
    /// The number of operations with at least one successful call.
    pub operations: usize,
    /// The number of calls: with each example of a body, each example of a response, a mutated one, and each error.
    pub calls: usize,
    /// The number of ids in request bodies that were given in the undeclared form and sent in the declared one.
    pub ids: usize,
}

/// Text with characters that have a meaning in URLs.
const HOSTILE: &str = "a/b c?d=e&f%20#g+é";

struct Calls<'a> {
    server: Server,
    client: Client,
    runtime: tokio::runtime::Runtime,
    failures: &'a mut Failures,
    counts: Counts,
    called: BTreeSet<String>,
}

/// Calls all operations of a version.
pub fn check(suite: &Suite, connect: impl Fn(&Server) -> Client, failures: &mut Failures) -> Counts {
    let server = Server::start_blocking(&suite.description.version());
    let client = connect(&server);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.unwrap_or_else(|error| panic!("no runtime: {error}"));
    let mut calls = Calls { server, client, runtime, failures, counts: Counts::default(), called: BTreeSet::new() };
    for operation in suite.description.operations() {
        if let Some(entry) = suite.entry(&operation.method, operation.path) {
            calls.operation(&suite.description, &operation, entry);
        }
    }
    calls.counts.operations = calls.called.len();
    calls.counts
}

impl Calls<'_> {
    fn operation(&mut self, description: &Description, operation: &Operation<'_>, entry: &'static Entry) {
        let bodies = bodies(description, operation, entry);
        for body in &bodies {
            self.succeeds(description, operation, entry, &arguments(description, operation, body.as_ref()), None);
        }
        self.ids(description, operation, entry);
        let arguments = arguments(description, operation, bodies[0].as_ref());
        let media = operation.success().and_then(|response| response.media.as_ref());
        for (_, example) in media.into_iter().flat_map(|media| &media.examples) {
            self.succeeds(description, operation, entry, &arguments, Some(example));
            self.succeeds(description, operation, entry, &arguments, Some(&grown(example)));
        }
        if media.is_some_and(|media| description.nullable(media.schema)) {
            self.succeeds(description, operation, entry, &arguments, Some(&Value::Null));
        }
        self.fails_oddly(description, operation, entry, &arguments);
        for response in &operation.responses {
            let status = response.status.parse().unwrap_or(500);
            if (400..600).contains(&status) {
                let media = response.media.as_ref();
                let examples: Vec<Value> =
                    media.into_iter().flat_map(|media| &media.examples).map(|(_, value)| (*value).clone()).collect();
                let made = media.map(|media| description.sample(media.schema));
                for body in if examples.is_empty() { Vec::from_iter(made) } else { examples } {
                    self.fails(description, operation, entry, &arguments, (status, &body));
                }
            }
        }
    }

    /// A call with all ids of its body in the undeclared form, which must be sent in the declared one.
    fn ids(&mut self, description: &Description, operation: &Operation<'_>, entry: &'static Entry) {
        let media = operation.body.as_ref().filter(|media| media.media_type == "application/json");
        let Some(media) = media else { return };
        let (body, count) = description.with_other_ids(media.schema, &description.sample(media.schema));
        if count > 0 {
            self.counts.ids += count;
            self.succeeds(description, operation, entry, &arguments(description, operation, Some(&body)), None);
        }
    }

    /// Calls an operation, which gets `response` if there is one. Returns the result, and what is wrong with the request.
    fn call(
        &mut self,
        description: &Description,
        operation: &Operation<'_>,
        entry: &'static Entry,
        arguments: &Value,
        response: Option<(u16, String)>,
    ) -> (Result<Value, Error>, Vec<String>) {
        self.server.forget_calls();
        if let Some((status, body)) = response {
            self.server.inject(Fault::Body(status, body));
        }
        let result = self.runtime.block_on(entry.invoke(&self.client, arguments.clone()));
        self.counts.calls += 1;
        let wrong = match self.server.calls().first() {
            Some(call) => violations(description, operation, arguments, call),
            None => vec![format!("{}: nothing was sent", operation.name())],
        };
        (result, wrong)
    }

    /// Errors that no description has: from a proxy, empty, truncated, and without the envelope.
    fn fails_oddly(
        &mut self,
        description: &Description,
        operation: &Operation<'_>,
        entry: &'static Entry,
        arguments: &Value,
    ) {
        for (status, body) in
            [(502, "<html>Bad gateway</html>"), (404, ""), (400, r#"{"errors": [{"co"#), (422, "[null]")]
        {
            let response = Some((status, body.to_owned()));
            let (result, wrong) = self.call(description, operation, entry, arguments, response);
            let right = result.as_ref().is_err_and(|error| {
                error.status().is_some_and(|found| found.as_u16() == status) && error.body() == body.as_bytes()
            });
            if !right || !wrong.is_empty() {
                self.failures.add(format!("{}: {status} {body} became {result:?}; {wrong:?}", operation.name()));
            }
        }
    }

    /// A call with the given example as its response, or else one of the description.
    fn succeeds(
        &mut self,
        description: &Description,
        operation: &Operation<'_>,
        entry: &'static Entry,
        arguments: &Value,
        example: Option<&Value>,
    ) {
        let success = operation.success();
        let media = success.and_then(|response| response.media.as_ref()).filter(|_| !operation.is_download());
        let answer = media.map(|media| {
            let first = media.examples.first().map(|(_, value)| (*value).clone());
            example.cloned().or(first).unwrap_or_else(|| description.sample(media.schema))
        });
        // Files, and redirects to them, are the server's own.
        let response = success.filter(|_| !operation.is_download()).map(|success| {
            let text = match (media, &answer) {
                (Some(media), Some(Value::String(text))) if media.media_type != "application/json" => text.clone(),
                (_, Some(answer)) => answer.to_string(),
                (_, None) => String::new(),
            };
            (success.status.parse().unwrap_or(200), text)
        });
        let (result, wrong) = self.call(description, operation, entry, arguments, response);
        for violation in &wrong {
            self.failures.add(violation.clone());
        }
        match result {
            Ok(value) if operation.is_download() => {
                // The first bytes of gzip, in base64.
                if !value.as_str().is_some_and(|text| text.starts_with("H4sI")) {
                    self.failures.add(format!("{} answered {value}", operation.name()));
                }
                self.called.insert(operation.name());
            }
            Ok(value) => {
                for difference in differences(&answer.unwrap_or_default(), &value) {
                    self.failures.add(format!("{} answered: {difference}", operation.name()));
                }
                self.called.insert(operation.name());
            }
            Err(error) => self.failures.add(format!("{}: {error}", operation.name())),
        }
    }

    /// A call with an error as its response, whose body must be kept.
    fn fails(
        &mut self,
        description: &Description,
        operation: &Operation<'_>,
        entry: &'static Entry,
        arguments: &Value,
        (status, body): (u16, &Value),
    ) {
        let text = body.to_string();
        let response = Some((status, text.clone()));
        let (result, wrong) = self.call(description, operation, entry, arguments, response);
        for violation in wrong {
            self.failures.add(violation);
        }
        match result {
            Ok(value) => self.failures.add(format!("{}: {status} became {value}", operation.name())),
            Err(error) => {
                let right = error.status().is_some_and(|found| found.as_u16() == status)
                    && error.body() == text.as_bytes()
                    && error.operation() == Some(entry.id());
                if !right {
                    self.failures.add(format!("{}: {status} {text} became {error}", operation.name()));
                }
                let first = body["errors"][0]["code"].as_str();
                if first.is_some() && error.code().map(ToString::to_string).as_deref() != first {
                    self.failures.add(format!("{}: {status} {text} has the code {:?}", operation.name(), error.code()));
                }
            }
        }
    }
}

/// The bodies to send: the examples that fit the declared type, else one that is made from the schema; `None` without a body.
fn bodies(description: &Description, operation: &Operation<'_>, entry: &Entry) -> Vec<Option<Value>> {
    let Some(media) = &operation.body else { return vec![None] };
    if media.media_type != "application/json" {
        return vec![Some(description.sample(media.schema))];
    }
    let fits = |value: &Value| {
        entry
            .request
            .is_some_and(|declared| declared.round_trip(value.to_string().as_bytes(), Decoding::Strict).is_ok())
    };
    let fitting: Vec<Option<Value>> =
        media.examples.iter().map(|(_, value)| *value).filter(|value| fits(value)).cloned().map(Some).collect();
    if fitting.is_empty() { vec![Some(description.sample(media.schema))] } else { fitting }
}

/// The arguments of all parameters of an operation.
fn arguments(description: &Description, operation: &Operation<'_>, body: Option<&Value>) -> Value {
    let mut all = json!({ "path": {}, "query": {}, "header": {} });
    for parameter in &operation.parameters {
        if parameter.name.eq_ignore_ascii_case("intercom-version") {
            continue;
        }
        let value = argument(description, parameter);
        // A header with a single allowed value is sent by default.
        let constant = description.single(parameter.schema)["enum"].as_array().is_some_and(|values| values.len() == 1);
        if let (Some(section), false) =
            (all[parameter.location].as_object_mut(), parameter.location == "header" && constant)
        {
            section.insert(parameter.name.to_owned(), value);
        }
    }
    if let Some(body) = body {
        all["body"] = body.clone();
    }
    all
}

fn argument(description: &Description, parameter: &Parameter<'_>) -> Value {
    let schema = description.single(parameter.schema);
    let text = schema["type"] == "string" && schema.get("enum").is_none() && schema.get("format").is_none();
    match description.sample(schema) {
        Value::String(_) if text && parameter.location != "header" => json!(HOSTILE),
        Value::Array(items) if schema["items"].get("enum").is_none() && schema["items"]["type"] == "string" => {
            json!([items[0], "a b&c"])
        }
        // A union that is sent as separate query parameters.
        Value::Object(map) => {
            Value::Object(map.into_iter().map(|(key, value)| (key, text_of(value))).take(1).collect())
        }
        value => parameter.example.filter(|example| example.is_number()).cloned().unwrap_or(value),
    }
}

fn text_of(value: Value) -> Value {
    if value.is_string() { json!(HOSTILE) } else { value }
}
