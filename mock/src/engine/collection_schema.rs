//! What is known of a collection before any request: how its items look, and what a new workspace has.

use std::collections::{BTreeMap, BTreeSet};

use intercom_catalog::{Action, Catalog, Counted, Operation, Resource, Schema, Shape, example};
use serde_json::{Map, Value};

use super::blank::{Ids, blank};
use super::lists;
use super::store::Collection;
use super::template::date;

/// A collection as the catalog describes it.
#[derive(Clone, Debug, Default)]
pub(crate) struct CollectionSchema {
    /// The places by which items are looked up.
    pub(crate) places: BTreeSet<String>,
    /// The places of which no two items have the same value.
    pub(crate) unique: BTreeSet<String>,
    /// What a new item looks like before anything is known of it.
    pub(crate) blank: Value,
    /// The places in it that show the id, as JSON pointers.
    pub(crate) with_id: Vec<String>,
    /// An example of an item.
    pub(crate) shown: Value,
    pub(crate) ids: Ids,
    /// The type of an item.
    pub(crate) ty: Option<String>,
    /// The counts that other items keep of the items of this collection.
    pub(crate) counted: Vec<Counted>,
    /// The places of lists to which operations add parts with an id of their own, such as replies.
    pub(crate) parts: BTreeSet<String>,
    /// The items of a new workspace.
    pub(crate) seeds: Vec<Value>,
}

/// The collections of a version by their names.
pub(crate) fn of(catalog: &Catalog) -> BTreeMap<String, CollectionSchema> {
    let mut all: BTreeMap<String, CollectionSchema> = BTreeMap::new();
    let mut ranks: BTreeMap<String, usize> = BTreeMap::new();
    for operation in &catalog.operations {
        let Some(resource) = operation.resource.as_deref() else { continue };
        let collection = all.entry(resource.collection.clone()).or_default();
        collection.places.insert("id".to_owned());
        collection.places.extend(resource.find.keys().cloned());
        collection.unique.extend(resource.unique.iter().map(|unique| unique.place.clone()));
        collection.places.extend(collection.unique.iter().cloned());
        let changes = [&resource.changes].into_iter().chain(resource.cases.iter().map(|case| &case.changes));
        let pushed = changes.flat_map(|changes| &changes.push);
        let parts = pushed.filter(|(_, part)| part.get("id").and_then(Value::as_str) == Some("$id"));
        collection.parts.extend(parts.map(|(at, _)| at.clone()));
        if let Some(counted) = &resource.counted {
            collection.places.insert(counted.place.clone());
            collection.counted.push(counted.clone());
        }
        for defined in &resource.defined {
            all.entry(defined.collection.clone()).or_default().places.insert("name".to_owned());
        }
        if let Some(with) = &resource.with {
            let places = with.find.keys().cloned().chain(["id".to_owned()]);
            all.entry(with.collection.clone()).or_default().places.extend(places);
        }
        let collection = all.entry(resource.collection.clone()).or_default();
        let known = ranks.entry(resource.collection.clone()).or_insert(usize::MAX);
        let is_better = rank(resource) < *known;
        if !is_better && !resource.seeded {
            continue;
        }
        let Some((shown, schema)) = shown(catalog, operation, resource) else { continue };
        if resource.seeded {
            collection.seeds.extend(shown.iter().filter(|item| item.get("id").is_some()).cloned());
        }
        if is_better {
            *known = rank(resource);
            let shown = shown.into_iter().next();
            let shown = shown.unwrap_or_else(|| example::answer(catalog, &schema));
            collection.ids = Ids::like(shown.get("id"));
            collection.blank = blank(&shown, &resource.keep);
            collection.with_id = collection.ids.places(&collection.blank);
            collection.shown = shown;
            collection.ty = type_name(&schema);
        }
    }
    all
}

/// How well the example of an operation shows a new item; the lowest rank is best.
fn rank(resource: &Resource) -> usize {
    match resource.action {
        Action::Create | Action::Upsert => 0,
        Action::Find => 1,
        Action::List | Action::Search => 2,
        Action::Update | Action::Delete => 3,
    }
}

/// The items that the example of an operation shows, and their schema; `None` where it does not answer with items.
fn shown(catalog: &Catalog, operation: &Operation, resource: &Resource) -> Option<(Vec<Value>, Schema)> {
    let success = operation.success()?;
    let schema = success.schema.as_ref()?;
    if resource.answer.is_some() || resource.action == Action::Delete {
        return None;
    }
    let shown = success.examples.first().map(|example| Value::clone(&example.value));
    match resource.action {
        Action::List | Action::Search => {
            let place = lists::place(catalog, operation)?;
            let item = lists::item_schema(catalog, schema, &place)?;
            let listed = shown.as_ref().and_then(|shown| super::place::get(shown, &place)).and_then(Value::as_array);
            Some((listed.cloned().unwrap_or_default(), item))
        }
        _ => Some((shown.into_iter().filter(Value::is_object).collect(), schema.clone())),
    }
}

fn type_name(schema: &Schema) -> Option<String> {
    match &schema.shape {
        Shape::Type(name) => Some(name.clone()),
        Shape::Nullable(inner) => type_name(inner),
        _ => None,
    }
}

/// A time in the form of another one: a text, or Unix seconds.
pub(super) fn time_like(shown: Option<&Value>, now: u64) -> Value {
    if shown.is_some_and(Value::is_string) { Value::from(date(now)) } else { Value::from(now) }
}

impl CollectionSchema {
    /// The position and the id of the next item; no item has this id yet.
    pub(crate) fn next_id(&self, collection: &mut Collection) -> (u64, Value) {
        loop {
            let position = collection.next();
            let id = self.ids.at(position);
            if collection.find("id", &id).next().is_none() {
                return (position, id);
            }
        }
    }

    /// A new item with an id.
    pub(crate) fn item(&self, id: &Value, now: u64) -> Value {
        let mut item = self.blank.clone();
        self.ids.fill(&mut item, &self.with_id, id);
        if item.is_null() {
            item = Value::Object(Map::new());
        }
        if let Some(item) = item.as_object_mut() {
            item.insert("id".to_owned(), id.clone());
            for key in ["created_at", "updated_at"] {
                if item.contains_key(key) {
                    item.insert(key.to_owned(), time_like(self.shown.get(key), now));
                }
            }
        }
        item
    }
}
