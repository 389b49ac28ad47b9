//! Searches: the language of `search` and `fetch`, and the curated tools that search.

use intercom_mcp::Options;
use serde_json::json;

use super::common::Api;
use super::{all, contacts};

#[tokio::test]
async fn search_sends_filters_and_prefixes_ids() {
    let api = Api::always(contacts());
    let mut session = api.session("2.16", all()).await;
    let query = "object_type:contacts email_domain:example.com created_at:gt:2026-11-01 custom_attributes.plan:pro vip limit:7 starting_after:xyz";
    let result = session.ok("search", json!({"query": query})).await;
    assert_eq!(result["results"][0]["id"], "contact_63a0");
    assert_eq!(result["results"][0]["title"], "Joe");
    assert_eq!(result["pages"], json!({"next": {"starting_after": "abc"}}));
    assert_eq!((&result["total_in_page"], &result["total_count"]), (&json!(1), &json!(12)));
    let seen = api.seen();
    assert_eq!((seen[0].method.as_str(), seen[0].path.as_str()), ("POST", "/contacts/search"));
    assert_eq!(
        seen[0].body,
        json!({
            "query": {"operator": "AND", "value": [
                {"operator": "AND", "value": [
                    {"field": "email_domain", "operator": "=", "value": "example.com"},
                    {"field": "created_at", "operator": ">", "value": 1_793_491_200},
                    {"field": "custom_attributes.plan", "operator": "=", "value": "pro"}
                ]},
                {"operator": "OR", "value": [
                    {"field": "name", "operator": "~", "value": "vip"},
                    {"field": "email", "operator": "~", "value": "vip"}
                ]}
            ]},
            "pagination": {"per_page": 7, "starting_after": "xyz"}
        })
    );
}

#[tokio::test]
async fn search_uses_parameters_where_the_api_has_no_filters() {
    let api = Api::always(
        json!({"type": "list", "data": [{"id": "c1", "name": "Acme"}], "pages": {"page": 1, "total_pages": 2}}),
    );
    let mut session = api.session("2.15", all()).await;
    let result = session.ok("search", json!({"query": "object_type:companies tag_id:7 limit:2"})).await;
    assert_eq!(result["results"][0]["id"], "company_c1");
    assert_eq!(result["pages"], json!({"next": {"page": 2}}));
    assert_eq!(api.seen()[0].path, "/companies?tag_id=7&per_page=2");
}

#[tokio::test]
async fn fetch_adds_the_link_of_the_workspace_s_region() {
    for (region, host) in [("US", "app.intercom.com"), ("EU", "app.eu.intercom.com"), ("AU", "app.au.intercom.com")] {
        let api = Api::new(move |seen| {
            let me = json!({"type": "admin", "id": "1", "app": {"type": "app", "id_code": "abc123", "region": region}});
            let conversation =
                json!({"type": "conversation", "id": "9", "source": {"body": "<p>Where is <b>it</b>?</p>"}});
            (200, Vec::new(), if seen.path == "/me" { me } else { conversation })
        });
        let mut session = api.session("2.16", Options::default()).await;
        for _ in 0..2 {
            let result = session.ok("fetch", json!({"id": "conversation_9"})).await;
            assert_eq!(result["url"], format!("https://{host}/a/inbox/abc123/inbox/conversation/9"));
            assert_eq!((&result["id"], &result["title"]), (&json!("conversation_9"), &json!("Where is it ?")));
        }
        let paths: Vec<String> = api.seen().into_iter().map(|seen| seen.path).collect();
        assert_eq!(paths, ["/conversations/9", "/me", "/conversations/9"], "the workspace is asked for once");
    }
}

#[tokio::test]
async fn the_workspace_is_asked_for_again_until_a_call_succeeds() {
    let failures = std::sync::atomic::AtomicUsize::new(1);
    let api = Api::new(move |seen| {
        if seen.path != "/me" {
            return (200, Vec::new(), json!({"type": "conversation", "id": "9"}));
        }
        if failures.swap(0, std::sync::atomic::Ordering::Relaxed) > 0 {
            return (503, Vec::new(), json!({}));
        }
        (200, Vec::new(), json!({"type": "admin", "id": "1", "app": {"id_code": "abc123", "region": "EU"}}))
    });
    let mut session = api.session("2.16", Options::default()).await;
    let mut links = Vec::new();
    for _ in 0..3 {
        links.push(session.ok("fetch", json!({"id": "conversation_9"})).await.get("url").is_some());
    }
    assert_eq!(links, [false, true, true]);
    assert_eq!(api.seen().iter().filter(|seen| seen.path == "/me").count(), 2);
}

#[tokio::test]
async fn search_conversations_takes_comparisons_and_lists() {
    let api = Api::always(json!({"type": "conversation.list", "conversations": [], "total_count": 0, "pages": {}}));
    let mut session = api.session("2.16", all()).await;
    let arguments = json!({"ids": [1, "2"], "state": "open", "statistics_time_to_assignment": ">=3600", "team_assignee_id": "5", "updated_at": "<2026-11-01"});
    let result = session.ok("search_conversations", arguments).await;
    assert_eq!(result, json!({"total_in_page": 0, "total_count": 0, "conversations": []}));
    assert_eq!(
        api.seen()[0].body,
        json!({
            "query": {"operator": "AND", "value": [
                {"field": "id", "operator": "IN", "value": ["1", "2"]},
                {"field": "state", "operator": "=", "value": "open"},
                {"field": "team_assignee_id", "operator": "=", "value": 5},
                {"field": "updated_at", "operator": "<", "value": 1_793_491_200},
                {"field": "statistics.time_to_assignment", "operator": ">=", "value": 3600}
            ]},
            "pagination": {"per_page": 5}
        })
    );
}

#[tokio::test]
async fn only_numbers_and_times_begin_with_an_operator() {
    let api = Api::always(contacts());
    let mut session = api.session("2.16", all()).await;
    let arguments =
        json!({"phone": "=1", "external_id": ">x", "custom_attributes": {"plan": "<b>"}, "created_at": ">2026-11-01"});
    session.ok("search_contacts", arguments).await;
    assert_eq!(
        api.seen()[0].body["query"]["value"],
        json!([
            {"field": "phone", "operator": "=", "value": "=1"},
            {"field": "external_id", "operator": "=", "value": ">x"},
            {"field": "created_at", "operator": ">", "value": 1_793_491_200},
            {"field": "custom_attributes.plan", "operator": "=", "value": "<b>"}
        ])
    );
}
