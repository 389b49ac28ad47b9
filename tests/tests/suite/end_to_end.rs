//! Typed calls of the 2.15 crate against the mock server, which checks each request against the description.

use std::io::Read as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use intercom_mock::{Fault, Server};
use intercom_runtime::retry::RetryPolicy;
use intercom_runtime::transport::{Body, Transport, TransportFuture};
use intercom_v2_15::api::conversations::DetachContactIds;
use intercom_v2_15::api::reporting_data_export::FindIds;
use intercom_v2_15::types::{EventsListFilterEmail, SingleFilterSearchRequest, SingleFilterSearchRequestOperator};
use intercom_v2_15::{Attributes, Client, Region, RequestOptions, Timestamp};
use serde_json::{Value, json};

/// A server for 2.15 that has whatever is asked for, and a client that talks to it.
fn start() -> (Server, Client) {
    let server = Server::builder("2.15").make_missing_items().start().unwrap();
    let client = server.configure(Client::builder()).retry(RetryPolicy::never()).build().unwrap();
    (server, client)
}

/// Checks that the requests were correct, and that this operation was called.
fn assert_served(server: &Server, operation: &str) {
    server.assert_no_unexpected();
    assert!(!server.calls_of(operation).is_empty(), "{:?}", server.calls());
}

/// Sets the response to the next request.
fn reply(server: &Server, status: u16, body: impl ToString) {
    server.inject(Fault::Body(status, body.to_string()));
}

/// The body of the last request.
fn sent(server: &Server) -> Value {
    server.calls().pop().unwrap().body.unwrap()
}

#[tokio::test]
async fn an_id_with_a_slash_and_a_space_stays_one_segment() {
    let (server, client) = start();
    let contact = client.contacts().find("a/b c?d#%2F").await.unwrap();
    assert_served(&server, "contacts.find");
    assert_eq!(server.calls()[0].path, "/contacts/a%2Fb%20c%3Fd%23%252F");
    assert_eq!(server.calls()[0].parameters["contact_id"], "a/b c?d#%2F");
    assert_eq!(contact.id.to_string(), "a/b c?d#%2F");
    assert!(contact.mismatches().is_empty());
    assert_eq!(contact.status(), 200);
}

#[tokio::test]
async fn a_delete_has_a_body_where_one_is_declared() {
    let (server, client) = start();
    let ids = DetachContactIds { contact_id: "667d61c68a68186f43bafe0d".into(), admin_id: 991_267_863.into() };
    let customers = client.conversations().detach_contact(147, ids).await.unwrap();
    assert_served(&server, "conversations.detach_contact");
    // The description declares the id as text.
    assert_eq!(sent(&server), json!({"admin_id": "991267863"}));
    assert!(customers.customers.is_some());
}

#[tokio::test]
async fn mismatches_are_reported_for_responses_and_for_items() {
    let (server, client) = start();
    reply(&server, 200, r#"{"type":"contact","id":"1","name":5}"#);
    let contact = client.contacts().find("1").send_as::<intercom_v2_15::types::Contact>().await.unwrap();
    assert!(contact.mismatches().iter().any(|mismatch| mismatch.path() == "name"));
    assert_eq!(contact.extra.get("name"), Some(&json!(5)));
    reply(&server, 200, r#"{"type":"list","data":[{"id":"1"},{"id":"2","name":5}]}"#);
    let mut items = client.contacts().list().items();
    while items.try_next().await.unwrap().is_some() {}
    assert!(items.mismatches().iter().any(|mismatch| mismatch.path() == "data[1].name"), "{:?}", items.mismatches());
}

#[tokio::test]
async fn a_delete_without_a_body_sends_none() {
    let (server, client) = start();
    let deleted = client.contacts().delete("667d61c68a68186f43bafe0d").await.unwrap();
    assert_served(&server, "contacts.delete");
    assert!(server.calls()[0].bytes().is_empty());
    assert_eq!(deleted.deleted, Some(true));
}

/// The text in a file of the mock server, which is compressed.
fn unpacked(bytes: &[u8]) -> String {
    let mut text = String::new();
    flate2::read::GzDecoder::new(bytes).read_to_string(&mut text).unwrap();
    text
}

#[tokio::test]
async fn a_file_is_downloaded_as_it_is() {
    let (server, client) = start();
    let download = client.data_export().download("orzzsbd7hk67xyu").await.unwrap();
    let length = download.len();
    let bytes = download.bytes().await.unwrap();
    assert_eq!(length, Some(bytes.len() as u64));
    assert_eq!(unpacked(&bytes), "id,created_at\n1,1700000000\n");
    assert_served(&server, "data_export.download");
}

#[tokio::test]
async fn a_redirect_leads_to_the_recording() {
    let (server, client) = start();
    let download = client.calls().download_recording("62").await.unwrap();
    assert!(unpacked(&download.bytes().await.unwrap()).starts_with("id,created_at"));
    assert_served(&server, "calls.download_recording");
    assert_eq!(server.calls().len(), 2);
}

#[tokio::test]
async fn an_error_has_its_status_code_and_body() {
    let (server, client) = start();
    let body = json!({"type": "error.list", "request_id": "b3c8c472", "errors": [{"code": "not_found", "message": "No such contact"}]});
    reply(&server, 404, &body);
    let error = client.contacts().find("missing").await.unwrap_err();
    assert!(error.is_not_found() && !error.is_decode());
    assert_eq!(error.status().map(|status| status.as_u16()), Some(404));
    assert_eq!(error.code().map(ToString::to_string).as_deref(), Some("not_found"));
    // The id in the header counts.
    let request_id = Some("00000000-0000-4000-8000-000000000001");
    assert_eq!((error.message(), error.request_id()), (Some("No such contact"), request_id));
    assert_eq!(error.body(), body.to_string().as_bytes());
    let text = error.to_string();
    assert!(text.contains("contacts.find") && text.contains("404") && !text.contains(server.token()), "{text}");
}

#[tokio::test]
async fn an_error_that_is_no_json_keeps_its_body() {
    let (server, client) = start();
    reply(&server, 503, "<h1>Down</h1>");
    let error = client.admins().identify().await.unwrap_err();
    assert!(error.is_server_error() && error.code().is_none());
    assert_eq!(error.body(), b"<h1>Down</h1>");
}

#[tokio::test]
async fn an_accepted_event_has_no_body() {
    let (server, client) = start();
    let metadata = Attributes::new().with("invite_code", "ADDAFRIEND");
    let event = client
        .events()
        .create()
        .event_name("invited-friend")
        .user_id("314159")
        .created_at(Timestamp::from_seconds(1_671_028_894));
    let response = event.metadata(metadata).await.unwrap();
    assert_eq!(response.status(), 202);
    assert!(response.bytes().is_empty());
    assert_served(&server, "events.create");
    assert_eq!(sent(&server)["metadata"], json!({"invite_code": "ADDAFRIEND"}));
}

#[tokio::test]
async fn an_object_in_the_query_is_sent_as_keys_of_its_own() {
    let (server, client) = start();
    let filter = EventsListFilterEmail::new("joe+news@example.com");
    let events = client.events().list("user").filter(filter).summary(true).await.unwrap();
    assert_served(&server, "events.list");
    let query = server.calls()[0].query.clone();
    let query: Vec<_> = query.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(query, [("type", "user"), ("email", "joe+news@example.com"), ("summary", "true")]);
    assert!(events.events.is_some());
}

#[tokio::test]
async fn a_transcript_is_text() {
    let (server, client) = start();
    let transcript = client.calls().download_transcript("62").await.unwrap();
    assert_served(&server, "calls.download_transcript");
    assert!(!transcript.is_empty());
    assert_eq!(server.calls()[0].headers["accept"], "text/plain");
}

#[tokio::test]
async fn null_is_not_the_same_as_absent() {
    let (server, client) = start();
    client.contacts().update("667d61c68a68186f43bafe0d").clear_name().phone("+353871234567").await.unwrap();
    assert_eq!(sent(&server), json!({"name": null, "phone": "+353871234567"}));
    client.contacts().update("667d61c68a68186f43bafe0d").await.unwrap();
    assert_eq!(sent(&server), json!({}));
    client.contacts().update("667d61c68a68186f43bafe0d").clear_name().name("Joe").await.unwrap();
    assert_eq!(sent(&server), json!({"name": "Joe"}));
    assert_served(&server, "contacts.update");
}

#[tokio::test]
async fn a_search_goes_out_as_the_description_has_it() {
    let (server, client) = start();
    let filter = SingleFilterSearchRequest::new()
        .field("email")
        .operator(SingleFilterSearchRequestOperator::Equals)
        .value("joe@example.com");
    let found = client.contacts().search(filter).await.unwrap();
    assert_served(&server, "contacts.search");
    assert_eq!(sent(&server), json!({"query": {"field": "email", "operator": "=", "value": "joe@example.com"}}));
    assert!(found.data.is_some());
}

#[tokio::test]
async fn one_call_may_ask_for_another_version() {
    let (server, client) = start();
    // The server has one version only, so the test sets the response to the call of the other version.
    reply(&server, 200, r#"{"type":"admin.list","admins":[]}"#);
    client.admins().list().with_options(RequestOptions::new().api_version("2.14")).await.unwrap();
    client.admins().list().await.unwrap();
    let calls = server.assert_called("admins.list", 2);
    let versions: Vec<&str> = calls.calls().iter().map(|call| &*call.headers["intercom-version"]).collect();
    assert_eq!(versions, ["2.14", "2.15"]);
}

#[tokio::test]
async fn a_value_that_does_not_fit_leaves_other_fields_intact() {
    let (server, client) = start();
    let answer =
        json!({"type": "admin", "id": 991_267_459, "name": ["no", "text"], "email": "joe@example.com", "mood": "fine"});
    reply(&server, 200, answer);
    let admin = client.admins().find(991_267_459).await.unwrap();
    assert_eq!(admin.email, "joe@example.com");
    assert_eq!(admin.extra.get("mood"), Some(&json!("fine")));
    let paths: Vec<&str> = admin.mismatches().iter().map(|mismatch| mismatch.path()).collect();
    assert!(paths.contains(&"name"), "{paths:?}");
    assert_eq!(admin.mismatches()[0].raw(), Some(r#"["no","text"]"#));
}

#[tokio::test]
async fn a_response_decodes_as_a_type_of_the_caller_and_keeps_its_bytes() {
    let (server, client) = start();
    let raw = client.admins().identify().send_as::<Value>().await.unwrap();
    let bytes = client.admins().identify().send_raw().await.unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&bytes).unwrap(), *raw);
    assert_served(&server, "admins.identify");
}

/// Responds with an empty body, and records the address.
#[derive(Clone, Debug, Default)]
struct Addresses(Arc<Mutex<Vec<String>>>);

impl Transport for Addresses {
    fn send(&self, request: http::Request<Body>) -> TransportFuture<'_> {
        self.0.lock().unwrap().push(request.uri().to_string());
        Box::pin(async { Ok(http::Response::new(Body::from("{}"))) })
    }
}

#[tokio::test]
async fn the_region_decides_the_host() {
    let addresses = Addresses::default();
    for region in [Region::Us, Region::Eu, Region::Au] {
        let client = Client::builder().token("token").region(region).transport(addresses.clone()).build().unwrap();
        client.tags().list().send_raw().await.unwrap();
    }
    let proxy = Client::builder()
        .token("token")
        .base_url("https://proxy.example/intercom/")
        .transport(addresses.clone())
        .build()
        .unwrap();
    proxy.tags().list().send_raw().await.unwrap();
    assert_eq!(
        *addresses.0.lock().unwrap(),
        [
            "https://api.intercom.io/tags",
            "https://api.eu.intercom.io/tags",
            "https://api.au.intercom.io/tags",
            "https://proxy.example/intercom/tags"
        ]
    );
}

#[cfg(feature = "all-versions")]
#[tokio::test]
async fn a_catalog_is_uploaded_as_a_form() {
    use intercom_runtime::multipart::Part;

    let server = Server::start("preview").await;
    let client = server.configure(intercom_preview::Client::builder()).build().unwrap();
    let part = Part::bytes("sku,price\n1,2\n").file_name("catalog.csv").content_type("text/csv");
    client.ecommerce_connectors().upload_catalog("12").catalog(part).part_number(1).await.unwrap();
    assert_served(&server, "ecommerce_connectors.upload_catalog");
    let call = server.calls().remove(0);
    let body = String::from_utf8(call.bytes().to_vec()).unwrap();
    assert!(body.contains("name=\"catalog\"; filename=\"catalog.csv\"") && body.contains("sku,price\n1,2\n"), "{body}");
    assert!(call.headers["content-type"].starts_with("multipart/form-data; boundary="));
}

#[tokio::test]
async fn a_request_that_starts_a_job_waits_for_it() {
    let started = r#"{"job_identifier":"j1","status":"pending"}"#;
    let (server, client) = start();
    for body in [
        started,
        r#"{"job_identifier":"j1","status":"no_data"}"#,
        r#"{"status":"pending"}"#,
        started,
        r#"{"job_identifier":"j1","status":"failed"}"#,
    ] {
        reply(&server, 200, body);
    }
    let export = || client.data_export().create(1, 2).poller().timeout(Duration::from_secs(10)).wait();

    let job = export().await.unwrap();
    assert!(!job.has_data());
    assert_eq!(job.job_identifier.as_ref().unwrap(), "j1");
    assert_eq!(server.calls()[1].path, "/export/content/data/j1");

    let error = export().await.unwrap_err();
    assert!(error.is_request() && error.to_string().contains("`job_identifier`"), "{error}");
    assert!(export().await.unwrap_err().is_job());
}

#[tokio::test]
async fn a_request_for_the_state_of_a_job_waits_for_it() {
    let (server, client) = start();
    reply(&server, 200, r#"{"job_identifier":"j1","status":"complete","download_url":"u"}"#);
    reply(&server, 200, r#"{"job_identifier":"j1","status":"failed"}"#);
    let ids = FindIds { app_id: "a".into(), client_id: "c".into() };
    let export = client.reporting_data_export().find("j1", ids);
    let job = export.clone().wait().await.unwrap();
    assert!(job.has_data());
    assert_eq!(job.download_url.as_deref(), Some("u"));
    let call = server.calls().remove(0);
    assert_eq!((&*call.path, call.query("app_id")), ("/export/reporting_data/j1", Some("a")));
    assert_eq!(call.query("client_id"), Some("c"));
    assert!(export.wait().await.unwrap_err().is_job());
}

#[tokio::test]
async fn any_path_is_called_and_a_list_gives_its_items() {
    let (server, client) = start();
    let admins = client.admins().list().await.unwrap().into_items();
    let raw = client.get("/admins").await.unwrap();
    assert_eq!(raw["admins"].as_array().map(Vec::len), Some(admins.len()));
    assert_served(&server, "admins.list");
}
