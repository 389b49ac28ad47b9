//! What a request has to have: compared with the description itself, not with the generator's view of it.

use intercom_mock::RecordedCall;
use intercom_tests::description::{Description, Operation, Parameter};
use intercom_tests::json::differences;
use serde_json::{Value, json};

/// What is wrong with the request of a call that was made with these arguments.
pub fn violations(
    description: &Description,
    operation: &Operation<'_>,
    arguments: &Value,
    call: &RecordedCall,
) -> Vec<String> {
    // `call.problem` is not used: the examples of errors are requests that the server refuses.
    let mut wrong = Vec::new();
    let mut compare = |what: &str, expected: Value, found: Value| {
        let different = differences(&expected, &found);
        wrong.extend(different.iter().map(|difference| format!("{}: {what} {difference}", operation.name())));
    };
    compare("method", json!(operation.method), json!(call.method));
    compare("path", texts(&arguments["path"]), json!(call.parameters));
    let mut query: Vec<(String, String)> = call.query.clone();
    query.sort();
    compare("query", json!(pairs(description, operation, &arguments["query"])), json!(query));
    let header = |name: &str| json!(call.headers.get(&name.to_ascii_lowercase()));
    for (name, expected) in headers(description, operation, &arguments["header"]) {
        compare(&name, expected, header(&name));
    }
    let media_type = call.headers.get("content-type").and_then(|text| text.split(';').next());
    compare("content type", json!(operation.body.as_ref().map(|media| media.media_type)), json!(media_type));
    match &operation.body {
        None => compare("body", json!(""), json!(String::from_utf8_lossy(call.bytes()))),
        Some(media) if media.media_type == "application/json" => {
            let expected = description.with_declared_ids(media.schema, &arguments["body"]);
            compare("body", expected, json!(call.body));
        }
        Some(_) => {
            let body = String::from_utf8_lossy(call.bytes());
            let parts = arguments["body"].as_object().into_iter().flatten();
            let missing = parts.filter(|(name, _)| !body.contains(&format!("name=\"{name}\"")));
            compare("form", json!([]), missing.map(|(name, _)| json!(name)).collect());
        }
    }
    wrong
}

/// The query as names and values in their order: a list is repeated or joined, and an object stands for its keys.
fn pairs(description: &Description, operation: &Operation<'_>, arguments: &Value) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for (name, value) in arguments.as_object().into_iter().flatten() {
        let declared = operation.parameters.iter().find(|parameter| parameter.name == name);
        match value {
            Value::Array(items) if declared.is_some_and(|parameter| parameter.explode) => {
                pairs.extend(items.iter().map(|item| (name.clone(), text(item))));
            }
            Value::Array(items) => {
                pairs.push((name.clone(), items.iter().map(text).collect::<Vec<_>>().join(",")));
            }
            Value::Object(object) => pairs.extend(object.iter().map(|(key, value)| (key.clone(), text(value)))),
            value => pairs.push((name.clone(), text(value))),
        }
    }
    let unknown = |name: &String| !operation.parameters.iter().any(|parameter| parameter.name == name);
    assert!(arguments.as_object().is_none_or(|all| !all.keys().any(unknown)), "{}", description.version());
    pairs.sort();
    pairs
}

/// The headers: those that every request has, and the operation's parameters.
fn headers(description: &Description, operation: &Operation<'_>, arguments: &Value) -> Vec<(String, Value)> {
    let accept = match operation.success().and_then(|response| response.media.as_ref()) {
        _ if operation.is_download() => "application/octet-stream",
        Some(media) => media.media_type,
        None => "application/json",
    };
    let is_version = |parameter: &&Parameter<'_>| parameter.name.eq_ignore_ascii_case("intercom-version");
    let declared = operation.parameters.iter().find(is_version);
    let only = declared.and_then(|parameter| only_value(description, parameter));
    let version = only.map_or_else(|| json!(description.version()), Clone::clone);
    let mut headers = vec![("accept".to_owned(), json!(accept)), ("intercom-version".to_owned(), version)];
    for parameter in operation.parameters.iter().filter(|it| it.location == "header" && !is_version(it)) {
        // A header with a single allowed value is sent by default.
        let expected = only_value(description, parameter).or(arguments.get(parameter.name));
        headers.extend(expected.map(|value| (parameter.name.to_owned(), json!(text(value)))));
    }
    headers
}

/// The value of a parameter that has a single allowed value.
fn only_value<'d>(description: &'d Description, parameter: &Parameter<'d>) -> Option<&'d Value> {
    match description.resolve(parameter.schema)["enum"].as_array()?.as_slice() {
        [only] => Some(only),
        _ => None,
    }
}

/// An object with its values as texts, as they are in a URL.
fn texts(object: &Value) -> Value {
    object.as_object().into_iter().flatten().map(|(key, value)| (key.clone(), json!(text(value)))).collect()
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
