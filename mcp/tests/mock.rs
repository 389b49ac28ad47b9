//! Every tool of every version, called once against the mock server over HTTP.

#![allow(clippy::unwrap_used, reason = "a test panics")]

use std::collections::BTreeMap;

use intercom_catalog::check::{Rules, check};
use intercom_catalog::{Catalog, Operation, VERSIONS, example, load};
use intercom_mcp::{Access, Options, Server, ToolSet};
use intercom_mock::Server as Mock;
use intercom_runtime::{Client, ClientBuilder};
use serde_json::{Map, Value, json};

mod common;
use common::Session;

/// A mock server that creates every item that a call names.
fn forgiving(version: &str) -> Mock {
    Mock::builder(version).make_missing_items().start().unwrap()
}

async fn session(mock: &Mock, version: &'static str, tools: &str) -> Session {
    let client = mock.configure(ClientBuilder::<Client>::for_version(version, "test/1.0")).build().unwrap();
    let tools: ToolSet = tools.parse().unwrap();
    let options = Options { tools, access: Access::Delete, ..Options::default() };
    Session::start(Server::new(client, load(version).unwrap(), options).unwrap()).await
}

/// Arguments that the description shows, or that are made of its schemas.
fn arguments(catalog: &Catalog, operation: &Operation) -> Value {
    let mut arguments = Map::new();
    for parameter in operation.parameters.iter().filter(|it| it.required && it.constant.is_none()) {
        let made = || example::request(catalog, &parameter.schema);
        arguments.insert(parameter.name.clone(), parameter.example.clone().unwrap_or_else(made));
    }
    if let Some(body) = &operation.body {
        let value = match &body.schema {
            Some(schema) => {
                let fits = |value: &&Value| check(catalog, schema, value, Rules::REQUEST).is_empty();
                let shown = body.examples.iter().map(|example| &*example.value).find(fits).cloned();
                shown.unwrap_or_else(|| example::request(catalog, schema))
            }
            None => {
                let parts = body.parts.iter().filter(|part| part.required);
                parts.map(|part| (part.name.clone(), json!("dGV4dA=="))).collect()
            }
        };
        arguments.insert("body".to_owned(), value);
    }
    Value::Object(arguments)
}

#[tokio::test]
async fn every_operation_as_a_tool() {
    let mut failed = Vec::new();
    let mut called = 0;
    for version in VERSIONS {
        let catalog = load(version).unwrap();
        let mut mock = forgiving(version);
        let mut session = session(&mock, version, "all").await;
        let listed = session.request("tools/list", json!({})).await;
        let tools = listed["result"]["tools"].as_array().unwrap();
        assert_eq!(tools.len(), catalog.operations.len());
        for (tool, operation) in tools.iter().zip(&catalog.operations) {
            called += 1;
            // The examples of several operations give the same contact.
            if operation.resource.as_ref().is_some_and(|resource| !resource.unique.is_empty()) {
                mock = forgiving(version);
                session = self::session(&mock, version, "all").await;
            }
            let name = tool["name"].as_str().unwrap();
            let (worked, text) = session.call(name, arguments(&catalog, operation)).await;
            if !worked {
                failed.push(format!("{version} {}: {}", operation.id, text.lines().next().unwrap_or_default()));
            }
        }
    }
    println!("{called} tools called, {} failed", failed.len());
    assert!(called > 1500, "only {called} tools");
    assert_eq!(failed, Vec::<String>::new());
}

/// What the default tools are called with.
fn of_default_tools() -> BTreeMap<&'static str, Value> {
    let admin = json!({"id": "conversation_123", "admin_id": "25", "body": "Hello"});
    BTreeMap::from([
        ("search", json!({"query": "object_type:contacts email_domain:example.com limit:5"})),
        ("fetch", json!({"id": "contact_63a07ddf05a32042dffac965"})),
        ("search_conversations", json!({"state": "open"})),
        ("get_conversation", json!({"id": "conversation_123"})),
        ("search_contacts", json!({"email": "joe@example.com"})),
        ("get_contact", json!({"id": "contact_63a07ddf05a32042dffac965"})),
        ("list_companies", json!({"name": "Acme"})),
        ("get_company", json!({"id": "company_6762f09a1bb69f9f2193bb34"})),
        ("list_articles", json!({"per_page": 5})),
        ("search_articles", json!({"phrase": "billing"})),
        ("get_article", json!({"id": "article_6871119"})),
        ("search_tickets", json!({"open": true})),
        ("get_ticket", json!({"id": "ticket_494"})),
        ("list_notes", json!({"contact_id": "63a07ddf05a32042dffac965"})),
        ("list_tags", json!({})),
        ("list_admins", json!({})),
        ("list_teams", json!({})),
        ("who_am_i", json!({})),
        ("create_contact", json!({"email": "jane@example.com"})),
        ("update_contact", json!({"id": "63a07ddf05a32042dffac965", "name": "Joe"})),
        ("create_or_update_company", json!({"company_id": "acme", "name": "Acme"})),
        ("create_note", json!({"contact_id": "63a07ddf05a32042dffac965", "body": "Hello", "admin_id": "25"})),
        ("reply_to_conversation", admin.clone()),
        ("add_internal_note", admin.clone()),
        ("assign_conversation", json!({"id": "123", "type": "admin", "admin_id": "25", "assignee_id": "26"})),
        ("close_conversation", json!({"id": "123", "admin_id": "25"})),
        ("tag_conversation", json!({"conversation_id": "123", "id": "7", "admin_id": "25"})),
        ("tag_contact", json!({"contact_id": "63a07ddf05a32042dffac965", "id": "7"})),
        ("create_ticket", json!({"ticket_type_id": "1234", "contacts": [{"id": "63a07ddf05a32042dffac965"}]})),
        ("update_ticket", json!({"id": "ticket_494", "open": false})),
        ("reply_to_ticket", json!({"id": "494", "message_type": "note", "admin_id": "25", "body": "Hello"})),
        ("create_article", json!({"title": "Billing", "author_id": 25, "body": "<p>Text</p>"})),
        ("update_article", json!({"id": "article_6871119", "title": "Billing"})),
        ("find_operation", json!({"query": "contacts.update"})),
        ("call_operation", json!({"operation": "teams.list"})),
    ])
}

#[tokio::test]
async fn every_default_tool() {
    let mut failed = Vec::new();
    let mut called = 0;
    let with = of_default_tools();
    for version in VERSIONS {
        let mock = forgiving(version);
        let mut session = session(&mock, version, "default").await;
        let listed = session.request("tools/list", json!({})).await;
        for tool in listed["result"]["tools"].as_array().unwrap() {
            called += 1;
            let name = tool["name"].as_str().unwrap();
            let arguments = &with[name];
            let schema = jsonschema::draft202012::new(&tool["inputSchema"]).unwrap();
            assert!(schema.is_valid(arguments), "{version} {name}: the arguments fit the schema");
            let (worked, text) = session.call(name, arguments.clone()).await;
            if !worked {
                failed.push(format!("{version} {name}: {text}"));
            }
        }
    }
    println!("{called} default tools called, {} failed", failed.len());
    assert!(called > 350, "only {called} tools");
    assert_eq!(failed, Vec::<String>::new());
}

/// What tools create, `search` finds and `fetch` gets.
#[tokio::test]
async fn what_is_created_is_found() {
    let (mut found, mut lacking) = (0, Vec::new());
    for version in VERSIONS {
        let mock = Mock::start(version).await;
        let mut session = session(&mock, version, "default").await;
        let contact = session.ok("create_contact", json!({"email": "joe@acme.example", "name": "Joe"})).await;
        session.ok("create_or_update_company", json!({"company_id": "acme", "name": "Acme"})).await;
        let start = json!({"from": {"type": "user", "id": contact["id"]}, "body": "Where is my order?"});
        session.ok("call_operation", json!({"operation": "conversations.create", "arguments": {"body": start}})).await;
        for query in [
            "object_type:contacts email:joe@acme.example",
            "object_type:contacts email:contains:acme name:contains:Jo",
            "object_type:contacts joe limit:1",
            "object_type:companies name:Acme",
            "object_type:conversations q:order",
            "object_type:conversations state:open created_at:gt:2001-01-01",
        ] {
            let result = session.ok("search", json!({"query": query})).await;
            assert_eq!(result["total_in_page"], 1, "{version} {query}: {result}");
            let object = session.ok("fetch", json!({"id": result["results"][0]["id"]})).await;
            assert_eq!(object["id"], result["results"][0]["id"], "{version} {query}");
            found += 1;
        }
        let nothing = session.ok("search", json!({"query": "object_type:contacts email:jane@acme.example"})).await;
        assert_eq!(nothing["results"], json!([]), "{version}");
        for kind in ["tickets", "articles"] {
            let (worked, text) = session.call("search", json!({"query": format!("object_type:{kind}")})).await;
            if !worked {
                assert!(text.starts_with("there is no object_type"), "{version} {kind}: {text}");
                lacking.push(format!("{kind} in {version}"));
            }
        }
    }
    let expected =
        ["2.7", "2.8", "2.9"].map(|version| [format!("tickets in {version}"), format!("articles in {version}")]);
    assert_eq!(lacking, expected.concat());
    println!("{found} searches found what was created");
}
