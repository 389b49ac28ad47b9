//! Results that are larger than an agent should get at once.

use intercom_mcp::Options;
use serde_json::{Value, json};

use super::all;
use super::common::Api;

#[tokio::test]
async fn long_results_are_cut_and_can_be_continued() {
    let parts: Vec<Value> = (0..300).map(|id| json!({"id": id.to_string(), "body": "words ".repeat(20)})).collect();
    let conversation = json!({"type": "conversation", "id": "9", "conversation_parts": {"conversation_parts": parts, "total_count": 300}});
    let api = Api::always(conversation);
    let options = Options { budget: 5000, ..Options::default() };
    let mut session = api.session("2.16", options).await;
    let (mut ids, mut calls) = (Vec::new(), 0);
    let mut arguments = json!({"id": "9"});
    loop {
        let (worked, text) = session.call("get_conversation", arguments.clone()).await;
        assert!(worked && text.len() < 6000, "{} characters", text.len());
        calls += 1;
        let result: Value = serde_json::from_str(&text).unwrap();
        let parts =
            result.pointer("/conversation_parts/conversation_parts").or_else(|| result.get("value")).unwrap_or(&result);
        ids.extend(parts.as_array().unwrap().iter().map(|part| part["id"].as_str().unwrap().to_owned()));
        let Some(cursor) = result.pointer("/_cut/0/cursor") else { break };
        arguments["result_cursor"] = cursor.clone();
    }
    assert_eq!(ids, (0..300).map(|id| id.to_string()).collect::<Vec<_>>());
    assert!(calls > 5, "{calls} calls");
}

/// The cursor of a result repeats the call, so a call that changes something has none.
#[tokio::test]
async fn a_call_that_writes_is_not_repeated_for_the_rest_of_its_result() {
    let parts: Vec<Value> = (0..300).map(|id| json!({"id": id.to_string(), "body": "words ".repeat(20)})).collect();
    let api = Api::always(json!({"type": "conversation", "id": "9", "parts": parts}));
    let options = Options { budget: 5000, ..all() };
    let mut session = api.session("2.16", options).await;
    let reply = json!({"id": "9", "admin_id": "7", "body": "Hello"});
    let operation = json!({"operation": "notes.create", "arguments": {"contact_id": "1", "body": {"body": "Hello"}}});
    for (tool, mut arguments) in [("reply_to_conversation", reply), ("call_operation", operation)] {
        let result = session.ok(tool, arguments.clone()).await;
        assert!(result["_note"].as_str().unwrap().contains("do not repeat it"), "{tool}: {}", result["_note"]);
        assert!(result["_cut"].to_string().contains("/parts") && result["_cut"][0].get("cursor").is_none(), "{tool}");
        assert_eq!(api.seen().len(), 1);
        arguments["result_cursor"] = json!("/parts#3");
        let text = session.failure(tool, arguments).await;
        assert!(text.contains("nothing was sent"), "{tool}: {text}");
        assert_eq!(api.seen(), [], "{tool}");
    }
    let long = "words ".repeat(2000);
    let dry = json!({"id": "9", "admin_id": "7", "body": long, "dry_run": true});
    let result = session.ok("reply_to_conversation", dry).await;
    assert!(!result["_note"].as_str().unwrap().contains("repeat"), "{}", result["_note"]);
    for tool in api.server("2.16", Options { tools: "default,all".parse().unwrap(), ..all() }).tools() {
        let has = |name: &str| tool.input_schema["properties"].get(name).is_some();
        if tool.name != "call_operation" {
            assert!(has("dry_run") != has("result_cursor"), "{}", tool.name);
        }
    }
}
