//! Event streams over real connections: cut anywhere, made again, expired, refused.

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

/// A client whose API is on this machine, too: nothing but event streams is asked for.
fn client(clock: &VirtualClock) -> Client {
    let builder = ClientBuilder::for_version("2.15", "test/1.0").token("hunter2").default_header("x-own", "hunter3");
    builder.base_url("http://127.0.0.1:1").clock(clock.clone()).build().unwrap()
}

async fn open(scripts: impl IntoIterator<Item = Script>) -> (EventStream, Loopback, VirtualClock) {
    let clock = VirtualClock::default();
    let (stream, server) = open_by(&client(&clock), scripts).await;
    (stream, server, clock)
}

/// Setting up TLS takes a client longer than a conversation.
async fn open_by(client: &Client, scripts: impl IntoIterator<Item = Script>) -> (EventStream, Loopback) {
    let server = Loopback::start(scripts).await;
    (subscribe(client, &format!("{}{PATH}", server.url)).unwrap(), server)
}

/// Everything that a stream gives, and how it ends.
async fn drain(mut stream: EventStream) -> (Vec<Value>, Result<(), StreamError>) {
    let mut events = Vec::new();
    let end = loop {
        match stream.next().await {
            Some(Ok(event)) => events.push(event),
            Some(Err(error)) => break Err(error),
            None => break Ok(()),
        }
    };
    assert!(stream.next().await.is_none(), "nothing comes after the end");
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
async fn a_stream_in_any_pieces_gives_the_same_events() {
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
async fn a_connection_that_breaks_at_any_byte_is_made_again() {
    let text = frames(&conversation());
    let client = client(&VirtualClock::default());
    for cut in 0..text.len() {
        // The address asks for what was sent before, so the server begins again.
        let scripts = [Script::events([&text.as_bytes()[..cut]]), Script::events([text.as_bytes()])];
        let (stream, server) = open_by(&client, scripts).await;
        let (events, end) = drain(stream).await;
        assert!(end.is_ok() && events == conversation(), "cut at {cut}: {events:?} {end:?}");
        // The last line break of the last event is what makes it one.
        assert_eq!(server.seen().len(), 2, "cut at {cut}");
        assert!(server.seen()[1].starts_with(&format!("GET {PATH} ")));
    }
}

#[tokio::test]
async fn the_server_says_when_and_where_to_go_on() {
    let first = format!("retry: 30000\nid: 7\n{}", frame(&piece(0, "Gr")));
    let scripts = [Script::events([first]), Script::events([frames(&conversation())])];
    let (stream, server, clock) = open(scripts).await;
    let (events, end) = drain(stream).await;
    end.unwrap();
    assert_eq!(events, conversation());
    assert!(server.seen()[1].contains("last-event-id: 7\r\n"), "{}", server.seen()[1]);
    assert_eq!(clock.now(), Duration::from_secs(30));

    // A wait past the end of the token is not waited for.
    let first = format!("retry: 9000000\n\n{}", frame(&piece(0, "Gr")));
    let (stream, server, clock) = open([Script::events([first])]).await;
    let (events, end) = drain(stream).await;
    assert!(matches!(end, Err(StreamError::TokenExpired)) && events.len() == 1);
    assert_eq!((server.seen().len(), clock.now()), (1, Duration::from_secs(180)));
}

/// The end of a stream that has given `before` events, once the clock was moved.
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
    assert!(!waiting.is_finished(), "it ended too early");
    clock.advance(Duration::from_millis(1));
    waiting.await.unwrap().err()
}

#[tokio::test]
async fn a_stream_ends_with_its_token() {
    let (stream, _, clock) = open([Script::events([frame(&piece(0, "Gr"))]).stays_open()]).await;
    let end = end_after(stream, 1, &clock, Duration::from_secs(180)).await;
    assert!(matches!(end, Some(StreamError::TokenExpired)), "{end:?}");

    // Sixty seconds, by the server's clock.
    let server = Loopback::start([Script::events([": hello\n\n"]).stays_open()]).await;
    let clock = VirtualClock::default();
    let claims = URL_SAFE_NO_PAD.encode(r#"{"iat":5000,"exp":5060}"#);
    let url = format!("{}/event-stream?accessToken=e30.{claims}.x", server.url);
    let stream = subscribe(&client(&clock), &url).unwrap();
    let end = end_after(stream, 0, &clock, Duration::from_secs(60)).await;
    assert!(matches!(end, Some(StreamError::TokenExpired)), "{end:?}");
}

#[tokio::test]
async fn a_workspace_that_never_says_done_is_waited_for_some_time() {
    let script = Script::events([frames(&[piece(0, "Gr"), reply()])]).stays_open();
    let (stream, _, clock) = open([script.clone()]).await;
    let end = end_after(stream, 2, &clock, Duration::from_secs(15)).await.unwrap();
    assert!(end.is_timed_out() && end.is_final(), "{end}");

    let (stream, _, clock) = open([script]).await;
    let end = end_after(stream.done_timeout(Duration::from_secs(3)), 2, &clock, Duration::from_secs(3)).await;
    assert!(matches!(end, Some(StreamError::TimedOut)), "{end:?}");
}

#[tokio::test]
async fn a_conversation_that_is_over_may_still_ask_for_a_rating() {
    let rating = json!({"event_name": "csat_requested", "conversation_id": "c1", "created_at_ms": 4_000});
    let events = [reply(), status("complete"), rating];
    let (stream, _, _) = open([Script::events([frames(&events)]).stays_open()]).await;
    let (seen, end) = drain(stream).await;
    assert!(end.is_ok() && seen == events, "{end:?}");

    // None is asked for: the server closes, or says nothing.
    let (stream, server, _) = open([Script::events([frames(&events[..2])])]).await;
    let (seen, end) = drain(stream).await;
    assert!(end.is_ok() && seen == events[..2] && server.seen().len() == 1, "{end:?}");
    let (stream, _, clock) = open([Script::events([frames(&events[..2])]).stays_open()]).await;
    assert!(end_after(stream, 2, &clock, Duration::from_secs(15)).await.is_none());
}

#[tokio::test]
async fn a_revoked_token_means_done_after_a_reply_and_nothing_before() {
    let revoked = || Script::answer("401 Unauthorized", "{}");
    let (stream, server, _) = open([revoked()]).await;
    let (_, end) = drain(stream).await;
    assert!(matches!(end, Err(StreamError::TokenExpired)) && server.seen().len() == 1, "{end:?}");

    let (stream, _, _) = open([Script::events([frame(&piece(0, "Gr"))]), revoked()]).await;
    assert!(matches!(drain(stream).await.1, Err(StreamError::TokenExpired)));
    let (stream, _, _) = open([Script::events([frame(&reply())]), revoked()]).await;
    assert!(drain(stream).await.1.is_ok());
}

#[tokio::test]
async fn what_cannot_work_is_not_tried_again_and_the_rest_not_for_ever() {
    let not_found = Script::answer("404 Not Found", "{}");
    let (stream, server, _) = open([not_found]).await;
    let (_, end) = drain(stream).await;
    assert!(matches!(end, Err(StreamError::Refused { status }) if status == 404) && server.seen().len() == 1);

    let (stream, server, _) = open([Script::answer("200 OK", "{}")]).await;
    assert!(matches!(drain(stream).await.1, Err(StreamError::NotAStream)) && server.seen().len() == 1);

    // The server answers 503 where it has no script.
    let (stream, server, _) = open([]).await;
    assert!(matches!(drain(stream).await.1, Err(StreamError::Refused { status }) if status == 503));
    assert_eq!(server.seen().len(), 5);

    let broken = || Script::events([": hello\n\n"]);
    let (stream, server, _) = open([broken(), broken(), broken()]).await;
    let (_, end) = drain(stream.attempts(3)).await;
    assert!(matches!(end, Err(StreamError::Lost { attempts: 3, .. })) && server.seen().len() == 3, "{end:?}");

    // An event in between begins a new count.
    let scripts =
        [broken(), Script::events([frame(&piece(0, "Gr"))]), broken(), Script::events([frames(&conversation())])];
    let (stream, _, _) = open(scripts).await;
    let (events, end) = drain(stream.attempts(3)).await;
    assert!(end.is_ok() && events == conversation(), "{end:?}");
}

#[tokio::test]
async fn an_event_of_ten_megabytes_is_refused_and_those_before_it_are_not() {
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
async fn what_has_come_by_the_callback_address_does_not_come_again() {
    let deduplicator = Arc::new(Mutex::new(Deduplicator::new()));
    for event in [reply(), status("awaiting_user_reply")] {
        deduplicator.lock().unwrap().check(&event);
    }
    let (stream, _, _) = open([Script::events([frames(&conversation())]).stays_open()]).await;
    // The pieces are late: their reply is there. The signal ends the stream although it is not new.
    let (events, end) = drain(stream.deduplicator(deduplicator)).await;
    assert!(end.is_ok() && events.is_empty(), "{events:?} {end:?}");
}

#[tokio::test]
async fn the_turn_before_does_not_end_the_turn_that_follows() {
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
async fn events_are_read_as_the_type_that_is_asked_for() {
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
async fn a_token_goes_nowhere_without_tls() {
    let builder = ClientBuilder::for_version("2.15", "test/1.0").token("hunter2");
    let client: Client = builder.build().unwrap();
    for url in
        ["http://realtime.example/event-stream?accessToken=jwt", "http://127.0.0.1:1/?accessToken=jwt", "jwt", ""]
    {
        let error = subscribe(&client, url).unwrap_err();
        assert!(error.is_request() && !format!("{error} {error:?}").contains("jwt"), "{error}");
    }
    assert!(subscribe(&client, "https://realtime.example/event-stream?accessToken=jwt").is_ok());
}

#[tokio::test]
async fn nobody_there_is_an_error_that_does_not_show_the_address() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}{PATH}", listener.local_addr().unwrap());
    drop(listener);
    let (_, end) = drain(subscribe(&client(&VirtualClock::default()), &url).unwrap()).await;
    let error = end.unwrap_err();
    assert!(matches!(&error, StreamError::Lost { attempts: 5, source } if source.is_connect()), "{error}");
    assert!(!format!("{error} {error:?}").contains("jwt"), "{error:?}");
}
