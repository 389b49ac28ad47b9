//! Secrets: from the environment, from standard input or asked for without showing them, and never from an argument, which
//! other users of the machine could read and the shell would keep.

use std::io::{BufRead as _, IsTerminal as _};

use crate::failure::{Failure, Result};

/// The secret that the variable holds, else what is typed.
///
/// # Errors
/// Where there is neither.
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
/// Where nothing comes.
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
