//! Wrong requests, and what they are answered with.

#![allow(clippy::unwrap_used, reason = "a test panics")]

mod api;

use api::{Answer, Api};
use reqwest::Method;
use serde_json::json;

/// What is wrong, the request, and what is expected: status, code, field.
type Case = (
    &'static str,
    Method,
    &'static str,
    Option<&'static str>,
    &'static [(&'static str, &'static str)],
    (u16, &'static str, &'static str),
);

const JSON: &[(&str, &str)] = &[("content-type", "application/json")];

const GROUPS: &str =
    r#"{"query":{"operator":"AND","value":[{"operator":"OR","value":[{"operator":"AND","value":[]}]}]}}"#;

const CASES: &[Case] = &[
    ("an unknown path", Method::GET, "/people", None, &[], (404, "not_found", "")),
    ("a method that the path does not have", Method::PATCH, "/contacts", None, &[], (405, "method_not_allowed", "")),
    ("a trailing segment", Method::GET, "/contacts/1/tags/2/3", None, &[], (404, "not_found", "")),
    ("no JSON", Method::POST, "/contacts", Some("{\"email\":"), JSON, (400, "bad_request", "")),
    ("a list in place of an object", Method::POST, "/contacts", Some("[]"), JSON, (400, "parameter_invalid", "")),
    ("null as body", Method::POST, "/tags", Some("null"), JSON, (400, "parameter_invalid", "")),
    (
        "a form",
        Method::POST,
        "/contacts",
        Some("email=a"),
        &[("content-type", "application/x-www-form-urlencoded")],
        (415, "media_type_not_acceptable", ""),
    ),
    ("a number as email", Method::POST, "/contacts", Some(r#"{"email":5}"#), JSON, (400, "parameter_invalid", "email")),
    ("no title", Method::POST, "/articles", Some(r#"{"author_id":1}"#), JSON, (400, "parameter_not_found", "title")),
    (
        "an unknown value",
        Method::POST,
        "/articles",
        Some(r#"{"title":"a","author_id":1,"state":"x"}"#),
        JSON,
        (400, "parameter_invalid", "state"),
    ),
    ("a missing query parameter", Method::GET, "/visitors", None, &[], (400, "parameter_not_found", "user_id")),
    ("a text as page", Method::GET, "/companies?page=two", None, &[], (400, "parameter_invalid", "page")),
    ("page zero", Method::GET, "/companies?page=0", None, &[], (400, "parameter_invalid", "page")),
    ("too large a page", Method::GET, "/contacts?per_page=151", None, &[], (400, "parameter_invalid", "per_page")),
    (
        "an empty cursor",
        Method::GET,
        "/contacts?starting_after=",
        None,
        &[],
        (400, "parameter_invalid", "starting_after"),
    ),
    (
        "another version",
        Method::GET,
        "/contacts",
        None,
        &[("intercom-version", "2.99")],
        (400, "intercom_version_invalid", ""),
    ),
    ("HTML is wanted", Method::GET, "/contacts", None, &[("accept", "text/html")], (406, "not_acceptable", "")),
    ("an unknown id", Method::GET, "/contacts/1", None, &[], (404, "not_found", "")),
    ("an unknown company", Method::GET, "/companies/1", None, &[], (404, "company_not_found", "")),
    ("an unknown ticket", Method::DELETE, "/tickets/1", None, &[], (404, "ticket_not_found", "")),
    (
        "an unknown field",
        Method::POST,
        "/contacts/search",
        Some(r#"{"query":{"field":"shoe","operator":"=","value":"1"}}"#),
        JSON,
        (400, "invalid_field", "query"),
    ),
    (
        "an unknown operator",
        Method::POST,
        "/contacts/search",
        Some(r#"{"query":{"field":"email","operator":"<","value":"1"}}"#),
        JSON,
        (400, "parameter_invalid", "query"),
    ),
    (
        "a text for a date",
        Method::POST,
        "/contacts/search",
        Some(r#"{"query":{"field":"created_at","operator":">","value":"May"}}"#),
        JSON,
        (400, "parameter_invalid", "query"),
    ),
    (
        "groups in groups in groups",
        Method::POST,
        "/contacts/search",
        Some(GROUPS),
        JSON,
        (400, "parameter_invalid", "query"),
    ),
    (
        "an unknown cursor",
        Method::POST,
        "/contacts/search",
        Some(r#"{"pagination":{"starting_after":"x"},"query":{"field":"email","operator":"=","value":"1"}}"#),
        JSON,
        (400, "parameter_invalid", "pagination.starting_after"),
    ),
];

#[tokio::test]
async fn wrong_requests_get_the_error_that_says_why() {
    let api = Api::start("2.15");
    assert!(CASES.len() >= 20);
    for (what, method, path, body, headers, (status, code, field)) in CASES {
        let mut request = api.request(method.clone(), path);
        for (name, value) in *headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.body(*body);
        }
        let answer = api.send(request).await;
        let found = answer.body["errors"][0]["field"].as_str().unwrap_or_default();
        assert_eq!((answer.status, answer.code(), found), (*status, *code, *field), "{what}: {}", answer.body);
        check_envelope(&answer);
    }
    assert_eq!(api.server.unexpected().len(), CASES.len());
}

#[tokio::test]
async fn too_many_filters_are_refused() {
    let api = Api::start("2.15");
    let filters = vec![json!({"field": "email", "operator": "=", "value": "a"}); 16];
    let answer = api.post("/contacts/search", json!({"query": {"operator": "AND", "value": filters}})).await;
    assert_eq!((answer.status, answer.code()), (400, "parameter_invalid"));
}

#[tokio::test]
async fn groups_may_stand_beside_filters() {
    let api = Api::start("2.15");
    api.server.seed("contacts", json!({"email": "a@example.com", "custom_attributes": {"score": 8}}));
    let email = |value: &str| json!({"field": "email", "operator": "=", "value": value});
    let score = json!({"field": "custom_attributes.score", "operator": ">", "value": 7.5});
    let either = json!({"operator": "OR", "value": [email("a@example.com"), email("b@example.com")]});
    let query = json!({"query": {"operator": "AND", "value": [score, either]}});
    assert_eq!(api.post("/contacts/search", query).await.ok()["total_count"], 1);
    for query in [json!("x"), json!({}), json!({"operator": "AND", "value": email("a")}), json!({"field": "email"})] {
        let answer = api.post("/contacts/search", json!({"query": query})).await;
        assert_eq!((answer.status, answer.code()), (400, "parameter_invalid"), "{query}");
    }
}

#[tokio::test]
async fn a_token_is_needed_and_has_to_be_the_one_that_was_set() {
    let api = Api::of(intercom_mock::Server::builder("2.15").token("secret").start().unwrap());
    let url = format!("{}/me", api.server.url());
    for header in [None, Some("Bearer other"), Some("Basic secret"), Some("Bearer")] {
        let mut request = api.http.get(&url);
        if let Some(header) = header {
            request = request.header("authorization", header);
        }
        let answer = api.send(request).await;
        assert_eq!((answer.status, answer.code()), (401, "unauthorized"), "{header:?}");
        assert_eq!(answer.header("x-ratelimit-limit"), "");
    }
    assert_eq!(api.send(api.http.get(&url).bearer_auth("secret")).await.status, 200);
    let seen = format!("{:?}", api.server.calls());
    assert!(!seen.contains("secret"), "{seen}");
}

fn check_envelope(answer: &Answer) {
    assert_eq!(answer.body["type"], "error.list");
    assert_eq!(answer.body["request_id"].as_str(), Some(answer.header("x-request-id")));
    assert_eq!(answer.header("x-intercom-mock"), "error");
    assert!(answer.body["errors"][0]["message"].as_str().is_some_and(|message| !message.is_empty()));
}
