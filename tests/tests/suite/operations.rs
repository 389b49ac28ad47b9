//! The table of operations: its entries, and the errors of invalid arguments.

use std::collections::BTreeSet;

use intercom_mock::Server;
use intercom_runtime::retry::RetryPolicy;
use intercom_tests::description::Description;
use intercom_v2_15::Client;
use intercom_v2_15::operations::{self, OPERATIONS, OperationEntry};
use serde_json::{Value, json};

fn operation(id: &str) -> &'static OperationEntry {
    OPERATIONS.iter().find(|operation| operation.id() == id).unwrap()
}

fn start() -> (Server, Client) {
    let server = Server::start_blocking("2.15");
    let client = server.configure(Client::builder()).retry(RetryPolicy::never()).build().unwrap();
    (server, client)
}

#[test]
fn every_entry_has_a_name_of_its_own() {
    let ids: BTreeSet<&str> = OPERATIONS.iter().map(OperationEntry::id).collect();
    assert_eq!(ids.len(), OPERATIONS.len());
    for operation in OPERATIONS {
        assert_eq!(operation.id(), format!("{}.{}", operation.group, operation.method));
    }
}

#[test]
fn an_entry_is_found_by_each_of_its_names() {
    for name in ["brands.list", "brands.list_brands", "brands.listBrands", "listBrands", "GET /brands"] {
        assert_eq!(operations::find(name).map(OperationEntry::id), Some("brands.list"), "{name}");
    }
    for other in ["brands", "brands.lists", "GET /brands/{id}/", "", "_"] {
        assert!(operations::find(other).is_none(), "{other}");
    }
    for entry in OPERATIONS {
        let names = entry.aliases.iter().copied().chain([entry.operation_id()]);
        for name in names.filter(|name| !name.is_empty()) {
            assert_eq!(operations::find(name).map(OperationEntry::id), Some(entry.id()), "{name}");
        }
    }
}

#[test]
fn an_entry_says_what_the_description_says() {
    let find = operation("contacts.find");
    assert_eq!(
        (find.http_method(), find.path(), find.operation_id()),
        ("GET", "/contacts/{contact_id}", "ShowContact")
    );
    assert!(find.is_idempotent() && find.request.is_none() && find.paging().is_none());
    assert_eq!(find.response, "Contact");
    let [id] = find.parameters else { panic!("{:?}", find.parameters) };
    assert_eq!((id.name, id.location, id.required), ("contact_id", "path", true));
    assert!(operation("contacts.search").is_idempotent() && operation("contacts.search").paging().is_some());
    assert!(!operation("contacts.create").is_idempotent());
}

#[test]
fn every_parameter_of_the_description_is_in_the_table() {
    let description = Description::of("2.15");
    for declared in description.operations() {
        let entry = OPERATIONS
            .iter()
            .find(|entry| entry.http_method() == declared.method && entry.path() == declared.path)
            .unwrap();
        for parameter in declared.parameters.iter().filter(|parameter| parameter.name != "Intercom-Version") {
            let known = entry
                .parameters
                .iter()
                .any(|known| known.name == parameter.name && known.location == parameter.location);
            // A header with a single allowed value is sent by default.
            let constant = parameter.schema["enum"].as_array().is_some_and(|values| values.len() == 1);
            assert!(known || constant, "{}: {}", declared.name(), parameter.name);
        }
    }
}

#[tokio::test]
async fn wrong_arguments_are_named_and_nothing_is_sent() {
    let (server, client) = start();
    for (id, arguments, what) in [
        ("contacts.find", json!({}), "`contact_id` is missing"),
        ("contacts.find", json!({"path": {"contact_id": "1"}, "query": {"page": 1}}), "no query parameter `page`"),
        ("contacts.find", json!({"path": {"contact_id": "1", "id": "2"}}), "no path parameter `id`; it has contact_id"),
        ("contacts.find", json!({"path": {"contact_id": "1"}, "body": {}}), "has no body"),
        ("contacts.find", json!({"path": {"contact_id": ""}}), "`contact_id` is empty"),
        ("contacts.find", json!({"path": {"contact_id": ".."}}), "`contact_id` is `..`"),
        ("contacts.find", json!({"path": {"contact_id": {}}}), "`contact_id` is not valid"),
        ("contacts.find", json!({"path": "1"}), "`path` must be an object"),
        ("contacts.find", json!({"paths": {}}), "unknown key `paths`"),
        ("contacts.find", json!(["1"]), "the arguments must be an object"),
        ("contacts.list", json!({"query": {"per_page": "many"}}), "`per_page` is not valid"),
        ("contacts.create", json!({"body": []}), "the body is not valid"),
        ("events.list", json!({"query": {"filter": {"email": "a@example.com"}}}), "`type` is missing"),
    ] {
        let error = operation(id).invoke(&client, arguments.clone()).await.unwrap_err();
        assert!(error.to_string().contains(what) && error.is_request(), "{id} {arguments}: {error}");
    }
    assert_eq!(server.calls().len(), 0);
}

#[tokio::test]
async fn every_kind_of_response_becomes_json() {
    let (server, client) = start();
    let call = json!({"path": {"call_id": "62"}});
    let text = operation("calls.download_transcript").invoke(&client, call.clone()).await.unwrap();
    assert!(text.is_string());
    let file = operation("calls.download_recording").invoke(&client, call).await.unwrap();
    // The first bytes of gzip.
    assert!(file.as_str().is_some_and(|text| text.starts_with("H4sI")), "{file}");
    let event = json!({"body": {"event_name": "invited-friend", "user_id": "314159", "created_at": 1_671_028_894}});
    assert_eq!(operation("events.create").invoke(&client, event).await.unwrap(), Value::Null);
    let me = operation("admins.identify").invoke(&client, Value::Null).await.unwrap();
    assert_eq!(me["type"], "admin");
    server.assert_no_unexpected();
}
