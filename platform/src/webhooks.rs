//! Webhook notifications: verification, decoding by topic, and deduplication.

mod duplicates;
mod notification;
mod receiver;
#[cfg(test)]
mod tests;

pub use duplicates::{RecentNotifications, SeenNotifications};
pub use notification::{Item, Notification, NotificationError};
pub use receiver::{DEFAULT_MAX_BODY, Incoming, ReceiveError, Receiver};

use crate::signature::Scheme;

/// Functions that generated code calls; not part of the public interface.
#[doc(hidden)]
pub mod private {
    use intercom_data::{Decode, DecodeError, DecodeOptions, Decoded, from_slice, read_slice};

    /// Decodes an item as `T`, and converts it to a variant of the enum of items.
    ///
    /// # Errors
    /// If the text is not JSON, or does not have the JSON type of `T`.
    pub fn read<T: Decode, I>(json: &[u8], variant: impl FnOnce(Box<T>) -> I) -> Result<Decoded<I>, DecodeError> {
        let decoded = from_slice::<T>(json, DecodeOptions::default())?;
        Ok(decoded.map(|value| variant(Box::new(value))))
    }

    /// Whether the text is a JSON object with this key.
    pub fn has_key(json: &[u8], key: &str) -> bool {
        let mut found = false;
        let read = read_slice(json, DecodeOptions::default(), &mut |reader| {
            reader.members(&mut |reader, name| {
                found |= name == key;
                reader.raw().map(drop)
            })
        });
        found && read.is_ok()
    }
}

/// Signs a body as Intercom does, for tests and mock servers. Returns the value of `X-Hub-Signature`.
pub fn sign(client_secret: &str, body: &[u8]) -> String {
    Scheme::Hub.sign(client_secret, body)
}
