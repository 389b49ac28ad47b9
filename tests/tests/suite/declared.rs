//! Requests that a schema allows can be sent, and responses that a schema declares can be decoded.

use intercom_mock::{Fault, Server};
use intercom_runtime::operations::OperationEntry;
use intercom_tests::description::Description;
use intercom_v2_15::Client;
use intercom_v2_15::types::{DataEventListType, EventsListFilterEmail, NewsfeedAssignment};
use serde_json::json;

/// A pin says that responses always have a field. It does not make the field required in requests.
#[tokio::test]
async fn a_pinned_field_is_not_required_in_requests() {
    let server = Server::builder("2.15").make_missing_items().start().unwrap();
    let client = server.configure(Client::builder()).build().unwrap();
    let assignment = || NewsfeedAssignment::new().published_at(1_664_638_214);
    let (title, sender) = ("A title", 991_267_834);
    client.news_items().create(title, sender).newsfeed_assignments([assignment()]).await.unwrap();
    client.news_items().update(141, title, sender).newsfeed_assignments([assignment()]).await.unwrap();
    server.assert_no_unexpected();
    for call in server.calls() {
        assert_eq!(call.body.unwrap()["newsfeed_assignments"], json!([{"published_at": 1_664_638_214}]));
    }
}

#[tokio::test]
async fn a_list_of_events_may_be_a_summary_of_them() {
    let server = Server::builder("2.15").make_missing_items().start().unwrap();
    let client = server.configure(Client::builder()).build().unwrap();
    let summary = json!({
        "type": "event.summary", "email": "a@example.com", "intercom_user_id": "1", "user_id": "2",
        "events": [{"name": "placed-order", "first": "2014-01-16T23:12:21.000+00:00",
                    "last": "2014-01-17T23:12:21.000+00:00", "count": 3}],
    });
    server.inject(Fault::Body(200, summary.to_string()));
    let email = EventsListFilterEmail::new("a@example.com");
    let events = client.events().list("user").filter(email).summary(true).await.unwrap();
    server.assert_no_unexpected();
    assert!(events.mismatches().is_empty(), "{:?}", events.mismatches());
    assert!(matches!(events.r#type, Some(DataEventListType::EventSummary)));
    let sum = &events.events.as_ref().unwrap()[0];
    assert_eq!((sum.name.as_deref(), sum.count), (Some("placed-order"), Some(3)));
    assert_eq!(sum.first.as_deref(), Some("2014-01-16T23:12:21.000+00:00"));
    assert!(sum.last.is_some() && sum.extra.is_empty() && sum.event_name.is_none());
}

#[tokio::test]
async fn a_list_of_events_does_not_demand_a_filter() {
    let server = Server::builder("2.15").make_missing_items().start().unwrap();
    let client = server.configure(Client::builder()).build().unwrap();
    server.inject(Fault::Body(200, json!({"type": "event.list", "events": []}).to_string()));
    assert!(client.events().list("user").await.is_ok());
    assert_eq!(server.calls()[0].query, [("type".to_owned(), "user".to_owned())]);
}

/// Every operation requests a version that its own header parameter allows.
fn asks_for_a_declared_version(version: &str, table: &[OperationEntry]) {
    let description = Description::of(version);
    let mut checked = 0;
    for operation in description.operations() {
        let entry = table.iter().find(|e| e.http_method() == operation.method && e.path() == operation.path).unwrap();
        let declared = operation.parameters.iter().find(|p| p.name.eq_ignore_ascii_case("intercom-version"));
        let Some(declared) = declared else { continue };
        let values = description.resolve(declared.schema)["enum"].as_array().unwrap();
        let asked = entry.endpoint().version;
        assert!(values.iter().any(|value| value == asked), "{version} {}: {asked}", operation.name());
        checked += 1;
    }
    assert!(checked > table.len() / 2, "{version}: only {checked} operations declare the header");
}

#[test]
fn the_version_that_is_asked_for_is_one_that_the_operation_declares() {
    asks_for_a_declared_version("2.15", intercom_v2_15::operations::OPERATIONS);
    #[cfg(feature = "all-versions")]
    asks_for_a_declared_version("preview", intercom_preview::operations::OPERATIONS);
}

/// One operation of Preview declares the version `preview`, another one `Preview`.
#[cfg(feature = "all-versions")]
#[tokio::test]
async fn an_operation_with_a_version_of_its_own_sends_it() {
    let server = Server::builder("preview").make_missing_items().start().unwrap();
    let client = server.configure(intercom_preview::Client::builder()).build().unwrap();
    client.content().search().await.unwrap();
    client.tags().list().await.unwrap();
    server.assert_no_unexpected();
    let versions: Vec<_> = server.calls().iter().map(|call| call.headers["intercom-version"].clone()).collect();
    assert_eq!(versions, ["preview", "Preview"]);
}

/// The official SDKs use this name.
#[cfg(feature = "all-versions")]
#[tokio::test]
async fn assignment_rules_are_run_by_their_official_name() {
    let server = Server::builder("2.11").make_missing_items().start().unwrap();
    let client = server.configure(intercom_v2_11::Client::builder()).build().unwrap();
    client.conversations().run_assignment_rules("123").await.unwrap();
    server.assert_no_unexpected();
}
