//! `intercom import`: contacts from a file, created or updated, resumable.

mod rows;
mod state;
mod upsert;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Command};
use futures_util::StreamExt as _;
use futures_util::stream;
use serde_json::json;

use crate::arguments::{is_set, matches_many, matches_one};
use crate::failure::{Code, Failure, Result};
use crate::interrupt::ctrl_c;
use crate::progress::Progress;
use crate::session::Session;
use rows::{Columns, Row, rows};
use state::State;
use upsert::{Upsert, Upserted};

pub fn command() -> Command {
    let flag = |name: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue);
    Command::new("import")
        .about("Create or update contacts from a CSV or NDJSON file")
        .long_about(
            "Create or update contacts from a CSV or NDJSON file.\n\n\
             Each row needs an external_id or an email. If a contact has it already, that contact is updated; otherwise one is created. \
             All rows are checked before the first call. The number and the error of each row that is refused or skipped are \
             written to FILE.refused.ndjson, and the import continues. When an import ends early, run the same command again: it \
             continues where it stopped. Rows whose answer was lost are sent again.\n\n\
             Columns are named like the fields of a contact, and `custom_attributes.NAME`; empty cells are left out.",
        )
        .after_long_help(
            "Examples:\n  intercom import contacts people.csv --dry-run\n  \
             intercom import contacts people.csv --map 'E-Mail=email' --map 'Plan=custom_attributes.plan' --map 'Notes='",
        )
        .arg(Arg::new("what").value_name("WHAT").required(true).value_parser(PossibleValuesParser::new(["contacts"])))
        .arg(Arg::new("file").value_name("FILE").required(true).help("A CSV file with a header, or a file of JSON lines"))
        .arg(
            Arg::new("map")
                .long("map")
                .value_name("COLUMN=FIELD")
                .action(ArgAction::Append)
                .help("The field of a column with another name; an empty FIELD leaves the column out"),
        )
        .arg(flag("dry-run").help("Check all rows and send nothing"))
        .arg(flag("skip-invalid").help("Send the valid rows even if others are not valid"))
        .arg(
            Arg::new("workers")
                .long("workers")
                .value_name("COUNT")
                .default_value("4")
                .value_parser(clap::value_parser!(u8).range(1..=64))
                .help("How many rows are sent at the same time"),
        )
}

/// How many invalid rows are shown.
const MOST_SHOWN: usize = 10;
/// How often the state is stored.
const COMMIT: Duration = Duration::from_millis(500);

/// Runs the command.
///
/// # Errors
/// Where rows are invalid or refused, the API cannot be reached, or a file cannot be read or written.
pub async fn run(session: &Session, matches: &ArgMatches) -> Result {
    let file = PathBuf::from(matches_one(matches, "file").unwrap_or_default());
    let upsert = Upsert::new(&session.catalog)?;
    let columns = Columns::new(&session.catalog, upsert.body()?, matches_many(matches, "map"))?;
    let (valid, invalid) = check(&file, &columns)?;
    let refused = with_suffix(&file, "refused.ndjson");
    if !invalid.is_empty() && !is_set(matches, "skip-invalid") {
        let mut message =
            format!("{} of {} rows are not valid; nothing was sent", invalid.len(), valid + invalid.len() as u64);
        for (number, problem) in invalid.iter().take(MOST_SHOWN) {
            message.push_str(&format!("\n  row {number}: {problem}"));
        }
        if invalid.len() > MOST_SHOWN {
            message.push_str(&format!("\n  and {} more", invalid.len() - MOST_SHOWN));
        }
        message.push_str("\n  correct them, or send the valid rows with --skip-invalid");
        return Err(Failure::usage(message));
    }
    if is_set(matches, "dry-run") {
        session.note(&format!("{valid} rows are valid, {} are not; nothing was sent", invalid.len()));
        return Ok(());
    }
    let mut state = State::read(&file)?;
    let progress = Progress::new(session.quiet);
    let client = session.finish(session.builder()?.throttle(progress.throttle()).metrics(progress.metrics()))?;
    let bar = progress.bar("contacts");
    bar.set_length(valid + invalid.len() as u64);
    bar.set_position(state.done);
    if state.done > 0 {
        session.note(&format!("continues after row {}", state.done));
    }
    let mut report = Report::open(refused, state.done > 0)?;
    let mut rows = rows(&file, &columns)?;
    let workers = usize::from(matches.get_one::<u8>("workers").copied().unwrap_or(4));
    let begin = state.done;
    let skipped = std::iter::from_fn(|| rows.next()).skip(usize::try_from(begin).unwrap_or(usize::MAX));
    let mut sent = stream::iter(skipped).map(|row| upsert.row(&client, row)).buffered(workers);
    let mut committed = Instant::now();
    let mut interrupt = ctrl_c();
    let end = loop {
        let next = tokio::select! {
            next = sent.next() => next,
            () = &mut interrupt => {
                break Err(Failure::new(Code::Interrupted, "interrupted; run the same command to continue"));
            }
        };
        match next {
            None => break Ok(()),
            Some(Ok(Upserted::Created)) => state.created += 1,
            Some(Ok(Upserted::Updated)) => state.updated += 1,
            Some(Ok(Upserted::Refused { row, why })) => {
                state.refused += 1;
                report.line(row, &why)?;
            }
            Some(Err(mut failure)) => {
                failure.message.push_str("; run the same command to continue");
                break Err(failure);
            }
        }
        state.done += 1;
        bar.inc(1);
        if committed.elapsed() >= COMMIT {
            report.flush()?;
            state.store()?;
            committed = Instant::now();
        }
    };
    bar.finish();
    report.flush()?;
    match end {
        Ok(()) => state.remove(),
        Err(failure) => {
            state.store()?;
            return Err(failure);
        }
    }
    session.note(&format!("{} created, {} updated, {} refused", state.created, state.updated, state.refused));
    if state.refused > 0 {
        let message = format!("{} rows were refused; see {}", state.refused, report.path.display());
        return Err(Failure::new(Code::Refused, message));
    }
    Ok(())
}

/// Reads all rows and returns how many are valid, and what is wrong with the others.
fn check(file: &Path, columns: &Columns<'_>) -> Result<(u64, Vec<(u64, String)>)> {
    let (mut valid, mut invalid) = (0, Vec::new());
    for row in rows(file, columns)? {
        match row {
            Row { problem: Some(problem), number, .. } => invalid.push((number, problem)),
            _ => valid += 1,
        }
    }
    Ok((valid, invalid))
}

fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{suffix}"));
    file.with_file_name(name)
}

/// The file with number and error of each refused row; it is created for the first of them.
struct Report {
    path: PathBuf,
    file: Option<std::io::BufWriter<std::fs::File>>,
}

impl Report {
    fn open(path: PathBuf, goes_on: bool) -> Result<Self> {
        if !goes_on
            && let Err(error) = std::fs::remove_file(&path)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            return Err(Failure::io(format!("cannot write {}", path.display()), &error));
        }
        Ok(Self { path, file: None })
    }

    fn line(&mut self, row: u64, why: &str) -> Result {
        let failed = |error: std::io::Error| Failure::io(format!("cannot write {}", self.path.display()), &error);
        if self.file.is_none() {
            let opened = std::fs::OpenOptions::new().append(true).create(true).open(&self.path).map_err(failed)?;
            self.file = Some(std::io::BufWriter::new(opened));
        }
        let Some(file) = &mut self.file else { return Ok(()) };
        writeln!(file, "{}", json!({"row": row, "error": why})).map_err(failed)
    }

    fn flush(&mut self) -> Result {
        let Some(file) = &mut self.file else { return Ok(()) };
        file.flush().map_err(|error| Failure::io(format!("cannot write {}", self.path.display()), &error))
    }
}
