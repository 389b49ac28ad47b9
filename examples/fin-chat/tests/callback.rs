//! The callback address reads the same events as the stream, as the same types.
#![allow(clippy::unwrap_used, reason = "a test panics")]

use axum::http::HeaderMap;
use intercom_runtime::fin_events::{Arrival, Deduplicator, Receiver};
use intercom_runtime::platform::signature::Scheme;
use intercom_v2_15::types::{FinAgentStatusUpdatedEventStatus, FinEvent};

fn signed(body: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(Scheme::FinAgent.header(), Scheme::FinAgent.sign("secret", body.as_bytes()).parse().unwrap());
    headers
}

#[test]
fn events_are_typed_by_their_name() {
    let receiver = Receiver::<FinEvent>::new("secret");
    let receive = |body: &str| receiver.receive(&signed(body), body.as_bytes()).unwrap();

    let escalated = r#"{"event_name":"fin_status_updated","conversation_id":"c1","user_id":"u1","status":"escalated",
        "reason":"Routed to team","created_at_ms":"2026-01-24T10:00:00.123Z"}"#;
    let received = receive(escalated);
    assert!(received.mismatches.is_empty(), "{:?}", received.mismatches);
    let FinEvent::StatusUpdated(update) = received.event else { panic!("{:?}", received.event) };
    assert!(matches!(update.status, Some(FinAgentStatusUpdatedEventStatus::Escalated)));
    assert_eq!(update.reason.as_deref(), Some("Routed to team"));

    let piece =
        r#"{"event_name":"fin_reply_chunk","conversation_id":"c1","stream_id":"s","chunk_index":1,"chunk_text":"Hi"}"#;
    assert!(matches!(receive(piece).event, FinEvent::ReplyChunk(piece) if piece.chunk_index == Some(1)));
    assert!(matches!(receive(r#"{"event_name":"fin_yawned"}"#).event, FinEvent::Unknown(_)));

    let mut deduplicator = Deduplicator::new();
    assert_eq!(deduplicator.check(&receive(escalated).json), Arrival::New);
    assert_eq!(deduplicator.check(&receive(escalated).json), Arrival::Duplicate);
}
