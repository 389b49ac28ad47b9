//! JSON objects with free keys, such as custom attributes, with typed access.

use std::fmt;
use std::sync::LazyLock;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use super::Timestamp;

/// A JSON object whose keys the description leaves open, such as custom attributes. It allocates nothing before a key is set.
///
/// The typed getters return `Ok(None)` if the key is absent or null. If the value has a different type than requested, they return an error
/// with the key, the value and the requested type.
#[derive(Clone, Default)]
pub struct Attributes(Option<Box<Map<String, Value>>>);

impl Attributes {
    /// An empty object.
    pub const fn new() -> Self {
        Self(None)
    }

    /// The raw value of a key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.as_map().get(key)
    }

    /// The value of a key as a string.
    ///
    /// # Errors
    /// If the value is not a string.
    pub fn get_str(&self, key: &str) -> Result<Option<&str>, AttributeError> {
        self.typed(key, "a string", Value::as_str)
    }

    /// The value of a key as a number.
    ///
    /// # Errors
    /// If the value is not a number.
    pub fn get_f64(&self, key: &str) -> Result<Option<f64>, AttributeError> {
        self.typed(key, "a number", Value::as_f64)
    }

    /// The value of a key as an integer.
    ///
    /// # Errors
    /// If the value is not an integer, or is beyond `i64`.
    pub fn get_i64(&self, key: &str) -> Result<Option<i64>, AttributeError> {
        self.typed(key, "an integer within i64", Value::as_i64)
    }

    /// The value of a key as a bool.
    ///
    /// # Errors
    /// If the value is not a bool.
    pub fn get_bool(&self, key: &str) -> Result<Option<bool>, AttributeError> {
        self.typed(key, "a bool", Value::as_bool)
    }

    /// The value of a key as a point in time: Unix seconds, as an integer or a string, or ISO 8601 text.
    ///
    /// # Errors
    /// If the value is none of these.
    pub fn get_timestamp(&self, key: &str) -> Result<Option<Timestamp>, AttributeError> {
        self.typed(key, "a time", |value| Timestamp::deserialize(value).ok())
    }

    /// The value of a key as a list.
    ///
    /// # Errors
    /// If the value is not an array.
    pub fn get_list(&self, key: &str) -> Result<Option<&[Value]>, AttributeError> {
        self.typed(key, "a list", |value| value.as_array().map(Vec::as_slice))
    }

    fn typed<'a, T>(
        &'a self,
        key: &str,
        expected: &'static str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, AttributeError> {
        match self.as_map().get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => match read(value) {
                Some(typed) => Ok(Some(typed)),
                None => Err(AttributeError { key: key.to_owned(), expected, found: value.clone() }),
            },
        }
    }

    /// Sets a key and returns the object, for method chaining.
    #[must_use]
    pub fn with(mut self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        self.insert(key, value);
        self
    }

    /// Sets a key. In an update, null deletes the value of a custom attribute.
    pub fn insert(&mut self, key: impl Into<String>, value: impl Into<Value>) {
        self.map_mut().insert(key.into(), value.into());
    }

    /// Sets a key to a point in time, as Unix seconds.
    pub fn insert_timestamp(&mut self, key: impl Into<String>, time: impl Into<Timestamp>) {
        self.map_mut().insert(key.into(), time.into().as_seconds().into());
    }

    /// Removes a key and returns its value.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        self.0.as_mut()?.remove(key)
    }

    /// The keys and values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.as_map().iter().map(|(key, value)| (key.as_str(), value))
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.as_map().len()
    }

    /// Whether there are no keys.
    pub fn is_empty(&self) -> bool {
        self.as_map().is_empty()
    }

    /// The underlying JSON object.
    pub fn as_map(&self) -> &Map<String, Value> {
        static EMPTY: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);
        match &self.0 {
            Some(map) => map,
            None => &EMPTY,
        }
    }

    fn map_mut(&mut self) -> &mut Map<String, Value> {
        self.0.get_or_insert_default()
    }

    /// Returns the underlying JSON object.
    pub fn into_inner(self) -> Map<String, Value> {
        self.0.map_or_else(Map::new, |map| *map)
    }
}

impl fmt::Debug for Attributes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Attributes").field(self.as_map()).finish()
    }
}

impl PartialEq for Attributes {
    fn eq(&self, other: &Self) -> bool {
        self.as_map() == other.as_map()
    }
}

impl From<Map<String, Value>> for Attributes {
    fn from(map: Map<String, Value>) -> Self {
        Self((!map.is_empty()).then(|| Box::new(map)))
    }
}

/// Fails if the value is not a JSON object.
impl TryFrom<Value> for Attributes {
    type Error = NotAnObject;

    fn try_from(value: Value) -> Result<Self, NotAnObject> {
        match value {
            Value::Object(map) => Ok(map.into()),
            other => Err(NotAnObject(other)),
        }
    }
}

/// The error of converting a JSON value that is not an object to [`Attributes`].
#[derive(Clone, Debug, PartialEq)]
pub struct NotAnObject(Value);

impl NotAnObject {
    /// The value.
    pub fn into_inner(self) -> Value {
        self.0
    }
}

impl fmt::Display for NotAnObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.0 {
            Value::Null => "null",
            Value::Bool(_) => "a bool",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        };
        write!(f, "attributes must be a JSON object, not {kind}")
    }
}

impl std::error::Error for NotAnObject {}

impl<K: Into<String>, V: Into<Value>> FromIterator<(K, V)> for Attributes {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        pairs.into_iter().map(|(key, value)| (key.into(), value.into())).collect::<Map<_, _>>().into()
    }
}

impl<K: Into<String>, V: Into<Value>, const N: usize> From<[(K, V); N]> for Attributes {
    fn from(pairs: [(K, V); N]) -> Self {
        pairs.into_iter().collect()
    }
}

impl Serialize for Attributes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_map().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Attributes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Map::deserialize(deserializer).map(Self::from)
    }
}

/// The error of a getter of [`Attributes`]: the value has a different type than requested.
#[derive(Clone, Debug)]
pub struct AttributeError {
    key: String,
    expected: &'static str,
    found: Value,
}

impl AttributeError {
    /// The attribute's key.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The actual value.
    pub fn found(&self) -> &Value {
        &self.found
    }
}

impl fmt::Display for AttributeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "attribute `{}` is {}, not {}", self.key, self.found, self.expected)
    }
}

impl std::error::Error for AttributeError {}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Attributes;

    #[test]
    fn empty_attributes_are_equal_however_they_became_empty() {
        let mut attributes = Attributes::new().with("plan", "pro");
        assert_eq!(attributes.remove("plan"), Some(json!("pro")));
        assert_eq!(attributes.remove("plan"), None);
        for empty in [Attributes::new(), Attributes::try_from(json!({})).unwrap(), attributes] {
            assert_eq!((&empty, empty.len()), (&Attributes::default(), 0));
            assert_eq!(serde_json::to_string(&empty).unwrap(), "{}");
            assert!(empty.into_inner().is_empty());
        }
    }
}
