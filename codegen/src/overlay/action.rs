//! Applies an overlay action to a document.

use std::cmp::Reverse;

use serde_json::{Map, Value};

use super::{Action, Change};
use crate::diag::{Error, Result};
use crate::version::Version;

impl Action {
    pub(super) fn is_for(&self, version: Version) -> bool {
        self.versions.iter().all(|versions| versions.contains(version))
    }

    /// Changes everything that the target selects; returns how many places that is. After an error, the document is as before.
    pub(super) fn apply(&self, document: &mut Value, version: Version) -> Result<usize> {
        let places = self.places(document);
        if places.is_empty() {
            return Err(self.error(format!("`{}` selects nothing in {version}", self.target)).hint(
                "correct the target, leave the version out of `x-versions`, or remove the action if the description is \
                 correct now; `cargo xtask lint` lists all actions that select nothing",
            ));
        }
        self.check(document, &places)?;
        match &self.change {
            Change::Update(update) => self.update_all(document, &places, update)?,
            Change::Remove => places.iter().for_each(|place| remove(document, place)),
        }
        Ok(places.len())
    }

    /// Checks that the action may change what it selects.
    fn check(&self, document: &Value, places: &[String]) -> Result<()> {
        for place in places {
            let plain = document.pointer(place).is_some_and(|value| !value.is_object() && !value.is_array());
            if plain && !self.is_1_1 {
                return Err(self
                    .error(format!("the target {place} is a scalar, which Overlay 1.0 does not select"))
                    .hint("begin the document with `overlay: 1.1.0`, or target the object that holds the value"));
            }
            if place.is_empty() && matches!(self.change, Change::Remove) {
                let error = self.error("the target is the whole document");
                return Err(error.hint("remove parts of the document instead"));
            }
        }
        Ok(())
    }

    /// Updates all places or, if one cannot be updated, none.
    fn update_all(&self, document: &mut Value, places: &[String], update: &Value) -> Result<()> {
        let mut before: Vec<(&String, Value)> = Vec::new();
        for place in places {
            let target = document.pointer_mut(place);
            let updated = target.ok_or_else(|| {
                self.error(format!("the action has replaced the value that contained {place}"))
                    .hint("make it two actions")
            });
            let updated = updated.and_then(|target| {
                before.push((place, target.clone()));
                self.update(target, update, place)
            });
            if let Err(error) = updated {
                for (place, value) in before.into_iter().rev() {
                    if let Some(target) = document.pointer_mut(place) {
                        *target = value;
                    }
                }
                return Err(error);
            }
        }
        Ok(())
    }

    /// The JSON pointers of what the target selects, in the order in which the action changes them.
    pub(super) fn places(&self, document: &Value) -> Vec<String> {
        let nodes = self.path.query_located(document).dedup();
        let mut places: Vec<String> = nodes.locations().map(|location| location.to_json_pointer()).collect();
        if matches!(self.change, Change::Remove) {
            // Backwards, so that indexes in lists stay valid, and a value is removed before the value around it.
            places.sort_by_cached_key(|place| Reverse(segments(place)));
        }
        places
    }

    fn update(&self, target: &mut Value, update: &Value, place: &str) -> Result<()> {
        match (target, update) {
            (Value::Object(target), Value::Object(update)) => merge(target, update),
            (Value::Array(target), Value::Array(update)) if self.is_1_1 => target.extend(update.iter().cloned()),
            (Value::Array(target), entry) if !entry.is_array() => target.push(entry.clone()),
            (Value::Array(_), _) => {
                return Err(self
                    .error(format!("the target {place} is a list, and so is the update"))
                    .hint("begin the document with `overlay: 1.1.0`, or give one entry"));
            }
            (Value::Object(_), _) => {
                return Err(self
                    .error(format!("the target {place} is an object, but the update is not"))
                    .hint("write `update: {key: value}`"));
            }
            (_, Value::Object(_) | Value::Array(_)) => {
                return Err(self
                    .error(format!("the target {place} is a scalar, but the update is not"))
                    .hint("target the object that holds it, and write `update: {key: value}`"));
            }
            (target, update) => *target = update.clone(),
        }
        Ok(())
    }

    fn error(&self, message: impl Into<String>) -> Error {
        Error::new(&self.file, &self.pointer, message)
    }
}

/// Removes the value at a place other than the root.
fn remove(document: &mut Value, place: &str) {
    let Some((parent, key)) = place.rsplit_once('/') else { return };
    match document.pointer_mut(parent) {
        Some(Value::Object(parent)) => {
            // `remove` would move the last key into the gap.
            parent.shift_remove(&key.replace("~1", "/").replace("~0", "~"));
        }
        Some(Value::Array(parent)) => {
            if let Some(index) = key.parse().ok().filter(|index| *index < parent.len()) {
                parent.remove(index);
            }
        }
        // Unreachable: a value is removed before the value around it, see `places`.
        _ => {}
    }
}

/// The segments of a JSON pointer as a sort key: indexes are compared as numbers.
fn segments(pointer: &str) -> Vec<(Option<usize>, String)> {
    pointer.split('/').map(|segment| (segment.parse().ok(), segment.to_owned())).collect()
}

/// Merges an update into an object: objects are merged by key, lists are appended, other values are replaced.
fn merge(target: &mut Map<String, Value>, update: &Map<String, Value>) {
    for (key, update) in update {
        match (target.get_mut(key), update) {
            (Some(Value::Object(target)), Value::Object(update)) => merge(target, update),
            (Some(Value::Array(target)), Value::Array(update)) => target.extend(update.iter().cloned()),
            (Some(target), update) => *target = update.clone(),
            (None, update) => {
                target.insert(key.clone(), update.clone());
            }
        }
    }
}
