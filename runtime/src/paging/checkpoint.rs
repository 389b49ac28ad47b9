//! Where a walk stands, as text.

use std::fmt;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::{Map, Value};

use crate::error::Error;

/// Where a walk stands: enough to go on in another process, with the same request.
///
/// It is JSON, by `Display` and [`FromStr`] or by serde. It holds no item and no token; a cursor may encode values of
/// the last item.
///
/// ```
/// # fn run(items: intercom_runtime::paging::Items<()>, more: intercom_runtime::paging::Items<()>) -> Result<(), intercom_runtime::Error> {
/// let stored = items.checkpoint().to_string();
/// let items = more.resume(&stored.parse()?); // in another process, on the same request
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    pub(super) operation: String,
    pub(super) version: String,
    /// The position of the page to ask for; none for the first.
    pub(super) cursor: Option<String>,
    /// How many items of that page were delivered.
    pub(super) skip: u64,
    /// How many items were delivered in all.
    pub(super) delivered: u64,
    /// The page size that the position counts in.
    pub(super) per_page: Option<u32>,
    pub(super) done: bool,
}

impl Serialize for Checkpoint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("operation", &self.operation)?;
        map.serialize_entry("version", &self.version)?;
        if let Some(cursor) = &self.cursor {
            map.serialize_entry("cursor", cursor)?;
        }
        if self.skip > 0 {
            map.serialize_entry("skip", &self.skip)?;
        }
        if self.delivered > 0 {
            map.serialize_entry("delivered", &self.delivered)?;
        }
        if let Some(per_page) = &self.per_page {
            map.serialize_entry("per_page", per_page)?;
        }
        if self.done {
            map.serialize_entry("done", &true)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Checkpoint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let map = Map::<String, Value>::deserialize(deserializer)?;
        let text = |key| match map.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(D::Error::custom(format!("`{key}` of a checkpoint is text"))),
        };
        let number = |key| match map.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => {
                value.as_u64().map(Some).ok_or_else(|| D::Error::custom(format!("`{key}` of a checkpoint is a count")))
            }
        };
        let needed = |key| text(key)?.ok_or_else(|| D::Error::missing_field(key));
        Ok(Self {
            operation: needed("operation")?,
            version: needed("version")?,
            cursor: text("cursor")?,
            skip: number("skip")?.unwrap_or(0),
            delivered: number("delivered")?.unwrap_or(0),
            per_page: number("per_page")?.and_then(|count| u32::try_from(count).ok()),
            done: map.get("done").and_then(Value::as_bool).unwrap_or(false),
        })
    }
}

impl Checkpoint {
    /// The operation that it belongs to, `contacts.list`.
    pub fn operation(&self) -> &str {
        &self.operation
    }

    /// The API version that it belongs to.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The position of the page to go on with; `None` for the first.
    pub fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }

    /// How many items were delivered so far.
    pub fn delivered(&self) -> u64 {
        self.delivered
    }

    /// Whether there is nothing left to deliver.
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// Why it cannot be resumed there, if so.
    pub(super) fn refusal(&self, operation: &str, version: &str) -> Option<String> {
        if self.operation != operation {
            return Some(format!("the checkpoint is of {}, not of {operation}", self.operation));
        }
        (self.version != version)
            .then(|| format!("the checkpoint is of API version {}, and this call asks for {version}", self.version))
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

impl FromStr for Checkpoint {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        serde_json::from_str(text)
            .map_err(|error| Error::checkpoint("the text is no checkpoint").with_source(error.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_survives_text() {
        let checkpoint = Checkpoint {
            operation: "contacts.list".to_owned(),
            version: "2.15".to_owned(),
            cursor: Some("WzE=".to_owned()),
            skip: 3,
            delivered: 153,
            per_page: Some(150),
            done: false,
        };
        let text = checkpoint.to_string();
        assert_eq!(
            text,
            r#"{"operation":"contacts.list","version":"2.15","cursor":"WzE=","skip":3,"delivered":153,"per_page":150}"#
        );
        assert_eq!(text.parse::<Checkpoint>().unwrap(), checkpoint);
        assert!("{}".parse::<Checkpoint>().unwrap_err().is_checkpoint());
    }

    #[test]
    fn it_belongs_to_one_operation_and_version() {
        let checkpoint: Checkpoint = r#"{"operation":"contacts.list","version":"2.15"}"#.parse().unwrap();
        assert_eq!(checkpoint.refusal("contacts.list", "2.15"), None);
        assert!(checkpoint.refusal("companies.list", "2.15").unwrap().contains("companies.list"));
        assert!(checkpoint.refusal("contacts.list", "2.14").unwrap().contains("2.14"));
    }
}
