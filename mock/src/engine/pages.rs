//! Operations that answer with many items, page by page.

use std::collections::BTreeMap;

use intercom_catalog::check::{Rules, check};
use intercom_catalog::{Pagination, example};
use serde_json::{Map, Value, json};

use super::store::{Collection, Item, Scroll, Store};
use super::{Call, Effect, Found, cursor, lists, place, search as filters};
use crate::answer::Refusal;

/// The largest page size where the catalog has none.
const MOST: u64 = 150;

/// An item of a list before it is put on a page.
pub(super) enum Entry {
    /// An item of the collection, by its position.
    Stored(u64),
    /// A reference of the other item to an id that the collection does not have. It is returned as it is.
    Given(Value),
}

pub(super) fn list(store: &mut Store, call: &Call<'_>, other: Option<&Found>) -> Result<Effect, Refusal> {
    let resource = call.resource;
    let empty = Collection::default();
    let collection = store.collection(&resource.collection).unwrap_or(&empty);
    let scope = call.scope(&Value::Null, other, &Value::Null);
    let wanted = resource.filter.iter().filter_map(|(at, template)| Some((at.as_str(), scope.value(template)?)));
    let wanted: Vec<(&str, Value)> = wanted.filter(|(_, value)| !value.is_null()).collect();
    let phrase = call.query.iter().find(|(name, _)| name == "phrase").map(|(_, phrase)| phrase.to_lowercase());
    let shown = |item: &Item| {
        !has_any(&item.value, &resource.without)
            && wanted.iter().all(|(at, value)| place::has(&item.value, at, value))
            && phrase.as_ref().is_none_or(|phrase| mentions(&item.value, &resource.phrase, phrase))
    };
    let entries: Vec<Entry> = match (&resource.at, other) {
        (Some(at), Some(other)) => {
            let mut references = Vec::new();
            place::each(&other.value, at, &mut references);
            let entry = |reference: &Value| {
                let id = reference.get("id").unwrap_or(reference);
                match collection.find("id", id).next() {
                    Some(position) => {
                        collection.get(position).filter(|item| shown(item)).map(|_| Entry::Stored(position))
                    }
                    None => Some(Entry::Given(reference.clone())).filter(|_| reference.is_object()),
                }
            };
            references.into_iter().filter_map(entry).collect()
        }
        _ => collection.iter().filter(|(_, item)| shown(item)).map(|(position, _)| Entry::Stored(position)).collect(),
    };
    if wanted.iter().any(|(at, _)| resource.single.iter().any(|single| single == at)) {
        let item = entries
            .first()
            .map(|entry| value(collection, entry))
            .ok_or_else(|| call.not_found(&resource.collection))?;
        return Ok(Effect::answered(call.answer(Some(item))));
    }
    if call.operation.pagination.as_ref().is_some_and(|pagination| pagination.style == "scroll") {
        let mut scrolls = std::mem::take(&mut store.scrolls);
        let collection = store.collection(&resource.collection).unwrap_or(&empty);
        let answer = scroll(call, collection, &entries, &mut scrolls);
        store.scrolls = scrolls;
        return answer;
    }
    page(call, collection, entries)
}

/// How long a scroll waits for the next call, in seconds.
const IDLE: u64 = 60;

/// Returns the next page of the operation's scroll. There is one scroll at a time; it ends with an empty page, or when its handle was not
/// used for a minute.
fn scroll(
    call: &Call<'_>,
    collection: &Collection,
    entries: &[Entry],
    scrolls: &mut BTreeMap<String, Scroll>,
) -> Result<Effect, Refusal> {
    let Some(pagination) = &call.operation.pagination else { return Err(call.not_found(&call.resource.collection)) };
    let key = &call.operation.id;
    let open = scrolls.get(key).filter(|scroll| scroll.used + IDLE > call.now).cloned();
    let given = call.query.iter().find(|(name, value)| *name == pagination.position && !value.is_empty());
    let mut scroll = match (given, open) {
        (None, Some(_)) => {
            return Err(Refusal::new(400, "scroll_exists", "A scroll is open; it ends a minute after its last use."));
        }
        (None, None) => Scroll { handle: format!("scroll-{}", call.now), after: 0, used: call.now },
        (Some((_, handle)), Some(open)) if *handle == open.handle => open,
        (Some(_), _) => return Err(Refusal::new(404, "not_found", "The scroll has ended or does not exist.")),
    };
    let later = |entry: &&Entry| matches!(entry, Entry::Stored(position) if *position > scroll.after);
    let size = usize::try_from(call.resource.per_page.unwrap_or(100)).unwrap_or(100);
    let part: Vec<&Entry> = entries.iter().filter(later).take(size).collect();
    let mut body = json!({"type": "list"});
    let at = lists::place(call.catalog, call.operation).unwrap_or_else(|| "data".to_owned());
    place::set(&mut body, &at, part.iter().map(|entry| value(collection, entry)).collect());
    place::set(&mut body, &pagination.next, json!(scroll.handle));
    if let Some(Entry::Stored(last)) = part.last() {
        (scroll.after, scroll.used) = (*last, call.now);
        scrolls.insert(key.clone(), scroll);
    } else {
        scrolls.remove(key);
    }
    Ok(Effect::answered(call.answer(Some(body))))
}

pub(super) fn search(store: &mut Store, call: &Call<'_>) -> Result<Effect, Refusal> {
    let empty = Collection::default();
    let collection = store.collection(&call.resource.collection).unwrap_or(&empty);
    let query = filters::Query::read(call)?;
    // Times are in seconds: a delay is rounded up to the next one.
    let delay = call.search_delay.as_secs() + u64::from(call.search_delay.subsec_nanos() > 0);
    let ready = |item: &Item| delay == 0 || item.changed + delay <= call.now;
    let selects =
        |item: &Item| ready(item) && !has_any(&item.value, &call.resource.without) && query.selects(&item.value);
    let mut found = select(collection, &selects);
    query.sort(collection, &mut found);
    page(call, collection, found.into_iter().map(Entry::Stored).collect())
}

/// The positions of the items that a condition selects. Of very many items, each core looks at a part.
fn select(collection: &Collection, selects: &(impl Fn(&Item) -> bool + Sync)) -> Vec<u64> {
    const VERY_MANY: usize = 10_000;
    let items: Vec<(u64, &Item)> = collection.iter().collect();
    let of = |items: &[(u64, &Item)]| -> Vec<u64> {
        items.iter().filter(|(_, item)| selects(item)).map(|(position, _)| *position).collect()
    };
    if items.len() < VERY_MANY {
        return of(&items);
    }
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let parts: Vec<_> =
            items.chunks(items.len().div_ceil(cores)).map(|part| scope.spawn(move || of(part))).collect();
        parts
            .into_iter()
            .flat_map(|part| part.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}

fn has_any(item: &Value, wanted: &Map<String, Value>) -> bool {
    wanted.iter().any(|(at, value)| place::has(item, at, value))
}

fn mentions(item: &Value, places: &[String], phrase: &str) -> bool {
    let mut mentions = |value: &Value| value.as_str().is_some_and(|text| text.to_lowercase().contains(phrase));
    places.iter().any(|at| place::any(item, at, &mut mentions))
}

fn value(collection: &Collection, entry: &Entry) -> Value {
    match entry {
        Entry::Stored(position) => collection.get(*position).map(|item| item.value.clone()).unwrap_or_default(),
        Entry::Given(value) => value.clone(),
    }
}

/// The part of a list that a call asks for.
struct Page {
    from: usize,
    to: usize,
    number: u64,
    size: u64,
    pages: u64,
}

fn page(call: &Call<'_>, collection: &Collection, entries: Vec<Entry>) -> Result<Effect, Refusal> {
    let shown = call.operation.success().and_then(|success| success.examples.first()).map(|example| &*example.value);
    let at = lists::place(call.catalog, call.operation).unwrap_or_else(|| "data".to_owned());
    let total = entries.len();
    let Some(pagination) = &call.operation.pagination else {
        let items: Value = entries.iter().map(|entry| value(collection, entry)).collect();
        if at.is_empty() {
            return Ok(Effect::answered(call.answer(Some(items))));
        }
        let mut body = json!({});
        set_type(call, &mut body, shown);
        place::set(&mut body, &at, items);
        if shown.is_some_and(|shown| shown.get("total_count").is_some()) {
            body["total_count"] = json!(total);
        }
        return Ok(Effect::answered(call.answer(Some(body))));
    };
    let page = wanted(call, pagination, shown, &entries)?;
    let items: Value = entries[page.from..page.to].iter().map(|entry| value(collection, entry)).collect();
    let mut body = json!({});
    set_type(call, &mut body, shown);
    place::set(&mut body, &at, items);
    if let Some(place) = pagination.total.as_deref() {
        place::set(&mut body, place, json!(total));
    }
    if pagination.next.starts_with("pages.") {
        place::set(
            &mut body,
            "pages",
            json!({"type": "pages", "page": page.number, "per_page": page.size, "total_pages": page.pages}),
        );
    }
    if let Some(place) = &pagination.last {
        place::set(&mut body, place, json!(page.pages));
    }
    if let Some(place) = &pagination.more {
        place::set(&mut body, place, json!(page.to < total));
    }
    if page.to < total {
        next(call, pagination, &page, entries.get(page.to.wrapping_sub(1)), &mut body);
    } else if pagination.style == "page" && !pagination.next.is_empty() {
        place::set(&mut body, &pagination.next, Value::Null);
    }
    Ok(Effect::answered(call.answer(Some(body))))
}

/// Gives an answer its type, such as `list` or `conversation.list`.
fn set_type(call: &Call<'_>, body: &mut Value, shown: Option<&Value>) {
    let made = || {
        let schema = call.operation.success()?.schema.as_ref()?;
        example::answer(call.catalog, schema).get("type").cloned()
    };
    let kind = match shown {
        Some(shown) => shown.get("type").cloned(),
        None => made(),
    };
    if let Some(kind) = kind {
        body["type"] = kind;
    }
}

/// Reads which part of a list a call asks for.
fn wanted(call: &Call<'_>, pagination: &Pagination, shown: Option<&Value>, entries: &[Entry]) -> Result<Page, Refusal> {
    let given = |name: &str| -> Option<Value> {
        if pagination.in_body {
            return place::get(call.body, name).filter(|value| !value.is_null()).cloned();
        }
        call.query.iter().find(|(key, _)| key == name).map(|(_, value)| Value::from(value.as_str()))
    };
    let number = |name: &str, most: u64| -> Result<Option<u64>, Refusal> {
        let Some(value) = given(name) else { return Ok(None) };
        match place::text(&value).parse() {
            Ok(number) if (1..=most).contains(&number) => Ok(Some(number)),
            _ => Err(refused(name, &format!("{name} has to be a number from 1 to {most}"))),
        }
    };
    let most = pagination.max_per_page.map_or(MOST, u64::from);
    let size = pagination.per_page.as_deref().map_or(Ok(None), |name| number(name, most))?;
    let usual = call.resource.per_page.map(u64::from);
    let usual = usual.or_else(|| shown.and_then(|shown| place::get(shown, "pages.per_page")).and_then(Value::as_u64));
    let size = size.or(usual).unwrap_or(20).max(1);
    let total = entries.len();
    let pages = (total as u64).div_ceil(size);
    let (from, page) = if pagination.style == "page" {
        let page = number(&pagination.position, u64::from(u32::MAX))?.unwrap_or(1);
        (usize::try_from((page - 1).saturating_mul(size)).unwrap_or(usize::MAX).min(total), page)
    } else {
        let from = match given(&pagination.position) {
            None => 0,
            Some(given) => cursor::after(&place::text(&given), entries)
                .ok_or_else(|| refused(&pagination.position, "the cursor is not one of this list"))?,
        };
        (from, from as u64 / size + 1)
    };
    let to = from.saturating_add(usize::try_from(size).unwrap_or(usize::MAX)).min(total);
    Ok(Page { from, to, number: page, size, pages })
}

fn refused(field: &str, message: &str) -> Refusal {
    Refusal::new(400, "parameter_invalid", message).field(field)
}

/// Says where the next page is, in the form that the description declares.
fn next(call: &Call<'_>, pagination: &Pagination, page: &Page, last: Option<&Entry>, body: &mut Value) {
    if pagination.next.is_empty() {
        return;
    }
    let success = call.operation.success();
    let schema = success.and_then(|success| success.schema.as_ref());
    let shown = success.and_then(|success| success.examples.first()).map(|example| &*example.value);
    let declared = schema.and_then(|schema| lists::at(call.catalog, schema, &pagination.next));
    let fits = |value: &Value| {
        declared.as_ref().is_none_or(|schema| check(call.catalog, schema, value, Rules::RESPONSE).is_empty())
    };
    let address = |cursor: String| {
        let mut query: BTreeMap<&str, String> =
            call.query.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
        query.insert(&pagination.position, cursor);
        let query: String = form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
        json!(format!("{}{}?{query}", call.server, call.target))
    };
    if pagination.style == "page" {
        let address = address((page.number + 1).to_string());
        let next = if fits(&address) { address } else { json!({"page": page.number + 1, "starting_after": ""}) };
        return place::set(body, &pagination.next, next);
    }
    let cursor = cursor::make(call, pagination, page.to, last);
    let shown = shown.and_then(|shown| place::get(shown, &pagination.next)).and_then(Value::as_str);
    if shown.is_some_and(|shown| shown.starts_with("http")) {
        return place::set(body, &pagination.next, address(place::text(&cursor)));
    }
    if let Some(parent) = pagination.next.strip_suffix(".starting_after") {
        return place::set(body, parent, json!({"page": page.number + 1, "starting_after": cursor}));
    }
    place::set(body, &pagination.next, cursor);
}
