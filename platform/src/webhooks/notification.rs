//! A notification: its envelope, and its item, whose type depends on the topic.

use std::cmp::Ordering;
use std::fmt;

use intercom_data::{
    DecodeError, DecodeOptions, Decoded, Extra, Mismatch, TextEnum, Timestamp, Value, from_slice, read_slice,
};

/// The items of the notifications of an API version. Implemented by generated code.
pub trait Item: Sized {
    /// The type of the topic.
    type Topic: TextEnum + Default + Clone;

    /// Decodes the item of a topic.
    ///
    /// # Errors
    /// If the text is not JSON, or does not have the JSON type of the item.
    fn read(topic: &Self::Topic, json: &[u8]) -> Result<Decoded<Self>, DecodeError>;

    /// Makes the item for an unknown topic, or for JSON that could not be decoded.
    fn unknown(value: Value) -> Self;
}

/// A notification. All fields except the topic and the item may be absent.
#[derive(Clone)]
#[non_exhaustive]
pub struct Notification<I: Item> {
    /// The id of the notification, which is the same when it is sent again. Absent for `ping` and in some other notifications.
    pub id: Option<String>,
    /// The topic.
    pub topic: I::Topic,
    /// The id of the workspace.
    pub app_id: Option<String>,
    /// When the event happened. Notifications may arrive in another order; see [`by_time`](Self::by_time).
    pub created_at: Option<Timestamp>,
    /// When the notification was first sent, which may be some seconds after the event.
    pub first_sent_at: Option<Timestamp>,
    /// How many times the notification has been sent, including this time.
    pub delivery_attempts: Option<i64>,
    /// `pending` the first time, `retry` when it is sent again.
    pub delivery_status: Option<String>,
    /// The item, with the type that belongs to the topic. It is the unknown variant if the topic is unknown, if the item does not have this
    /// type, or, with null, if there is no item.
    pub item: I,
    /// Unknown fields of the envelope, known ones whose values do not fit their types, and, if a known field is repeated, the value before
    /// the last one.
    pub extra: Extra,
    mismatches: Vec<Mismatch>,
    item_error: Option<String>,
}

impl<I: Item> Notification<I> {
    /// Decodes a notification without checking a signature: one that was verified before, or that comes from a file.
    ///
    /// # Errors
    /// If the text is not a JSON object with a `topic`.
    pub fn from_json(json: &[u8]) -> Result<Self, NotificationError> {
        let mut envelope = Envelope::default();
        read_slice(json, DecodeOptions::default(), &mut |reader| {
            reader.members(&mut |reader, key| {
                let raw = reader.raw()?;
                envelope.members.push((key.into_owned(), raw.to_owned()));
                Ok(())
            })
        })
        .map_err(|error| NotificationError::NotJson(error.to_string()))?;
        envelope.into_notification()
    }

    /// Compares two notifications by the time of their events, `created_at`: `notifications.sort_by(Notification::by_time)`.
    ///
    /// Times are whole seconds, so events of the same second compare as equal. Notifications without a time, such as `ping`, come
    /// first.
    pub fn by_time(&self, other: &Self) -> Ordering {
        self.created_at.cmp(&other.created_at)
    }

    /// The values of the item that did not fit their declared type, at most 100.
    pub fn mismatches(&self) -> &[Mismatch] {
        &self.mismatches
    }

    /// Why the item could not be decoded as the type of its topic; `None` if it was decoded. After an error the item is the unknown
    /// variant, with the original JSON, or with null if there is none.
    pub fn item_error(&self) -> Option<&str> {
        self.item_error.as_deref()
    }
}

impl<I: Item + fmt::Debug> fmt::Debug for Notification<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Notification")
            .field("id", &self.id)
            .field("topic", &self.topic.as_str())
            .field("app_id", &self.app_id)
            .field("created_at", &self.created_at)
            .field("delivery_attempts", &self.delivery_attempts)
            .field("item", &self.item)
            .finish_non_exhaustive()
    }
}

/// The members of the envelope, as raw JSON.
#[derive(Default)]
struct Envelope {
    members: Vec<(String, String)>,
}

impl Envelope {
    fn into_notification<I: Item>(mut self) -> Result<Notification<I>, NotificationError> {
        let topic = self.take::<String>("topic").ok_or(NotificationError::NoTopic)?;
        let topic = intercom_data::private::from_text::<I::Topic>(topic);
        let (item, mismatches, item_error) = match self.item(&topic) {
            Ok(decoded) => (decoded.value, decoded.mismatches, None),
            Err((raw, error)) => (I::unknown(raw), Vec::new(), Some(error)),
        };
        Ok(Notification {
            id: self.take("id"),
            app_id: self.take("app_id"),
            created_at: self.take("created_at"),
            first_sent_at: self.take("first_sent_at"),
            delivery_attempts: self.take("delivery_attempts"),
            delivery_status: self.take("delivery_status"),
            topic,
            item,
            mismatches,
            item_error,
            extra: self.rest(),
        })
    }

    /// Removes and decodes a member; `None` if it is absent or null. If it does not fit its type, it is not removed, and ends up in
    /// `extra`.
    fn take<T: intercom_data::Decode>(&mut self, key: &str) -> Option<T> {
        // If a key occurs twice, the last value is used.
        let index = self.members.iter().rposition(|(name, _)| name == key)?;
        let raw = &self.members[index].1;
        if raw == "null" {
            self.members.remove(index);
            return None;
        }
        let decoded = from_slice::<T>(raw.as_bytes(), DecodeOptions::default()).ok()?;
        if !decoded.mismatches.is_empty() {
            return None;
        }
        self.members.remove(index);
        Some(decoded.value)
    }

    /// Decodes the item in `data`. The error contains the original item and the reason.
    fn item<I: Item>(&mut self, topic: &I::Topic) -> Result<Decoded<I>, (Value, String)> {
        let missing = || (Value::Null, "there is no `data.item`".to_owned());
        let index = self.members.iter().rposition(|(name, _)| name == "data").ok_or_else(missing)?;
        let data = self.members.remove(index).1;
        let mut item = None;
        // Other members of `data` are ignored: the only known one is its type.
        let _ = read_slice(data.as_bytes(), DecodeOptions::default(), &mut |reader| {
            reader.members(&mut |reader, key| {
                let raw = reader.raw()?;
                if key == "item" {
                    item = Some(raw.to_owned());
                }
                Ok(())
            })
        });
        let item = item.ok_or_else(missing)?;
        I::read(topic, item.as_bytes())
            .map_err(|error| (serde_json::from_str(&item).unwrap_or_default(), error.to_string()))
    }

    fn rest(self) -> Extra {
        let mut extra = Extra::default();
        for (key, raw) in self.members {
            if let Ok(value) = serde_json::from_str::<Value>(&raw) {
                extra.insert(key, value);
            }
        }
        extra
    }
}

/// Why a text is not a notification.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotificationError {
    /// The text is not a JSON object.
    NotJson(String),
    /// The object has no `topic`, or one that is not a string.
    NoTopic,
}

impl fmt::Display for NotificationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson(why) => write!(f, "the body is not a notification: {why}"),
            Self::NoTopic => f.write_str("the body is not a notification: it has no `topic` that is a string"),
        }
    }
}

impl std::error::Error for NotificationError {}
