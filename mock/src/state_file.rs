//! The state of a server as JSON: collections with their items.

use std::fmt;

use serde_json::{Map, Value};

use crate::engine::{self, Store};
use crate::model::Model;

/// The items of all collections that have some.
pub(crate) fn save(store: &Store) -> Value {
    let collections = store.iter().filter_map(|(name, collection)| {
        let items: Vec<Value> = collection.iter().map(|(_, item)| item.value.clone()).collect();
        (!items.is_empty()).then(|| (name.to_owned(), Value::Array(items)))
    });
    Value::Object(collections.collect::<Map<_, _>>())
}

/// Adds items. An item that has the id of a new one is replaced.
pub(crate) fn load(store: &mut Store, model: &Model, state: Value, now: u64) -> Result<(), StateError> {
    let Value::Object(collections) = state else {
        return Err(StateError::new(
            "",
            "expected an object of collections, such as {\"contacts\": [{\"email\": \"a@example.com\"}]}",
        ));
    };
    for (name, items) in &collections {
        let place = format!("/{name}");
        if !model.collections.contains_key(name) {
            let known: Vec<&str> = model.collections.keys().map(String::as_str).collect();
            let message =
                format!("version {} has no such collection; it has {}", model.catalog.version, known.join(", "));
            return Err(StateError::new(place, message));
        }
        let Some(items) = items.as_array() else { return Err(StateError::new(place, "expected a list of items")) };
        if let Some(index) = items.iter().position(|item| !item.is_object()) {
            return Err(StateError::new(format!("{place}/{index}"), "expected an item, which is an object"));
        }
    }
    for (name, items) in collections {
        for item in items.as_array().into_iter().flatten() {
            engine::add(store, model.collections.get(&name), &name, item.clone(), now);
        }
    }
    Ok(())
}

/// Why a state cannot be loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateError {
    pointer: String,
    message: String,
}

impl StateError {
    fn new(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), message: message.into() }
    }

    /// Where the mistake is, as a JSON pointer.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }
}

impl fmt::Display for StateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.pointer.is_empty() {
            return f.write_str(&self.message);
        }
        write!(f, "{}: {}", self.pointer, self.message)
    }
}

impl std::error::Error for StateError {}
