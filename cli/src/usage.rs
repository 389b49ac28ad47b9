//! Mistakes in the command line as one line, with the nearest name; help as it is.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use intercom_catalog::Catalog;

use crate::command::{PROGRAM, group_of, group_word, word};
use crate::failure::{Failure, Result};
use crate::nearest::suggestion;
use crate::operation::print;
use crate::words::Words;

/// Prints help, or explains what is wrong.
///
/// # Errors
/// Where something is wrong, or help cannot be printed.
pub fn explain(error: &clap::Error, words: &Words, catalog: &Catalog, colors: bool) -> Result {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            return print_styled(error, colors);
        }
        // Called without what it needs: the page, and an exit code that says so.
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            print_styled(error, colors)?;
            return Err(Failure::usage("a command is missing"));
        }
        ErrorKind::InvalidSubcommand => {
            if let Some(ContextValue::String(written)) = error.get(ContextKind::InvalidSubcommand) {
                return Err(Failure::usage(unknown(written, words, catalog)));
            }
        }
        _ => {}
    }
    let text = error.render().to_string();
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut message = lines.next().unwrap_or_default().trim_start_matches("error: ").to_owned();
    for line in lines.take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more")) {
        match line.strip_prefix("tip: ") {
            Some(tip) => message.push_str(&format!("; {tip}")),
            None => message.push_str(&format!(" {line}")),
        }
    }
    // What follows a command of the program itself is no operation.
    let group = words.command.as_deref().and_then(|command| group_of(catalog, command));
    let method = words.method.iter().filter(|_| group.is_some());
    let page: Vec<&str> = words.command.iter().chain(method).map(String::as_str).collect();
    let page = if page.is_empty() { String::new() } else { format!(" {}", page.join(" ")) };
    Err(Failure::usage(format!("{message}; see `intercom{page} --help`")))
}

fn print_styled(error: &clap::Error, colors: bool) -> Result {
    let text = error.render();
    let text = if colors { text.ansi().to_string() } else { text.to_string() };
    print(&text.replace('\u{a0}', " "))
}

/// An unknown group or operation, with the nearest one.
fn unknown(written: &str, words: &Words, catalog: &Catalog) -> String {
    let group = words.command.as_deref().and_then(|group| group_of(catalog, group));
    if let Some(group) = group {
        let names: Vec<String> = catalog.operations_of(&group.name).map(|operation| word(&operation.method)).collect();
        let meant = suggestion(written, names.iter().map(String::as_str));
        let name = group_word(&group.name);
        return format!("{name} has no operation `{written}`{meant} See `intercom {name} --help`");
    }
    let groups: Vec<String> = catalog.groups.iter().map(|group| group_word(&group.name)).collect();
    let meant = suggestion(written, groups.iter().map(String::as_str).chain(PROGRAM.iter().copied()));
    format!("there is no command `{written}`{meant} See `intercom --help`")
}
