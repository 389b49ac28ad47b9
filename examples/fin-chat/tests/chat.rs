//! A whole conversation with a server on this machine that speaks as Fin does.
#![allow(clippy::unwrap_used, reason = "a test panics")]

use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use intercom_v2_15::Client;
use serde_json::{Value, json};
use std::collections::HashMap;

/// What the server has heard, and what it says.
#[derive(Clone)]
struct Fin {
    url: String,
    heard: Arc<Mutex<Vec<(String, Value)>>>,
    /// The body of each connection to the event stream, in turn.
    streams: Arc<Mutex<Vec<String>>>,
}

async fn called(State(fin): State<Fin>, path: &str, headers: HeaderMap, body: Value) -> Json<Value> {
    assert_eq!(headers[AUTHORIZATION], "Bearer hunter2");
    fin.heard.lock().unwrap().push((path.to_owned(), body));
    let url = format!("{}/event-stream?channels=fin_agent_api:a:c1&accessToken=jwt", fin.url);
    Json(json!({"conversation_id": "c1", "user_id": "u1", "status": "thinking", "sse_subscription_url": url}))
}

async fn stream(State(fin): State<Fin>, Query(query): Query<HashMap<String, String>>, headers: HeaderMap) -> Response {
    assert_eq!(query["accessToken"], "jwt");
    assert!(!headers.contains_key(AUTHORIZATION), "the token is for the API alone");
    let mut streams = fin.streams.lock().unwrap();
    if streams.is_empty() {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    ([(CONTENT_TYPE, "text/event-stream; charset=utf-8")], Body::from(streams.remove(0))).into_response()
}

async fn talk(streams: &[&[Value]], input: &str) -> (String, Vec<(String, Value)>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let frames = |events: &[Value]| events.iter().map(|event| format!(": beat\r\ndata: {event}\r\n\r\n")).collect();
    let streams = streams.iter().map(|events| frames(events)).collect();
    let fin = Fin { url: url.clone(), heard: Arc::default(), streams: Arc::new(Mutex::new(streams)) };
    let heard = fin.heard.clone();
    let app = Router::new()
        .route("/fin/start", post(|fin, headers, Json(body)| called(fin, "start", headers, body)))
        .route("/fin/reply", post(|fin, headers, Json(body)| called(fin, "reply", headers, body)))
        .route("/fin/csat", post(|fin, headers, Json(body)| called(fin, "csat", headers, body)))
        .route("/event-stream", get(stream))
        .with_state(fin);
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });

    let client = Client::builder().token("hunter2").base_url(url).build().unwrap();
    let mut output = Vec::new();
    fin_chat::chat(&client, "u1", "c1", input.as_bytes(), &mut output).await.unwrap();
    let heard = heard.lock().unwrap().clone();
    (String::from_utf8(output).unwrap(), heard)
}

fn piece(index: u64, text: &str) -> Value {
    json!({"event_name": "fin_reply_chunk", "conversation_id": "c1", "stream_id": "s", "chunk_index": index,
           "chunk_text": text, "status": "replying"})
}

fn reply(id: &str, html: &str) -> Value {
    json!({"event_name": "fin_replied", "conversation_id": "c1", "status": "awaiting_user_reply", "stream_id": "s",
           "message": {"id": id, "author": "fin", "body": html}})
}

fn status(status: &str) -> Value {
    json!({"event_name": "fin_status_updated", "conversation_id": "c1", "status": status, "reason": "Routed to team"})
}

#[tokio::test]
async fn replies_are_shown_as_they_grow_and_the_rating_is_sent() {
    let rating = json!({"event_name": "csat_requested", "conversation_id": "c1", "user_id": "u1",
        "csat": {"options": [{"key": "bad", "emoji": "x", "label": "Bad"}, {"key": "good", "emoji": "x", "label": "Good"}]}});
    let first = [
        piece(0, "We open"),
        piece(1, "We open at nine."),
        reply("m1", "<p>We open at nine.</p>"),
        status("awaiting_user_reply"),
    ];
    let second = [reply("m2", "<p>Till <b>six</b>.</p>"), status("complete"), rating];
    let (output, heard) = talk(&[&first, &second], "When do you open?\n\nAnd till when?\ngood\n").await;
    assert_eq!(output, "you> fin> We open at nine.\nyou> you> fin> Till six.\nhow was it? bad, good\nthank you\n");
    let calls: Vec<_> = heard.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(calls, ["start", "reply", "csat"]);
    assert_eq!(heard[0].1["message"]["body"], "When do you open?");
    assert_eq!(heard[0].1["user"]["id"], "u1");
    assert_eq!(heard[1].1["message"]["body"], "And till when?");
    assert_eq!((&heard[2].1["conversation_id"], &heard[2].1["rating"]), (&json!("c1"), &json!("good")));
}

#[tokio::test]
async fn a_broken_connection_does_not_show() {
    let parts: [&[Value]; 3] = [
        &[piece(0, "We open")],
        &[piece(0, "We open"), piece(1, "We open at nine.")],
        &[piece(1, "We open at nine."), reply("m1", "<p>We open at nine.</p>")],
    ];
    // The stream ends without Fin's end signal; it is still the user's turn.
    let (output, _) = talk(&parts, "When do you open?\n").await;
    assert_eq!(output, "you> fin> We open at nine.\nyou> ");
}

#[tokio::test]
async fn a_teammate_takes_over() {
    let events = [reply("m1", "<p>One moment.</p>"), status("escalated"), status("complete")];
    let (output, _) = talk(&[&events], "A person, please\nHello?\n").await;
    assert_eq!(output, "you> fin> One moment.\n(a teammate takes over: Routed to team)\n");
}
