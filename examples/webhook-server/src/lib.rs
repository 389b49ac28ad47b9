//! A webhook server: it verifies what arrives, answers at once, and does the work in the background.
//!
//! Intercom waits five seconds for an answer and sends a notification again after a minute if there is none. So the handler only
//! verifies, drops duplicates and puts the notification into a queue; a task takes it from there.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::routing::any;
use intercom_v2_15::Client;
use intercom_v2_15::api::tags::TagConversationIds;
use intercom_v2_15::webhooks::{Incoming, Notification, Receiver, RecentNotifications, SeenNotifications, Topic};
use tokio::sync::mpsc;

/// The largest body that is read.
const MAX_BODY: usize = 1 << 20;

#[derive(Clone)]
struct App {
    receiver: Receiver,
    seen: Arc<RecentNotifications>,
    queue: mpsc::Sender<Notification>,
}

/// The routes of the server; notifications go into `queue`.
pub fn router(client_secret: &str, queue: mpsc::Sender<Notification>) -> Router {
    let receiver = Receiver::new(client_secret).max_body(MAX_BODY);
    let app = App { receiver, seen: Arc::default(), queue };
    Router::new().route("/webhooks", any(receive)).layer(DefaultBodyLimit::max(MAX_BODY)).with_state(app)
}

async fn receive(State(app): State<App>, method: Method, headers: HeaderMap, body: Bytes) -> StatusCode {
    match app.receiver.accept(&method, &headers, &body) {
        Ok(Incoming::Notification(notification)) => app.enqueue(*notification).await,
        // A probe of the address, or a request about the installation.
        Ok(_) => StatusCode::OK,
        Err(error) => {
            eprintln!("refused: {error}");
            error.status()
        }
    }
}

impl App {
    async fn enqueue(&self, notification: Notification) -> StatusCode {
        // A permit of the queue comes first: a notification that is refused must not count as seen.
        let Ok(permit) = self.queue.try_reserve() else { return StatusCode::SERVICE_UNAVAILABLE };
        let new = match notification.id.as_deref() {
            Some(id) => self.seen.first_time(id).await,
            None => true,
        };
        if new {
            permit.send(notification);
        }
        StatusCode::OK
    }
}

/// Who replies, and the tag that is added.
#[derive(Clone, Debug)]
pub struct ReplySettings {
    /// The admin who replies.
    pub admin_id: String,
    /// The tag of conversations that got an answer.
    pub tag_id: String,
}

/// Handles notifications until the queue is closed.
pub async fn work(client: Client, settings: ReplySettings, mut queue: mpsc::Receiver<Notification>) {
    while let Some(notification) = queue.recv().await {
        if let Err(error) = handle(&client, &settings, &notification).await {
            eprintln!("{:?}: {error}", notification.topic);
        }
    }
}

async fn handle(client: &Client, settings: &ReplySettings, notification: &Notification) -> intercom_v2_15::Result<()> {
    match (&notification.topic, notification.item.conversation()) {
        (Topic::ConversationUserCreated, Some(conversation)) => {
            let text = "Thank you for your message. We answer within the hour.";
            client.conversations().reply_as_admin(&conversation.id, &settings.admin_id, text).await?;
            let ids = TagConversationIds { tag_id: (&settings.tag_id).into(), admin_id: (&settings.admin_id).into() };
            client.tags().tag_conversation(&conversation.id, ids).await?;
        }
        (Topic::ConversationUserReplied, Some(conversation)) => {
            let text = notification.item.conversation_part().and_then(|part| part.body.as_deref());
            println!("{}: {}", conversation.id, text.unwrap_or("(no text)"));
        }
        _ => {}
    }
    Ok(())
}
