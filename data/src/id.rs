//! Identifiers, which the API writes as strings in some places and as integers in others.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::ser::{Serialize, Serializer};

/// An identifier. It is read from a string or an integer. Two identifiers are compared by their texts, so `7` equals `"7"`. The body of a
/// request contains it in the form that the description declares, if it can be converted; otherwise it keeps its original form.
#[derive(Clone)]
pub struct Id(Repr);

#[derive(Clone)]
enum Repr {
    Text(Box<str>),
    /// Short strings and all numbers are stored inline, without an allocation. Numbers are stored as text, so that `as_str`
    /// can return a reference.
    Short {
        number: bool,
        length: u8,
        text: [u8; SHORT],
    },
}

/// The capacity for inline text, with which an `Id` takes 24 bytes. The longest `i64` has 20 characters with its sign.
const SHORT: usize = 21;

impl Id {
    /// No identifier: the empty text.
    pub(crate) const EMPTY: Self = Self(Repr::Short { number: false, length: 0, text: [0; SHORT] });

    /// The identifier as text.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Repr::Text(text) => text,
            Repr::Short { .. } => std::str::from_utf8(self.as_bytes()).unwrap_or_default(),
        }
    }

    /// The identifier as bytes of UTF-8, without validation.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Repr::Text(text) => text.as_bytes(),
            Repr::Short { length, text, .. } => text.get(..usize::from(*length)).unwrap_or_default(),
        }
    }

    /// The identifier as a number, even if it was received as a string; `None` if it is not an integer within the range of `i64`.
    pub fn as_i64(&self) -> Option<i64> {
        self.as_str().parse().ok()
    }

    /// Whether it was received, or created, as a number.
    pub(crate) fn is_number(&self) -> bool {
        matches!(self.0, Repr::Short { number: true, .. })
    }

    fn short(text: &str, number: bool) -> Option<Self> {
        let mut bytes = [0; SHORT];
        bytes.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
        Some(Self(Repr::Short { number, length: text.len() as u8, text: bytes }))
    }

    pub(crate) fn from_text(text: Cow<'_, str>) -> Self {
        match Self::short(&text, false) {
            Some(short) => short,
            None => Self(Repr::Text(text.into_owned().into())),
        }
    }

    /// Whether the identifier is an empty string. For "nobody is assigned" the API sends `0`, which is not empty.
    pub fn is_empty(&self) -> bool {
        self.as_str().is_empty()
    }
}

impl Default for Id {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_number() { f.write_str(self.as_str()) } else { fmt::Debug::fmt(self.as_str(), f) }
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl PartialEq for Id {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Id {}

impl PartialOrd for Id {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Id {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl Hash for Id {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl AsRef<str> for Id {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl PartialEq<str> for Id {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Id {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl PartialEq<i64> for Id {
    fn eq(&self, other: &i64) -> bool {
        self.as_i64() == Some(*other)
    }
}

impl From<&str> for Id {
    fn from(text: &str) -> Self {
        Self::from_text(text.into())
    }
}

impl From<String> for Id {
    fn from(text: String) -> Self {
        Self::from_text(text.into())
    }
}

impl From<&String> for Id {
    fn from(text: &String) -> Self {
        text.as_str().into()
    }
}

impl From<&Id> for Id {
    fn from(id: &Id) -> Self {
        id.clone()
    }
}

impl From<i64> for Id {
    fn from(number: i64) -> Self {
        let mut buffer = itoa::Buffer::new();
        Self::short(buffer.format(number), true).unwrap_or_default()
    }
}

impl From<i32> for Id {
    fn from(number: i32) -> Self {
        i64::from(number).into()
    }
}

impl From<u32> for Id {
    fn from(number: u32) -> Self {
        i64::from(number).into()
    }
}

/// A number beyond `i64` is converted to text, so that no JSON parser loses digits of it. When JSON is read, such a number does
/// not fit an id, since it could not be written back as a number.
impl From<u64> for Id {
    fn from(number: u64) -> Self {
        match i64::try_from(number) {
            Ok(number) => number.into(),
            Err(_) => number.to_string().into(),
        }
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let number = if self.is_number() { self.as_i64() } else { None };
        match number {
            Some(number) => serializer.serialize_i64(number),
            None => serializer.serialize_str(self.as_str()),
        }
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct IdVisitor;

        impl Visitor<'_> for IdVisitor {
            type Value = Id;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an id (a string or an integer)")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Id, E> {
                Ok(text.into())
            }

            fn visit_string<E: Error>(self, text: String) -> Result<Id, E> {
                Ok(text.into())
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Id, E> {
                Ok(number.into())
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Id, E> {
                let number = i64::try_from(number).map_err(|_| E::custom(format!("an id beyond i64: {number}")))?;
                Ok(number.into())
            }
        }

        deserializer.deserialize_any(IdVisitor)
    }
}
