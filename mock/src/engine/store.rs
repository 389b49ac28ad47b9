//! Collections of items, with an index of the places by which items are looked up.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

use super::place;

/// All collections of a workspace.
#[derive(Clone, Debug, Default)]
pub(crate) struct Store {
    collections: BTreeMap<String, Collection>,
    /// The scroll that is open, by operation.
    pub(crate) scrolls: BTreeMap<String, Scroll>,
}

/// A list that is read page by page with the same handle.
#[derive(Clone, Debug)]
pub(crate) struct Scroll {
    pub(crate) handle: String,
    /// The position of the last item that was answered.
    pub(crate) after: u64,
    /// When it was used last, in Unix seconds.
    pub(crate) used: u64,
}

/// An item with what the server knows of it.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) value: Value,
    /// When it was changed, in Unix seconds.
    pub(crate) changed: u64,
}

/// The items of one kind, in the order in which they were created.
#[derive(Clone, Debug, Default)]
pub(crate) struct Collection {
    items: BTreeMap<u64, Item>,
    next: u64,
    /// Positions of items by place and value.
    index: HashMap<String, HashMap<String, BTreeSet<u64>>>,
}

impl Store {
    pub(crate) fn collection(&self, name: &str) -> Option<&Collection> {
        self.collections.get(name)
    }

    /// The collection with this name, which is made where there is none.
    pub(crate) fn collection_mut(&mut self, name: &str) -> &mut Collection {
        if !self.collections.contains_key(name) {
            self.collections.insert(name.to_owned(), Collection::default());
        }
        self.collections.entry(name.to_owned()).or_default()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Collection)> {
        self.collections.iter().map(|(name, collection)| (name.as_str(), collection))
    }
}

impl Collection {
    /// Looks items up by these places from now on. There must be no items yet.
    pub(crate) fn index_by(&mut self, places: &BTreeSet<String>) {
        for place in places {
            self.index.entry(place.clone()).or_default();
        }
    }

    /// The position that the next item gets; each is used once.
    pub(crate) fn next(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// Lets the positions of later items begin after this one, unless it is so large that counting on could overflow.
    pub(crate) fn continue_after(&mut self, position: u64) {
        if position < u64::from(u32::MAX) {
            self.next = self.next.max(position);
        }
    }

    pub(crate) fn get(&self, position: u64) -> Option<&Item> {
        self.items.get(&position)
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = (u64, &Item)> {
        self.items.iter().map(|(position, item)| (*position, item))
    }

    pub(crate) fn put(&mut self, position: u64, item: Item) {
        self.remove(position);
        for (place, index) in &mut self.index {
            for value in values(&item.value, place) {
                index.entry(value).or_default().insert(position);
            }
        }
        self.items.insert(position, item);
    }

    pub(crate) fn remove(&mut self, position: u64) -> Option<Item> {
        let item = self.items.remove(&position)?;
        for (place, index) in &mut self.index {
            for value in values(&item.value, place) {
                if let Some(positions) = index.get_mut(&value) {
                    positions.remove(&position);
                    if positions.is_empty() {
                        index.remove(&value);
                    }
                }
            }
        }
        Some(item)
    }

    /// The positions of the items with a value at a place.
    pub(crate) fn find<'a>(&'a self, place: &'a str, value: &Value) -> Box<dyn Iterator<Item = u64> + 'a> {
        let value = place::text(value);
        if let Some(index) = self.index.get(place) {
            return Box::new(index.get(&value).into_iter().flatten().copied());
        }
        let has = move |item: &Item| values(&item.value, place).any(|it| it == value);
        Box::new(self.iter().filter(move |(_, item)| has(item)).map(|(position, _)| position))
    }
}

/// The strings and numbers at a place, as the index has them.
fn values(item: &Value, place: &str) -> impl Iterator<Item = String> {
    let mut found = Vec::new();
    place::each(item, place, &mut found);
    let scalars: Vec<String> =
        found.into_iter().filter(|value| value.is_string() || value.is_number()).map(place::text).collect();
    scalars.into_iter()
}
