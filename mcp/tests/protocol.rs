//! The protocol by hand, message by message: handshake, lists, resources, and malformed input.

#![allow(clippy::unwrap_used, reason = "a test panics")]

use intercom_mcp::{Access, Options};
use serde_json::{Value, json};

mod common;
use common::{Api, Session};

fn api() -> Api {
    Api::always(json!({"type": "list", "data": []}))
}

#[tokio::test]
async fn the_handshake_tells_agents_what_this_is() {
    let mut session = Session::connect(api().server("2.16", Options::default()));
    let client =
        json!({"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}});
    let mut answer = session.request("initialize", client).await;
    answer["result"]["serverInfo"]["version"] = "x".into();
    insta::assert_snapshot!(serde_json::to_string_pretty(&answer).unwrap());
}

#[tokio::test]
async fn the_default_tools() {
    let mut session = api().session("2.16", Options { access: Access::Delete, ..Options::default() }).await;
    let answer = session.request("tools/list", json!({})).await;
    let tools = answer["result"]["tools"].as_array().unwrap();
    insta::assert_snapshot!(tools.iter().map(line).collect::<Vec<_>>().join("\n"));
    let whole = tools.iter().find(|tool| tool["name"] == "create_article").unwrap();
    insta::assert_snapshot!("a_tool", serde_json::to_string_pretty(whole).unwrap());
}

/// A tool in a line: name, hints, arguments (those that are needed with `*`), description.
fn line(tool: &Value) -> String {
    let schema = &tool["inputSchema"];
    let needed =
        |name: &String| schema["required"].as_array().is_some_and(|names| names.contains(&name.as_str().into()));
    let arguments = schema["properties"].as_object().unwrap().keys().filter(|name| *name != "result_cursor");
    let arguments: Vec<String> =
        arguments.map(|name| format!("{name}{}", if needed(name) { "*" } else { "" })).collect();
    let hint = |key: &str| tool["annotations"][key] == true;
    let hints = [("readOnlyHint", "reads"), ("destructiveHint", "may destroy"), ("idempotentHint", "repeatable")];
    let hints: Vec<&str> = hints.iter().filter(|(key, _)| hint(key)).map(|(_, word)| *word).collect();
    let text = tool["description"].as_str().unwrap().replace('\n', "\n    ");
    format!("{} [{}] ({})\n    {text}", tool["name"].as_str().unwrap(), hints.join(", "), arguments.join(", "))
}

#[tokio::test]
async fn tools_that_the_user_does_not_allow_are_not_offered() {
    for (access, writes) in [(Access::Read, false), (Access::Write, true)] {
        let mut session = api().session("2.16", Options { access, ..Options::default() }).await;
        let answer = session.request("tools/list", json!({})).await;
        let tools = answer["result"]["tools"].as_array().unwrap();
        assert_eq!(tools.iter().any(|tool| tool["name"] == "create_article"), writes);
        assert!(writes || tools.iter().all(|tool| tool["annotations"]["readOnlyHint"] == true));
    }
}

#[tokio::test]
async fn hints_of_operations() {
    let options = Options { access: Access::Delete, tools: "all".parse().unwrap(), ..Options::default() };
    let mut session = api().session("2.16", options).await;
    let answer = session.request("tools/list", json!({})).await;
    let tools = answer["result"]["tools"].as_array().unwrap();
    assert_eq!(tools.len(), 231);
    let hints = |name: &str| {
        let tool = tools.iter().find(|tool| tool["name"] == name).unwrap_or_else(|| panic!("{name}"));
        let hint = |key: &str| tool["annotations"].get(key).cloned().unwrap_or(Value::Null);
        [hint("readOnlyHint"), hint("destructiveHint"), hint("idempotentHint")]
    };
    let (yes, no, none) = (Value::Bool(true), Value::Bool(false), Value::Null);
    assert_eq!(hints("contacts_find"), [yes.clone(), none.clone(), none.clone()]);
    assert_eq!(hints("contacts_search"), [yes.clone(), none.clone(), none.clone()]);
    assert_eq!(hints("contacts_create"), [no.clone(), no.clone(), no.clone()]);
    assert_eq!(hints("contacts_update"), [no.clone(), yes.clone(), yes.clone()]);
    assert_eq!(hints("contacts_delete"), [no.clone(), yes.clone(), yes.clone()]);
    assert_eq!(hints("contacts_merge"), [no.clone(), yes.clone(), no.clone()]);
    for name in
        ["contacts_archive", "contacts_block", "conversations_redact", "tags_create", "companies_create_or_update"]
    {
        assert_eq!(hints(name), [no.clone(), yes.clone(), no.clone()], "{name}");
    }
}

#[tokio::test]
async fn resources_are_listed_and_read() {
    let mut session = api().session("2.16", Options::default()).await;
    let mut cursor = Value::Null;
    let mut uris = Vec::new();
    loop {
        let answer = session.request("resources/list", json!({"cursor": cursor})).await;
        let page = &answer["result"];
        uris.extend(page["resources"].as_array().unwrap().iter().map(|it| it["uri"].as_str().unwrap().to_owned()));
        cursor = page.get("nextCursor").cloned().unwrap_or(Value::Null);
        if cursor.is_null() {
            break;
        }
    }
    let catalog = intercom_catalog::load("2.16").unwrap();
    assert_eq!(uris.len(), 1 + catalog.operations.len() + catalog.types.len());
    for uri in &uris {
        let answer = session.request("resources/read", json!({"uri": uri})).await;
        let text = answer["result"]["contents"][0]["text"].as_str().unwrap_or_else(|| panic!("{uri}: {answer}"));
        assert!(text.starts_with("# ") && text.len() > 15, "{uri}: {text}");
    }
    println!("{} resources were read", uris.len());
    let answer = session.request("resources/templates/list", json!({})).await;
    assert_eq!(answer["result"]["resourceTemplates"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn arguments_of_templates_are_completed() {
    let mut session = api().session("2.16", Options::default()).await;
    let mut complete = async |template: &str, value: &str| -> (Vec<String>, bool) {
        let params =
            json!({"ref": {"type": "ref/resource", "uri": template}, "argument": {"name": "x", "value": value}});
        let answer = session.request("completion/complete", params).await;
        let completion = &answer["result"]["completion"];
        let values = completion["values"].as_array().unwrap_or_else(|| panic!("{answer}"));
        (values.iter().map(|it| it.as_str().unwrap().to_owned()).collect(), completion["hasMore"] == true)
    };
    let (names, more) = complete("intercom://operation/{operation}", "teams.").await;
    assert!(names.contains(&"teams.list".to_owned()) && !more, "{names:?}");
    let (names, _) = complete("intercom://type/{type}", "articlelist").await;
    assert_eq!(names[0], "ArticleList");
    let (names, more) = complete("intercom://type/{type}", "").await;
    assert!(names.len() == 100 && more);
    assert_eq!(complete("other://{x}", "a").await, (Vec::new(), false));
}

#[tokio::test]
async fn the_reference() {
    let mut session = api().session("2.16", Options::default()).await;
    let mut pages = Vec::new();
    for uri in [
        "intercom://operation/tags.tag_contact",
        "intercom://type/CreateArticleRequest",
        "intercom://type/ConversationsManageRequest",
    ] {
        let answer = session.request("resources/read", json!({"uri": uri})).await;
        pages.push(answer["result"]["contents"][0]["text"].as_str().unwrap().to_owned());
    }
    insta::assert_snapshot!(pages.join("\n---\n\n"));
}

#[tokio::test]
async fn what_is_unknown_is_refused_with_what_is_near() {
    let mut session = api().session("2.16", Options::default()).await;
    let mut answers = Vec::new();
    for (method, params) in [
        ("tools/call", json!({"name": "get_contacts", "arguments": {}})),
        ("resources/read", json!({"uri": "intercom://operation/contact.find"})),
        ("resources/read", json!({"uri": "https://example.com"})),
        ("resources/list", json!({"cursor": "x"})),
        ("prompts/get", json!({"name": "x"})),
        ("nonsense", json!({})),
    ] {
        let answer = session.request(method, params.clone()).await;
        assert!(answer.get("result").is_none(), "{method} {params}: {answer}");
        answers.push(format!("{method} {params}\n  {}", answer["error"]));
    }
    insta::assert_snapshot!(answers.join("\n"));
}

/// Whatever a client writes, the server answers it or ignores it, and goes on.
#[tokio::test]
async fn malformed_messages_do_not_end_the_session() {
    let mut session = api().session("2.16", Options::default()).await;
    let long = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"ping","params":{{"x":"{}"}}}}"#, "y".repeat(1 << 20));
    let lines = [
        "",
        "   ",
        "not JSON",
        "{",
        "[]",
        "null",
        "42",
        r#""text""#,
        r#"{"jsonrpc":"2.0"}"#,
        r#"{"jsonrpc":"1.0","id":1,"method":"ping"}"#,
        r#"{"jsonrpc":"2.0","id":{},"method":"ping"}"#,
        r#"{"jsonrpc":"2.0","id":900,"method":42}"#,
        r#"{"jsonrpc":"2.0","id":901,"method":"tools/call"}"#,
        r#"{"jsonrpc":"2.0","id":902,"method":"tools/call","params":[]}"#,
        r#"{"jsonrpc":"2.0","id":903,"method":"tools/call","params":{"name":"fetch","arguments":"x"}}"#,
        r#"{"jsonrpc":"2.0","id":904,"method":"tools/call","params":{"name":7}}"#,
        r#"{"jsonrpc":"2.0","method":"notifications/unknown"}"#,
        r#"{"jsonrpc":"2.0","id":1,"result":{}}"#,
        "\u{feff}{}",
        &long,
    ];
    for line in lines {
        session.write(line).await;
    }
    // The last request must be answered, however many answers come before.
    session.write(r#"{"jsonrpc":"2.0","id":"last","method":"ping"}"#).await;
    let mut answers = 0;
    loop {
        let answer = session.read().await.expect("the server goes on");
        if answer["id"] == "last" {
            assert!(answer["result"].is_object(), "{answer}");
            break;
        }
        answers += 1;
    }
    println!("{answers} answers to {} malformed lines", lines.len());
}
