//! A JSON value that is parsed on first use.

use std::fmt;
use std::ops::Deref;
use std::sync::OnceLock;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

/// A JSON value that is kept as text until it is first used. It derefs to [`Value`].
///
/// Examples of responses are about a fifth of a catalog, and a program looks at few of them, so parsing all of them would delay its start.
#[derive(Clone)]
pub struct LazyValue {
    text: Box<str>,
    value: OnceLock<Value>,
}

impl Deref for LazyValue {
    type Target = Value;

    fn deref(&self) -> &Value {
        // The text was checked to be JSON when it was read. What serde_json refuses all the same, such as very deep nesting, becomes null.
        self.value.get_or_init(|| serde_json::from_str(&self.text).unwrap_or_default())
    }
}

impl From<Value> for LazyValue {
    fn from(value: Value) -> Self {
        Self { text: Box::default(), value: value.into() }
    }
}

impl PartialEq for LazyValue {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl fmt::Debug for LazyValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl Serialize for LazyValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (**self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for LazyValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Box::<RawValue>::deserialize(deserializer)?.into();
        Ok(Self { text, value: OnceLock::new() })
    }
}
