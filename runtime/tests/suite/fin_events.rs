//! Event streams over real connections: arbitrary chunks, reconnecting, expired tokens, refused connections.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::loopback::{Loopback, Script};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use intercom_platform::fin_events::{Deduplicator, Replies, ReplyUpdate};
use intercom_runtime::clock::{Clock as _, VirtualClock};
use intercom_runtime::data::Attributes;
use intercom_runtime::fin_events::{EventStream, StreamError, subscribe};
use intercom_runtime::{Client, ClientBuilder, Value};
use serde_json::json;

const PATH: &str = "/event-stream?channels=fin_agent_api:abc123:c1&accessToken=jwt&rewind=2m";

/// A client with a loopback base URL, so that loopback addresses of event streams are allowed. It makes no calls.
fn client(clock: &VirtualClock) -> Client {
    let builder = ClientBuilder::for_version("2.15", "test/1.0").token("hunter2").default_header("x-own", "hunter3");
    builder.base_url("http://127.0.0.1:1").clock(clock.clone()).build().unwrap()
}

async fn open(scripts: impl IntoIterator<Item = Script>) -> (EventStream, Loopback, VirtualClock) {
    let clock = VirtualClock::default();
    let (stream, server) = open_by(&client(&clock), scripts).await;
    (stream, server, clock)
}

/// As [`open`], with an existing client: building one for each of many streams would be slow because of TLS.
async fn open_by(client: &Client, scripts: impl IntoIterator<Item = Script>) -> (EventStream, Loopback) {
    let server = Loopback::start(scripts).await;
    (subscribe(client, &format!("{}{PATH}", server.url)).unwrap(), server)
}

/// All events of a stream, and how it ends.
async fn drain(mut stream: EventStream) -> (Vec<Value>, Result<(), StreamError>) {
    let mut events = Vec::new();
    let end = loop {
        match stream.next().await {
            Some(Ok(event)) => events.push(event),
            Some(Err(error)) => break Err(error),
            None => break Ok(()),
        }
    };
    assert!(stream.next().await.is_none(), "the stream returned an item after its end");
    (events, end)
}

fn frame(event: &Value) -> String {
    format!("data: {event}\n\n")
}

fn frames(events: &[Value]) -> String {
    events.iter().map(frame).collect()
}

fn piece(index: u64, text: &str) -> Value {
    json!({"event_name": "fin_reply_chunk", "conversation_id": "c1", "stream_id": "s", "chunk_index": index,
           "chunk_text": text, "status": "replying", "created_at_ms": 1_000 + index})
}

fn reply() -> Value {
    json!({"event_name": "fin_replied", "conversation_id": "c1", "stream_id": "s", "status": "awaiting_user_reply",
           "message": {"id": "m1", "author": "fin", "body": "<p>Grüße</p>"}, "created_at_ms": 2_000})
}

fn status(status: &str) -> Value {
    json!({"event_name": "fin_status_updated", "conversation_id": "c1", "status": status, "created_at_ms": 3_000})
}

fn conversation() -> Vec<Value> {
    vec![piece(0, "Gr"), piece(1, "Grüße"), reply(), status("awaiting_user_reply")]
}

#[tokio::test]
async fn a_conversation_ends_when_fin_waits_for_the_user() {
    let (stream, server, _) = open([Script::events([frames(&conversation())]).stays_open()]).await;
    assert!(!format!("{stream:?}").contains("jwt"));
    let (events, end) = tokio::spawn(drain(stream)).await.unwrap();
    end.unwrap();
    assert_eq!(events, conversation());

    let mut replies = Replies::new();
    let updates: Vec<_> = events.iter().filter_map(|event| replies.update(event)).collect();
    assert!(matches!(&updates[1], ReplyUpdate::Chunk { text, new_from: 2, .. } if text == "Grüße"), "{updates:?}");
    assert!(matches!(&updates[2], ReplyUpdate::Complete { html, .. } if html == "<p>Grüße</p>"));

    let [request] = &server.seen()[..] else { panic!("one request") };
    assert!(request.starts_with(&format!("GET {PATH} HTTP/1.1\r\n")), "{request}");
    assert!(request.contains("accept: text/event-stream\r\n"));
    assert!(!request.contains("hunter") && !request.contains("last-event-id"), "{request}");
}

#[tokio::test]
async fn the_events_do_not_depend_on_the_chunks() {
    let text = format!(
        ": hello\r\n\r\nevent: message\rdata: {}\r\rdata: beat\n\n{}:\n\nfoo: bar\r\ndata:{}\r\n\r\n",
        piece(0, "Gr"),
        frames(&[piece(1, "Grüße"), reply()]),
        status("awaiting_user_reply"),
    );
    let client = client(&VirtualClock::default());
    for cut in 0..=text.len() {
        let (left, right) = text.as_bytes().split_at(cut);
        let (stream, _) = open_by(&client, [Script::events([left, right])]).await;
        let (events, end) = drain(stream).await;
        assert!(end.is_ok() && events == conversation(), "cut at {cut}: {events:?} {end:?}");
    }
}

#[tokio::test]
async fn the_stream_reconnects_after_a_break_at_any_byte() {
    let text = frames(&conversation());
    let client = client(&VirtualClock::default());
    for cut in 0..text.len() {
        // The address has `rewind`, so the server repeats the events.
        let scripts = [Script::events([&text.as_bytes()[..cut]]), Script::events([text.as_bytes()])];
        let (stream, server) = open_by(&client, scripts).await;
        let (events, end) = drain(stream).await;
        assert!(end.is_ok() && events == conversation(), "cut at {cut}: {events:?} {end:?}");
        // An event is only complete with its last line break.
        assert_eq!(server.seen().len(), 2, "cut at {cut}");
        assert!(server.seen()[1].starts_with(&format!("GET {PATH} ")));
    }
}

#[tokio::test]
async fn reconnecting_uses_the_delay_and_the_event_id_of_the_server() {
    let first = format!("retry: 30000\nid: 7\n{}", frame(&piece(0, "Gr")));
    let scripts = [Script::events([first]), Script::events([frames(&conversation())])];
    let (stream, server, clock) = open(scripts).await;
    let (events, end) = drain(stream).await;
    end.unwrap();
    assert_eq!(events, conversation());
    assert!(server.seen()[1].contains("last-event-id: 7\r\n"), "{}", server.seen()[1]);
    assert_eq!(clock.now(), Duration::from_secs(30));

    // The stream does not wait beyond the end of the token.
    let first = format!("retry: 9000000\n\n{}", frame(&piece(0, "Gr")));
    let (stream, server, clock) = open([Script::events([first])]).await;
    let (events, end) = drain(stream).await;
    assert!(matches!(end, Err(StreamError::TokenExpired)) && events.len() == 1);
    assert_eq!((server.seen().len(), clock.now()), (1, Duration::from_secs(180)));
}

/// How a stream ends that has returned `before` events, after the clock was advanced.
async fn end_after(
    mut stream: EventStream,
    before: usize,
    clock: &VirtualClock,
    time: Duration,
) -> Option<StreamError> {
    for _ in 0..before {
        stream.try_next().await.unwrap().unwrap();
    }
    let waiting = tokio::spawn(async move { stream.try_next().await });
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert!(!waiting.is_finished());
    clock.advance(time - Duration::from_millis(1));
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert!(!waiting.is_finished(), "the stream ended too early");
    clock.advance(Duration::from_millis(1));
    waiting.await.unwrap().err()
}

#[tokio::test]
async fn the_stream_ends_when_its_token_expires() {
    let (stream, _, clock) = open([Script::events([frame(&piece(0, "Gr"))]).stays_open()]).await;
    let end = end_after(stream, 1, &clock, Duration::from_secs(180)).await;
    assert!(matches!(end, Some(StreamError::TokenExpired)), "{end:?}");

    // Sixty seconds, according to the server's clock.
    let server = Loopback::start([Script::events([": hello\n\n"]).stays_open()]).await;
    let clock = VirtualClock::default();
    let claims = URL_SAFE_NO_PAD.encode(r#"{"iat":5000,"exp":5060}"#);
    let url = format!("{}/event-stream?accessToken=e30.{claims}.x", server.url);
    let stream = subscribe(&client(&clock), &url).unwrap();
    let end = end_after(stream, 0, &clock, Duration::from_secs(60)).await;
    assert!(matches!(end, Some(StreamError::TokenExpired)), "{end:?}");
}

#[tokio::test]
async fn the_stream_times_out_if_fin_never_says_that_it_is_done() {
    let script = Script::events([frames(&[piece(0, "Gr"), reply()])]).stays_open();
    let (stream, _, clock) = open([script.clone()]).await;
    let end = end_after(stream, 2, &clock, Duration::from_secs(15)).await.unwrap();
    assert!(end.is_timed_out() && end.is_final(), "{end}");

    let (stream, _, clock) = open([script]).await;
    let end = end_after(stream.done_timeout(Duration::from_secs(3)), 2, &clock, Duration::from_secs(3)).await;
    assert!(matches!(end, Some(StreamError::TimedOut)), "{end:?}");
}

#[tokio::test]
async fn a_rating_request_is_awaited_after_the_end_of_a_conversation() {
    let rating = json!({"event_name": "csat_requested", "conversation_id": "c1", "created_at_ms": 4_000});
    let events = [reply(), status("complete"), rating];
    let (stream, _, _) = open([Script::events([frames(&events)]).stays_open()]).await;
    let (seen, end) = drain(stream).await;
    assert!(end.is_ok() && seen == events, "{end:?}");

    // No rating is requested: the server closes the connection, or sends nothing.
    let (stream, server, _) = open([Script::events([frames(&events[..2])])]).await;
    let (seen, end) = drain(stream).await;
    assert!(end.is_ok() && seen == events[..2] && server.seen().len() == 1, "{end:?}");
    let (stream, _, clock) = open([Script::events([frames(&events[..2])]).stays_open()]).await;
    assert!(end_after(stream, 2, &clock, Duration::from_secs(15)).await.is_none());

    // The token expires before the time for a rating is over.
    let (stream, _, clock) = open([Script::events([frames(&events[..2])]).stays_open()]).await;
    let stream = stream.done_timeout(Duration::from_secs(300));
    assert!(end_after(stream, 2, &clock, Duration::from_secs(180)).await.is_none());
}

#[tokio::test]
async fn a_revoked_token_ends_the_stream_after_a_reply_and_is_an_error_before() {
    let revoked = || Script::response("401 Unauthorized", "{}");
    let (stream, server, _) = open([revoked()]).await;
    let (_, end) = drain(stream).await;
    assert!(matches!(end, Err(StreamError::TokenExpired)) && server.seen().len() == 1, "{end:?}");

    let (stream, _, _) = open([Script::events([frame(&piece(0, "Gr"))]), revoked()]).await;
    assert!(matches!(drain(stream).await.1, Err(StreamError::TokenExpired)));
    let (stream, _, _) = open([Script::events([frame(&reply())]), revoked()]).await;
    assert!(drain(stream).await.1.is_ok());
}

#[tokio::test]
async fn permanent_failures_are_tried_once_and_temporary_ones_up_to_the_limit() {
    let not_found = Script::response("404 Not Found", "{}");
    let (stream, server, _) = open([not_found]).await;
    let (_, end) = drain(stream).await;
    assert!(matches!(end, Err(StreamError::Refused { status }) if status == 404) && server.seen().len() == 1);

    let (stream, server, _) = open([Script::response("200 OK", "{}")]).await;
    assert!(matches!(drain(stream).await.1, Err(StreamError::NotAStream)) && server.seen().len() == 1);

    // The server responds with 503 if it has no script.
    let (stream, server, _) = open([]).await;
    assert!(matches!(drain(stream).await.1, Err(StreamError::Refused { status }) if status == 503));
    assert_eq!(server.seen().len(), 5);

    let broken = || Script::events([": hello\n\n"]);
    let (stream, server, _) = open([broken(), broken(), broken()]).await;
    let (_, end) = drain(stream.attempts(3)).await;
    assert!(matches!(end, Err(StreamError::Lost { attempts: 3, .. })) && server.seen().len() == 3, "{end:?}");

    // An event resets the count of failures.
    let scripts =
        [broken(), Script::events([frame(&piece(0, "Gr"))]), broken(), Script::events([frames(&conversation())])];
    let (stream, _, _) = open(scripts).await;
    let (events, end) = drain(stream.attempts(3)).await;
    assert!(end.is_ok() && events == conversation(), "{end:?}");
}

#[tokio::test]
async fn a_too_large_event_is_refused_after_the_events_before_it() {
    let mut parts = vec![frame(&piece(0, "Gr")).into_bytes(), b"data: \"".to_vec()];
    parts.extend((0..160).map(|_| vec![b'x'; 64 << 10]));
    let (stream, server, _) = open([Script::events(parts)]).await;
    let (events, end) = drain(stream).await;
    assert!(matches!(end, Err(StreamError::TooLarge { limit }) if limit == 1 << 20), "{end:?}");
    assert_eq!((events, server.seen().len()), (vec![piece(0, "Gr")], 1));

    let long = piece(0, &"x".repeat(200));
    let (stream, _, _) = open([Script::events([frame(&long)])]).await;
    assert!(matches!(drain(stream.max_event(100)).await.1, Err(StreamError::TooLarge { limit: 100 })));
}

#[tokio::test]
async fn events_of_the_callback_address_are_not_repeated_by_the_stream() {
    let deduplicator = Arc::new(Mutex::new(Deduplicator::new()));
    for event in [reply(), status("awaiting_user_reply")] {
        deduplicator.lock().unwrap().check(&event);
    }
    let (stream, _, _) = open([Script::events([frames(&conversation())]).stays_open()]).await;
    // The chunks are late, since their reply has arrived. The last event ends the stream although it is a duplicate.
    let (events, end) = drain(stream.deduplicator(deduplicator)).await;
    assert!(end.is_ok() && events.is_empty(), "{events:?} {end:?}");
}

#[tokio::test]
async fn since_drops_the_events_of_an_earlier_reply() {
    let turn = |time: &str, id: &str| {
        [
            json!({"event_name": "fin_replied", "status": "awaiting_user_reply", "message": {"id": id}, "created_at_ms": time}),
            json!({"event_name": "fin_status_updated", "status": "awaiting_user_reply", "created_at_ms": time}),
        ]
    };
    let (before, after) = (turn("2026-01-24T10:00:00.123Z", "m1"), turn("2026-01-24T10:01:30.000Z", "m2"));
    let (stream, _, _) = open([Script::events([frames(&before), frames(&after)])]).await;
    let asked = "2026-01-24T10:01:29.900Z".parse().unwrap();
    let (events, end) = drain(stream.since(asked)).await;
    assert!(end.is_ok() && events == after, "{events:?} {end:?}");

    let (stream, _, _) = open([Script::events([frames(&before)])]).await;
    assert_eq!(drain(stream).await.0, before);
}

#[tokio::test]
async fn events_are_decoded_as_the_requested_type() {
    let (stream, _, _) = open([Script::events([frames(&conversation())])]).await;
    let mut stream = stream.events::<Attributes>();
    let mut names = Vec::new();
    while let Some(event) = stream.try_next().await.unwrap() {
        names.push(event.get("event_name").unwrap().as_str().unwrap().to_owned());
    }
    assert_eq!(names, ["fin_reply_chunk", "fin_reply_chunk", "fin_replied", "fin_status_updated"]);

    let (stream, _, _) = open([Script::events([frames(&conversation())])]).await;
    let mut stream = stream.events::<String>();
    let mut unreadable = 0;
    while let Some(event) = stream.next().await {
        assert!(matches!(event, Err(error) if !error.is_final()));
        unreadable += 1;
    }
    assert_eq!(unreadable, 4);
}

#[tokio::test]
async fn an_address_that_is_not_allowed_is_refused() {
    let builder = ClientBuilder::for_version("2.15", "test/1.0").token("hunter2");
    let client: Client = builder.build().unwrap();
    for (url, why) in [
        ("http://realtime.example/event-stream?accessToken=jwt", "it is not https"),
        ("http://127.0.0.1:1/?accessToken=jwt", "loopback"),
        ("https://jwt@realtime.example/event-stream", "a user name"),
        ("jwt", "not a valid URL"),
        ("", "not a URL"),
    ] {
        let error = subscribe(&client, url).unwrap_err();
        assert!(error.is_request() && error.to_string().contains(why), "{error}");
        assert!(!format!("{error} {error:?}").contains("jwt"), "{error}");
    }
    assert!(subscribe(&client, "https://realtime.example/event-stream?accessToken=jwt").is_ok());
}

#[tokio::test]
async fn a_refused_connection_is_an_error_without_the_token() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}{PATH}", listener.local_addr().unwrap());
    drop(listener);
    let (_, end) = drain(subscribe(&client(&VirtualClock::default()), &url).unwrap()).await;
    let error = end.unwrap_err();
    assert!(matches!(&error, StreamError::Lost { attempts: 5, source } if source.is_connect()), "{error}");
    assert!(!format!("{error} {error:?}").contains("jwt"), "{error:?}");
}
