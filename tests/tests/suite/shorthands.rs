//! Shorthands, the methods for common actions: what each of them sends. The server checks every request against the description.

use intercom_runtime::retry::RetryPolicy;
use intercom_tests::scripted::{Reply, Server};
use intercom_v2_15::{Client, api, types};
use serde_json::{Value, json};

fn start() -> (Server, Client) {
    let server = Server::answering(|_| Reply::json(r#"{"id": "1", "type": "conversation"}"#));
    let client = Client::builder().token("t").base_url(server.url()).retry(RetryPolicy::never()).build().unwrap();
    (server, client)
}

fn sent(server: &Server) -> (String, Value) {
    let seen = server.seen().pop().unwrap();
    (format!("{} {}", seen.method, seen.target), serde_json::from_slice(&seen.body).unwrap())
}

#[tokio::test]
async fn shorthands_of_conversations_set_the_body() {
    let (server, client) = start();
    let conversations = client.conversations();
    conversations.close("7", 1).body("Bye").await.unwrap();
    let parts = "POST /conversations/7/parts".to_owned();
    let close = json!({"message_type": "close", "type": "admin", "admin_id": "1", "body": "Bye"});
    assert_eq!(sent(&server), (parts.clone(), close));
    conversations.snooze("7", 1, 1_700_000_000).await.unwrap();
    let snooze = json!({"message_type": "snoozed", "admin_id": "1", "snoozed_until": 1_700_000_000});
    assert_eq!(sent(&server), (parts.clone(), snooze));
    let ids = api::conversations::AssignToTeamIds { admin_id: 1.into(), team_id: 5.into() };
    conversations.assign_to_team("7", ids).await.unwrap();
    let assign = json!({"message_type": "assignment", "type": "team", "admin_id": "1", "assignee_id": "5"});
    assert_eq!(sent(&server), (parts, assign));
    conversations.note("7", 1, "Look").skip_notifications(true).await.unwrap();
    let note =
        json!({"message_type": "note", "type": "admin", "admin_id": "1", "body": "Look", "skip_notifications": true});
    assert_eq!(sent(&server), ("POST /conversations/7/reply".to_owned(), note));
    conversations.reply_as_contact("7", "c", "Hi").await.unwrap();
    let reply = json!({"message_type": "comment", "type": "user", "intercom_user_id": "c", "body": "Hi"});
    assert_eq!(sent(&server).1, reply);
}

#[tokio::test]
async fn shorthands_of_tickets_and_messages_set_the_body() {
    let (server, client) = start();
    let ids = api::tickets::AssignIds { admin_id: 1.into(), assignee_id: 2.into() };
    client.tickets().assign("7", ids).await.unwrap();
    assert_eq!(sent(&server), ("PUT /tickets/7".to_owned(), json!({"admin_id": 1, "assignee_id": "2"})));
    client.tickets().close("7").await.unwrap();
    assert_eq!(sent(&server).1, json!({"open": false}));
    let to = types::Recipient::new(types::RecipientType::User, "c");
    client
        .messages()
        .email(1, to, "Subject", "Body")
        .maybe(Some("personal"), |it, look| it.template(look))
        .await
        .unwrap();
    let email = json!({
        "message_type": "email", "subject": "Subject", "body": "Body", "template": "personal",
        "from": {"type": "admin", "id": 1}, "to": {"type": "user", "id": "c"},
    });
    assert_eq!(sent(&server), ("POST /messages".to_owned(), email));
}

#[tokio::test]
async fn a_body_is_made_by_the_constructor_of_its_message_type() {
    let (server, client) = start();
    let from = types::CreateMessageRequestFrom::new(1);
    let to = types::Recipient::new(types::RecipientType::User, "c");
    let body = types::CreateMessageRequest::inapp("Hello", from, to)
        .maybe(Some(true), |body, value| body.create_conversation_without_contact_reply(value))
        .maybe(None::<&str>, |body, subject| body.subject(subject));
    client.messages().create().with_body(body).await.unwrap();
    let message = json!({
        "message_type": "inapp", "body": "Hello", "from": {"type": "admin", "id": 1}, "to": {"type": "user", "id": "c"},
        "create_conversation_without_contact_reply": true,
    });
    assert_eq!(sent(&server).1, message);
}

#[tokio::test]
async fn an_alternative_of_an_alternative_is_a_body() {
    let (server, client) = start();
    let reply = types::ContactReplyIntercomUserIdRequest::new("comment", "c").body("Hi");
    client.conversations().reply("7", reply).await.unwrap();
    assert_eq!(sent(&server).1["intercom_user_id"], "c");
}
