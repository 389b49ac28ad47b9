//! Exports one resource.

use std::collections::HashMap;
use std::fmt;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use indicatif::ProgressBar;
use intercom_catalog::Catalog;
use intercom_catalog::call::{Arguments, Invocation};
use intercom_runtime::Client;
use intercom_runtime::paging::{Page, Pages};
use serde_json::{Value, json};

use super::details::details;
use super::resource::Resource;
use super::state::{ResourceState, Run, State};
use super::target::{Target, id, updated_at};
use crate::failure::{Code, Failure, Result};
use crate::interrupt::Interrupt;
use crate::time;

/// By how many seconds runs overlap. The search index lags by minutes, so a change shortly before a run may be found by the next run only.
const OVERLAP: i64 = 3600;
/// Searches of contacts compare whole days in the workspace's time zone, so the query asks for two more days, and older items are
/// filtered here.
const WHOLE_DAYS: i64 = 2 * 86_400;
/// How often the file is synced to the disk and the state stored.
const COMMIT: Duration = Duration::from_millis(500);
/// How many failures in a row are tolerated, after the retries of each call.
const MOST_FAILURES: u32 = 5;

/// An export into a folder.
pub struct Export<'a> {
    pub client: Client,
    pub catalog: &'a Catalog,
    pub folder: PathBuf,
    pub state: State,
    pub since: Option<Since>,
    pub parts: bool,
    pub workers: usize,
    pub interrupt: Interrupt,
}

/// The value of `--since`.
pub struct Since {
    pub given: String,
    pub seconds: i64,
}

/// The result of exporting a resource.
pub struct Summary {
    name: &'static str,
    path: PathBuf,
    added: u64,
    items: u64,
    truncated: u64,
}

impl Export<'_> {
    /// Exports a resource, and continues where the last run ended.
    ///
    /// # Errors
    /// Where a page cannot be fetched after retries, or the file cannot be written.
    pub async fn resource(&mut self, resource: &Resource, bar: &ProgressBar) -> Result<Summary> {
        let path = self.folder.join(format!("{}.ndjson", resource.name));
        let mut stored = self.stored(resource, &path)?;
        let mut run = stored.run.clone().unwrap_or_else(|| self.begin(&stored));
        let listing = resource.listing(self.catalog, run.since.is_some())?;
        if listing.operation.pagination.as_ref().is_some_and(|pagination| pagination.style == "scroll") {
            // Another run cannot continue a scroll, so the file is truncated to where the run that was not complete had begun.
            (stored.bytes, stored.items, run.checkpoint) = (run.first_byte, run.first_item, None);
        }
        let mut target = Target::open(path.clone(), stored.bytes, stored.items)?;
        let known = match run.since {
            Some(since) => target.updated_since(since)?,
            None => HashMap::new(),
        };
        self.commit(resource, &mut target, &run, stored.last_complete_began)?;

        let mut arguments = Arguments::default();
        if listing.searches {
            let after = run.since.map_or(0, |since| since - WHOLE_DAYS);
            arguments.body = Some(json!({"query": {"field": "updated_at", "operator": ">", "value": after}}));
        }
        let invocation = Invocation::new(&self.client, self.catalog, listing.operation, arguments)?;
        let pages =
            invocation.pages().ok_or_else(|| Failure::usage(format!("{} is not paginated", listing.operation.id)))?;
        let pages = match &run.checkpoint {
            Some(checkpoint) => pages.resume(checkpoint),
            None => pages,
        };
        let mut pages = pages.prefetch();
        let detail = resource.detail(self.catalog).filter(|_| run.parts);
        let mut summary = Summary { name: resource.name, path, added: 0, items: 0, truncated: 0 };
        let mut committed = Instant::now();
        bar.set_position(stored.items - run.first_item);
        while let Some(page) = next(&mut pages, bar, &mut self.interrupt).await.transpose() {
            let checkpoint = match page {
                Ok(page) => {
                    bar.set_length(page.total_count.unwrap_or_default().max(bar.position()));
                    let checkpoint = page.checkpoint();
                    let mut items: Vec<Value> = page.into_items()?;
                    items.retain(|item| is_new(item, run.since, &known));
                    let items = match detail {
                        Some(detail) => {
                            let all = details(&self.client, self.catalog, detail, resource.parts, items, self.workers);
                            tokio::select! {
                                items = all => items,
                                () = &mut self.interrupt => Err(Failure::new(Code::Interrupted, INTERRUPTED)),
                            }
                        }
                        None => Ok(items),
                    };
                    items.map(|items| (items, checkpoint))
                }
                Err(failure) => Err(failure),
            };
            let (items, checkpoint) = match checkpoint {
                Ok(page) => page,
                Err(failure) => {
                    // The next run continues after what is stored here.
                    self.commit(resource, &mut target, &run, stored.last_complete_began)?;
                    return Err(failure);
                }
            };
            for item in &items {
                target.line(item)?;
                summary.truncated += u64::from(item.get("parts_truncated").is_some());
            }
            bar.inc(items.len() as u64);
            run.checkpoint = Some(checkpoint);
            if committed.elapsed() >= COMMIT {
                self.commit(resource, &mut target, &run, stored.last_complete_began)?;
                committed = Instant::now();
            }
        }
        (summary.added, summary.items) = (target.items - run.first_item, target.items);
        target.sync()?;
        let done =
            ResourceState { bytes: target.bytes, items: target.items, last_complete_began: Some(run.began), run: None };
        self.state.store(resource.name, done)?;
        Ok(summary)
    }

    /// The stored state of a resource. A run that is not complete must have the options of this one, where `--since` may be left out.
    fn stored(&self, resource: &Resource, path: &std::path::Path) -> Result<ResourceState> {
        match self.state.resource(resource.name) {
            Some(stored) => {
                let is_other = |run: &Run| {
                    let since = self.since.as_ref().is_some_and(|since| {
                        run.since_given.as_ref() != Some(&since.given) && run.since != Some(since.seconds)
                    });
                    since || run.parts != self.parts
                };
                if stored.run.as_ref().is_some_and(is_other) {
                    return Err(Failure::usage(format!(
                        "an export of {} to this folder was begun with other options and is not complete; give the options of that export, or export to another folder",
                        resource.name
                    )));
                }
                Ok(stored.clone())
            }
            None if std::fs::metadata(path).is_ok_and(|found| found.len() > 0) => Err(Failure::usage(format!(
                "{} was not written by an export to this folder; move it away, or export to another folder",
                path.display()
            ))),
            None => Ok(ResourceState::default()),
        }
    }

    /// A new run: of what has changed since `--since`, else since the last complete run, else of everything.
    fn begin(&self, stored: &ResourceState) -> Run {
        let since = self.since.as_ref().map(|since| since.seconds);
        Run {
            began: time::now(),
            since: since.or(stored.last_complete_began.map(|began| began - OVERLAP)),
            since_given: self.since.as_ref().map(|since| since.given.clone()),
            parts: self.parts,
            first_byte: stored.bytes,
            first_item: stored.items,
            checkpoint: None,
        }
    }

    /// Syncs the file and stores how far the run is.
    fn commit(&mut self, resource: &Resource, target: &mut Target, run: &Run, last: Option<i64>) -> Result {
        target.sync()?;
        let state = ResourceState {
            bytes: target.bytes,
            items: target.items,
            last_complete_began: last,
            run: Some(run.clone()),
        };
        self.state.store(resource.name, state)
    }
}

/// The next page; `None` after the last. Transient failures are tolerated a few times.
async fn next(pages: &mut Pages<Value>, bar: &ProgressBar, interrupt: &mut Interrupt) -> Result<Option<Page<Value>>> {
    let mut failures = 0;
    loop {
        let next = tokio::select! {
            next = pages.next() => next,
            () = &mut *interrupt => return Err(Failure::new(Code::Interrupted, INTERRUPTED)),
        };
        let error = match next {
            None => return Ok(None),
            Some(Ok(page)) => return Ok(Some(page)),
            Some(Err(error)) => error,
        };
        let is_transient = error.is_server_error()
            || error.is_connect()
            || error.is_timeout()
            || error.is_connection_lost()
            || error.is_rate_limited();
        failures += 1;
        if !is_transient || pages.end().is_some() || failures > MOST_FAILURES {
            let mut failure = Failure::from(error);
            failure.message.push_str("; run the same command to continue");
            return Err(failure);
        }
        let wait = Duration::from_secs(1 << failures);
        bar.set_message(format!("{error}; retry in {} s", wait.as_secs()));
        tokio::select! {
            () = tokio::time::sleep(wait) => bar.set_message(""),
            () = &mut *interrupt => return Err(Failure::new(Code::Interrupted, INTERRUPTED)),
        }
    }
}

const INTERRUPTED: &str = "interrupted; the file ends after a whole page; run the same command to continue";

/// Whether an item is to be written. If `since` is given, items that were updated earlier or that the file has with the same time are left
/// out.
fn is_new(item: &Value, since: Option<i64>, known: &HashMap<String, i64>) -> bool {
    let (Some(since), Some(updated)) = (since, updated_at(item)) else { return true };
    updated >= since && id(item).is_none_or(|id| known.get(&id) != Some(&updated))
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} added, {} in {}", self.name, self.added, self.items, self.path.display())?;
        if self.truncated > 0 {
            write!(f, "; {} have more parts than the API returns", self.truncated)?;
        }
        Ok(())
    }
}
