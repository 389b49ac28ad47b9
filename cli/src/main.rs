//! `intercom`: the API from a terminal. The commands are built at run time from the catalog of an API version.

mod arguments;
mod command;
mod confirm;
mod dry_run;
mod export;
mod failure;
mod files;
mod import;
mod interrupt;
mod nearest;
mod operation;
mod output;
mod profile;
mod program;
mod progress;
mod search;
mod selection;
mod session;
mod shorthand;
mod time;
mod usage;
mod walk;
mod words;

use std::ffi::OsString;
use std::io::IsTerminal as _;
use std::process::ExitCode;

use clap::{ArgMatches, ColorChoice};
use intercom_catalog::Catalog;

use command::{default_version, globals, group_of, operation_of, root};
use failure::{Code, Failure, Result};
use output::Colors;
use program::completions;
use session::Session;
use words::Words;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) if failure.is_quiet() => ExitCode::SUCCESS,
        Err(failure) => {
            let colors = Colors::new(None, std::io::stderr().is_terminal());
            let head =
                if failure.code == Code::Interrupted { String::new() } else { format!("{} ", colors.red("error:")) };
            eprintln!("{head}{failure}");
            ExitCode::from(failure.code as u8)
        }
    }
}

fn run(arguments: &[OsString]) -> Result {
    let completing = completions::asked(arguments);
    let written = completing.unwrap_or_else(|| arguments.get(1..).unwrap_or_default());
    let words = Words::of(written, &globals());
    let version = words.version.as_deref().unwrap_or(default_version());
    let is_completing = completing.is_some();
    let catalog = match selection::select(version, &words, is_completing) {
        Ok(catalog) => catalog,
        // A completion does not fail for an unknown version: commands of the default version are better than none.
        Err(error) if !is_completing => return Err(Failure::usage(format!("--api-version: {error}"))),
        Err(_) => selection::select(default_version(), &words, is_completing)
            .map_err(|error| Failure::usage(error.to_string()))?,
    };
    let mut root = root(&catalog, &words).color(ColorChoice::Always);
    if is_completing {
        return completions::complete(root, arguments);
    }
    let matches = match root.try_get_matches_from_mut(arguments) {
        Ok(matches) => matches,
        Err(error) => return usage::explain(&error, &words, &catalog, color(written).are_on()),
    };
    let session = Session::new(catalog, &matches);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::io("cannot start", &error))?;
    let done = runtime.block_on(dispatch(&session, &matches));
    // A page that is still being prefetched is not needed any more, so nothing waits for it.
    runtime.shutdown_background();
    done
}

async fn dispatch(session: &Session, matches: &ArgMatches) -> Result {
    let Some((name, matches)) = matches.subcommand() else { return Err(Failure::usage("there is no command")) };
    if let Some(done) = program::run(session, name, matches).await {
        return done;
    }
    let catalog: &Catalog = &session.catalog;
    let found = group_of(catalog, name).and_then(|group| {
        let (method, matches) = matches.subcommand()?;
        Some((operation_of(catalog, group, method)?, matches))
    });
    match found {
        Some((operation, matches)) => operation::run(session, operation, matches).await,
        None => Err(Failure::usage(format!("there is no command `{name}`"))),
    }
}

/// Whether help is coloured. Looks for `--color` in the words themselves: when clap shows help or an error, it returns no options.
fn color(written: &[OsString]) -> Colors {
    let words: Vec<_> = written.iter().map(|word| word.to_string_lossy()).collect();
    let attached = words.iter().find_map(|word| word.strip_prefix("--color="));
    let after = words.windows(2).find(|pair| pair[0] == "--color").map(|pair| &*pair[1]);
    Colors::new(attached.or(after), std::io::stdout().is_terminal())
}
