//! Checkpoints: the position of pagination as text, to resume in another process.

use std::fmt;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::Paging;
use crate::error::Error;

/// The position of pagination. With it, another process can continue the same request.
///
/// It is converted from and to JSON by `Display` and [`FromStr`], or by serde. It contains no items and no token, but a cursor may encode
/// values of the last item. The text has a checksum. Parsing is an error if the text is truncated, or if a member was changed, added or
/// removed.
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
    /// The position of the page to request; `None` for the first page.
    pub(super) position: Option<String>,
    /// How many items from the beginning of that page on were delivered, so that they are skipped.
    pub(super) skip: u64,
    /// How many items were delivered in all.
    pub(super) delivered: u64,
    /// The page size, on which the number of a page depends.
    pub(super) per_page: Option<u32>,
    /// The number of items of the list, if pages are numbered.
    pub(super) total: Option<u64>,
    pub(super) done: bool,
}

/// The key of the checksum.
const CHECK: &str = "check";

impl Serialize for Checkpoint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = self.members();
        map.insert(CHECK.to_owned(), Value::from(self.checksum()));
        map.serialize(serializer)
    }
}

/// It is an error if a member is missing, was added or was changed. The checksum is a member, too, and must fit the others.
impl<'de> Deserialize<'de> for Checkpoint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut map = Map::<String, Value>::deserialize(deserializer)?;
        let check = map.remove(CHECK);
        Self::from_members(&map)
            .filter(|read| read.skip <= read.delivered && read.per_page != Some(0))
            .filter(|read| check == Some(Value::from(read.checksum())) && read.members() == map)
            .ok_or_else(|| D::Error::custom("a member is missing, was added, or was changed"))
    }
}

impl Checkpoint {
    /// All members except the checksum. Default values are left out.
    fn members(&self) -> Map<String, Value> {
        let count = |count: u64| (count > 0).then(|| Value::from(count));
        let members = [
            ("operation", Some(Value::from(self.operation.as_str()))),
            ("version", Some(Value::from(self.version.as_str()))),
            ("position", self.position.as_deref().map(Value::from)),
            ("skip", count(self.skip)),
            ("delivered", count(self.delivered)),
            ("per_page", self.per_page.map(Value::from)),
            ("total", self.total.map(Value::from)),
            ("done", self.done.then_some(Value::Bool(true))),
        ];
        members.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect()
    }

    fn from_members(map: &Map<String, Value>) -> Option<Self> {
        let text = |key| Some(map.get(key)?.as_str()?.to_owned());
        let count = |key| map.get(key).and_then(Value::as_u64);
        Some(Self {
            operation: text("operation")?,
            version: text("version")?,
            position: text("position"),
            skip: count("skip").unwrap_or(0),
            delivered: count("delivered").unwrap_or(0),
            per_page: count("per_page").and_then(|count| u32::try_from(count).ok()),
            total: count("total"),
            done: map.get("done").and_then(Value::as_bool).unwrap_or(false),
        })
    }

    /// The FNV-1a hash of the members. It detects accidental changes and manual edits, and is the same on every machine.
    fn checksum(&self) -> String {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        let mut add = |bytes: &[u8]| {
            // Four bytes of the length, because `usize` has only four on 32-bit machines.
            for byte in bytes.len().to_le_bytes().iter().take(4).chain(bytes) {
                hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
            }
        };
        // The members are hashed in a fixed order, since the order of keys in JSON depends on a feature of serde_json that another
        // crate may enable.
        for text in [Some(&self.operation), Some(&self.version), self.position.as_ref()] {
            add(text.map_or(&[], |text| text.as_bytes()));
        }
        for count in [Some(self.skip), Some(self.delivered), self.per_page.map(u64::from), self.total] {
            add(&count.unwrap_or(u64::MAX).to_le_bytes());
        }
        add(&[u8::from(self.position.is_some()), u8::from(self.done)]);
        format!("{hash:016x}")
    }

    /// The operation that the checkpoint belongs to, such as `contacts.list`.
    pub fn operation(&self) -> &str {
        &self.operation
    }

    /// The API version that the checkpoint belongs to.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The position of the page to request next, of which some items may have been delivered; `None` for the first page.
    pub fn position(&self) -> Option<&str> {
        self.position.as_deref()
    }

    /// How many items were delivered so far.
    pub fn delivered(&self) -> u64 {
        self.delivered
    }

    /// Whether all items were delivered.
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// Why the checkpoint cannot be used for a request; `None` if it can.
    pub(super) fn refusal_for(&self, operation: &str, version: &str, paging: &Paging) -> Option<String> {
        if self.operation != operation {
            return Some(format!("the checkpoint is of operation {}, not of {operation}", self.operation));
        }
        if self.version != version {
            return Some(format!(
                "the checkpoint is of API version {}, but this call requests {version}",
                self.version
            ));
        }
        let (count, max) = (self.per_page?, paging.max_per_page?);
        (count > max)
            .then(|| format!("the checkpoint has a page size of {count}, but {operation} allows at most {max}"))
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
            .map_err(|error| Error::invalid_checkpoint("the text is not a checkpoint").with_source(error.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Location, PagingStyle};
    use super::*;

    fn checkpoint() -> Checkpoint {
        Checkpoint {
            operation: "contacts.list".to_owned(),
            version: "2.15".to_owned(),
            position: Some("WzE=".to_owned()),
            skip: 3,
            delivered: 153,
            per_page: Some(150),
            total: Some(400),
            done: false,
        }
    }

    #[test]
    fn a_checkpoint_round_trips_through_text() {
        let text = checkpoint().to_string();
        let expected = serde_json::json!({
            "operation": "contacts.list", "version": "2.15", "position": "WzE=", "skip": 3, "delivered": 153,
            "per_page": 150, "total": 400, "check": "0b91660ff1270a70",
        });
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), expected);
        assert_eq!(text.parse::<Checkpoint>().unwrap(), checkpoint());
    }

    #[test]
    fn a_changed_text_is_refused() {
        let value: Value = checkpoint().to_string().parse().unwrap();
        let mut changed: Vec<Value> = Vec::new();
        for key in value.as_object().unwrap().keys() {
            for other in [Value::from(u64::MAX), Value::from(-1), Value::from("x"), Value::Null, Value::from(1)] {
                let mut value = value.clone();
                value[key.as_str()] = other;
                changed.push(value);
            }
            let mut without = value.clone();
            without.as_object_mut().unwrap().remove(key);
            changed.push(without);
        }
        let mut more = value.clone();
        more["more"] = Value::from(1);
        changed.extend([more, Value::Null, serde_json::json!({}), serde_json::json!([])]);
        for changed in changed {
            assert!(changed.to_string().parse::<Checkpoint>().unwrap_err().is_checkpoint(), "{changed}");
        }
    }

    #[test]
    fn a_checkpoint_is_only_valid_for_its_operation_version_and_page_size() {
        let paging = Paging::new(PagingStyle::Cursor, Location::Query, "", &[]).max_per_page(150);
        let mut checkpoint = checkpoint();
        assert_eq!(checkpoint.refusal_for("contacts.list", "2.15", &paging), None);
        assert!(checkpoint.refusal_for("companies.list", "2.15", &paging).unwrap().contains("companies.list"));
        assert!(checkpoint.refusal_for("contacts.list", "2.14", &paging).unwrap().contains("2.14"));
        checkpoint.per_page = Some(151);
        assert!(checkpoint.refusal_for("contacts.list", "2.15", &paging).unwrap().contains("151"));
    }
}
