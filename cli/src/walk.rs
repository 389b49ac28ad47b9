//! Pagination: prints one page, or several as they arrive, with a checkpoint where it ends early.

use clap::ArgMatches;
use intercom_catalog::Operation;
use intercom_catalog::call::Invocation;
use intercom_runtime::paging::{Checkpoint, Page};
use serde_json::Value;

use crate::arguments::{is_set, matches_one};
use crate::failure::{Code, Failure, Result};
use crate::interrupt::ctrl_c;
use crate::output::List;
use crate::session::Session;

/// Prints the items of a paginated operation.
///
/// # Errors
/// Where a page cannot be fetched or printed. The pages before it are printed.
pub async fn run(
    session: &Session,
    operation: &Operation,
    invocation: Invocation,
    matches: &ArgMatches,
    columns: &[String],
) -> Result {
    let mut list = session.output.list(columns);
    let limit = matches.try_get_one::<u64>("limit").ok().flatten().copied();
    let resume = matches_one(matches, "resume");
    if !is_set(matches, "all") && limit.is_none() && resume.is_none() {
        return one_page(session, operation, invocation, list).await;
    }
    let Some(mut pages) = invocation.pages() else { return Ok(()) };
    if let Some(limit) = limit {
        pages = pages.limit(limit);
    }
    if let Some(stored) = resume {
        let checkpoint: Checkpoint = stored.parse().map_err(|error| Failure::usage(format!("--resume: {error}")))?;
        pages = pages.resume(&checkpoint);
    }
    let mut pages = pages.prefetch();
    let mut interrupt = ctrl_c();
    loop {
        let page = tokio::select! {
            page = pages.next() => page,
            () = &mut interrupt => {
                let checkpoint = pages.checkpoint();
                let count = list.count();
                list.finish()?;
                let resume = crate::command::quoted(&checkpoint.to_string());
                let message = format!("interrupted after {count} items; continue with --resume {resume}");
                return Err(Failure::new(Code::Interrupted, message));
            }
        };
        match page {
            None => return list.finish(),
            Some(Ok(page)) => show(&mut list, page)?,
            Some(Err(error)) => {
                let checkpoint = pages.checkpoint();
                let count = list.count();
                list.finish()?;
                let mut failure = Failure::from(error);
                if count > 0 && !checkpoint.is_done() {
                    let resume = crate::command::quoted(&checkpoint.to_string());
                    failure.message.push_str(&format!("; after {count} items, continue with --resume {resume}"));
                }
                return Err(failure);
            }
        }
    }
}

async fn one_page(session: &Session, operation: &Operation, invocation: Invocation, mut list: List) -> Result {
    let Some(page) = invocation.page() else { return Ok(()) };
    let page = page.await?;
    let (total, more) = (page.total_count, page.next_position().is_some());
    show(&mut list, page)?;
    let count = list.count();
    list.finish()?;
    if more && operation.pagination.is_some() {
        let of = total.map_or_else(String::new, |total| format!(" of {total}"));
        session.note(&format!("{count}{of} items; --all prints all of them, --limit COUNT that many"));
    }
    Ok(())
}

fn show(list: &mut List, page: Page<Value>) -> Result {
    let items: Vec<Value> = page.items.into_iter().collect::<std::result::Result<_, _>>()?;
    list.items(&items)
}
