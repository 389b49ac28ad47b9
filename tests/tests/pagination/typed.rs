//! Pagination with the typed requests of 2.15.

use intercom_runtime::Endpoint;
use intercom_runtime::paging::End;
use intercom_tests::scripted::{Reply, Server};
use intercom_v2_15::Client;
use serde_json::json;

use crate::block_on;

/// The operations of 2.15 with pages.
pub fn endpoints() -> Vec<&'static Endpoint> {
    let paged = intercom_v2_15::operations::OPERATIONS.iter().filter(|entry| entry.paging().is_some());
    paged.map(|entry| entry.endpoint()).collect()
}

fn client(server: &Server) -> Client {
    Client::builder().token("paging").base_url(server.url()).build().unwrap()
}

/// Three pages of contacts, with two contacts each.
fn contacts() -> Server {
    let page = |ids: [&str; 2], next: Option<&str>| {
        let next = next.map(|next| json!({"per_page": 2, "starting_after": next}));
        let data: Vec<_> = ids.iter().map(|id| json!({"type": "contact", "id": id})).collect();
        Reply::json(json!({"type": "list", "data": data, "total_count": 6, "pages": {"page": 1, "total_pages": 3, "next": next}}).to_string())
    };
    Server::start([page(["a", "b"], Some("1")), page(["c", "d"], Some("2")), page(["e", "f"], None)])
}

#[test]
fn items_come_in_order() {
    let server = contacts();
    let client = client(&server);
    let ids = block_on(async {
        let mut contacts = client.contacts().list().items();
        let mut ids = Vec::new();
        while let Some(contact) = contacts.try_next().await.unwrap() {
            ids.push(contact.id.to_string());
        }
        assert_eq!(contacts.end(), Some(End::Complete));
        ids.concat()
    });
    assert_eq!(ids, "abcdef");
    let targets: Vec<String> = server.seen().into_iter().map(|seen| seen.target).collect();
    assert_eq!(
        targets,
        [
            "/contacts?per_page=150",
            "/contacts?per_page=150&starting_after=1",
            "/contacts?per_page=150&starting_after=2"
        ]
    );
}

#[test]
fn items_can_be_collected_and_are_a_stream() {
    fn stream<
        S: futures_core::Stream<Item = intercom_v2_15::Result<intercom_v2_15::types::Contact>> + Send + Unpin + 'static,
    >(
        stream: S,
    ) -> S {
        stream
    }
    let server = contacts();
    let items = stream(client(&server).contacts().list().items());
    let contacts: Vec<_> = block_on(items.try_collect()).unwrap();
    assert_eq!(contacts.len(), 6);
}

#[test]
fn a_page_has_its_number_its_total_and_its_response() {
    let server = contacts();
    let client = client(&server);
    block_on(async {
        let page = client.contacts().list().per_page(2).page().await.unwrap();
        assert_eq!(page.items.len(), 2);
        assert_eq!((page.total_count, page.page, page.total_pages), (Some(6), Some(1), Some(3)));
        assert_eq!(page.next_position(), Some("1"));
        assert_eq!(page.response().status(), 200);
        assert_eq!(page.response().attempts(), 1);
        assert_eq!(page.checkpoint().position(), Some("1"));
        let next = page.next_position().unwrap();
        let page = client.contacts().list().starting_at(next).page().await.unwrap();
        assert_eq!(page.into_items().unwrap()[0].id, "c");
    });
    let targets: Vec<String> = server.seen().into_iter().map(|seen| seen.target).collect();
    assert_eq!(targets, ["/contacts?per_page=2", "/contacts?starting_after=1"]);
}

#[test]
fn pages_come_one_after_the_other() {
    let server = contacts();
    let client = client(&server);
    let counts = block_on(async {
        let mut pages = client.contacts().list().pages();
        let mut counts = Vec::new();
        while let Some(page) = pages.try_next().await.unwrap() {
            counts.push(page.items.len());
        }
        counts
    });
    assert_eq!(counts, [2, 2, 2]);
}

#[test]
fn an_item_that_does_not_fit_is_one_error() {
    let body = r#"{"type":"list","data":[{"type":"contact","id":"a"}, 5 ,{"type":"contact","id":"b","name":{"x":1}},{"type":"contact","id":"c"}],"pages":{"next":null}}"#;
    let server = Server::start([Reply::json(body), Reply::json(body)]);
    let client = client(&server);
    block_on(async {
        let mut items = client.contacts().list().items();
        assert_eq!(items.next().await.unwrap().unwrap().id, "a");
        let error = items.next().await.unwrap().unwrap_err();
        assert!(error.is_decode());
        assert_eq!(error.body(), b"5");
        assert_eq!(error.status().unwrap(), 200);
        let third = items.next().await.unwrap().unwrap();
        assert_eq!((third.id.as_str(), third.name.is_none()), ("b", true));
        assert_eq!(items.next().await.unwrap().unwrap().id, "c");
        assert!(items.next().await.is_none());

        let page = client.contacts().list().page().await.unwrap();
        let set_aside: Vec<&str> = page.response().mismatches().iter().map(|mismatch| mismatch.path()).collect();
        assert!(set_aside.contains(&"data[2].name"), "{set_aside:?}");
        assert!(
            set_aside.iter().all(|path| path.starts_with("data[") && !path.starts_with("data[1]")),
            "{set_aside:?}"
        );
        assert_eq!(page.items.iter().filter(|item| item.is_err()).count(), 1);
    });
}

#[test]
fn a_search_sends_the_position_in_its_body() {
    let page = |id: &str, next: Option<&str>| {
        let next = next.map(|next| json!({"starting_after": next}));
        Reply::json(
            json!({"type": "conversation.list", "conversations": [{"id": id}], "pages": {"next": next}}).to_string(),
        )
    };
    let server = Server::start([page("1", Some("x")), page("2", Some("y")), page("3", None)]);
    let client = client(&server);
    let query = intercom_v2_15::search::conversations::open().eq(true);
    let ids: Vec<String> = block_on(async {
        let mut items = client.conversations().search(query).items();
        let mut ids = Vec::new();
        while let Some(conversation) = items.try_next().await.unwrap() {
            ids.push(conversation.id.to_string());
        }
        ids
    });
    assert_eq!(ids, ["1", "2", "3"]);
    let bodies: Vec<serde_json::Value> =
        server.seen().iter().map(|seen| serde_json::from_slice(&seen.body).unwrap()).collect();
    let query = json!({"field": "open", "operator": "=", "value": true});
    assert_eq!(bodies[0], json!({"query": query, "pagination": {"per_page": 150}}));
    assert_eq!(bodies[2], json!({"query": query, "pagination": {"per_page": 150, "starting_after": "y"}}));
}

#[test]
fn a_page_size_is_checked_and_sent() {
    let server = contacts();
    let client = client(&server);
    block_on(async {
        let error = client.contacts().list().per_page(151).items().next().await.unwrap().unwrap_err();
        assert!(error.is_request() && error.to_string().contains("at most 150 items, not 151"), "{error}");
        let error = client.contacts().list().per_page(0).await.unwrap_err();
        assert!(error.is_request(), "{error}");
        let error = client.contacts().search(json!({})).per_page(-1).page().await.unwrap_err();
        assert!(error.is_request(), "{error}");
        assert_eq!(server.count(), 0);
        client.contacts().list().per_page(7).await.unwrap();
        client.contacts().search(json!({})).per_page(8).await.unwrap();
    });
    let seen = server.seen();
    assert_eq!(seen[0].target, "/contacts?per_page=7");
    assert_eq!(
        serde_json::from_slice::<serde_json::Value>(&seen[1].body).unwrap(),
        json!({"query": {}, "pagination": {"per_page": 8}})
    );
}
