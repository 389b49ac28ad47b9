//! Webhooks: notifications of changes, signed and delivered as Intercom does it.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use intercom_platform::webhooks::sign;
use serde_json::{Value, json};

use crate::handle::Shared;

/// How long Intercom waits for an answer.
const TIMEOUT: Duration = Duration::from_secs(5);

/// How long Intercom waits before it tries once more.
const RETRY_DELAY: Duration = Duration::from_secs(60);

/// Where notifications go.
#[derive(Clone, Debug)]
pub(crate) struct Subscription {
    pub(crate) url: http::Uri,
    pub(crate) secret: String,
}

/// A notification that is on its way.
pub(crate) struct Notification {
    pub(crate) number: u64,
    pub(crate) topic: String,
    pub(crate) item: Value,
    pub(crate) at: u64,
}

/// How a delivery ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Delivery {
    /// The topic: `contact.user.created`.
    pub topic: String,
    /// How often it was tried: once or twice.
    pub attempts: u32,
    /// The status of the last answer; `None` where the connection failed or there was no answer within five seconds.
    pub status: Option<u16>,
}

impl Delivery {
    /// Whether the receiver took it.
    pub fn is_delivered(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }
}

impl Notification {
    fn body(&self, attempt: u32) -> Vec<u8> {
        let body = json!({
            "type": "notification_event",
            "app_id": "mock",
            "id": format!("notif_00000000-0000-4000-8000-{:012x}", self.number),
            "topic": self.topic,
            "created_at": self.at,
            "first_sent_at": self.at,
            "delivery_attempts": attempt,
            "delivery_status": if attempt == 1 { "pending" } else { "retry" },
            "delivered_at": 0,
            "data": {"type": "notification_event_data", "item": self.item},
            "links": {},
            "self": null,
        });
        body.to_string().into_bytes()
    }
}

/// Delivers a notification: once, and after a failure once more a minute later. Status 410 ends the subscription
/// that the notification was for.
pub(crate) async fn deliver(shared: Arc<Shared>, subscription: Arc<Subscription>, notification: Notification) {
    let mut status = None;
    let mut attempts = 0;
    for attempt in 1..=2 {
        if attempt > 1 {
            shared.time.sleep(RETRY_DELAY).await;
        }
        attempts = attempt;
        status = send(&subscription, notification.body(attempt)).await;
        if status.is_some_and(|status| (200..300).contains(&status) || status == 410) {
            break;
        }
    }
    let mut state = shared.state();
    let is_current = state.subscription.as_ref().is_some_and(|current| Arc::ptr_eq(current, &subscription));
    if status == Some(410) && is_current {
        state.subscription = None;
    }
    state.deliveries.push(Delivery { topic: notification.topic, attempts, status });
    state.on_the_way -= 1;
    drop(state);
    shared.delivered.notify_waiters();
}

async fn send(subscription: &Subscription, body: Vec<u8>) -> Option<u16> {
    let client: Client<HttpConnector, Full<Bytes>> = Client::builder(TokioExecutor::new()).build_http();
    let request = Request::post(subscription.url.clone())
        .header("content-type", "application/json")
        .header("accept", "application/json")
        .header("user-agent", "intercom-mock")
        .header("x-hub-signature", sign(&subscription.secret, &body))
        .body(Full::new(Bytes::from(body)))
        .ok()?;
    let response = tokio::time::timeout(TIMEOUT, client.request(request)).await.ok()?.ok()?;
    let status = response.status().as_u16();
    // The answer is read to its end, so that the receiver sees no broken connection.
    let _ = tokio::time::timeout(TIMEOUT, response.into_body().collect()).await;
    Some(status)
}
