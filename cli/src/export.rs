//! `intercom export`: lists as files of JSON lines, resumable and incremental.

mod details;
mod resource;
mod run;
mod state;
mod target;

use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::arguments::{is_set, matches_one};
use crate::failure::{Code, Failure, Result};
use crate::files;
use crate::interrupt::ctrl_c;
use crate::nearest::suggestion;
use crate::progress::Progress;
use crate::session::Session;
use crate::time;
use resource::{RESOURCES, Resource};
use run::{Export, Since};
use state::State;

pub fn command() -> Command {
    Command::new("export")
        .about("Export contacts, conversations, tickets and companies as files of JSON lines")
        .long_about(
            "Export contacts, conversations, tickets and companies as files of JSON lines, one file each.\n\n\
             When an export ends early, even if it was killed, run the same command again: it continues where it stopped, without \
             lost or repeated lines. After a complete export, the same command adds what has changed since then. It looks back one \
             more hour, because searches find changes late. Where several lines have the same id, the last one is the newest. \
             The state is in export.json beside the files; export.lock keeps a second export out of the folder.\n\n\
             Companies are listed by a scroll, which another run cannot continue: their export starts again.",
        )
        .after_long_help(
            "Examples:\n  intercom export contacts --to backup\n  \
             intercom export contacts,conversations,tickets,companies --to backup --parts\n  \
             intercom export conversations --to november --since 2026-11-01",
        )
        .arg(
            Arg::new("what")
                .value_name("WHAT")
                .required(true)
                .value_delimiter(',')
                .num_args(1..)
                .help("contacts, conversations, tickets, companies; several with commas"),
        )
        .arg(Arg::new("to").long("to").value_name("FOLDER").required(true).help("The folder of the files; it is created if it is missing"))
        .arg(Arg::new("since").long("since").value_name("TIME").help("Export only what was updated since then: 2026-11-01, 30d"))
        .arg(
            Arg::new("parts")
                .long("parts")
                .action(ArgAction::SetTrue)
                .help("Read each conversation and ticket in full, with its newest 500 parts; if there are more, the line has `\"parts_truncated\": true`"),
        )
        .arg(
            Arg::new("workers")
                .long("workers")
                .value_name("COUNT")
                .default_value("8")
                .value_parser(clap::value_parser!(u8).range(1..=64))
                .help("How many conversations or tickets are read at the same time"),
        )
}

/// Runs the command.
///
/// # Errors
/// Where a page cannot be fetched after retries, or a file cannot be written. The next run continues after what was stored.
pub async fn run(session: &Session, matches: &ArgMatches) -> Result {
    let folder = PathBuf::from(matches_one(matches, "to").unwrap_or_default());
    let since = matches_one(matches, "since")
        .map(|given| time::parse(given).map(|seconds| Since { given: given.to_owned(), seconds }));
    let since = since.transpose().map_err(|problem| Failure::usage(format!("--since: {problem}")))?;
    let mut resources: Vec<&Resource> = Vec::new();
    for name in crate::arguments::matches_many(matches, "what") {
        let resource = RESOURCES.iter().find(|resource| resource.name == name).ok_or_else(|| {
            let names: Vec<&str> = RESOURCES.iter().map(|resource| resource.name).collect();
            let meant = suggestion(name, names.iter().copied());
            Failure::usage(format!("there is no export of `{name}`{meant}; there are {}", names.join(", ")))
        })?;
        if !resources.iter().any(|known| known.name == resource.name) {
            resources.push(resource);
        }
    }
    let failed = |error: std::io::Error| Failure::io(format!("cannot write to {}", folder.display()), &error);
    std::fs::create_dir_all(&folder).map_err(failed)?;
    let lock = files::lock(&folder.join("export.lock")).map_err(failed)?;
    let _lock = lock.ok_or_else(|| {
        let message = "is being written by another export; wait until it has ended, or export to another folder";
        Failure::new(Code::Other, format!("{} {message}", folder.display()))
    })?;
    let state = State::read(&folder)?;
    let progress = Progress::new(session.quiet);
    let client = session.finish(session.builder()?.throttle(progress.throttle()).metrics(progress.metrics()))?;
    let mut export = Export {
        client,
        catalog: &session.catalog,
        folder,
        state,
        since,
        parts: is_set(matches, "parts"),
        interrupt: ctrl_c(),
        workers: usize::from(matches.get_one::<u8>("workers").copied().unwrap_or(8)),
    };
    for resource in resources {
        let bar = progress.bar(resource.name);
        let done = export.resource(resource, &bar).await;
        bar.finish();
        let summary = done?;
        session.note(&summary.to_string());
    }
    Ok(())
}
