//! Reads secrets from the environment, from standard input, or from the terminal without showing them. They are never arguments, which
//! other users of the machine can read and shells store.

use std::io::{BufRead as _, IsTerminal as _};

use crate::failure::{Failure, Result};

/// The secret in the variable, else what is typed on the terminal.
///
/// # Errors
/// Where there is neither a variable nor a terminal, or what is typed is empty.
pub fn read(variable: &str, what: &str) -> Result<String> {
    match std::env::var(variable) {
        Ok(secret) if !secret.trim().is_empty() => Ok(secret.trim().to_owned()),
        _ if std::io::stdin().is_terminal() => ask(what),
        _ => Err(Failure::usage(format!("there is no {what}: set {variable}"))),
    }
}

/// Asks on a terminal without showing what is typed; elsewhere reads the first line of standard input.
///
/// # Errors
/// Where the line is empty or cannot be read.
pub fn ask(what: &str) -> Result<String> {
    let failed = |error: std::io::Error| Failure::io(format!("cannot read the {what}"), &error);
    let line = if std::io::stdin().is_terminal() {
        eprint!("{what} (not shown): ");
        console::Term::stderr().read_secure_line().map_err(failed)?
    } else {
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line).map_err(failed)?;
        line
    };
    match line.trim() {
        "" => Err(Failure::usage(format!("there is no {what} on standard input"))),
        secret => Ok(secret.to_owned()),
    }
}
