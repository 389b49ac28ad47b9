//! Relations: attributes and their definitions, companies and their contacts, jobs and their results.

#![allow(clippy::unwrap_used, reason = "a test panics")]

mod api;

use api::Api;
use serde_json::{Value, json};

#[tokio::test]
async fn custom_attributes_have_to_be_defined() {
    let api = Api::start("2.15");
    let refused = async |body: Value| {
        let answer = api.post("/contacts", json!({"external_id": "1", "custom_attributes": body})).await;
        assert_eq!((answer.status, answer.code()), (400, "parameter_invalid"), "{}", answer.body);
        let error = &answer.body["errors"][0];
        format!("{}: {}", error["field"].as_str().unwrap(), error["message"].as_str().unwrap())
    };
    let told = refused(json!({"plan": "pro"})).await;
    assert_eq!(told, "custom_attributes.plan: Custom attribute 'plan' does not exist.");
    let options = json!([{"value": "free"}, {"value": "pro"}]);
    let plan = json!({"name": "plan", "model": "contact", "data_type": "options", "options": options});
    let plan = api.post("/data_attributes", plan).await.ok();
    assert_eq!(plan["options"], json!(["free", "pro"]));
    let seats = json!({"name": "seats", "model": "contact", "data_type": "integer"});
    api.post("/data_attributes", seats).await.ok();
    let told = refused(json!({"plan": "gold"})).await;
    assert_eq!(told, "custom_attributes.plan: Custom attribute 'plan' takes one of [\"free\",\"pro\"], not \"gold\".");
    let told = refused(json!({"seats": "5"})).await;
    assert_eq!(told, "custom_attributes.seats: Custom attribute 'seats' takes a whole number, not \"5\".");
    assert_eq!(api.server.items("contacts").len(), 0);

    let body = json!({"external_id": "1", "custom_attributes": {"plan": "pro", "seats": 5}});
    let contact = api.post("/contacts", body).await.ok();
    let path = format!("/contacts/{}", contact["id"].as_str().unwrap());
    let changed = api.put(&path, json!({"custom_attributes": {"plan": null}})).await.ok();
    assert_eq!(changed["custom_attributes"], json!({"plan": null, "seats": 5}));
    // Those of contacts are not those of companies, and an archived one is as if it were not there.
    let company = json!({"company_id": "c", "custom_attributes": {"plan": "pro"}});
    assert_eq!(api.post("/companies", company).await.status, 400);
    api.put(&format!("/data_attributes/{}", plan["id"]), json!({"archived": true})).await.ok();
    assert_eq!(api.put(&path, json!({"custom_attributes": {"plan": "free"}})).await.status, 400);
}

#[tokio::test]
async fn a_company_counts_its_contacts() {
    let api = Api::start("2.15");
    let company = api.post("/companies", json!({"company_id": "c", "name": "c"})).await.ok();
    let id = company["id"].as_str().unwrap();
    let count = async || api.get(&format!("/companies/{id}")).await.ok()["user_count"].clone();
    assert_eq!(count().await, 0);
    let mut contacts = Vec::new();
    for number in 0..3 {
        let contact = api.post("/contacts", json!({"external_id": number.to_string()})).await.ok();
        contacts.push(format!("/contacts/{}", contact["id"].as_str().unwrap()));
        let attached = api.post(&format!("{}/companies", contacts[number]), json!({"id": id})).await.ok();
        assert_eq!(attached["user_count"], number + 1);
    }
    api.post(&format!("{}/companies", contacts[0]), json!({"id": id})).await.ok();
    assert_eq!(count().await, 3);
    let detached = api.delete(&format!("{}/companies/{id}", contacts[0])).await.ok();
    assert_eq!(detached["user_count"], 2);
    api.delete(&contacts[1]).await.ok();
    assert_eq!(count().await, 1);
    api.server.seed("contacts", json!({"companies": {"data": [{"type": "company", "id": id}]}}));
    assert_eq!(count().await, 2);
}

#[tokio::test]
async fn contacts_are_found_by_the_domain_of_their_email() {
    let api = Api::start("2.15");
    for email in ["a@example.com", "b@EXAMPLE.com", "c@mail.example.com", "d@example.org"] {
        api.post("/contacts", json!({"email": email})).await.ok();
    }
    api.post("/contacts", json!({"external_id": "no-email"})).await.ok();
    for (operator, value, expected) in
        [("=", json!("example.com"), 2), ("!=", json!("example.com"), 3), ("IN", json!(["example.org", "x"]), 1)]
    {
        let query = json!({"query": {"field": "email_domain", "operator": operator, "value": value}});
        assert_eq!(api.post("/contacts/search", query).await.ok()["total_count"], expected, "{operator} {value}");
    }
}

#[tokio::test]
async fn bulk_jobs_change_what_they_list() {
    let api = Api::start("preview");
    let bodies = json!([{"external_id": "1", "role": "user"}, {"external_id": "2"}]);
    let job = api.post("/contacts/bulk", json!({"contacts": bodies})).await.ok();
    assert_eq!((&job["state"], &job["tasks"][0]["item_count"]), (&json!("running"), &json!(2)));
    let path = format!("/contacts/bulk/{}", job["id"].as_str().unwrap());
    let done = api.get(&path).await.ok();
    assert_eq!((&done["state"], &done["tasks"][0]["state"]), (&json!("completed"), &json!("completed")));
    let ids: Vec<Value> = api.server.items("contacts").iter().map(|contact| contact["id"].clone()).collect();

    // A task that is added to the job, with a contact that does not exist.
    let update =
        json!({"contacts": [{"id": ids[0], "name": "Joe"}, {"id": "none", "name": "x"}], "job": {"id": job["id"]}});
    api.put("/contacts/bulk", update).await.ok();
    let done = api.get(&path).await.ok();
    assert_eq!(done["state"], "completed_with_errors");
    let states: Vec<&Value> = done["tasks"].as_array().unwrap().iter().map(|task| &task["state"]).collect();
    assert_eq!(states, ["completed", "completed_with_errors"]);
    assert_eq!(api.server.items("contacts")[0]["name"], "Joe");

    api.post("/contacts/bulk/delete", json!({"contacts": [{"id": ids[1]}]})).await.ok();
    assert_eq!(api.server.items("contacts").len(), 1);
    let companies = json!({"companies": [{"company_id": "a", "name": "A"}, {"company_id": "b", "name": "B"}]});
    let job = api.post("/companies/bulk", companies).await.ok();
    let done = api.get(&format!("/companies/bulk/{}", job["id"].as_str().unwrap())).await.ok();
    assert_eq!((&done["type"], &done["state"]), (&json!("companies.bulk.job"), &json!("completed")));
    assert_eq!(api.server.items("companies").len(), 2);
}

#[tokio::test]
async fn a_ticket_that_is_enqueued_is_the_result_of_its_job() {
    let api = Api::start("2.15");
    let kind = api.post("/ticket_types", json!({"name": "Bug"})).await.ok();
    let contact = api.post("/contacts", json!({"external_id": "1"})).await.ok();
    let body = json!({"ticket_type_id": kind["id"], "contacts": [{"id": contact["id"]}]});
    let job = api.post("/tickets/enqueue", body).await.ok();
    assert_eq!((&job["status"], &job["resource_id"]), (&json!("pending"), &Value::Null));
    let done = api.get(&format!("/jobs/status/{}", job["id"].as_str().unwrap())).await.ok();
    assert_eq!((&done["status"], &done["resource_type"]), (&json!("success"), &json!("ticket")));
    let ticket = api.get(&format!("/tickets/{}", done["resource_id"].as_str().unwrap())).await.ok();
    assert_eq!(ticket["ticket_type"]["name"], "Bug");
    let unknown = json!({"ticket_type_id": "404", "contacts": [{"id": contact["id"]}]});
    assert_eq!(api.post("/tickets/enqueue", unknown).await.status, 404);
    assert_eq!(api.server.items("jobs").len(), 1);
}

#[tokio::test]
async fn messages_are_remembered() {
    let api = Api::start("2.15");
    let from = json!({"type": "admin", "id": 1});
    let to = json!({"type": "user", "id": "5"});
    let message = json!({"from": from, "to": to, "message_type": "email", "subject": "News", "body": "Hi"});
    let message = api.post("/messages", message).await;
    assert_eq!(message.header("x-intercom-mock"), "state");
    let message = message.ok();
    assert_eq!((&message["type"], &message["subject"]), (&json!("admin_message"), &json!("News")));
    assert_eq!(api.server.items("messages"), [message]);
}

#[tokio::test]
async fn a_list_of_events_returns_their_summaries() {
    let api = Api::start("2.15");
    let summary = json!({"event_name": "order", "count": 5, "first": 1_600_000_000, "last": 1_600_000_100});
    api.post("/events/summaries", json!({"user_id": "7", "event_summaries": summary})).await.ok();
    api.post("/events", json!({"event_name": "order", "user_id": "7", "created_at": 1_700_000_000})).await.ok();
    let events = api.get("/events?type=user&user_id=7").await.ok();
    assert_eq!((&events["events"][0]["name"], &events["events"][0]["count"]), (&json!("order"), &json!(6)));
    // The cursor in the address of the next page is a number, as the description declares.
    for name in ["a", "b", "c"] {
        api.post("/events", json!({"event_name": name, "user_id": "7", "created_at": 1_700_000_000})).await.ok();
    }
    let page = api.get("/events?type=user&user_id=7&per_page=3").await.ok();
    let next = page["pages"]["next"].as_str().unwrap().replace(&api.server.url(), "");
    assert_eq!(api.get(&next).await.ok()["events"][0]["name"], "c");
}
