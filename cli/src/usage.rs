//! Reports a mistake in the command line as one line with the nearest name, and prints help.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use intercom_catalog::Catalog;

use crate::command::{OWN_COMMANDS, group_of, group_word, operation_of, restore_spaces, word};
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
        // A command without its operation: its help, and the exit code of a usage error.
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
    Err(Failure::usage(format!("{message}; see `intercom{} --help`", page(words, catalog))))
}

/// The command to put into "see `intercom … --help`", each word after a space; empty if the words name no command.
fn page(words: &Words, catalog: &Catalog) -> String {
    let Some(command) = words.command.as_deref() else { return String::new() };
    let Some(group) = group_of(catalog, command) else {
        return if OWN_COMMANDS.contains(&command) { format!(" {command}") } else { String::new() };
    };
    match words.method.as_deref().filter(|method| operation_of(catalog, group, method).is_some()) {
        Some(method) => format!(" {command} {method}"),
        None => format!(" {command}"),
    }
}

fn print_styled(error: &clap::Error, colors: bool) -> Result {
    let text = error.render();
    let text = if colors { text.ansi().to_string() } else { text.to_string() };
    print(&restore_spaces(&text))
}

/// An unknown group or operation, with the nearest one.
fn unknown(written: &str, words: &Words, catalog: &Catalog) -> String {
    let group = words.command.as_deref().and_then(|group| group_of(catalog, group));
    if let Some(group) = group {
        let names: Vec<String> = catalog.operations_of(group).map(|operation| word(&operation.method)).collect();
        let meant = suggestion(written, names.iter().map(String::as_str));
        let end = if meant.is_empty() { "." } else { "" };
        let name = group_word(group);
        return format!("{name} has no operation `{written}`{meant}{end} See `intercom {name} --help`");
    }
    let groups: Vec<String> = catalog.groups.iter().map(|group| group_word(&group.name)).collect();
    let meant = suggestion(written, groups.iter().map(String::as_str).chain(OWN_COMMANDS.iter().copied()));
    let end = if meant.is_empty() { "." } else { "" };
    format!("there is no command `{written}`{meant}{end} See `intercom --help`")
}
