//! Calls of operations known by name only, through a transport that records what was asked.

#![allow(clippy::unwrap_used)]

use std::sync::{Arc, Mutex};

use intercom_catalog::call::{Answer, Arguments, Invocation};
use intercom_catalog::{Catalog, Operation, load};
use intercom_runtime::http::{Request, Response};
use intercom_runtime::multipart::Part;
use intercom_runtime::transport::{Body, Transport, TransportError, TransportFuture};
use intercom_runtime::{Client, ClientBuilder};
use serde_json::{Value, json};

/// Gives the prepared answers in turn, and keeps the requests.
#[derive(Clone, Debug, Default)]
struct Recorder {
    answers: Arc<Mutex<Vec<(u16, String)>>>,
    asked: Arc<Mutex<Vec<(String, String)>>>,
}

impl Transport for Recorder {
    fn send(&self, mut request: Request<Body>) -> TransportFuture<'_> {
        Box::pin(async move {
            let line = format!("{} {}", request.method(), request.uri().path_and_query().unwrap());
            let mut body = Vec::new();
            while let Some(chunk) = request.body_mut().next_chunk().await {
                body.extend_from_slice(&chunk.map_err(TransportError::lost)?);
            }
            self.asked.lock().unwrap().push((line, String::from_utf8(body).unwrap()));
            let (status, answer) = self.answers.lock().unwrap().remove(0);
            Response::builder().status(status).body(Body::from(answer)).map_err(TransportError::invalid)
        })
    }
}

impl Recorder {
    fn answering(answers: &[&str]) -> (Self, Client) {
        let recorder = Self::default();
        recorder.answers.lock().unwrap().extend(answers.iter().map(|answer| (200, (*answer).to_owned())));
        let builder = ClientBuilder::for_version("2.15", "test/1.0").token("any").transport(recorder.clone());
        (recorder, builder.build().unwrap())
    }

    fn asked(&self) -> Vec<(String, String)> {
        self.asked.lock().unwrap().clone()
    }
}

fn catalog() -> Arc<Catalog> {
    load("2.15").unwrap()
}

fn invocation(client: &Client, id: &str, arguments: Value) -> Result<Invocation, String> {
    let catalog = catalog();
    let operation = catalog.operation(id).unwrap();
    let arguments = Arguments::from_json(arguments).map_err(|refusal| refusal.to_string())?;
    Invocation::new(client, &catalog, operation, arguments).map_err(|refusal| refusal.to_string())
}

#[tokio::test]
async fn arguments_go_where_they_belong_and_ids_take_the_declared_form() {
    let (recorder, client) = Recorder::answering(&[r#"{"id":"1"}"#]);
    let arguments = json!({"path": {"contact_id": "a/b"}, "body": {"email": "a@example.com", "owner_id": "123"}});
    let answer = invocation(&client, "contacts.update", arguments).unwrap().send().await.unwrap();
    let Answer::Json(contact) = answer else { panic!("{answer:?}") };
    assert_eq!(contact["id"], "1");
    let body = r#"{"email":"a@example.com","owner_id":123}"#;
    assert_eq!(recorder.asked(), [("PUT /contacts/a%2Fb".to_owned(), body.to_owned())]);
}

#[tokio::test]
async fn an_answer_without_a_body_is_empty() {
    let (_, client) = Recorder::answering(&[""]);
    let answer = invocation(&client, "tags.delete", json!({"path": {"tag_id": 5}})).unwrap().send().await.unwrap();
    assert!(matches!(answer, Answer::Empty(_)), "{answer:?}");
}

#[tokio::test]
async fn all_pages_are_walked_wherever_the_cursor_goes() {
    let page = |id: u32, next: &str| {
        json!({"data": [{"id": id}], "total_count": 2, "pages": {"next": {"starting_after": next}}}).to_string()
    };
    let last = json!({"data": [{"id": 2}], "total_count": 2, "pages": {"next": null}}).to_string();
    for (id, arguments, second) in [
        ("contacts.list", json!({}), "starting_after=b"),
        (
            "contacts.search",
            json!({"body": {"query": {"field": "email", "operator": "=", "value": "x"}}}),
            r#""starting_after":"b""#,
        ),
    ] {
        let (recorder, client) = Recorder::answering(&[&page(1, "b"), &last]);
        let items = invocation(&client, id, arguments).unwrap().items().unwrap();
        let ids: Vec<Value> = items.try_collect().await.unwrap();
        assert_eq!(ids, [json!({"id": 1}), json!({"id": 2})]);
        let asked = recorder.asked();
        assert_eq!(asked.len(), 2);
        assert!(format!("{} {}", asked[1].0, asked[1].1).contains(second), "{asked:?}");
    }
    let (_, client) = Recorder::answering(&[]);
    assert!(invocation(&client, "contacts.find", json!({"path": {"contact_id": "1"}})).unwrap().items().is_none());
}

#[test]
fn every_problem_is_reported_with_its_place() {
    let (recorder, client) = Recorder::answering(&[]);
    let refusal = |id: &str, arguments: Value| invocation(&client, id, arguments).unwrap_err();
    assert_eq!(
        refusal("contacts.find", json!({"path": {"id": "1"}, "body": {}})),
        "contacts.find: /path/id: is unknown; there are contact_id; /path/contact_id: is missing; \
         /body: contacts.find takes no body"
    );
    assert_eq!(
        refusal("contacts.find", json!({"path": {"contact_id": ["1"]}, "query": {"a": 1}})),
        "contacts.find: /path/contact_id: expected a text or a whole number, found a list; /query/a: is unknown"
    );
    let body = json!({"path": {"contact_id": "1"}, "body": {"email": 5}});
    assert_eq!(refusal("contacts.update", body), "contacts.update: /body/email: expected a text, found 5");
    assert_eq!(refusal("contacts.find", json!([])), "the arguments are not an object");
    assert!(refusal("contacts.find", json!({"paths": {}, "query": 1})).contains("/paths: is unknown"));
    assert_eq!(recorder.asked(), []);
}

#[test]
fn the_parts_of_a_form_are_checked_however_they_are_given() {
    let catalog = load("preview").unwrap();
    let mut operation = catalog.operation("ecommerce_connectors.upload_catalog").unwrap().clone();
    let problems = |operation: &Operation, body: Option<Value>, file: Option<&str>| {
        let files = file.map(|name| (name.to_owned(), Part::bytes("{}"))).into_iter().collect();
        let path = json!({"id": "1"}).as_object().unwrap().clone();
        let arguments = Arguments { path, body, files, ..Arguments::default() };
        let problems = arguments.problems(&catalog, operation, None);
        problems.iter().map(|problem| format!("{}: {}", problem.pointer, problem.message)).collect::<Vec<_>>()
    };
    assert_eq!(problems(&operation, None, Some("catalog")), [""; 0]);
    assert!(problems(&operation, None, Some("katalog"))[0].starts_with("/body/katalog: is unknown"));
    let text = problems(&operation, Some(json!("text")), None);
    assert_eq!(text, ["/body: the body is a form: give an object with its parts"]);
    let parts = &mut operation.body.as_mut().unwrap().parts;
    parts.iter_mut().find(|part| part.name == "catalog").unwrap().required = true;
    for body in [None, Some(json!({})), Some(json!({"catalog": null}))] {
        assert_eq!(problems(&operation, body, None), ["/body/catalog: is missing"]);
    }
    assert_eq!(problems(&operation, Some(json!({"catalog": "e30="})), None), [""; 0]);
}

#[test]
fn every_operation_of_every_version_can_be_prepared() {
    let (_, client) = Recorder::answering(&[]);
    let (mut prepared, mut forms) = (0, 0);
    for version in intercom_catalog::VERSIONS {
        let catalog = load(version).unwrap();
        for operation in &catalog.operations {
            let mut arguments = Arguments::default();
            for parameter in operation.parameters.iter().filter(|parameter| parameter.required) {
                let section = match parameter.location {
                    intercom_catalog::Location::Path => &mut arguments.path,
                    intercom_catalog::Location::Header => &mut arguments.header,
                    _ => &mut arguments.query,
                };
                let list = matches!(
                    parameter.location,
                    intercom_catalog::Location::QueryCommaList | intercom_catalog::Location::QueryRepeated
                );
                let example = parameter.example.clone().filter(|example| example.is_string() || example.is_number());
                let value = example.unwrap_or_else(|| if list { json!(["1"]) } else { json!("1") });
                section.insert(parameter.name.clone(), value);
            }
            if let Some(body) = &operation.body {
                let is_form = body.schema.is_none();
                forms += usize::from(is_form);
                // Examples of forms name a file as a shell would: `@catalog.json`.
                let example = body.examples.first().filter(|_| !is_form).map(|example| Value::clone(&example.value));
                arguments.body = Some(example.unwrap_or_else(|| json!({})));
                let required = body.parts.iter().filter(|part| part.required);
                arguments.files.extend(required.map(|part| (part.name.clone(), Part::bytes("{}"))));
            }
            // Some examples of the description are no requests that its schemas allow.
            let prepared_call = Invocation::checked(&client, &catalog, operation, arguments, None);
            prepared_call.unwrap_or_else(|refusal| panic!("{refusal}"));
            prepared += 1;
        }
    }
    println!("{prepared} operations, {forms} of them with a form");
    assert!(prepared > 1500 && forms > 0);
}
