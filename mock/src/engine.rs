//! What operations do to the collections of a workspace.
//!
//! Nothing here knows an operation or a collection: both are data of the catalog.

mod also;
mod attributes;
mod blank;
mod change;
mod collection_schema;
mod compare;
mod counts;
mod cursor;
mod lists;
mod pages;
mod place;
mod search;
mod store;
mod template;

use std::collections::BTreeMap;
use std::time::Duration;

use intercom_catalog::{Action, Catalog, Operation, Related, Resource};
use serde_json::{Map, Value};

use crate::answer::{Answer, Content, Refusal, Source};
use crate::checks::codes;
use crate::examples;
pub(crate) use collection_schema::{CollectionSchema, of as collections};
use store::Item;
pub(crate) use store::Store;
use template::Scope;

/// A call of an operation that has a resource.
#[derive(Clone, Copy)]
pub(crate) struct Call<'a> {
    pub(crate) catalog: &'a Catalog,
    pub(crate) operation: &'a Operation,
    pub(crate) resource: &'a Resource,
    pub(crate) collections: &'a BTreeMap<String, CollectionSchema>,
    pub(crate) path: &'a [(String, String)],
    pub(crate) query: &'a [(String, String)],
    pub(crate) body: &'a Value,
    /// The base URL that was called.
    pub(crate) server: &'a str,
    /// The path as it was sent.
    pub(crate) target: &'a str,
    pub(crate) now: u64,
    /// How long a change takes to be found by searches.
    pub(crate) search_delay: Duration,
    /// Whether a missing item that a call names is created from the example.
    pub(crate) make_missing: bool,
    /// Whether anybody receives the notifications.
    pub(crate) notifies: bool,
    /// What is done to the item: `created`, `updated` or `deleted`.
    pub(crate) done: &'static str,
    /// The last item of the operations of [`Resource::also`].
    pub(crate) also_item: &'a Value,
    /// How many of these were refused.
    pub(crate) failed: u64,
}

/// The result of a call.
pub(crate) struct Effect {
    pub(crate) answer: Answer,
    /// The item that the call created, changed or removed; null if it only read.
    item: Value,
    /// The topics and the items of its webhook notifications.
    pub(crate) notifications: Vec<(String, Value)>,
}

impl Effect {
    /// The result of a call that changes nothing.
    fn answered(answer: Answer) -> Self {
        Self { answer, item: Value::Null, notifications: Vec::new() }
    }
}

/// An item with its position in its collection.
struct Found {
    position: u64,
    value: Value,
}

/// The participle of an action, for `$done` in templates: `created`, `updated` or `deleted`.
pub(crate) fn done(action: Action) -> &'static str {
    match action {
        Action::Create => "created",
        Action::Delete => "deleted",
        _ => "updated",
    }
}

/// Puts the items of a new workspace into a store.
pub(crate) fn seed(store: &mut Store, collections: &BTreeMap<String, CollectionSchema>, now: u64) {
    for (name, schema) in collections {
        let collection = store.collection_mut(name);
        collection.index_by(&schema.places);
        for seed in &schema.seeds {
            let position = collection.next();
            collection.put(position, Item { value: seed.clone(), changed: now });
        }
        for seed in &schema.seeds {
            change::count_parts(store, schema, seed);
        }
    }
}

/// Adds an item that a test gives. Fields that it lacks are as in a new item. An item with the same id is replaced.
pub(crate) fn add(store: &mut Store, schema: Option<&CollectionSchema>, name: &str, given: Value, now: u64) -> Value {
    let default = CollectionSchema::default();
    let schema = schema.unwrap_or(&default);
    let collection = store.collection_mut(name);
    let (position, id) = match given.get("id") {
        Some(id) => {
            let known = collection.find("id", id).next();
            (known.unwrap_or_else(|| collection.next()), id.clone())
        }
        None => schema.next_id(collection),
    };
    let mut value = schema.item(&id, now);
    place::merge(&mut value, given);
    let replaced = collection.get(position).map(|item| item.value.clone());
    collection.put(position, Item { value: value.clone(), changed: now });
    change::count_parts(store, schema, &value);
    counts::refresh(store, &schema.counted, name, replaced.iter().chain([&value]));
    value
}

/// Runs the operations of [`Resource::also`], then the operation itself.
pub(crate) fn run(store: &mut Store, call: &Call<'_>) -> Result<Effect, Refusal> {
    if call.resource.also.is_empty() {
        return act(store, call);
    }
    let also::AlsoResult { item, failed, mut notifications } = also::run(store, call)?;
    let mut effect = act(store, &Call { also_item: &item, failed, ..*call })?;
    notifications.append(&mut effect.notifications);
    Ok(Effect { notifications, ..effect })
}

fn act(store: &mut Store, call: &Call<'_>) -> Result<Effect, Refusal> {
    attributes::check(store, call)?;
    let other = match &call.resource.with {
        Some(with) => call.related(store, with)?,
        None => None,
    };
    let other = other.as_ref();
    match call.resource.action {
        Action::Create => change::create(store, call, other),
        Action::Upsert => match call.target_item(store, other)? {
            Some(found) => change::update(store, call, found, other),
            None => change::create(store, &Call { done: "created", ..*call }, other),
        },
        Action::Find | Action::Update => {
            let found = call.target_item(store, other)?.ok_or_else(|| call.not_found(&call.resource.collection))?;
            change::update(store, call, found, other)
        }
        Action::Delete => {
            let found = call.target_item(store, other)?.ok_or_else(|| call.not_found(&call.resource.collection))?;
            change::delete(store, call, found, other)
        }
        Action::List => pages::list(store, call, other),
        Action::Search => pages::search(store, call),
    }
}

impl<'a> Call<'a> {
    /// What is known of the collection that the operation is about.
    fn schema(&self) -> Option<&'a CollectionSchema> {
        self.collections.get(&self.resource.collection)
    }

    fn scope<'s>(&'s self, item: &'s Value, other: Option<&'s Found>, id: &'s Value) -> Scope<'s> {
        let Call { path, query, body, now, server, done, also_item, failed, .. } = *self;
        let other = other.map_or(&Value::Null, |other| &other.value);
        Scope { path, query, body, item, other, also_item, failed, id, now, server, done }
    }

    /// The item of the collection that the call is about; `None` if it does not exist, or if an upsert names none.
    fn target_item(&self, store: &mut Store, other: Option<&Found>) -> Result<Option<Found>, Refusal> {
        let scope = self.scope(&Value::Null, other, &Value::Null);
        let Some((place, value)) = self.key(&self.resource.find, &scope) else {
            return match self.resource.action {
                Action::Upsert => Ok(None),
                _ => Err(self.missing_key(&self.resource.find)),
            };
        };
        let made = self.make_missing && self.resource.action != Action::Upsert;
        Ok(match find(store, &self.resource.collection, place, &value) {
            None if made => self.make(store, &self.resource.collection, place, value),
            found => found,
        })
    }

    /// Creates an item from the example, with a value at a place and without the values that must be unique.
    fn make(&self, store: &mut Store, collection: &str, place: &str, value: Value) -> Option<Found> {
        let mut item = self.collections.get(collection)?.shown.clone();
        if !item.is_object() {
            return None;
        }
        for unique in &self.collections.get(collection)?.unique {
            place::set(&mut item, unique, Value::Null);
        }
        place::set(&mut item, place, value.clone());
        add(store, self.collections.get(collection), collection, item, self.now);
        find(store, collection, place, &value)
    }

    fn related(&self, store: &mut Store, with: &Related) -> Result<Option<Found>, Refusal> {
        let scope = self.scope(&Value::Null, None, &Value::Null);
        let Some((place, value)) = self.key(&with.find, &scope) else {
            return if with.optional { Ok(None) } else { Err(self.missing_key(&with.find)) };
        };
        match find(store, &with.collection, place, &value) {
            None if with.optional => Ok(None),
            None if self.make_missing => match self.make(store, &with.collection, place, value) {
                None => Err(self.not_found(&with.collection)),
                made => Ok(made),
            },
            None => Err(self.not_found(&with.collection)),
            found => Ok(found),
        }
    }

    /// The first place for which the call has a value, and the value.
    fn key<'f>(&self, find: &'f Map<String, Value>, scope: &Scope<'_>) -> Option<(&'f str, Value)> {
        if find.is_empty() {
            return self.path.last().map(|(_, value)| ("id", Value::from(value.as_str())));
        }
        let given = find.iter().filter_map(|(place, template)| Some((place.as_str(), scope.value(template)?)));
        given.into_iter().find(|(_, value)| !value.is_null() && value.as_str() != Some(""))
    }

    fn missing_key(&self, find: &Map<String, Value>) -> Refusal {
        let names: Vec<String> = find.values().map(|template| place::text(template).replace('$', "")).collect();
        Refusal::new(400, "parameter_not_found", format!("One of these has to be given: {}.", names.join(", ")))
    }

    /// The refusal where an item does not exist. Its code names the kind of item if the operation's examples show such a code.
    fn not_found(&self, collection: &str) -> Refusal {
        let singular = match collection.strip_suffix("ies") {
            Some(stem) => format!("{stem}y"),
            None => collection.strip_suffix('s').unwrap_or(collection).to_owned(),
        };
        let own = format!("{singular}_not_found");
        let has = |wanted: &str| codes(self.operation, "404").any(|code| code == wanted);
        let code = if has(&own) { &own } else { "not_found" };
        Refusal::new(404, code, format!("The {} was not found.", singular.replace('_', " ")))
    }

    /// An answer with the status of the operation's success.
    fn answer(&self, body: Option<Value>) -> Answer {
        let status = self.operation.success().map_or(200, examples::status);
        Answer::new(status, body.map_or(Content::Empty, Content::Json), Source::State)
    }
}

fn find(store: &Store, collection: &str, place: &str, value: &Value) -> Option<Found> {
    let collection = store.collection(collection)?;
    let position = collection.find(place, value).next()?;
    Some(Found { position, value: collection.get(position)?.value.clone() })
}
