//! `intercom completions`: the script that a shell loads. It asks the program itself for completions.

use std::ffi::OsString;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgMatches, Command};
use clap_complete::env::{Bash, EnvCompleter, Fish, Powershell, Zsh};

use crate::arguments::matches_one;
use crate::failure::{Failure, Result};
use crate::operation::print;

/// The variable with which the script asks for completions; its value is the name of the shell.
pub const VARIABLE: &str = "INTERCOM_COMPLETE";

pub fn command() -> Command {
    Command::new("completions")
        .about("Print the completion script of a shell")
        .after_long_help(
            "Examples:\n  source <(intercom completions bash)          # in ~/.bashrc\n  \
             source <(intercom completions zsh)           # in ~/.zshrc, after compinit\n  \
             intercom completions fish > ~/.config/fish/completions/intercom.fish\n  \
             intercom completions powershell >> $PROFILE",
        )
        .arg(Arg::new("shell").value_name("SHELL").required(true).value_parser(PossibleValuesParser::new([
            "bash",
            "zsh",
            "fish",
            "powershell",
        ])))
}

fn shell(name: &str) -> Option<&'static dyn EnvCompleter> {
    Some(match name {
        "bash" => &Bash,
        "zsh" => &Zsh,
        "fish" => &Fish,
        "powershell" => &Powershell,
        _ => return None,
    })
}

/// Runs the command.
///
/// # Errors
/// Where the text cannot be printed.
pub fn run(matches: &ArgMatches) -> Result {
    let Some(shell) = matches_one(matches, "shell").and_then(shell) else { return Ok(()) };
    let mut text = Vec::new();
    let written = shell.write_registration(VARIABLE, "intercom", "intercom", "intercom", &mut text);
    written.map_err(|error| Failure::io("cannot write the completions", &error))?;
    print(&String::from_utf8_lossy(&text))
}

/// The words of the command line to be completed, after the program's name; `None` where the program is not asked for completions.
pub fn asked(arguments: &[OsString]) -> Option<&[OsString]> {
    std::env::var_os(VARIABLE)?;
    let begin = arguments.iter().position(|argument| argument == "--")?;
    arguments.get(begin + 2..)
}

/// Prints the completions.
///
/// # Errors
/// Where the shell is not known, or the text cannot be printed.
pub fn complete(mut root: Command, arguments: &[OsString]) -> Result {
    let name = std::env::var(VARIABLE).unwrap_or_default();
    let Some(shell) = shell(&name) else {
        return Err(Failure::usage(format!("{VARIABLE} is `{name}`; it can be bash, zsh, fish or powershell")));
    };
    let words = arguments.iter().skip_while(|argument| *argument != "--").skip(1).cloned().collect();
    let mut text = Vec::new();
    let written = shell.write_complete(&mut root, words, std::env::current_dir().ok().as_deref(), &mut text);
    written.map_err(|error| Failure::io("cannot complete", &error))?;
    let mut out = crate::output::Stdout::new();
    out.bytes(&text)?;
    out.finish()
}
