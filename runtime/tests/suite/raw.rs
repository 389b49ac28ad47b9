//! Requests of any path: the requests that are sent, their responses, and invalid requests.

use crate::common::Memory;
use intercom_runtime::clock::VirtualClock;
use intercom_runtime::multipart::{Multipart, Part};
use intercom_runtime::paging::{Location, Paging, PagingStyle};
use intercom_runtime::transport::TransportError;
use intercom_runtime::{RequestOptions, Value, http};

#[tokio::test]
async fn a_path_can_be_called_directly() {
    let memory = Memory::default().answer(200, &[("x-request-id", "r1")], r#"{"email":"a@b.test"}"#);
    let me = memory.client().get("/me").await.unwrap();
    assert_eq!((&me["email"], me.request_id()), (&Value::from("a@b.test"), Some("r1")));
    let [request] = &memory.seen()[..] else { panic!("one request") };
    assert_eq!(request.uri(), "https://api.intercom.io/me");
    assert_eq!(request.headers()["authorization"], "Bearer hunter2");
    assert_eq!(request.headers()["intercom-version"], "2.15");
}

#[tokio::test]
async fn all_parts_of_a_request_can_be_set() {
    let memory = Memory::default().answer(200, &[], "{}").answer(200, &[], "{}").answer(200, &[], "{}");
    let client = memory.client();
    let path = format!("/contacts/{{id}}/tags?a={}", 1);
    let request = client.request("post", path).path("id", "a/b").query("b", "x y").query("b", 2).header("x-one", 1);
    request.json(&serde_json::json!({"id": "7"})).with_options(RequestOptions::new().query("c", 3)).await.unwrap();
    client.request(http::Method::PUT, "/a").raw_body("text/csv", "id\n").send_raw().await.unwrap();
    let form = Multipart::new().part("file", Part::bytes("x").file_name("x.txt"));
    client.request("POST", "/a").form(form).send_empty().await.unwrap();

    let seen = memory.seen();
    assert_eq!(seen[0].method(), "POST");
    assert_eq!(seen[0].uri(), "https://api.intercom.io/contacts/a%2Fb/tags?a=1&b=x%20y&b=2&c=3");
    assert_eq!(seen[0].headers()["x-one"], "1");
    assert_eq!(seen[0].body().as_bytes().unwrap(), br#"{"id":"7"}"#);
    assert_eq!(seen[1].headers()["content-type"], "text/csv");
    assert!(seen[2].headers()["content-type"].to_str().unwrap().starts_with("multipart/form-data"));
}

#[tokio::test]
async fn a_response_can_be_typed_text_or_empty() {
    let memory = Memory::default().answer(200, &[], "[1,2]").answer(200, &[], "plain").answer(202, &[], "");
    let client = memory.client();
    assert_eq!(client.get("/a").send_as::<Vec<u8>>().await.unwrap().into_inner(), [1, 2]);
    assert_eq!(client.get("/a").send_text().await.unwrap().into_inner(), "plain");
    assert_eq!(client.request("DELETE", "/a").await.unwrap().into_inner(), Value::Null);
}

#[tokio::test]
async fn an_error_names_the_path_as_it_was_given() {
    let memory = Memory::default().answer(404, &[], r#"{"errors":[{"code":"not_found","message":"gone"}]}"#);
    let error = memory.client().get("/contacts/{id}?email=joe@b.test").path("id", "secret").await.unwrap_err();
    assert_eq!(error.operation(), Some("GET /contacts/{id}"));
    assert_eq!(error.to_string(), "GET /contacts/{id}: 404 Not Found, not_found: gone");
}

#[tokio::test]
async fn the_last_value_of_a_path_parameter_counts() {
    let memory = Memory::default().answer(200, &[], "{}");
    memory.client().get("/contacts/{id}").path("id", 1).path("id", 2).await.unwrap();
    assert_eq!(memory.seen()[0].uri().path(), "/contacts/2");
    let error = memory.client().request("DELETE", "/contacts").path("id", 1).await.unwrap_err();
    assert!(error.is_request() && error.to_string().contains("no placeholder for the path parameter `id`"), "{error}");
    assert!(memory.seen().is_empty());
}

#[tokio::test]
async fn a_lost_page_of_a_scroll_is_not_requested_again() {
    static SCROLL: Paging =
        Paging::new(PagingStyle::Scroll, Location::Query, "scroll_param", &["data"]).next("scroll_param");
    let page = r#"{"data":[{"id":1}],"scroll_param":"s"}"#;
    let memory = Memory::default().answer(200, &[], page).fail(TransportError::lost("reset")).answer(200, &[], page);
    let client = memory.builder().clock(VirtualClock::default()).build().unwrap();
    let mut items = client.get("/companies/scroll").paging(&SCROLL).items::<Value>();
    assert_eq!(items.try_next().await.unwrap().unwrap()["id"], 1);
    let error = items.try_next().await.unwrap_err();
    assert!(error.is_scroll_broken(), "{error}");
    assert_eq!(memory.seen().len(), 2);
}

#[tokio::test]
async fn invalid_requests_are_not_sent() {
    let memory = Memory::default();
    let client = memory.client();
    for (method, path, hint) in [
        ("GET", "contacts", "begin with `/`"),
        ("GET", "https://elsewhere.test/x", "https://api.intercom.io"),
        ("GET", "/contacts/{id}", "`id` has no value"),
        ("FETCH", "/contacts", "POST"),
        ("G T", "/contacts", "POST"),
    ] {
        let error = client.request(method, path).await.unwrap_err();
        assert!(error.is_request() && error.to_string().contains(hint), "{path}: {error}");
    }
    let error = client.get("/contacts").per_page(5).await.unwrap_err();
    assert!(error.is_request(), "{error}");
    assert!(memory.seen().is_empty());
}

#[tokio::test]
async fn idempotent_methods_are_retried() {
    let memory = Memory::default()
        .fail(TransportError::lost("x"))
        .answer(200, &[], "{}")
        .fail(TransportError::lost("x"))
        .fail(TransportError::lost("x"))
        .answer(200, &[], "{}");
    let client = memory.builder().clock(VirtualClock::default()).build().unwrap();
    assert_eq!(client.get("/a").await.unwrap().attempts(), 2);
    assert_eq!(client.request("POST", "/a").await.unwrap_err().attempts(), 1);
    let twice = RequestOptions::new().assume_idempotent();
    assert_eq!(client.request("POST", "/a").with_options(twice).await.unwrap().attempts(), 2);
}

#[tokio::test]
async fn pages_of_a_raw_request_are_followed() {
    let memory = Memory::default()
        .answer(200, &[], r#"{"conversations":[{"id":1}],"pages":{"next":{"starting_after":"c2"}},"total_count":2}"#)
        .answer(200, &[], r#"{"conversations":[{"id":2}],"pages":{"next":null},"total_count":2}"#)
        .answer(200, &[], r#"{"data":[{"id":1}],"pages":{"next":{"starting_after":"c2"}}}"#)
        .answer(200, &[], r#"{"data":[],"pages":{}}"#);
    let client = memory.client();
    let list = client.get("/conversations").paging(&Paging::LIST).per_page(1);
    let ids: Vec<Value> = list.items::<Value>().try_collect().await.unwrap();
    assert_eq!(ids.len(), 2);

    // Pagination that is only known at run time.
    let name: &'static str = String::from("pagination.starting_after").leak();
    let paging: &'static Paging =
        Box::leak(Box::new(Paging::new(PagingStyle::Cursor, Location::Body, name, &["data"]).next("pages.next")));
    let search = client.request("POST", "/contacts/search").json(&serde_json::json!({"query": 1})).paging(paging);
    assert_eq!(search.items::<Value>().try_collect::<Vec<_>>().await.unwrap().len(), 1);

    let seen = memory.seen();
    let uris: Vec<String> = seen.iter().map(|request| request.uri().to_string()).collect();
    assert_eq!(uris[0], "https://api.intercom.io/conversations?per_page=1");
    assert_eq!(uris[1], "https://api.intercom.io/conversations?per_page=1&starting_after=c2");
    let body: Value = serde_json::from_slice(seen[3].body().as_bytes().unwrap()).unwrap();
    assert_eq!(body["pagination"]["starting_after"], "c2");
}

#[tokio::test]
async fn the_memory_limit_does_not_apply_to_items_that_are_read_as_values() {
    let fields: String = (0..60).map(|index| format!(r#""field_{index}":{index},"#)).collect();
    let items = vec![format!(r#"{{{fields}"id":"1"}}"#); 150].join(",");
    let body = format!(r#"{{"data":[{items}],"pages":{{}}}}"#).leak();
    let memory = Memory::default().answer(200, &[], body);
    let contacts: Vec<Value> =
        memory.client().get("/contacts").paging(&Paging::LIST).items::<Value>().try_collect().await.unwrap();
    assert_eq!(contacts.len(), 150);
    assert_eq!(contacts[149]["field_59"], 59);
}
