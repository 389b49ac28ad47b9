//! A server with pages of numbered items, which responds as a scenario says.

use std::sync::{Arc, Mutex, MutexGuard};

use intercom_runtime::paging::{Location, Paging, PagingStyle};
use intercom_tests::scripted::{Reply, Seen, Server};
use serde_json::{Map, Value, json};

use crate::scenario::{Last, Next, PAGES, PER, Quirk, Scenario};

/// The key of the number of an item, which no description has.
pub const NUMBER: &str = "walk_number";

/// The server. It stops when it is dropped.
pub struct Paged {
    server: Server,
    state: Arc<Mutex<State>>,
}

struct State {
    paging: &'static Paging,
    scenario: Scenario,
    item: Value,
    /// Responses that come before the page, by the index of the page.
    failing: Vec<(usize, Reply)>,
    /// The index of the page of each request.
    asked: Vec<usize>,
    /// The requested page sizes.
    sizes: Vec<Option<String>>,
    /// The next page of the open scroll.
    scroll: usize,
    wrong: Vec<String>,
}

impl Paged {
    pub fn start(paging: &'static Paging, scenario: Scenario, item: Value) -> Self {
        let state = State {
            paging,
            scenario,
            item,
            failing: Vec::new(),
            asked: Vec::new(),
            sizes: Vec::new(),
            scroll: 0,
            wrong: Vec::new(),
        };
        let state = Arc::new(Mutex::new(state));
        let answering = state.clone();
        Self { server: Server::answering(move |seen| lock(&answering).answer(seen)), state }
    }

    /// Starts over with another operation or scenario.
    pub fn serve(&self, paging: &'static Paging, scenario: Scenario, item: &Value) {
        let mut state = lock(&self.state);
        (state.paging, state.scenario, state.item) = (paging, scenario, item.clone());
        state.failing.clear();
        state.asked.clear();
        state.sizes.clear();
        state.wrong.clear();
        state.scroll = 0;
    }

    /// Sets other responses to the next requests of a page.
    pub fn fail(&self, page: usize, replies: impl IntoIterator<Item = Reply>) {
        lock(&self.state).failing.extend(replies.into_iter().map(|reply| (page, reply)));
    }

    /// Changes the scenario.
    pub fn change(&self, scenario: Scenario) {
        lock(&self.state).scenario = scenario;
    }

    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The index of the page that each request asked for.
    pub fn asked(&self) -> Vec<usize> {
        lock(&self.state).asked.clone()
    }

    /// The page size of each request.
    pub fn sizes(&self) -> Vec<Option<String>> {
        lock(&self.state).sizes.clone()
    }

    /// What was wrong with the requests.
    pub fn wrong(&self) -> Vec<String> {
        lock(&self.state).wrong.clone()
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

impl State {
    fn answer(&mut self, seen: &Seen) -> Reply {
        let size = self.paging.per_page.and_then(|name| parameter(self.paging.location, seen, name));
        self.sizes.push(size);
        let position = parameter(self.paging.location, seen, self.paging.position);
        let page = match self.page(position.as_deref()) {
            Ok(page) => page,
            Err(wrong) => {
                self.wrong.push(format!("{wrong} in {}", seen.target));
                return Reply::new(400);
            }
        };
        self.asked.push(page);
        if let Some(index) = self.failing.iter().position(|(failing, _)| *failing == page) {
            return self.failing.remove(index).1;
        }
        if self.paging.style == PagingStyle::Scroll {
            self.scroll = page + 1;
        }
        let page = if self.scenario.quirk == Quirk::IgnoresPosition { 0 } else { page };
        Reply::json(self.body(page).to_string())
    }

    /// The index of the page at a position.
    fn page(&self, position: Option<&str>) -> Result<usize, String> {
        let Some(position) = position else { return Ok(0) };
        let wrong = || format!("`{position}` is no position that was given");
        match self.paging.style {
            PagingStyle::Cursor => position
                .strip_prefix("c+/ é&")
                .and_then(|rest| rest.strip_suffix('='))
                .and_then(|number| number.parse().ok())
                .ok_or_else(wrong),
            PagingStyle::Page => {
                position.parse::<usize>().ok().filter(|page| *page > 0).map(|page| page - 1).ok_or_else(wrong)
            }
            _ => {
                if position == "the-scroll" {
                    Ok(self.scroll)
                } else {
                    Err(wrong())
                }
            }
        }
    }

    fn position(&self, page: usize) -> String {
        match self.paging.style {
            PagingStyle::Cursor => format!("c+/ é&{page}="),
            PagingStyle::Page => (page + 1).to_string(),
            _ => "the-scroll".to_owned(),
        }
    }

    fn body(&self, page: usize) -> Value {
        let (paging, scenario) = (self.paging, &self.scenario);
        let empty = page >= PAGES || scenario.quirk == Quirk::EmptyPage && page == 1;
        let numbers = if empty { 0..0 } else { page * PER..(page + 1) * PER };
        let items: Vec<Value> = numbers.map(|number| numbered(&self.item, number)).collect();
        let mut body = json!({"type": "list"});
        set(&mut body, paging.items[scenario.place], json!(items));
        if let Some(total) = paging.total {
            set(&mut body, total, self.number(PAGES * PER));
        }
        let pages_told = match scenario.quirk {
            Quirk::TooFewPages => 1,
            Quirk::TooManyPages => PAGES + 3,
            _ => PAGES,
        };
        if paging.next.starts_with("pages") || paging.last.is_some_and(|last| last.starts_with("pages")) {
            set(
                &mut body,
                "pages",
                json!({"type": "pages", "page": self.number(page + 1), "per_page": self.number(PER)}),
            );
        }
        if let Some(last) = paging.last {
            set(&mut body, last, self.number(pages_told));
        }
        let next = match scenario.quirk {
            Quirk::RepeatsCursor if page + 1 == PAGES => Some(page),
            Quirk::Circles if page + 1 == PAGES => Some(1),
            _ if paging.style == PagingStyle::Scroll || page + 1 < PAGES => Some(page + 1),
            _ => None,
        };
        if let Some(more) = paging.more {
            set(&mut body, more, json!(next.is_some()));
        }
        match next {
            Some(next) => self.set_next(&mut body, next),
            None => self.set_end(&mut body),
        }
        body
    }

    fn set_next(&self, body: &mut Value, page: usize) {
        let place = self.paging.next;
        if place.is_empty() || self.scenario.next == Next::Silent {
            return;
        }
        let param = self.paging.position.rsplit('.').next().unwrap();
        let position = self.position(page);
        let value = match self.paging.style {
            PagingStyle::Page if !self.scenario.texts => json!(page + 1),
            _ => json!(position),
        };
        match self.scenario.next {
            Next::Declared => set(body, place, value),
            Next::Object => set(body, "pages.next", json!({"per_page": self.number(PER), (param): value})),
            Next::Address => {
                let mut address = url::Url::parse("https://api.intercom.io/somewhere?per_page=3").unwrap();
                address.query_pairs_mut().append_pair(param, &position);
                set(body, "pages.next", json!(address.to_string()));
            }
            Next::Silent => {}
        }
    }

    fn set_end(&self, body: &mut Value) {
        let place = self.paging.next;
        if place.is_empty() {
            return;
        }
        match self.scenario.last {
            Last::Null => set(body, if place.starts_with("pages.") { "pages.next" } else { place }, Value::Null),
            Last::Absent => {}
            Last::PagesNull => body["pages"] = Value::Null,
            Last::PagesAbsent => drop(body.as_object_mut().unwrap().remove("pages")),
        }
    }

    fn number(&self, number: usize) -> Value {
        if self.scenario.texts { json!(number.to_string()) } else { json!(number) }
    }
}

/// An item with its number.
fn numbered(item: &Value, number: usize) -> Value {
    match item {
        Value::Object(map) => {
            let mut map = map.clone();
            map.insert(NUMBER.to_owned(), json!(number));
            Value::Object(map)
        }
        _ => json!(number.to_string()),
    }
}

/// The number of an item.
pub fn number(item: &Value) -> usize {
    let number = item.get(NUMBER).unwrap_or(item);
    number
        .as_u64()
        .map(|number| number as usize)
        .or_else(|| number.as_str()?.parse().ok())
        .unwrap_or_else(|| panic!("an item without number: {item}"))
}

/// A parameter of a request, from the query or the body.
fn parameter(location: Location, seen: &Seen, name: &str) -> Option<String> {
    match location {
        Location::Query => {
            let address = url::Url::parse(&format!("http://loopback{}", seen.target)).unwrap();
            address.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
        }
        _ => {
            let body: Value = serde_json::from_slice(&seen.body).ok()?;
            let value = name.split('.').try_fold(&body, |value, step| value.get(step))?;
            match value {
                Value::Null => None,
                Value::String(text) => Some(text.clone()),
                other => Some(other.to_string()),
            }
        }
    }
}

fn set(body: &mut Value, place: &str, value: Value) {
    let mut here = body;
    for step in place.split('.') {
        if !here.is_object() {
            *here = Value::Object(Map::new());
        }
        here = &mut here[step];
    }
    *here = value;
}
