//! The requests of Intercom, over HTTP.
#![allow(clippy::unwrap_used)] // a test that cannot go on fails

mod served;

use intercom_v2_15::canvas_kit::encrypt_user;
use serde_json::{Value, json};
use served::{App, SECRET, app};

fn messenger() -> Value {
    json!({
        "workspace_id": "abc123", "workspace_region": "US",
        "context": {"conversation_id": null, "location": "home", "locale": "en"},
        "contact": {"type": "contact", "id": "6762f0dd1bb69f9f2193bb83", "name": "Joe Example"},
    })
}

fn inbox() -> Value {
    json!({
        "workspace_id": "abc123", "workspace_region": "US",
        "admin": {"type": "admin", "id": "814860", "name": "Ann Example"},
        "conversation": {"type": "conversation", "id": "215472"},
        "contact": {"type": "contact", "id": "6762f0dd1bb69f9f2193bb83", "name": "Joe Example"},
    })
}

fn with(mut request: Value, more: &Value) -> Value {
    request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    request
}

/// The type of each component, with its text or id.
fn components(answer: &Value) -> Vec<(String, Value)> {
    let components = answer["canvas"]["content"]["components"].as_array().unwrap();
    let shown = components.iter().map(|component| {
        let kind = component["type"].as_str().unwrap();
        let key = if kind == "text" { &component["text"] } else { &component["id"] };
        (kind.to_owned(), key.clone())
    });
    shown.collect()
}

fn shown(kind: &str, key: &str) -> (String, Value) {
    (kind.to_owned(), json!(key))
}

async fn confirms(app: &App, path: &str, request: Value) {
    let (status, answer) = app.post(path, &request).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(
        components(&answer),
        [shown("text", "Your appointment"), shown("text", "We meet on *Tuesday, 15:00*."), shown("button", "again")]
    );
    assert_eq!(answer["canvas"]["stored_data"], json!({"time": "tue-15"}));
    assert_eq!(answer["event"], json!({"type": "completed"}));
}

#[tokio::test]
async fn the_messenger_gets_a_sheet_and_the_inbox_a_dropdown() {
    let app = app("https://js.example").await;
    let (status, answer) = app.post("/initialize", &messenger()).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(components(&answer), [shown("text", "Book an appointment for *Joe Example*."), shown("button", "open")]);
    let action = &answer["canvas"]["content"]["components"][1]["action"];
    assert_eq!(*action, json!({"type": "sheet", "url": "https://app.example/sheet"}));

    let (status, answer) = app.post("/initialize", &inbox()).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(components(&answer)[1..], [shown("dropdown", "time"), shown("button", "book")]);
    let options = answer["canvas"]["content"]["components"][1]["options"].as_array().unwrap();
    assert_eq!(options.len(), 3);
    assert_eq!(options[1], json!({"type": "option", "id": "tue-15", "text": "Tuesday, 15:00"}));
}

#[tokio::test]
async fn a_submitted_time_is_confirmed() {
    let app = app("https://js.example").await;
    let submit = json!({"component_id": "book", "input_values": {"time": "tue-15"}, "current_canvas": {"content": {"components": []}}});
    confirms(&app, "/submit", with(inbox(), &submit)).await;

    let nothing_chosen = json!({"component_id": "book", "input_values": {}});
    let (_, answer) = app.post("/submit", &with(inbox(), &nothing_chosen)).await;
    assert_eq!(components(&answer)[1], shown("text", "Please choose a time."));
    assert_eq!(answer["event"], Value::Null);

    let again = json!({"component_id": "again", "input_values": {"time": "tue-15"}});
    let (_, answer) = app.post("/submit", &with(messenger(), &again)).await;
    assert_eq!(components(&answer)[1], shown("button", "open"));
}

#[tokio::test]
async fn a_sheet_is_opened_and_submitted() {
    let app = app("https://js.example/library.js").await;
    let user = encrypt_user(SECRET, [7; 12], &json!({"id": "6762f0dd1bb69f9f2193bb83", "name": "Joe <Example>"}));
    let data = with(messenger(), &json!({"component_id": "open", "user": user}));
    let (status, policy, page) = app.open_sheet(&data).await;
    assert_eq!(status, 200, "{page}");
    assert!(page.contains("When may we call you, Joe &lt;Example&gt;?"), "{page}");
    assert!(page.contains(r#"<script src="https://js.example/library.js">"#), "{page}");
    assert!(policy.contains("https://js.example/library.js") && !policy.contains("frame-ancestors"), "{policy}");

    confirms(&app, "/sheet/submit", with(messenger(), &json!({"sheet_values": {"time": "tue-15"}}))).await;
    let (_, answer) = app.post("/sheet/submit", &with(messenger(), &json!({"sheet_values": {"time": "sun-03"}}))).await;
    assert_eq!(components(&answer)[1], shown("text", "This time is not free."));
}

#[tokio::test]
async fn what_is_not_intercom_s_is_refused() {
    let app = app("https://js.example").await;
    let body = messenger().to_string();
    for path in ["/initialize", "/submit", "/sheet/submit"] {
        for signature in [served::sign("other", &body), served::sign(SECRET, &format!("{body} ")), String::new()] {
            assert_eq!(app.post_signed(path, body.clone(), &signature).await.0, 401, "{path}");
        }
        assert_eq!(app.post_signed(path, "[".to_owned(), &served::sign(SECRET, "[")).await.0, 400, "{path}");
    }
    for user in [json!(null), json!("?"), json!(encrypt_user("other", [7; 12], &json!({"name": "Eve"})))] {
        assert_eq!(app.open_sheet(&json!({"user": user})).await.0, 401);
    }
}
