//! What the server remembers: each kind of thing is created, changed, found and removed over HTTP.

#![allow(clippy::unwrap_used, reason = "a test panics")]

mod api;

use std::time::Duration;

use api::Api;
use serde_json::{Value, json};

#[tokio::test]
async fn contacts_are_unique_merged_archived_and_deleted() {
    let api = Api::start("2.15");
    let joe = api.post("/contacts", json!({"email": "joe@example.com", "name": "Joe"})).await.ok();
    assert_eq!((&joe["role"], &joe["name"], &joe["type"]), (&json!("user"), &json!("Joe"), &json!("contact")));
    let id = joe["id"].as_str().unwrap();
    assert_eq!(joe["tags"]["url"], format!("/contacts/{id}/tags"));
    let same = api.post("/contacts", json!({"email": "joe@example.com"})).await;
    assert_eq!((same.status, same.code()), (409, "conflict"));
    assert!(same.body["errors"][0]["message"].as_str().unwrap().contains(id));
    let lead = api.post("/contacts", json!({"role": "lead", "email": "joe@example.com", "phone": "+491"})).await.ok();
    api.server.seed("data_attributes", json!({"model": "contact", "name": "plan", "data_type": "string"}));
    let update = json!({"name": "Joseph", "custom_attributes": {"plan": "pro"}, "owner_id": 5});
    let changed = api.put(&format!("/contacts/{id}"), update).await.ok();
    assert_eq!((&changed["name"], &changed["custom_attributes"]["plan"]), (&json!("Joseph"), &json!("pro")));
    let merged = api.post("/contacts/merge", json!({"from": lead["id"], "into": id})).await.ok();
    assert_eq!((&merged["id"], &merged["phone"], &merged["name"]), (&json!(id), &json!("+491"), &json!("Joseph")));
    assert_eq!(api.get(&format!("/contacts/{}", lead["id"].as_str().unwrap())).await.status, 404);
    assert_eq!(api.post(&format!("/contacts/{id}/archive"), json!({})).await.ok()["archived"], true);
    assert_eq!(api.get("/contacts").await.ok()["total_count"], 0);
    assert_eq!(api.post(&format!("/contacts/{id}/unarchive"), json!({})).await.ok()["archived"], false);
    assert_eq!(api.get("/contacts").await.ok()["total_count"], 1);
    let deleted = api.delete(&format!("/contacts/{id}")).await.ok();
    assert_eq!(deleted, json!({"type": "contact", "id": id, "external_id": null, "deleted": true}));
    assert_eq!(api.get(&format!("/contacts/{id}")).await.code(), "not_found");
}

#[tokio::test]
async fn companies_are_upserted_attached_and_scrolled() {
    let api = Api::start("2.15");
    for number in 0..250 {
        api.post("/companies", json!({"company_id": format!("c{number}"), "name": "x", "plan": "free"})).await.ok();
    }
    let again = api.post("/companies", json!({"company_id": "c7", "name": "seven"})).await.ok();
    assert_eq!((&again["name"], &again["plan"]["name"]), (&json!("seven"), &json!("free")));
    assert_eq!(api.get("/companies?company_id=c7").await.ok()["id"], again["id"]);
    assert_eq!(api.get("/companies?company_id=none").await.code(), "company_not_found");
    assert_eq!(api.get("/companies?page=2&per_page=60").await.ok()["pages"]["total_pages"], 5);
    let contact = api.post("/contacts", json!({"external_id": "9"})).await.ok();
    let path = format!("/contacts/{}/companies", contact["id"].as_str().unwrap());
    assert_eq!(api.post(&path, json!({"id": again["id"]})).await.ok()["company_id"], "c7");
    assert_eq!(api.get(&path).await.ok()["data"][0]["name"], "seven");
    let id = again["id"].as_str().unwrap();
    assert_eq!(api.get(&format!("/companies/{id}/contacts")).await.ok()["data"][0]["external_id"], "9");
    api.delete(&format!("{path}/{id}")).await.ok();
    assert_eq!(api.get(&path).await.ok()["data"], json!([]));

    let first = api.get("/companies/scroll").await.ok();
    assert_eq!(api.get("/companies/scroll").await.code(), "scroll_exists");
    let handle = first["scroll_param"].as_str().unwrap();
    let mut parts = vec![first["data"].as_array().unwrap().len()];
    while parts.last() != Some(&0) {
        let next = api.get(&format!("/companies/scroll?scroll_param={handle}")).await.ok();
        parts.push(next["data"].as_array().unwrap().len());
    }
    assert_eq!(parts, [100, 100, 50, 0]);
    assert_eq!(api.get(&format!("/companies/scroll?scroll_param={handle}")).await.status, 404);
    api.get("/companies/scroll").await.ok();
    api.server.advance(Duration::from_secs(61));
    api.get("/companies/scroll").await.ok();
}

#[tokio::test]
async fn conversations_are_replied_to_assigned_closed_and_converted() {
    let api = Api::start("2.15");
    let contact = api.post("/contacts", json!({"email": "a@example.com"})).await.ok();
    let from = json!({"type": "user", "id": contact["id"]});
    let message = api.post("/conversations", json!({"from": from, "body": "Hello"})).await.ok();
    let id = message["conversation_id"].as_str().unwrap().to_owned();
    let path = format!("/conversations/{id}");
    let reply = json!({"message_type": "comment", "type": "admin", "admin_id": "1", "body": "Hi"});
    let replied = api.post(&format!("{path}/reply"), reply).await.ok();
    let parts =
        |conversation: &Value| conversation["conversation_parts"]["conversation_parts"].as_array().unwrap().clone();
    assert_eq!((parts(&replied).len(), &parts(&replied)[0]["body"]), (1, &json!("Hi")));
    for (body, place, value) in [
        (
            json!({"message_type": "assignment", "type": "admin", "admin_id": "1", "assignee_id": "4"}),
            "admin_assignee_id",
            json!("4"),
        ),
        (
            json!({"message_type": "snoozed", "admin_id": "1", "snoozed_until": 1_800_000_000}),
            "state",
            json!("snoozed"),
        ),
        (json!({"message_type": "close", "type": "admin", "admin_id": "1"}), "open", json!(false)),
        (json!({"message_type": "open", "admin_id": "1"}), "state", json!("open")),
    ] {
        assert_eq!(api.post(&format!("{path}/parts"), body).await.ok()[place], value, "{place}");
    }
    let conversation = api.get(&path).await.ok();
    assert_eq!(conversation["conversation_parts"]["total_count"], 5);
    let part = parts(&conversation)[0]["id"].clone();
    let redaction = json!({"type": "conversation_part", "conversation_id": id, "conversation_part_id": part});
    let redacted = api.post("/conversations/redact", redaction).await.ok();
    assert_eq!((&parts(&redacted)[0]["redacted"], parts(&redacted).len()), (&json!(true), 5));
    let tag = api.post("/tags", json!({"name": "vip"})).await.ok();
    api.post(&format!("{path}/tags"), json!({"id": tag["id"], "admin_id": "1"})).await.ok();
    let tagged = json!({"query": {"field": "tag_ids", "operator": "=", "value": tag["id"]}});
    assert_eq!(api.post("/conversations/search", tagged).await.ok()["conversations"][0]["id"], id);
    let types = api.get("/ticket_types").await.ok();
    let ticket_type = types["data"][0]["id"].clone();
    let ticket = api.post(&format!("{path}/convert"), json!({"ticket_type_id": ticket_type})).await.ok();
    assert_eq!(ticket["contacts"]["contacts"][0]["id"], contact["id"]);
    assert_eq!(api.delete(&path).await.ok()["deleted"], true);
    assert_eq!(api.get("/conversations").await.ok()["conversations"], json!([]));
}

#[tokio::test]
async fn tickets_have_types_states_and_replies() {
    let api = Api::start("2.15");
    let kind = api.post("/ticket_types", json!({"name": "Bug", "category": "Customer"})).await.ok();
    let contact = api.post("/contacts", json!({"email": "a@example.com"})).await.ok();
    let body = json!({"ticket_type_id": kind["id"], "contacts": [{"id": contact["id"]}], "ticket_attributes": {"_default_title_": "It fails"}});
    let ticket = api.post("/tickets", body).await.ok();
    assert_eq!(
        (&ticket["ticket_type"]["name"], &ticket["ticket_attributes"]["_default_title_"]),
        (&json!("Bug"), &json!("It fails"))
    );
    let path = format!("/tickets/{}", ticket["id"].as_str().unwrap());
    let state = api.get("/ticket_states").await.ok()["data"][0].clone();
    let update = json!({"ticket_state_id": state["id"], "ticket_attributes": {"_default_title_": "It works"}});
    let updated = api.put(&path, update).await.ok();
    assert_eq!(
        (&updated["ticket_state"]["id"], &updated["ticket_attributes"]["_default_title_"]),
        (&state["id"], &json!("It works"))
    );
    let reply = json!({"message_type": "note", "type": "admin", "admin_id": "1", "body": "seen"});
    let part = api.post(&format!("{path}/reply"), reply).await.ok();
    assert_eq!(api.get(&path).await.ok()["ticket_parts"]["ticket_parts"][0]["id"], part["id"]);
    let query = json!({"query": {"field": "ticket_type_id", "operator": "=", "value": kind["id"]}});
    assert_eq!(api.post("/tickets/search", query).await.ok()["total_count"], 1);
    assert_eq!(api.delete(&path).await.ok()["object"], "ticket");
    let wrong = json!({"ticket_type_id": "404", "contacts": [{"id": contact["id"]}]});
    assert_eq!(api.post("/tickets", wrong).await.status, 404);
}

#[tokio::test]
async fn articles_events_exports_and_objects_are_remembered() {
    let api = Api::start("2.15");
    let article = api.post("/articles", json!({"title": "Refunds", "author_id": 1, "body": "money"})).await.ok();
    assert_eq!(article["state"], "draft");
    api.put(&format!("/articles/{}", article["id"].as_str().unwrap()), json!({"state": "published"})).await.ok();
    let found = api.get("/articles/search?phrase=MONEY&state=published").await.ok();
    assert_eq!(found["data"]["articles"][0]["id"], article["id"]);
    assert_eq!(api.get("/articles/search?phrase=none").await.ok()["total_count"], 0);

    for _ in 0..3 {
        let event = json!({"event_name": "order", "user_id": "7", "created_at": 1_700_000_000});
        assert_eq!(api.post("/events", event).await.status, 202);
    }
    let events = api.get("/events?type=user&user_id=7").await.ok();
    assert_eq!((&events["events"][0]["name"], &events["events"][0]["count"]), (&json!("order"), &json!(3)));

    let export = api.post("/export/content/data", json!({"created_at_after": 1, "created_at_before": 2})).await.ok();
    let path = format!("/export/content/data/{}", export["job_identifier"].as_str().unwrap());
    assert_eq!(export["status"], "pending");
    assert_eq!(api.get(&path).await.ok()["status"], "in_progress");
    let done = api.get(&path).await.ok();
    assert_eq!(done["status"], "completed");
    assert!(done["download_url"].as_str().unwrap().starts_with(&api.server.url()));

    let order = json!({"external_id": "o1", "custom_attributes": {"total": 5}});
    let order = api.post("/custom_object_instances/Order", order).await.ok();
    let found = api.get("/custom_object_instances/Order?external_id=o1").await.ok();
    assert_eq!((&found["id"], &found["custom_attributes"]["total"]), (&order["id"], &json!(5)));

    let visitor = api.server.items("visitors")[0].clone();
    let convert = json!({"visitor": {"user_id": visitor["user_id"]}, "user": {"user_id": "u1", "email": "v@example.com"}, "type": "user"});
    assert_eq!(api.post("/visitors/convert", convert).await.ok()["email"], "v@example.com");
    assert_eq!(api.server.items("visitors").len(), 0);
}

#[tokio::test]
async fn what_is_not_modelled_says_that_it_is_an_example() {
    let api = Api::start("2.15");
    assert_eq!(api.get("/me").await.header("x-intercom-mock"), "example");
    assert_eq!(api.get("/contacts").await.header("x-intercom-mock"), "state");
}

#[tokio::test]
async fn searches_find_changes_after_the_delay() {
    let api = Api::of(intercom_mock::Server::builder("2.15").search_delay(Duration::from_secs(5)).start().unwrap());
    api.post("/contacts", json!({"email": "a@example.com"})).await.ok();
    let query = json!({"query": {"field": "email", "operator": "=", "value": "a@example.com"}});
    assert_eq!(api.post("/contacts/search", query.clone()).await.ok()["total_count"], 0);
    api.server.advance(Duration::from_secs(6));
    assert_eq!(api.post("/contacts/search", query).await.ok()["total_count"], 1);
}

/// New parts get ids that no part of a loaded or seeded item has: a part with the id of another one would replace it.
#[tokio::test]
async fn replies_after_a_restart_are_added() {
    let api = Api::start("2.15");
    let contact = api.post("/contacts", json!({"email": "a@example.com"})).await.ok();
    let from = json!({"type": "user", "id": contact["id"]});
    let message = api.post("/conversations", json!({"from": from, "body": "Hello"})).await.ok();
    let path = format!("/conversations/{}/reply", message["conversation_id"].as_str().unwrap());
    let reply = |body: &str| json!({"message_type": "comment", "type": "admin", "admin_id": "1", "body": body});
    api.post(&path, reply("before")).await.ok();
    let other = Api::start("2.15");
    other.server.load_state(api.server.state()).unwrap();
    let replied = other.post(&path, reply("after")).await.ok();
    let parts = replied["conversation_parts"]["conversation_parts"].as_array().unwrap();
    let bodies: Vec<&Value> = parts.iter().map(|part| &part["body"]).collect();
    assert_eq!(bodies, ["before", "after"], "{parts:?}");

    let seeded = json!({"id": "9", "conversation_parts": {"conversation_parts": [{"id": "41", "body": "old"}]}});
    other.server.seed("conversations", seeded);
    let replied = other.post("/conversations/9/reply", reply("new")).await.ok();
    assert_eq!(replied["conversation_parts"]["conversation_parts"][1]["id"], "42", "{replied}");
}

#[tokio::test]
async fn an_id_that_was_seeded_is_not_given_again() {
    let api = Api::start("2.15");
    let first = api.server.seed("tags", json!({"name": "a"}));
    let number: u64 = first["id"].as_str().unwrap().parse().unwrap();
    let taken = (number + 2).to_string();
    api.server.seed("tags", json!({"id": taken, "name": "b"}));
    let others: Vec<Value> = ["c", "d"].map(|name| api.server.seed("tags", json!({"name": name}))["id"].clone()).into();
    assert!(!others.contains(&json!(taken)), "{others:?}");
    let named = api.server.items("tags").iter().filter(|tag| tag["id"] == json!(taken)).count();
    assert_eq!(named, 1);
}

#[tokio::test]
async fn a_state_is_saved_and_loaded() {
    let api = Api::start("2.15");
    api.server.seed("contacts", json!({"email": "a@example.com"}));
    let other = Api::start("2.15");
    other.server.load_state(api.server.state()).unwrap();
    assert_eq!(other.server.items("contacts"), api.server.items("contacts"));
    for (state, message) in [
        (json!([]), "expected an object of collections"),
        (json!({"contact": []}), "/contact: version 2.15 has no such collection; it has admins, "),
        (json!({"contacts": {}}), "/contacts: expected a list of items"),
        (json!({"contacts": [1]}), "/contacts/0: expected an item"),
    ] {
        let error = other.server.load_state(state).unwrap_err().to_string();
        assert!(error.starts_with(message), "{error}");
    }
}
