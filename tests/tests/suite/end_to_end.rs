//! Typed calls of the 2.15 crate against a loopback server that checks each request against the description.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use intercom_runtime::retry::RetryPolicy;
use intercom_runtime::transport::{Body, Transport, TransportFuture};
use intercom_tests::described::{CONTENT, Described, TOKEN};
use intercom_tests::description::Description;
use intercom_tests::scripted::{Reply, Server};
use intercom_v2_15::api::conversations::DetachContactIds;
use intercom_v2_15::api::reporting_data_export::FindIds;
use intercom_v2_15::types::{EventsListFilterEmail, SingleFilterSearchRequest, SingleFilterSearchRequestOperator};
use intercom_v2_15::{Attributes, Client, Region, RequestOptions, Timestamp};
use serde_json::{Value, json};

/// A server for 2.15, and a client that talks to it.
fn start() -> (Described, Client) {
    let server = Described::start(Description::of("2.15"));
    let client = Client::builder().token(TOKEN).base_url(server.url()).retry(RetryPolicy::never()).build().unwrap();
    (server, client)
}

/// Checks that the requests were correct, and that this operation was called.
fn assert_served(server: &Described, operation: &str) {
    assert_eq!(server.violations(), [""; 0]);
    assert!(server.served().contains_key(operation), "{:?}", server.served());
}

/// The body of the last request.
fn sent(server: &Described) -> Value {
    serde_json::from_slice(&server.seen().last().unwrap().body).unwrap()
}

#[tokio::test]
async fn an_id_with_a_slash_and_a_space_stays_one_segment() {
    let (server, client) = start();
    server.expect(json!({"path": {"contact_id": "a/b c?d#%2F"}}));
    let contact = client.contacts().find("a/b c?d#%2F").await.unwrap();
    assert_served(&server, "GET /contacts/{contact_id}");
    assert_eq!(server.seen()[0].target, "/contacts/a%2Fb%20c%3Fd%23%252F");
    assert!(!contact.id.to_string().is_empty() && contact.mismatches().is_empty());
    assert_eq!(contact.status(), 200);
}

#[tokio::test]
async fn a_delete_has_a_body_where_one_is_declared() {
    let (server, client) = start();
    let ids = DetachContactIds { contact_id: "667d61c68a68186f43bafe0d".into(), admin_id: 991_267_863.into() };
    let customers = client.conversations().detach_contact(147, ids).await.unwrap();
    assert_served(&server, "DELETE /conversations/{conversation_id}/customers/{contact_id}");
    // The description declares the id as text.
    assert_eq!(sent(&server), json!({"admin_id": "991267863"}));
    assert_eq!(customers.customers.as_ref().map(Vec::len), Some(1));
}

#[tokio::test]
async fn mismatches_are_reported_for_responses_and_for_items() {
    let (server, client) = start();
    server.reply(Reply::json(r#"{"type":"contact","id":"1","name":5}"#));
    let contact = client.contacts().find("1").send_as::<intercom_v2_15::types::Contact>().await.unwrap();
    assert!(contact.mismatches().iter().any(|mismatch| mismatch.path() == "name"));
    assert_eq!(contact.extra.get("name"), Some(&json!(5)));
    server.reply(Reply::json(r#"{"type":"list","data":[{"id":"1"},{"id":"2","name":5}]}"#));
    let mut items = client.contacts().list().items();
    while items.try_next().await.unwrap().is_some() {}
    assert!(items.mismatches().iter().any(|mismatch| mismatch.path() == "data[1].name"), "{:?}", items.mismatches());
}

#[tokio::test]
async fn a_delete_without_a_body_sends_none() {
    let (server, client) = start();
    let deleted = client.contacts().delete("667d61c68a68186f43bafe0d").await.unwrap();
    assert_served(&server, "DELETE /contacts/{contact_id}");
    assert!(server.seen()[0].body.is_empty());
    assert_eq!(deleted.deleted, Some(true));
}

#[tokio::test]
async fn a_file_is_downloaded_as_it_is() {
    let (server, client) = start();
    let download = client.data_export().download("orzzsbd7hk67xyu").await.unwrap();
    assert_eq!(download.len(), Some(CONTENT.len() as u64));
    assert_eq!(&*download.bytes().await.unwrap(), CONTENT);
    assert_served(&server, "GET /download/content/data/{job_identifier}");
}

#[tokio::test]
async fn a_redirect_leads_to_the_recording() {
    let (server, client) = start();
    let download = client.calls().download_recording("62").await.unwrap();
    assert_eq!(&*download.bytes().await.unwrap(), CONTENT);
    assert_served(&server, "GET /calls/{call_id}/recording");
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn an_error_has_its_status_code_and_body() {
    let (server, client) = start();
    let body = json!({"type": "error.list", "request_id": "b3c8c472", "errors": [{"code": "not_found", "message": "No such contact"}]});
    server.reply(Reply::new(404).header("content-type", "application/json").body(body.to_string()));
    let error = client.contacts().find("missing").await.unwrap_err();
    assert!(error.is_not_found() && !error.is_decode());
    assert_eq!(error.status().map(|status| status.as_u16()), Some(404));
    assert_eq!(error.code().map(ToString::to_string).as_deref(), Some("not_found"));
    assert_eq!((error.message(), error.request_id()), (Some("No such contact"), Some("b3c8c472")));
    assert_eq!(error.body(), body.to_string().as_bytes());
    let text = error.to_string();
    assert!(text.contains("contacts.find") && text.contains("404") && !text.contains(TOKEN), "{text}");
}

#[tokio::test]
async fn an_error_that_is_no_json_keeps_its_body() {
    let (server, client) = start();
    server.reply(Reply::new(503).header("content-type", "text/html").body("<h1>Down</h1>"));
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
    assert_served(&server, "POST /events");
    assert_eq!(sent(&server)["metadata"], json!({"invite_code": "ADDAFRIEND"}));
}

#[tokio::test]
async fn an_object_in_the_query_is_sent_as_keys_of_its_own() {
    let (server, client) = start();
    let filter = EventsListFilterEmail::new("joe+news@example.com");
    let events = client.events().list("user").filter(filter).summary(true).await.unwrap();
    assert_served(&server, "GET /events");
    assert_eq!(server.seen()[0].target, "/events?type=user&email=joe%2Bnews%40example.com&summary=true");
    assert!(events.events.is_some());
}

#[tokio::test]
async fn a_transcript_is_text() {
    let (server, client) = start();
    let transcript = client.calls().download_transcript("62").await.unwrap();
    assert_served(&server, "GET /calls/{call_id}/transcript");
    assert!(!transcript.is_empty());
    assert_eq!(server.seen()[0].header("accept"), Some("text/plain"));
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
    assert_served(&server, "PUT /contacts/{contact_id}");
}

#[tokio::test]
async fn a_search_goes_out_as_the_description_has_it() {
    let (server, client) = start();
    let filter = SingleFilterSearchRequest::new()
        .field("email")
        .operator(SingleFilterSearchRequestOperator::Equals)
        .value("joe@example.com");
    let found = client.contacts().search(filter).await.unwrap();
    assert_served(&server, "POST /contacts/search");
    assert_eq!(sent(&server), json!({"query": {"field": "email", "operator": "=", "value": "joe@example.com"}}));
    assert!(found.data.is_some());
}

#[tokio::test]
async fn one_call_may_ask_for_another_version() {
    let (server, client) = start();
    server.version("2.14");
    client.admins().list().with_options(RequestOptions::new().api_version("2.14")).await.unwrap();
    client.admins().list().await.unwrap();
    assert_served(&server, "GET /admins");
    let versions: Vec<_> =
        server.seen().iter().map(|seen| seen.header("intercom-version").unwrap_or_default().to_owned()).collect();
    assert_eq!(versions, ["2.14", "2.15"]);
}

#[tokio::test]
async fn a_value_that_does_not_fit_leaves_other_fields_intact() {
    let (server, client) = start();
    let answer =
        json!({"type": "admin", "id": 991_267_459, "name": ["no", "text"], "email": "joe@example.com", "mood": "fine"});
    server.reply(Reply::json(answer.to_string()));
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
    assert_served(&server, "GET /me");
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
        let client = Client::builder().token(TOKEN).region(region).transport(addresses.clone()).build().unwrap();
        client.tags().list().send_raw().await.unwrap();
    }
    let proxy = Client::builder()
        .token(TOKEN)
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

    let server = Described::start(Description::of("preview"));
    let client = intercom_preview::Client::builder()
        .token(TOKEN)
        .base_url(server.url())
        .retry(RetryPolicy::never())
        .build()
        .unwrap();
    let part = Part::bytes("sku,price\n1,2\n").file_name("catalog.csv").content_type("text/csv");
    client.ecommerce_connectors().upload_catalog("12").catalog(part).part_number(1).await.unwrap();
    assert_served(&server, "POST /ecommerce/connectors/{id}/catalog");
    let body = String::from_utf8(server.seen()[0].body.clone()).unwrap();
    assert!(body.contains("name=\"catalog\"; filename=\"catalog.csv\"") && body.contains("sku,price\n1,2\n"), "{body}");
    assert!(server.seen()[0].header("content-type").unwrap().starts_with("multipart/form-data; boundary="));
}

#[tokio::test]
async fn a_request_that_starts_a_job_waits_for_it() {
    let started = r#"{"job_identifier":"j1","status":"pending"}"#;
    let server = Server::start([
        Reply::json(started),
        Reply::json(r#"{"job_identifier":"j1","status":"no_data"}"#),
        Reply::json(r#"{"status":"pending"}"#),
        Reply::json(started),
        Reply::json(r#"{"job_identifier":"j1","status":"failed"}"#),
    ]);
    let client = Client::builder().token(TOKEN).base_url(server.url()).retry(RetryPolicy::never()).build().unwrap();
    let export = || client.data_export().create(1, 2).poller().timeout(Duration::from_secs(10)).wait();

    let job = export().await.unwrap();
    assert!(!job.has_data());
    assert_eq!(job.job_identifier.as_ref().unwrap(), "j1");
    assert_eq!(server.seen()[1].target, "/export/content/data/j1");

    let error = export().await.unwrap_err();
    assert!(error.is_request() && error.to_string().contains("`job_identifier`"), "{error}");
    assert!(export().await.unwrap_err().is_job());
}

#[tokio::test]
async fn a_request_for_the_state_of_a_job_waits_for_it() {
    let server = Server::start([
        Reply::json(r#"{"job_identifier":"j1","status":"complete","download_url":"u"}"#),
        Reply::json(r#"{"job_identifier":"j1","status":"failed"}"#),
    ]);
    let client = Client::builder().token(TOKEN).base_url(server.url()).retry(RetryPolicy::never()).build().unwrap();
    let ids = FindIds { app_id: "a".into(), client_id: "c".into() };
    let export = client.reporting_data_export().find("j1", ids);
    let job = export.clone().wait().await.unwrap();
    assert!(job.has_data());
    assert_eq!(job.download_url.as_deref(), Some("u"));
    assert_eq!(server.seen()[0].target, "/export/reporting_data/j1?app_id=a&client_id=c");
    assert!(export.wait().await.unwrap_err().is_job());
}

#[tokio::test]
async fn any_path_is_called_and_a_list_gives_its_items() {
    let (server, client) = start();
    let admins = client.admins().list().await.unwrap().into_items();
    let raw = client.get("/admins").await.unwrap();
    assert_eq!(raw["admins"].as_array().map(Vec::len), Some(admins.len()));
    assert_served(&server, "GET /admins");
}
