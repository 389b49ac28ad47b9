//! Webhook notifications.

mod duplicates;

pub use duplicates::{RecentNotifications, SeenNotifications};
