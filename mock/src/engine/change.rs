//! Operations that add, change, return or remove one item.

use intercom_catalog::check::{Rules, check};
use intercom_catalog::{Changes, Definition, Schema};
use serde_json::{Map, Value};

use super::collection_schema::time_like;
use super::place;
use super::store::{Item, Store};
use super::template::Scope;
use super::{Call, CollectionSchema, Effect, Found, counts};
use crate::answer::Refusal;
use crate::examples;

pub(super) fn create(store: &mut Store, call: &Call<'_>, other: Option<&Found>) -> Result<Effect, Refusal> {
    let unknown = CollectionSchema::default();
    let schema = call.schema().unwrap_or(&unknown);
    let (position, id) = schema.next_id(store.collection_mut(&call.resource.collection));
    let mut item = schema.item(&id, call.now);
    copy(call, &mut item);
    apply(call, &mut item, other, &id);
    finish(store, call, Found { position, value: item }, other, &id)
}

pub(super) fn update(
    store: &mut Store,
    call: &Call<'_>,
    mut found: Found,
    other: Option<&Found>,
) -> Result<Effect, Refusal> {
    // `Find` is carried out here, too. It changes the item only if it has cases, such as the status of an export that advances each time.
    if call.operation.http_method == "GET" && call.resource.cases.is_empty() {
        return Ok(Effect::answered(call.answer(answer(call, &found.value, other, &Value::Null))));
    }
    copy(call, &mut found.value);
    if let Some(updated) = found.value.get_mut("updated_at").filter(|_| call.operation.http_method != "GET") {
        *updated = time_like(Some(updated), call.now);
    }
    // An id for a part that this call may add, such as a reply.
    let part = super::blank::Ids::default().at(store.collection_mut(PARTS).next());
    apply(call, &mut found.value, other, &part);
    finish(store, call, found, other, &part)
}

/// The name of a collection without items. It is a counter: its next position is the id of the next part, such as a reply.
const PARTS: &str = "parts of items";

/// Lets the ids of new parts begin after those that an item from outside has, such as one of a saved state.
pub(super) fn count_parts(store: &mut Store, schema: &CollectionSchema, item: &Value) {
    let parts = schema.parts.iter().filter_map(|at| place::get(item, at)?.as_array()).flatten();
    let ids = parts.filter_map(|part| place::text(part.get("id")?).parse().ok());
    if let Some(highest) = ids.max() {
        store.collection_mut(PARTS).continue_after(highest);
    }
}

pub(super) fn delete(
    store: &mut Store,
    call: &Call<'_>,
    found: Found,
    other: Option<&Found>,
) -> Result<Effect, Refusal> {
    remove(store, call, &call.resource.collection, &found);
    let body = match &call.resource.answer {
        Some(_) => answer(call, &found.value, other, &Value::Null),
        None => example_of(call, &found.value),
    };
    let notifications = notification(call, &found.value, other, &Value::Null).into_iter().collect();
    Ok(Effect { answer: call.answer(body), item: found.value, notifications })
}

fn remove(store: &mut Store, call: &Call<'_>, collection: &str, found: &Found) {
    store.collection_mut(collection).remove(found.position);
    if let Some(schema) = call.collections.get(collection) {
        counts::refresh(store, &schema.counted, collection, [&found.value].into_iter());
    }
}

/// Stores the item, unless a value that has to be unique is taken, and makes the answer and the notification of it.
fn finish(
    store: &mut Store,
    call: &Call<'_>,
    found: Found,
    other: Option<&Found>,
    id: &Value,
) -> Result<Effect, Refusal> {
    unique(store, call, &found)?;
    let Found { position, value: item } = found;
    if call.resource.drop
        && let (Some(other), Some(with)) = (other, &call.resource.with)
    {
        remove(store, call, &with.collection, other);
    }
    let counted = call.schema().map_or(&[][..], |schema| &schema.counted);
    let collection = store.collection_mut(&call.resource.collection);
    let before = collection.get(position).filter(|_| !counted.is_empty()).map(|item| item.value.clone());
    collection.put(position, Item { value: item.clone(), changed: call.now });
    counts::refresh(store, counted, &call.resource.collection, before.iter().chain([&item]));
    // The refreshed count may be in the other item, so it is read again.
    let again = call.resource.with.as_ref().filter(|_| !counted.is_empty()).zip(other).and_then(|(with, other)| {
        let value = store.collection(&with.collection)?.get(other.position)?.value.clone();
        Some(Found { position: other.position, value })
    });
    let other = again.as_ref().or(other);
    let body = answer(call, &item, other, id);
    let notifications = notification(call, &item, other, id).into_iter().collect();
    Ok(Effect { answer: call.answer(body), item, notifications })
}

/// Copies those properties of the body that the item has or its type declares, if their values match the declared schema or are null.
/// Objects are merged.
fn copy(call: &Call<'_>, item: &mut Value) {
    let (Some(body), Some(item)) = (call.body.as_object(), item.as_object_mut()) else { return };
    let ignore = &call.resource.ignore;
    if ignore.iter().any(|key| key == "*") {
        return;
    }
    let ty = call.schema().and_then(|schema| schema.ty.as_deref());
    for (key, value) in body {
        if matches!(key.as_str(), "id" | "type") || ignore.contains(key) {
            continue;
        }
        let schema = ty.and_then(|ty| property(call, ty, key));
        let known = item.get(key);
        if known.is_none() && schema.is_none() {
            continue;
        }
        match item.get_mut(key) {
            Some(known) if known.is_object() && value.is_object() => place::merge(known, value.clone()),
            _ => {
                let fits = |schema| check(call.catalog, schema, value, Rules::RESPONSE).is_empty();
                if schema.is_none_or(fits) || value.is_null() {
                    item.insert(key.clone(), value.clone());
                }
            }
        }
    }
}

fn property<'a>(call: &Call<'a>, ty: &str, key: &str) -> Option<&'a Schema> {
    match &call.catalog.type_named(ty)?.definition {
        Definition::Object { properties, .. } => {
            properties.iter().find(|property| property.name == key).map(|property| &property.schema)
        }
        _ => None,
    }
}

/// Makes the changes that the resource lists, and those of its cases.
fn apply(call: &Call<'_>, item: &mut Value, other: Option<&Found>, id: &Value) {
    let resource = call.resource;
    if resource.fill
        && let Some(other) = other
    {
        fill(item, &other.value);
    }
    if resource.changes == Changes::default() && resource.cases.is_empty() {
        return;
    }
    let before = item.clone();
    let scope = call.scope(&before, other, id);
    change(item, &resource.changes, &scope);
    for case in &resource.cases {
        if holds(&case.of, &case.is, &scope) {
            change(item, &case.changes, &scope);
        }
    }
}

/// Whether a template has this value; `"*"` means any value but null.
fn holds(of: &str, is: &Value, scope: &Scope<'_>) -> bool {
    let value = scope.text(of).filter(|value| !value.is_null());
    value.is_some_and(|value| is.as_str() == Some("*") || place::same(&value, is))
}

fn change(item: &mut Value, changes: &Changes, scope: &Scope<'_>) {
    for (at, template) in &changes.set {
        if let Some(value) = scope.value(template) {
            place::set(item, at, value);
        }
    }
    for (at, template) in &changes.push {
        if let Some(value) = scope.value(template)
            && let Some(list) = place::list(item, at)
        {
            match list.iter_mut().find(|known| same_id(known, &value)) {
                Some(known) => place::merge(known, value),
                None => list.push(value),
            }
            count(item, at);
        }
    }
    for (at, template) in &changes.edit {
        let list = place::list(item, at).into_iter().flatten();
        if let Some(value) = scope.value(template)
            && let Some(known) = list.into_iter().find(|known| same_id(known, &value))
        {
            place::merge(known, value);
        }
    }
    for (at, template) in &changes.add {
        let number = |value: Option<&Value>| value.and_then(Value::as_i64).unwrap_or_default();
        let sum = number(place::get(item, at)) + number(scope.value(template).as_ref());
        place::set(item, at, Value::from(sum));
    }
    for (at, template) in &changes.remove {
        if let Some(id) = scope.value(template)
            && let Some(list) = place::list(item, at)
        {
            list.retain(|value| !value.get("id").is_some_and(|it| place::same(it, &id)));
            count(item, at);
        }
    }
}

fn same_id(left: &Value, right: &Value) -> bool {
    matches!((left.get("id"), right.get("id")), (Some(left), Some(right)) if place::same(left, right))
}

/// Updates the `total_count` beside a list, if there is one.
fn count(item: &mut Value, at: &str) {
    let Some((parent, _)) = at.rsplit_once('.') else { return };
    let length = place::get(item, at).and_then(Value::as_array).map_or(0, Vec::len);
    if place::get(item, parent).is_some_and(|parent| parent.get("total_count").is_some()) {
        place::set(item, &format!("{parent}.total_count"), Value::from(length));
    }
}

/// Takes what an item lacks from another one.
fn fill(item: &mut Value, other: &Value) {
    let (Some(item), Some(other)) = (item.as_object_mut(), other.as_object()) else { return };
    for (key, value) in other {
        match item.get_mut(key) {
            Some(known) if known.is_object() && value.is_object() => fill(known, value),
            Some(Value::Null) | None => {
                item.insert(key.clone(), value.clone());
            }
            Some(_) => {}
        }
    }
}

/// Refuses an item whose unique value another item already has.
fn unique(store: &Store, call: &Call<'_>, found: &Found) -> Result<(), Refusal> {
    let Some(collection) = store.collection(&call.resource.collection) else { return Ok(()) };
    let among = |unique: &intercom_catalog::Unique, item: &Value| {
        unique.among.iter().all(|(at, value)| place::get(item, at).is_some_and(|it| place::same(it, value)))
    };
    for unique in &call.resource.unique {
        let value = place::get(&found.value, &unique.place);
        let Some(value) = value.filter(|value| !value.is_null() && value.as_str() != Some("")) else { continue };
        if !among(unique, &found.value) {
            continue;
        }
        let same = collection.find(&unique.place, value).filter(|position| *position != found.position);
        let same = same.filter_map(|position| collection.get(position)).find(|item| among(unique, &item.value));
        if let Some(same) = same {
            let id = same.value.get("id").map(place::text).unwrap_or_default();
            let message = format!("An item with the same {} already exists, id={id}.", unique.place);
            return Err(Refusal::new(409, "conflict", message));
        }
    }
    Ok(())
}

fn answer(call: &Call<'_>, item: &Value, other: Option<&Found>, id: &Value) -> Option<Value> {
    match &call.resource.answer {
        Some(template) => call.scope(item, other, id).value(template),
        None => call.operation.success()?.schema.as_ref().map(|_| item.clone()),
    }
}

/// The operation's example with the values that the item has under the same keys, except for `type`.
fn example_of(call: &Call<'_>, item: &Value) -> Option<Value> {
    let mut shown = examples::body(call.catalog, call.operation.success()?)?;
    if let Some(shown) = shown.as_object_mut() {
        let own = |key: &String| item.get(key).filter(|_| key != "type");
        *shown =
            shown.iter().map(|(key, value)| (key.clone(), own(key).unwrap_or(value).clone())).collect::<Map<_, _>>();
    }
    Some(shown)
}

/// The topic and the item of the notification of the last change that has a topic, if anybody receives it.
fn notification(call: &Call<'_>, item: &Value, other: Option<&Found>, id: &Value) -> Option<(String, Value)> {
    if !call.notifies {
        return None;
    }
    let scope = call.scope(item, other, id);
    let cases = call.resource.cases.iter().filter(|case| holds(&case.of, &case.is, &scope)).map(|case| &case.changes);
    let changes = [&call.resource.changes].into_iter().chain(cases).rfind(|changes| changes.topic.is_some())?;
    let topic = scope.text(changes.topic.as_deref()?)?;
    let item = changes.notice.as_ref().map_or_else(|| Some(item.clone()), |template| scope.value(template))?;
    Some((place::text(&topic), item))
}
