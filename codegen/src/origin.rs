//! Where each value of a document comes from: a line of its text, or a step of the overlays.
//!
//! The origins form a tree with the structure of the document, to which the changes of the steps are applied again. It is
//! built to find the place of an error.

use std::collections::HashMap;

use serde_json::{Map, Value};

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A line of the text, counted from 1.
    Line(usize),
    /// A step of the overlays (a platform feature, an action or a table), by its index in `Overlays::steps`.
    Step(usize),
}

/// A value: its origin and those of the values in it.
#[derive(Clone, Debug)]
pub(crate) struct Tree {
    pub(crate) origin: Origin,
    pub(crate) inside: Inside,
}

/// The values inside a value that have an origin of their own. Values that are not listed have the origin of the value around them.
#[derive(Clone, Debug)]
pub(crate) enum Inside {
    Nothing,
    Keys(HashMap<String, Tree>),
    Items(Vec<Tree>),
}

impl Tree {
    fn of(overlay_step: usize) -> Self {
        Self { origin: Origin::Step(overlay_step), inside: Inside::Nothing }
    }

    /// The origin of the value at a JSON pointer, or of the innermost value around it whose origin is known.
    pub(crate) fn find(&self, pointer: &str) -> Origin {
        let mut tree = self;
        for segment in segments(pointer) {
            match tree.child(&segment) {
                Some(inside) => tree = inside,
                None => break,
            }
        }
        tree.origin
    }

    /// The origin of exactly this place; `None` if it is not in the tree. A key that an overlay step removed is still in it, with the
    /// step as its origin (see [`remove`](Self::remove)).
    pub(crate) fn find_exact(&self, pointer: &str) -> Option<Origin> {
        let tree = segments(pointer).try_fold(self, |tree, segment| tree.child(&segment))?;
        Some(tree.origin)
    }

    fn child(&self, segment: &str) -> Option<&Self> {
        match &self.inside {
            Inside::Keys(keys) => keys.get(segment),
            Inside::Items(items) => items.get(segment.parse::<usize>().ok()?),
            Inside::Nothing => None,
        }
    }

    fn at_mut(&mut self, pointer: &str) -> Option<&mut Self> {
        segments(pointer).try_fold(self, |tree, segment| match &mut tree.inside {
            Inside::Keys(keys) => keys.get_mut(&segment),
            Inside::Items(items) => items.get_mut(segment.parse::<usize>().ok()?),
            Inside::Nothing => None,
        })
    }

    /// Records an update of the value at a place.
    pub(crate) fn update(&mut self, place: &str, update: &Value, overlay_step: usize) {
        let Some(tree) = self.at_mut(place) else { return };
        match (&mut tree.inside, update) {
            (Inside::Items(items), Value::Array(update)) => items.extend(update.iter().map(|_| Self::of(overlay_step))),
            (Inside::Items(items), _) => items.push(Self::of(overlay_step)),
            (_, Value::Object(update)) => tree.merge(update, overlay_step),
            _ => *tree = Self::of(overlay_step),
        }
    }

    fn merge(&mut self, update: &Map<String, Value>, overlay_step: usize) {
        let Inside::Keys(keys) = &mut self.inside else {
            *self = Self::of(overlay_step);
            return;
        };
        for (key, update) in update {
            match (keys.get_mut(key), update) {
                (Some(tree @ Self { inside: Inside::Keys(_), .. }), Value::Object(update)) => {
                    tree.merge(update, overlay_step)
                }
                (Some(Self { inside: Inside::Items(items), .. }), Value::Array(update)) => {
                    items.extend(update.iter().map(|_| Self::of(overlay_step)));
                }
                _ => {
                    keys.insert(key.clone(), Self::of(overlay_step));
                }
            }
        }
    }

    /// Records changes whose places are not known, by comparison: values that are new or different come from the step.
    pub(crate) fn compare(&mut self, before: &Value, after: &Value, overlay_step: usize) {
        match (&mut self.inside, before, after) {
            (Inside::Keys(keys), Value::Object(before), Value::Object(after)) => {
                for (key, after) in after {
                    match (keys.get_mut(key), before.get(key)) {
                        (Some(tree), Some(before)) => tree.compare(before, after, overlay_step),
                        (None, Some(before)) if before == after => {}
                        _ => drop(keys.insert(key.clone(), Self::of(overlay_step))),
                    }
                }
            }
            (Inside::Items(items), Value::Array(before), Value::Array(after)) => {
                for (index, after) in after.iter().enumerate() {
                    match (items.get_mut(index), before.get(index)) {
                        (Some(tree), Some(before)) => tree.compare(before, after, overlay_step),
                        _ => items.push(Self::of(overlay_step)),
                    }
                }
            }
            _ if before == after => {}
            _ => *self = Self::of(overlay_step),
        }
    }

    /// Records the removal of a value. A removed key stays in the tree, so that error messages can name the step; a removed
    /// item of a list does not, since the items after it move.
    pub(crate) fn remove(&mut self, place: &str, overlay_step: usize) {
        let Some((parent, key)) = place.rsplit_once('/') else { return };
        match self.at_mut(parent).map(|tree| &mut tree.inside) {
            Some(Inside::Keys(keys)) => {
                keys.insert(unescaped(key), Self::of(overlay_step));
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

fn segments(pointer: &str) -> impl Iterator<Item = String> + '_ {
    pointer.split('/').skip(1).map(unescaped)
}

fn unescaped(segment: &str) -> String {
    segment.replace("~1", "/").replace("~0", "~")
}
