//! `intercom man`: the manual pages.

use std::path::Path;

use clap::{Arg, ArgMatches, Command};

use crate::arguments::matches_one;
use crate::command::{everything, restore_spaces};
use crate::failure::{Code, Failure, Result};
use crate::operation::print;
use crate::session::Session;

pub fn command() -> Command {
    Command::new("man")
        .about("Write the manual pages")
        .after_long_help("Examples:\n  intercom man | man -l -\n  intercom man --to ~/.local/share/man/man1")
        .arg(
            Arg::new("to")
                .long("to")
                .value_name("FOLDER")
                .help("Write the pages of all commands into this folder; without it, print the page of the program"),
        )
}

/// Runs the command.
///
/// # Errors
/// Where a page cannot be written.
pub fn run(session: &Session, matches: &ArgMatches) -> Result {
    let mut root = everything(&session.catalog).disable_help_subcommand(true);
    let Some(folder) = matches_one(matches, "to") else {
        return print(&page(root)?);
    };
    root.build();
    let failed = |error: std::io::Error| Failure::io(format!("cannot write to {folder}"), &error);
    std::fs::create_dir_all(folder).map_err(failed)?;
    let mut count = 0;
    write(&root, "", Path::new(folder), &mut count)?;
    session.note(&format!("{count} pages in {folder}"));
    Ok(())
}

fn write(command: &Command, prefix: &str, folder: &Path, count: &mut usize) -> Result {
    if command.is_hide_set() {
        return Ok(());
    }
    let name = format!("{prefix}{}", command.get_name());
    let path = folder.join(format!("{name}.1"));
    let failed = |error: std::io::Error| Failure::io(format!("cannot write {}", path.display()), &error);
    std::fs::write(&path, page(command.clone().name(name.clone()))?).map_err(failed)?;
    *count += 1;
    command.get_subcommands().try_for_each(|inner| write(inner, &format!("{name}-"), folder, count))
}

fn page(command: Command) -> Result<String> {
    let mut text = Vec::new();
    let rendered = clap_mangen::Man::new(command).render(&mut text);
    rendered.map_err(|error| Failure::io("cannot write the page", &error))?;
    String::from_utf8(text)
        .map(|text| restore_spaces(&text))
        .map_err(|error| Failure::new(Code::Other, error.to_string()))
}
