//! Compares a request with the description of its operation, and refuses what Intercom would refuse.

use intercom_catalog::check::{Problem, ProblemKind, Rules, check, check_parameter};
use intercom_catalog::{Action, Catalog, Location, Operation};
use serde_json::{Map, Value};

use crate::answer::Refusal;
use crate::request::Request;

/// Checks path, query, headers and body, and returns the body where it is JSON. Of several problems, the first is reported.
pub(crate) fn request<'a>(
    catalog: &Catalog,
    operation: &Operation,
    path: &[(String, String)],
    request: &'a Request,
) -> Result<Option<&'a Value>, Refusal> {
    let mut problems = parameters(catalog, operation, path, request);
    let body = match &operation.body {
        None => None,
        Some(declared) => {
            let schema = declared.schema.as_ref();
            let Some(schema) = schema else { return form(operation, request, problems) };
            if request.body.is_empty() {
                if declared.required && problems.is_empty() {
                    return Err(Refusal::new(400, "bad_request", "The request has no body."));
                }
                None
            } else {
                if request.media_type().is_some_and(|it| !it.ends_with("json")) {
                    let message = format!("The body has to be {}.", declared.media_type);
                    return Err(Refusal::new(415, "media_type_not_acceptable", message));
                }
                let Some(body) = request.json() else {
                    return Err(Refusal::new(400, "bad_request", "The body is not JSON."));
                };
                // A search checks its query itself: the descriptions declare less than the API takes, such as groups beside filters.
                let searches = operation.resource.as_ref().is_some_and(|it| it.action == Action::Search);
                let found = check(catalog, schema, body, Rules::REQUEST).into_iter();
                problems.extend(found.filter(|problem| !searches || !problem.pointer.starts_with("/query/")));
                Some(body)
            }
        }
    };
    match problems.first() {
        None => Ok(body),
        Some(problem) => Err(refusal(operation, problem)),
    }
}

fn form<'a>(operation: &Operation, request: &'a Request, problems: Vec<Problem>) -> Result<Option<&'a Value>, Refusal> {
    if !request.media_type().is_some_and(|it| it.starts_with("multipart/")) {
        return Err(Refusal::new(415, "media_type_not_acceptable", "The body has to be multipart/form-data."));
    }
    problems.first().map_or(Ok(None), |problem| Err(refusal(operation, problem)))
}

fn parameters(catalog: &Catalog, operation: &Operation, path: &[(String, String)], request: &Request) -> Vec<Problem> {
    let mut problems = Vec::new();
    for parameter in &operation.parameters {
        let name = parameter.name.as_str();
        let value = match parameter.location {
            Location::Path => path.iter().find(|(key, _)| key == name).map(|(_, value)| Value::from(value.as_str())),
            // The version is checked for all operations alike.
            Location::Header if name.eq_ignore_ascii_case("intercom-version") => continue,
            Location::Header => request.header(name).map(Value::from),
            Location::Query => first(request, name).map(Value::from),
            Location::QueryCommaList => {
                first(request, name).map(|value| value.split(',').map(Value::from).collect::<Value>())
            }
            Location::QueryRepeated => {
                let values: Vec<Value> = all(request, name).map(Value::from).collect();
                (!values.is_empty()).then_some(Value::Array(values))
            }
            // The keys of the object are sent as query parameters: all that are not declared belong to it.
            Location::QueryExploded => {
                let others = request.query.iter().filter(|(key, _)| operation.parameter(key).is_none());
                let value: Map<String, Value> =
                    others.map(|(key, value)| (key.clone(), Value::from(value.as_str()))).collect();
                (!value.is_empty()).then_some(Value::Object(value))
            }
        };
        match value {
            None if parameter.required && parameter.constant.is_none() => problems.push(Problem {
                pointer: format!("/{name}"),
                kind: ProblemKind::Missing,
                expected: "a value".to_owned(),
                found: String::new(),
            }),
            None => {}
            Some(value) => {
                let pointer = format!("/{name}");
                problems.extend(check_parameter(catalog, parameter, &value, &pointer, Rules::REQUEST));
            }
        }
    }
    problems
}

fn first<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    all(request, name).next()
}

fn all<'a>(request: &'a Request, name: &str) -> impl Iterator<Item = &'a str> {
    let list = format!("{name}[]");
    request.query.iter().filter(move |(key, _)| *key == name || *key == list).map(|(_, value)| value.as_str())
}

/// The refusal of a request with a problem. Its status is 422 where the operation declares 422 and not 400, or where the problem is a
/// wrong type and the operation's examples of 422 show the code `type_mismatch`; else 400.
fn refusal(operation: &Operation, problem: &Problem) -> Refusal {
    let declares = |status: &str| operation.responses.iter().any(|response| response.status == status);
    let code = match problem.kind {
        ProblemKind::Missing => "parameter_not_found",
        ProblemKind::Type if codes(operation, "422").any(|code| code == "type_mismatch") => "type_mismatch",
        _ => "parameter_invalid",
    };
    let unprocessable = code == "type_mismatch" || (declares("422") && !declares("400"));
    let field = problem.pointer.trim_start_matches('/').replace('/', ".");
    let refusal = Refusal::new(if unprocessable { 422 } else { 400 }, code, message(problem, &field));
    if field.is_empty() { refusal } else { refusal.field(field) }
}

fn message(problem: &Problem, field: &str) -> String {
    let what = if field.is_empty() { "The body" } else { field };
    match problem.kind {
        ProblemKind::Missing => format!("{what} is missing; expected {}", problem.expected),
        _ => format!("{what}: expected {}, found {}", problem.expected, problem.found),
    }
}

/// The error codes that an operation's examples show for a status.
pub(crate) fn codes<'a>(operation: &'a Operation, status: &'a str) -> impl Iterator<Item = &'a str> {
    let responses = operation.responses.iter().filter(move |response| response.status == status);
    responses
        .flat_map(|response| &response.examples)
        .filter_map(|example| example.value.get("errors")?.get(0)?.get("code")?.as_str())
}
