//! Random sequences of create, update, delete, find, search and list, compared with a plain model: 10,000 steps for each
//! collection. Preview has all collections of all versions.

#![allow(clippy::unwrap_used, reason = "a test panics")]

#[path = "random/plan.rs"]
mod plan;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use intercom_catalog::{Also, Catalog, Location, Operation, Related, VERSIONS, load};
use intercom_mock::Server;
use intercom_runtime::clock::Clock as _;
use plan::{Call, Plan, get, key, required, slot};
use serde_json::{Value, json};

const STEPS: usize = 10_000;

const SEED: u64 = 1;

/// How many items there may be before no more are created.
const MOST: usize = 16;

/// xorshift64*.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % end
    }
}

/// A server beside its model: the items in the order of their creation.
struct Run<'c> {
    plan: &'c Plan<'c>,
    server: Server,
    items: Vec<Value>,
    /// What each operation requires.
    arguments: BTreeMap<&'c str, Value>,
    /// The other items that calls need, by collection.
    others: BTreeMap<String, Value>,
    random: Random,
    /// How often each kind of step was taken.
    steps: BTreeMap<&'static str, usize>,
    /// How many calls were refused, as they had to be.
    refused: usize,
    step: usize,
}

/// A failure says where the sequence was.
impl Drop for Run<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{}: step {} with seed {SEED}", self.plan.collection, self.step);
        }
    }
}

impl<'c> Run<'c> {
    fn new(plan: &'c Plan<'c>) -> Self {
        let server = Server::start_blocking(&plan.catalog.version);
        let items = server.items(plan.collection);
        let (arguments, others, steps) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Self { plan, server, items, arguments, others, random: Random(SEED), steps, refused: 0, step: 0 }
    }

    /// A call with the other item that the operation needs.
    fn prepare(&mut self, operation: &'c Operation) -> Call<'c> {
        let arguments = self.arguments.entry(&operation.id);
        let arguments = arguments.or_insert_with(|| required(self.plan.catalog, operation));
        let mut call = Call { operation, arguments: arguments.clone() };
        for with in needed(self.plan.catalog, operation) {
            let other = self.others.entry(with.collection.clone());
            let other = other.or_insert_with(|| self.server.seed(&with.collection, json!({})));
            let (place, template) = key(&with.find, other);
            call.set(&template, get(other, &place).unwrap().clone());
        }
        call
    }

    /// A call about an item.
    fn about(&mut self, operation: &'c Operation, item: &Value) -> Call<'c> {
        let mut call = self.prepare(operation);
        let (place, template) = key(&operation.resource.as_ref().unwrap().find, item);
        call.set(&template, get(item, &place).unwrap().clone());
        call
    }

    fn send(&self, call: &Call<'_>) -> (u16, Value) {
        self.server.call(&call.operation.http_method, &call.target(), call.body())
    }

    #[track_caller]
    fn succeed(&self, call: &Call<'_>) -> Value {
        let (status, body) = self.send(call);
        assert!((200..300).contains(&status), "{} {:?}: {status} {body}", call.target(), call.body());
        body
    }

    fn random_index(&mut self) -> usize {
        self.random.below(self.items.len())
    }

    fn one_of(&mut self, operations: &[&'c Operation]) -> &'c Operation {
        operations[self.random.below(operations.len())]
    }

    fn create(&mut self, step: usize) {
        let text = json!(format!("text {step}"));
        let Some(operation) = self.plan.create else {
            let mut item = json!({});
            *slot(&mut item, self.plan.shown) = text;
            // Visitors are found by it.
            item["user_id"] = json!(format!("key-{step}"));
            self.items.push(self.server.seed(self.plan.collection, item));
            return;
        };
        let mut call = self.prepare(operation);
        let resource = operation.resource.as_ref().unwrap();
        for unique in &resource.unique {
            call.set(&format!("$body.{}", unique.place), json!(format!("key-{step}")));
        }
        if let Some((_, template)) = upsert_key(operation) {
            call.set(template, json!(format!("key-{step}")));
        }
        if !self.plan.written.is_empty() {
            call.set(&format!("$body.{}", self.plan.written), text.clone());
        }
        let answer = self.succeed(&call);
        // Some operations answer with something else, or with nothing.
        let item = match answer {
            answer if resource.answer.is_none() && !answer.is_null() => answer,
            _ => self.server.items(self.plan.collection).pop().unwrap(),
        };
        if !self.plan.shown.is_empty() {
            assert_eq!(get(&item, self.plan.shown), Some(&text));
        }
        assert!(self.items.iter().all(|known| known["id"] != item["id"]), "the id is new");
        self.items.push(item);
    }

    /// Creates an item with the key of an existing one, which is updated instead.
    fn upsert(&mut self, index: usize, step: usize) {
        let Some(operation) = self.plan.create else { return };
        let Some((place, template)) = upsert_key(operation) else { return };
        let item = self.items[index].clone();
        let mut call = self.prepare(operation);
        call.set(template, item[place].clone());
        if self.plan.written.is_empty() {
            self.succeed(&call);
            // What it changes is not known here.
            self.items[index] = self.server.items(self.plan.collection).swap_remove(index);
            assert_eq!(self.items[index][place], item[place]);
            return;
        }
        // The text is not changed where it is the key.
        let text = if place == self.plan.shown { item[place].clone() } else { json!(format!("text {step}")) };
        call.set(&format!("$body.{}", self.plan.written), text.clone());
        self.succeed(&call);
        self.changed(index, &call, text);
    }

    fn update(&mut self, operation: &'c Operation, index: usize, step: usize) {
        let item = self.items[index].clone();
        let mut call = self.about(operation, &item);
        if !self.plan.takes_text(operation) {
            // What it changes is not known here.
            let answer = self.succeed(&call);
            assert_eq!(answer["id"], item["id"]);
            self.items[index] = answer;
            return;
        }
        let text = json!(format!("text {step}"));
        call.set(&format!("$body.{}", self.plan.shown), text.clone());
        let answer = self.succeed(&call);
        self.changed(index, &call, text);
        assert_eq!(answer, self.items[index]);
    }

    /// Changes an item of the model: what the call has in its body, and the time.
    fn changed(&mut self, index: usize, call: &Call<'_>, text: Value) {
        let now = self.server.clock().unix_time().as_secs();
        let ignored = &call.operation.resource.as_ref().unwrap().ignore;
        let item = &mut self.items[index];
        for (key, value) in call.body().and_then(Value::as_object).into_iter().flatten() {
            let known = item.get_mut(key).filter(|known| !known.is_object());
            if let Some(known) = known.filter(|_| !ignored.contains(key) && !["id", "type"].contains(&&**key)) {
                *known = value.clone();
            }
        }
        if let Some(updated) = item.get_mut("updated_at").filter(|updated| !updated.is_string()) {
            *updated = json!(now);
        }
        *slot(item, self.plan.shown) = text;
    }

    fn delete(&mut self, operation: &'c Operation, index: usize) {
        let item = self.items.remove(index);
        let call = self.about(operation, &item);
        self.succeed(&call);
        for operation in [operation].into_iter().chain(self.plan.find.iter().copied()) {
            let call = self.about(operation, &item);
            assert_eq!(self.send(&call).0, 404, "{}", call.target());
            self.refused += 1;
        }
    }

    fn find(&mut self, operation: &'c Operation, index: usize) {
        let item = self.items[index].clone();
        let call = self.about(operation, &item);
        let answer = self.succeed(&call);
        if operation.resource.as_ref().unwrap().cases.is_empty() {
            assert_eq!(answer, item);
        }
        assert_eq!(answer["id"], item["id"]);
        // Each look at a job advances it.
        self.items[index] = answer;
    }

    fn search(&mut self, operation: &'c Operation, index: usize) {
        let item = self.items[index].clone();
        let mut call = self.prepare(operation);
        let field = self.plan.search_field(operation);
        let value = get(&item, field).unwrap();
        call.set("$body.query", json!({"field": field, "operator": "=", "value": value}));
        let answer = self.succeed(&call);
        assert_eq!(listed(operation, &answer), [item]);
    }

    /// Lists the first page, or all of them.
    fn list(&mut self, operation: &'c Operation, all: bool) {
        let mut call = self.prepare(operation);
        for (place, template) in &operation.resource.as_ref().unwrap().filter {
            // A filter that is a part of the path, or without which there is no list.
            let template = template.as_str().unwrap();
            if template.starts_with("$path") {
                continue;
            }
            let needed = operation.parameters.iter().any(|it| it.location == Location::QueryExploded);
            let value = self.items.first().and_then(|item| get(item, place)).filter(|_| needed);
            if let Some(value) = value.filter(|value| !value.is_null()) {
                call.set(template, value.clone());
            }
        }
        let Some(pagination) = &operation.pagination else {
            let answer = self.succeed(&call);
            assert_eq!(listed(operation, &answer), self.items);
            return;
        };
        let root = if pagination.in_body { "$body" } else { "$query" };
        if let Some(per_page) = &pagination.per_page {
            call.set(&format!("{root}.{per_page}"), json!(7));
        }
        let (mut found, mut page) = (Vec::new(), 1);
        loop {
            let answer = self.succeed(&call);
            let listed = listed(operation, &answer);
            let (full, ended) = (listed.len() >= 7, listed.is_empty());
            found.extend(listed);
            if let Some(total) = pagination.total.as_deref().and_then(|place| get(&answer, place)) {
                assert_eq!(total, self.items.len());
            }
            page += 1;
            let next = Some(&pagination.next).filter(|place| !place.is_empty()).and_then(|place| get(&answer, place));
            let next = match next {
                Some(Value::Null) => break,
                // Where the answer does not say it, a page that is not full is the last one.
                None if !full || pagination.style != "page" => break,
                None => json!(page),
                Some(_) if pagination.style == "scroll" && ended => break,
                Some(Value::String(address)) if address.starts_with("http") => {
                    let query = address.split_once('?').unwrap().1.as_bytes();
                    let cursor = form_urlencoded::parse(query).find(|(name, _)| *name == pagination.position);
                    json!(cursor.unwrap().1)
                }
                Some(Value::Object(next)) if pagination.style == "page" => next["page"].clone(),
                Some(Value::Object(next)) => next["starting_after"].clone(),
                Some(cursor) => cursor.clone(),
            };
            if !all && pagination.style != "scroll" {
                break;
            }
            call.set(&format!("{root}.{}", pagination.position), next);
        }
        if all || pagination.style == "scroll" {
            assert_eq!(found, self.items);
        } else {
            assert_eq!(found[..], self.items[..found.len()]);
        }
    }

    fn step(&mut self, step: usize) {
        self.step = step;
        let kind = self.random.below(10);
        if self.items.is_empty() || (kind < 3 && self.items.len() < MOST) {
            *self.steps.entry("create").or_default() += 1;
            return self.create(step);
        }
        let index = self.random_index();
        let plan = self.plan;
        let done = match kind {
            3 if plan.create.is_some_and(|create| upsert_key(create).is_some()) => {
                self.upsert(index, step);
                "upsert"
            }
            3 | 4 if plan.update.is_some() => {
                self.update(plan.update.unwrap(), index, step);
                "update"
            }
            5 | 6 if !plan.delete.is_empty() => {
                let operation = self.one_of(&plan.delete);
                self.delete(operation, index);
                "delete"
            }
            7 if plan.search.is_some() => {
                self.search(plan.search.unwrap(), index);
                "search"
            }
            8 if !plan.lists.is_empty() => {
                let operation = self.one_of(&plan.lists);
                let all = self.random.below(8) == 0;
                self.list(operation, all);
                "list"
            }
            _ if !plan.find.is_empty() => {
                let operation = self.one_of(&plan.find);
                self.find(operation, index);
                "find"
            }
            _ => {
                assert_eq!(self.server.items(plan.collection), self.items);
                "look"
            }
        };
        *self.steps.entry(done).or_default() += 1;
    }
}

/// The other items that have to exist for an operation, and for those that are carried out before it.
fn needed<'c>(catalog: &'c Catalog, operation: &'c Operation) -> Vec<&'c Related> {
    let called = |also: &Also| catalog.operations.iter().find(|it| it.operation_id == also.operation);
    let resource = operation.resource.as_ref().unwrap();
    let also = resource.also.iter().filter(|also| also.each.is_none()).filter_map(called);
    let with = [operation].into_iter().chain(also).filter_map(|it| it.resource.as_ref()?.with.as_ref());
    with.filter(|with| !with.optional).collect()
}

/// The items of an answer.
fn listed(operation: &Operation, answer: &Value) -> Vec<Value> {
    let places = operation.pagination.as_ref().map(|it| it.items.as_slice()).unwrap_or_default();
    let paged = places.iter().filter_map(|place| get(answer, place)?.as_array()).next();
    let bare = || answer.as_array().or_else(|| answer.as_object()?.values().find_map(Value::as_array));
    paged.or_else(bare).unwrap_or_else(|| panic!("no list in {answer}")).clone()
}

/// The place that decides whether an item exists already, and the template of its value.
fn upsert_key(operation: &Operation) -> Option<(&str, &str)> {
    let resource = operation.resource.as_ref().unwrap();
    let (place, template) = resource.find.iter().next_back()?;
    Some((place.as_str(), template.as_str()?)).filter(|(_, template)| template.starts_with("$body."))
}

#[test]
fn a_collection_is_what_a_plain_model_says() {
    let catalog = load("preview").unwrap();
    let of = |version: &str| Server::start_blocking(version).collections().iter().map(|it| (*it).to_owned()).collect();
    let collections: Vec<String> = of("preview");
    for version in VERSIONS {
        let others: Vec<String> = of(version);
        assert!(others.iter().all(|it| collections.contains(it)), "{version} has a collection of its own");
    }
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(collection) = collections.get(next.fetch_add(1, Ordering::Relaxed)) {
                    check(&catalog, collection);
                }
            });
        }
    });
}

fn check(catalog: &Catalog, collection: &str) {
    let plan = Plan::of(catalog, collection);
    let mut run = Run::new(&plan);
    for step in 0..STEPS {
        run.step(step);
    }
    assert_eq!(run.server.items(collection), run.items);
    assert_eq!(run.server.unexpected().len(), run.refused);
    println!("{collection}: {:?}", run.steps);
}
