//! The tools against an API that the test makes up: what is sent, what comes back, and what agents are told.

#![allow(clippy::unwrap_used, reason = "a test panics")]

use intercom_mcp::{Access, Options, ToolSet};
use serde_json::{Value, json};

#[path = "../common/mod.rs"]
mod common;
mod search;
mod truncation;

use common::Api;

fn all() -> Options {
    Options { access: Access::Delete, ..Options::default() }
}

fn contacts() -> Value {
    json!({
        "type": "list", "total_count": 12,
        "data": [{"type": "contact", "id": "63a0", "name": "Joe", "email": "joe@example.com", "phone": "+49"}],
        "pages": {"type": "pages", "page": 1, "per_page": 5, "total_pages": 3, "next": {"page": 2, "starting_after": "abc"}}
    })
}

#[tokio::test]
async fn curated_tools_send_what_their_operations_take() {
    let api = Api::always(json!({"type": "conversation", "id": "9"}));
    let mut session = api.session("2.16", all()).await;
    let note = json!({"id": "conversation_9", "admin_id": "7", "body": "Look"});
    session.ok("add_internal_note", note).await;
    session.ok("assign_conversation", json!({"id": 9, "type": "team", "admin_id": 7, "assignee_id": 8})).await;
    session.ok("get_contact", json!({"id": "contact_63a0"})).await;
    session.ok("create_contact", json!({"email": "joe@example.com", "custom_attributes": {"plan": "pro"}})).await;
    let seen = api.seen();
    assert_eq!((seen[0].method.as_str(), seen[0].path.as_str()), ("POST", "/conversations/9/reply"));
    assert_eq!(seen[0].body, json!({"message_type": "note", "type": "admin", "admin_id": "7", "body": "Look"}));
    assert_eq!(seen[1].body, json!({"message_type": "assignment", "type": "team", "admin_id": 7, "assignee_id": 8}));
    assert_eq!(seen[2].path, "/contacts/63a0");
    assert_eq!(seen[3].body, json!({"email": "joe@example.com", "custom_attributes": {"plan": "pro"}}));
}

#[tokio::test]
async fn any_operation_is_found_and_called() {
    let api = Api::always(json!({"type": "note", "id": "1"}));
    let mut session = api.session("2.16", all()).await;
    for (query, expected) in [
        ("add a note to a contact", "notes.create"),
        ("merging contacts", "contacts.merge"),
        ("delete company", "companies.delete"),
        ("list ticket types", "ticket_types.list"),
        ("redact", "conversations.redact"),
        ("help center collections", "help_center_collections.list"),
    ] {
        let result = session.ok("find_operation", json!({"query": query})).await;
        let found: Vec<&str> = result["operations"]
            .as_array()
            .unwrap()
            .iter()
            .take(5)
            .map(|it| it["operation"].as_str().unwrap())
            .collect();
        assert!(found.contains(&expected), "{query}: {found:?}");
    }
    let result = session.ok("find_operation", json!({"query": "notes.create"})).await;
    assert_eq!(result["arguments"]["required"], json!(["contact_id", "body"]));
    let arguments = json!({"contact_id": "63a0", "body": {"body": "Hello"}});
    session.ok("call_operation", json!({"operation": "notes.create", "arguments": arguments})).await;
    let seen = api.seen();
    assert_eq!((seen[0].path.as_str(), &seen[0].body), ("/contacts/63a0/notes", &json!({"body": "Hello"})));
}

#[tokio::test]
async fn what_is_not_allowed_names_the_option() {
    let api = Api::always(json!({}));
    let mut texts = Vec::new();
    for access in [Access::Read, Access::Write] {
        let mut session = api.session("2.16", Options { access, ..Options::default() }).await;
        for (tool, arguments) in [
            ("call_operation", json!({"operation": "contacts.delete", "arguments": {"contact_id": "1"}})),
            (
                "call_operation",
                json!({"operation": "contacts.merge", "arguments": {"body": {"from": "1", "into": "2"}}}),
            ),
        ] {
            texts.push(session.failure(tool, arguments).await);
        }
    }
    let mut session = api.session("2.16", Options::default()).await;
    texts.push(session.failure("create_contact", json!({"email": "joe@example.com"})).await);
    let mut session = api.session("2.16", Options { access: Access::Write, ..Options::default() }).await;
    // Untagging can be undone, so it is a change like any other.
    session
        .ok(
            "call_operation",
            json!({"operation": "tags.untag_contact", "arguments": {"contact_id": "1", "tag_id": "2"}}),
        )
        .await;
    assert_eq!(api.seen().len(), 1, "what is not allowed is not sent");
    insta::assert_snapshot!(texts.join("\n"));
}

#[tokio::test]
async fn a_dry_run_shows_what_would_be_sent() {
    let api = Api::always(json!({}));
    let mut session = api.session("2.16", Options { access: Access::Write, ..Options::default() }).await;
    let result = session.ok("tag_contact", json!({"contact_id": "contact_63a0", "id": "7", "dry_run": true})).await;
    let expected = json!({
        "dry_run": true, "operation": "tags.tag_contact", "http": "POST /contacts/{contact_id}/tags",
        "path": {"contact_id": "63a0"}, "body": {"id": "7"}
    });
    assert_eq!(result, expected);
    // What is not allowed can be shown as well, so that the user can decide.
    let delete = json!({"operation": "contacts.delete", "arguments": {"contact_id": "63a0"}, "dry_run": true});
    assert_eq!(session.ok("call_operation", delete).await["path"], json!({"contact_id": "63a0"}));
    let text = session.failure("call_operation", json!({"operation": "contacts.delete", "dry_run": true})).await;
    assert!(text.contains("`contact_id` is missing"), "{text}");
    let text = session.failure("tag_contact", json!({"contact_id": "1", "id": "7", "dry_run": "yes"})).await;
    assert!(text.contains("`dry_run` is true or false"), "{text}");
    assert_eq!(api.seen(), [], "nothing is sent");
    session.ok("tag_contact", json!({"contact_id": "1", "id": "7", "dry_run": false})).await;
    assert_eq!(api.seen().len(), 1);
}

#[tokio::test]
async fn wrong_arguments_say_what_is_expected() {
    let api = Api::always(json!({}));
    let mut session = api.session("2.16", all()).await;
    let mut texts = Vec::new();
    for (tool, arguments) in [
        ("call_operation", json!({})),
        ("call_operation", json!({"operation": "contact.find"})),
        ("call_operation", json!({"operation": "contacts.find"})),
        ("call_operation", json!({"operation": "contacts.find", "arguments": {"contact": "1"}})),
        ("call_operation", json!({"operation": "contacts.create", "arguments": {"email": "joe@example.com"}})),
        ("call_operation", json!({"operation": "contacts.find", "arguments": [1]})),
        ("call_operation", json!({"operation": "contacts.find", "arguments": "{"})),
        ("find_operation", json!({"query": "xyzzy"})),
        ("search", json!({"query": "object_type:contacts mail:joe@example.com"})),
        ("search", json!({"query": "object_type:contacts created_at:gte:2026-11-01"})),
        ("search", json!({"query": "object_type:contacts created_at:yesterday"})),
        ("search", json!({"query": "object_type:conversations open:maybe"})),
        ("search", json!({"query": 5})),
        ("fetch", json!({"id": "63a0"})),
        ("get_contact", json!({})),
        ("get_contact", json!({"id": "1", "fields": "email"})),
        ("search_contacts", json!({"per_page": "many"})),
        ("search_contacts", json!({"per_page": 1000})),
        ("search_contacts", json!({"custom_attributes": "plan"})),
        ("search_conversations", json!({"team_assignee_id": "sales"})),
        ("list_tags", json!({"result_cursor": "nonsense"})),
        ("list_tags", json!({"result_cursor": 5})),
    ] {
        texts.push(format!(
            "{tool} {arguments}\n  {}",
            session.failure(tool, arguments.clone()).await.replace('\n', "\n  ")
        ));
    }
    insta::assert_snapshot!(texts.join("\n"));
}

/// Whatever value an argument has, the tool answers or says what is wrong.
#[tokio::test]
async fn odd_arguments_do_not_end_the_session() {
    let api = Api::always(json!({"type": "list", "data": [], "id": 1}));
    let mut session = api.session("2.16", all()).await;
    let listed = session.request("tools/list", json!({})).await;
    let odd = [
        json!(null),
        json!(true),
        json!(-1),
        json!(1e300),
        json!(""),
        json!("\u{0}/../{id}?#%\r\n\""),
        json!([]),
        json!([[{}]]),
        json!({"": {"/": null}}),
        json!(">"),
        json!("x".repeat(5_000)),
    ];
    let mut calls = 0;
    for tool in listed["result"]["tools"].as_array().unwrap() {
        let name = tool["name"].as_str().unwrap();
        let arguments: Vec<&String> = tool["inputSchema"]["properties"].as_object().unwrap().keys().collect();
        for value in &odd {
            for argument in &arguments {
                calls += 1;
                session.call(name, json!({*argument: value})).await;
            }
            let every: Value = arguments.iter().map(|argument| ((*argument).clone(), value.clone())).collect();
            session.call(name, every).await;
        }
    }
    println!("{calls} calls with odd arguments");
    assert!(calls > 2000, "only {calls} calls");
}

#[tokio::test]
async fn failures_of_the_api_say_what_to_do() {
    let body = |code: &str, message: &str| json!({"type": "error.list", "request_id": "r1", "errors": [{"code": code, "message": message}]});
    let mut texts = Vec::new();
    for (status, headers, body) in [
        (401, vec![], body("unauthorized", "Access Token Invalid")),
        (403, vec![], body("api_plan_restricted", "Active subscription needed.")),
        (404, vec![], body("not_found", "User Not Found")),
        (409, vec![], body("unique_user_constraint", "User already exists.")),
        (
            422,
            vec![],
            json!({"type": "error.list", "errors": [{"code": "parameter_invalid", "field": "email", "message": "is not an email"}]}),
        ),
        (429, vec![("retry-after", "7")], body("rate_limit_exceeded", "Exceeded rate limit")),
        (500, vec![], json!("oops")),
    ] {
        let mut session = Api::failing(status, &headers, body).session("2.16", all()).await;
        let text = session.failure("get_contact", json!({"id": "1"})).await;
        assert!(!text.contains("hunter2"));
        texts.push(text);
    }
    insta::assert_snapshot!(texts.join("\n\n"));
}

#[tokio::test]
async fn fields_are_redacted_in_every_result() {
    let mut nameless = contacts();
    nameless["data"][0]["name"] = Value::Null;
    let api = Api::always(nameless);
    let options = Options { redact: vec!["email".to_owned(), "phone".to_owned()], ..Options::default() };
    let mut session = api.session("2.16", options).await;
    for (tool, arguments) in [
        ("search", json!({"query": "object_type:contacts"})),
        ("search_contacts", json!({})),
        ("call_operation", json!({"operation": "contacts.list"})),
    ] {
        let (worked, text) = session.call(tool, arguments).await;
        assert!(worked && text.contains("[redacted]"), "{tool}: {text}");
        assert!(!text.contains("joe@example.com") && !text.contains("+49"), "{tool}: {text}");
    }
    // Documentation is not redacted, although it names these fields.
    let reference = session.ok("find_operation", json!({"query": "contacts.create"})).await;
    assert!(!reference.to_string().contains("[redacted]"));
}

/// The command that a user is told to run has the ids as they are.
#[tokio::test]
async fn the_agent_is_told_the_command_that_downloads_a_file() {
    let mut session = Api::always(Value::Null).session("2.16", all()).await;
    for (id, command) in [
        ("a_b-c", "intercom data-export download a_b-c --to FILE"),
        ("a b'; ls", r"intercom data-export download 'a b'\''; ls' --to FILE"),
    ] {
        let arguments = json!({"operation": "data_export.download", "arguments": {"job_identifier": id}});
        assert_eq!(session.ok("call_operation", arguments).await["command"], command);
    }
}

#[tokio::test]
async fn queries_and_tools_in_the_mcp_guide_work() {
    let guide = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/guide/mcp.md")).unwrap();
    let api = Api::always(contacts());
    let mut session = api.session("2.16", all()).await;
    let queries: Vec<&str> = guide.lines().filter(|line| line.starts_with("object_type:")).collect();
    assert!(queries.len() >= 3);
    for query in queries {
        session.ok("search", json!({"query": query})).await;
    }
    let thirteen =
        guide.split("Thirteen tools of the default set").nth(1).unwrap().split("There are more").next().unwrap();
    let names: Vec<&str> = thirteen.split('`').skip(1).step_by(2).filter(|name| !name.starts_with("--")).collect();
    assert_eq!(names.len(), 13, "{names:?}");
    let tools = api.server("2.16", all()).tools();
    for name in names {
        assert!(tools.iter().any(|tool| tool.name == name), "{name}");
    }
}

#[test]
fn sets_of_tools() {
    let api = Api::always(Value::Null);
    let names = |set: &str| -> Vec<String> {
        let tools: ToolSet = set.parse().unwrap();
        api.server("2.16", Options { tools, ..all() }).tools().iter().map(|tool| tool.name.to_string()).collect()
    };
    assert_eq!(names("tags.list, teams.find"), ["tags_list", "teams_find"]);
    assert_eq!(names("get_ticket,get_ticket"), ["get_ticket"]);
    let catalog = intercom_catalog::load("2.16").unwrap();
    assert_eq!(names("teams").len(), catalog.operations_of("teams").count());
    assert!(names("teams").iter().all(|name| name.starts_with("teams_")));
    assert!(names("default,tickets").contains(&"tickets_reply".to_owned()));
    assert!(!names("tickets").contains(&"call_operation".to_owned()), "a set is what can be called");
    let read = names("read");
    assert!(read.contains(&"contacts_search".to_owned()) && !read.contains(&"contacts_create".to_owned()));

    let client = api.client("2.16");
    let options = Options { tools: "ticket".parse().unwrap(), ..Options::default() };
    let error = intercom_mcp::Server::new(client, intercom_catalog::load("2.16").unwrap(), options).unwrap_err();
    insta::assert_snapshot!(error.to_string());
}
