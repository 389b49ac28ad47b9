//! Every operation with pages of a version, in every scenario that applies to it.

use std::collections::BTreeMap;

use intercom_runtime::Client;
use intercom_runtime::operations::OperationEntry;
use intercom_runtime::paging::{Checkpoint, End, Items, PagingStyle};
use intercom_tests::description::{Description, Operation as Described};
use intercom_tests::scripted::Reply;
use serde_json::{Value, json};

use crate::scenario::{PAGES, PER, Quirk, scenarios};
use crate::server::{Paged, number};
use crate::{Suite, block_on};

/// The counts of a style.
#[derive(Default)]
struct Counts {
    operations: usize,
    walks: usize,
    requests: usize,
    items: usize,
    resumed: usize,
}

/// Reads the lists of all operations of a version.
pub fn run(suite: &Suite) {
    let description = Description::of(suite.version);
    let mut server: Option<Paged> = None;
    let mut counts: BTreeMap<&str, Counts> = BTreeMap::new();
    let mut failures = Vec::new();
    for described in description.operations() {
        let Some(entry) =
            suite.table.iter().find(|entry| entry.http_method() == described.method && entry.path() == described.path)
        else {
            continue;
        };
        let Some(paging) = entry.endpoint().paging else { continue };
        let style = match (paging.style, paging.location) {
            (PagingStyle::Cursor, intercom_runtime::paging::Location::Query) => "cursor in query",
            (PagingStyle::Cursor, intercom_runtime::paging::Location::Body) => "cursor in body",
            (PagingStyle::Page, intercom_runtime::paging::Location::Query) => "page in query",
            (PagingStyle::Page, intercom_runtime::paging::Location::Body) => "page in body",
            _ => "scroll",
        };
        let item = item(&description, &described, paging.items);
        let scenarios = scenarios(paging);
        let server = server.get_or_insert_with(|| Paged::start(paging, scenarios[0], item.clone()));
        let mut walk = Walk {
            entry,
            arguments: arguments(&description, &described),
            client: (suite.connect)(server.url()),
            server,
            counts: counts.entry(style).or_default(),
            failures: Vec::new(),
        };
        walk.counts.operations += 1;
        for scenario in scenarios {
            walk.server.serve(paging, scenario, &item);
            walk.whole(scenario.name, scenario.outcome(paging));
            if scenario.outcome(paging).1 != End::Complete {
                walk.server.serve(paging, scenario, &item);
                walk.lenient(scenario.name, scenario.outcome(paging));
            }
        }
        walk.server.serve(paging, crate::scenario::scenarios(paging)[0], &item);
        walk.interrupted();
        for at in [0, 1, PER, PER + 1, 2 * PER, PAGES * PER - 1, PAGES * PER] {
            walk.server.serve(paging, crate::scenario::scenarios(paging)[0], &item);
            walk.resumed(at);
        }
        failures.extend(walk.failures);
    }
    for (style, count) in &counts {
        println!(
            "{} {style}: {} operations, {} walks, {} requests, {} items delivered as served, {} resumed",
            suite.version, count.operations, count.walks, count.requests, count.items, count.resumed
        );
    }
    for failure in failures.iter().take(40) {
        println!("  FAILED: {failure}");
    }
    assert!(failures.is_empty(), "{}: {} failures", suite.version, failures.len());
    let found = |styles: &[&str]| {
        styles.iter().filter_map(|style| counts.get(style)).map(|count| count.operations).sum::<usize>()
    };
    // The styles that the overlays declare, independently of the table of the crate.
    let operations = description.operations();
    let declared = |style: &str| operations.iter().filter(|operation| operation.paging_style() == Some(style)).count();
    for (style, styles) in [
        ("cursor", &["cursor in query", "cursor in body"][..]),
        ("page", &["page in query", "page in body"]),
        ("scroll", &["scroll"]),
    ] {
        assert!(declared(style) > 0);
        assert_eq!(found(styles), declared(style), "{}: operations that page by {style}", suite.version);
    }
}

struct Walk<'a> {
    entry: &'static OperationEntry,
    arguments: Value,
    client: Client,
    server: &'a Paged,
    counts: &'a mut Counts,
    failures: Vec<String>,
}

impl Walk<'_> {
    fn items(&self) -> Items<Value> {
        self.entry.items(&self.client, self.arguments.clone()).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Reads a list from the first item to the last.
    fn whole(&mut self, name: &str, (expected, end): (Vec<usize>, End)) {
        let mut items = self.items();
        let (numbers, mut error) = block_on(drain(&mut items));
        if end != End::Complete {
            let told = error.take_if(|error| error.is_cut_off()).and_then(|error| error.checkpoint().cloned());
            let stands =
                |at: &Checkpoint| !at.is_done() && *at == items.checkpoint() && at.delivered() == numbers.len() as u64;
            if !told.as_ref().is_some_and(stands) {
                self.failures.push(format!("{} {name}: the end is told by {told:?}", self.entry.id()));
            }
        }
        self.compare(name, &numbers, &expected, error);
        if items.end() != Some(end) {
            self.failures.push(format!("{} {name}: ended with {:?}, not {end:?}", self.entry.id(), items.end()));
        }
        let asked = self.server.asked();
        // At most one request for each page, and one for the end.
        if asked.len() > PAGES + 1 {
            self.failures.push(format!("{} {name}: asked for {asked:?}", self.entry.id()));
        }
        self.wrong(name);
        let max = self.entry.endpoint().paging.and_then(|paging| paging.max_per_page).map(|max| max.to_string());
        let sizes = self.server.sizes();
        if max.is_some() && sizes.iter().any(|size| *size != max) {
            self.failures.push(format!("{} {name}: asked for pages of {sizes:?}", self.entry.id()));
        }
        self.counts.walks += 1;
    }

    /// Reads a list that is cut off, leniently.
    fn lenient(&mut self, name: &str, (expected, end): (Vec<usize>, End)) {
        let mut items = self.items().lenient();
        let (numbers, error) = block_on(drain(&mut items));
        self.compare(&format!("{name}, lenient"), &numbers, &expected, error);
        if items.end() != Some(end) || items.checkpoint().is_done() {
            self.failures.push(format!("{} {name}, lenient: ended with {:?}", self.entry.id(), items.end()));
        }
        self.counts.walks += 1;
    }

    /// The first request of a page fails; polling again requests it again.
    fn interrupted(&mut self) {
        let unavailable = || Reply::new(429).body("{}");
        self.server.fail(1, [unavailable(), unavailable()]);
        self.server.fail(PAGES - 1, [unavailable()]);
        let mut items = self.items();
        let (mut numbers, mut errors) = (Vec::new(), 0);
        block_on(async {
            while let Some(item) = items.next().await {
                match item {
                    Ok(item) => numbers.push(number(&item)),
                    Err(_) => errors += 1,
                }
            }
        });
        self.compare("interrupted", &numbers, &(0..PAGES * PER).collect::<Vec<_>>(), None);
        if errors != 3 {
            self.failures.push(format!("{} interrupted: {errors} errors", self.entry.id()));
        }
        self.counts.walks += 1;
    }

    /// Another process continues at the checkpoint.
    fn resumed(&mut self, at: usize) {
        let mut items = self.items();
        let mut numbers = Vec::new();
        let (stored, error) = block_on(async {
            while numbers.len() < at {
                match items.next().await {
                    Some(Ok(item)) => numbers.push(number(&item)),
                    Some(Err(error)) => return (String::new(), Some(error)),
                    None => break,
                }
            }
            (items.checkpoint().to_string(), None)
        });
        if error.is_some() {
            return self.compare("resumed", &numbers, &[], error);
        }
        drop(items);
        let checkpoint: Checkpoint = stored.parse().unwrap();
        if checkpoint.delivered() != at as u64 {
            self.failures.push(format!("{} resumed at {at}: {stored}", self.entry.id()));
        }
        let mut rest = self.items().resume(&checkpoint);
        let (after, error) = block_on(drain(&mut rest));
        numbers.extend(after);
        self.compare(&format!("resumed at {at}"), &numbers, &(0..PAGES * PER).collect::<Vec<_>>(), error);
        self.wrong("resumed");
        self.counts.resumed += 1;
    }

    fn compare(&mut self, name: &str, found: &[usize], expected: &[usize], error: Option<intercom_runtime::Error>) {
        self.counts.items += found.len();
        self.counts.requests += self.server.asked().len();
        if let Some(error) = error {
            self.failures.push(format!("{} {name}: {error}, after {found:?}", self.entry.id()));
        } else if found != expected {
            self.failures.push(format!("{} {name}: {found:?} in place of {expected:?}", self.entry.id()));
        }
    }

    fn wrong(&mut self, name: &str) {
        for wrong in self.server.wrong() {
            self.failures.push(format!("{} {name}: {wrong}", self.entry.id()));
        }
    }
}

/// The numbers of all items up to the end or the first error.
async fn drain(items: &mut Items<Value>) -> (Vec<usize>, Option<intercom_runtime::Error>) {
    let mut numbers = Vec::new();
    while let Some(item) = items.next().await {
        match item {
            Ok(item) => numbers.push(number(&item)),
            Err(error) => return (numbers, Some(error)),
        }
        // An endless walk is detected by the number of its items.
        if numbers.len() > 10 * PAGES * PER {
            break;
        }
    }
    (numbers, None)
}

/// An item of the description's example, or one that is made from the schema.
fn item(description: &Description, operation: &Described<'_>, places: &[&str]) -> Value {
    let media = operation.success().and_then(|response| response.media.as_ref()).unwrap();
    let example = media.examples.iter().map(|(_, value)| (*value).clone());
    let sample = std::iter::once_with(|| description.sample(media.schema));
    let bodies: Vec<Value> = example.chain(sample).collect();
    let found = bodies.iter().find_map(|body| {
        let list = places.iter().find_map(|place| place.split('.').try_fold(body, |value, step| value.get(step)))?;
        list.get(0).filter(|item| !item.is_null()).cloned()
    });
    found.unwrap_or_else(|| json!({}))
}

/// The required arguments of an operation.
fn arguments(description: &Description, operation: &Described<'_>) -> Value {
    let mut all = json!({"path": {}, "query": {}});
    for parameter in operation.parameters.iter().filter(|parameter| parameter.required) {
        if let Some(section) = all.get_mut(parameter.location).and_then(Value::as_object_mut) {
            section.insert(parameter.name.to_owned(), description.sample(parameter.schema));
        }
    }
    if let Some(media) = &operation.body {
        let mut body =
            media.examples.first().map_or_else(|| description.sample(media.schema), |(_, value)| (*value).clone());
        // Position and page size are set by the walk.
        if let Some(body) = body.as_object_mut() {
            for key in ["pagination", "page", "per_page"] {
                body.remove(key);
            }
        }
        all["body"] = body;
    }
    all
}

/// Checks that no scenario is unused.
#[test]
fn every_quirk_applies_to_an_operation() {
    let used = |quirk| {
        crate::typed::endpoints()
            .iter()
            .any(|endpoint| scenarios(endpoint.paging.unwrap()).iter().any(|scenario| scenario.quirk == quirk))
    };
    for quirk in [
        Quirk::RepeatsCursor,
        Quirk::Circles,
        Quirk::IgnoresPosition,
        Quirk::EmptyPage,
        Quirk::TooFewPages,
        Quirk::TooManyPages,
    ] {
        assert!(used(quirk), "{quirk:?}");
    }
}
