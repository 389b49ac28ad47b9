//! Webhook notifications: verified, read by their topic, and told apart from those that have arrived before.

mod duplicates;
mod notification;
mod receiver;
#[cfg(test)]
mod tests;

pub use duplicates::{RecentNotifications, SeenNotifications};
pub use notification::{Item, Notification, NotificationError};
pub use receiver::{DEFAULT_MAX_BODY, Incoming, ReceiveError, Receiver};

use crate::signature::Scheme;

/// The value of `X-Hub-Signature` for a body: for tests, and for tools that imitate Intercom.
pub fn sign(client_secret: &str, body: &[u8]) -> String {
    Scheme::Hub.sign(client_secret, body)
}
