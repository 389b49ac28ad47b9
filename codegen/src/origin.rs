//! Where each value of a document comes from: a line of the description, or an overlay action.
//!
//! The origins form a tree with the structure of the document, to which the overlays' changes are applied again. It is
//! built only after an error, so that a run without errors does not pay for it.

use std::collections::HashMap;

use serde_json::{Map, Value};

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A line of the text, counted from 1.
    Line(usize),
    /// A step of the overlays (a platform feature, an action or a table), by its index in `Overlays::steps`.
    Action(usize),
}

/// A value: its origin and those of the values in it.
#[derive(Clone, Debug)]
pub(crate) struct Tree {
    pub(crate) origin: Origin,
    pub(crate) inside: Inside,
}

/// The values in it that have an origin of their own. Values that are not listed have the origin of the value around them.
#[derive(Clone, Debug)]
pub(crate) enum Inside {
    Nothing,
    Keys(HashMap<String, Tree>),
    Items(Vec<Tree>),
}

impl Tree {
    fn of(action: usize) -> Self {
        Self { origin: Origin::Action(action), inside: Inside::Nothing }
    }

    /// The origin of the value at a JSON pointer, or of the innermost value around it whose origin is known.
    pub(crate) fn find(&self, pointer: &str) -> Origin {
        let mut tree = self;
        for step in steps(pointer) {
            match tree.step(&step) {
                Some(inside) => tree = inside,
                None => break,
            }
        }
        tree.origin
    }

    /// The action that removed the value that is missing at a place, if an action did.
    pub(crate) fn removed(&self, pointer: &str) -> Option<Origin> {
        let tree = steps(pointer).try_fold(self, |tree, step| tree.step(&step))?;
        Some(tree.origin)
    }

    fn step(&self, step: &str) -> Option<&Self> {
        match &self.inside {
            Inside::Keys(keys) => keys.get(step),
            Inside::Items(items) => items.get(step.parse::<usize>().ok()?),
            Inside::Nothing => None,
        }
    }

    fn at_mut(&mut self, pointer: &str) -> Option<&mut Self> {
        steps(pointer).try_fold(self, |tree, step| match &mut tree.inside {
            Inside::Keys(keys) => keys.get_mut(&step),
            Inside::Items(items) => items.get_mut(step.parse::<usize>().ok()?),
            Inside::Nothing => None,
        })
    }

    /// Records an update of the value at a place.
    pub(crate) fn update(&mut self, place: &str, update: &Value, action: usize) {
        let Some(tree) = self.at_mut(place) else { return };
        match (&mut tree.inside, update) {
            (Inside::Items(items), Value::Array(update)) => items.extend(update.iter().map(|_| Self::of(action))),
            (Inside::Items(items), _) => items.push(Self::of(action)),
            (_, Value::Object(update)) => tree.merge(update, action),
            _ => *tree = Self::of(action),
        }
    }

    fn merge(&mut self, update: &Map<String, Value>, action: usize) {
        let Inside::Keys(keys) = &mut self.inside else {
            *self = Self::of(action);
            return;
        };
        for (key, update) in update {
            match (keys.get_mut(key), update) {
                (Some(tree @ Self { inside: Inside::Keys(_), .. }), Value::Object(update)) => {
                    tree.merge(update, action)
                }
                (Some(Self { inside: Inside::Items(items), .. }), Value::Array(update)) => {
                    items.extend(update.iter().map(|_| Self::of(action)));
                }
                _ => {
                    keys.insert(key.clone(), Self::of(action));
                }
            }
        }
    }

    /// Records changes whose places are not known, by comparison: every value that differs comes from the action.
    pub(crate) fn compare(&mut self, before: &Value, after: &Value, action: usize) {
        match (&mut self.inside, before, after) {
            (Inside::Keys(keys), Value::Object(before), Value::Object(after)) => {
                for (key, after) in after {
                    match (keys.get_mut(key), before.get(key)) {
                        (Some(tree), Some(before)) => tree.compare(before, after, action),
                        (None, Some(before)) if before == after => {}
                        _ => drop(keys.insert(key.clone(), Self::of(action))),
                    }
                }
            }
            (Inside::Items(items), Value::Array(before), Value::Array(after)) => {
                for (index, after) in after.iter().enumerate() {
                    match (items.get_mut(index), before.get(index)) {
                        (Some(tree), Some(before)) => tree.compare(before, after, action),
                        _ => items.push(Self::of(action)),
                    }
                }
            }
            _ if before == after => {}
            _ => *self = Self::of(action),
        }
    }

    /// Records the removal of a value. The key stays in the tree, so that error messages can name the action.
    pub(crate) fn remove(&mut self, place: &str, action: usize) {
        let Some((parent, key)) = place.rsplit_once('/') else { return };
        match self.at_mut(parent).map(|tree| &mut tree.inside) {
            Some(Inside::Keys(keys)) => {
                keys.insert(unescaped(key), Self::of(action));
            }
            Some(Inside::Items(items)) => {
                if let Some(index) = key.parse().ok().filter(|index| *index < items.len()) {
                    items.remove(index);
                }
            }
            _ => {}
        }
    }
}

fn steps(pointer: &str) -> impl Iterator<Item = String> + '_ {
    pointer.split('/').skip(1).map(unescaped)
}

fn unescaped(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}
