//! Asks for confirmation before a deletion.

use std::io::{BufRead as _, IsTerminal as _, Write as _};

use crate::failure::{Code, Failure, Result};

/// Asks on a terminal; without one, `--yes` is required.
///
/// # Errors
/// Where the answer is no, or nobody can be asked.
pub fn confirm(what: &str, yes: bool) -> Result {
    if yes {
        return Ok(());
    }
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return Err(Failure::usage(format!("{what} cannot be undone; add --yes to confirm it")));
    }
    eprint!("{what} cannot be undone. Continue? [y/N] ");
    let _ = std::io::stderr().flush();
    let mut answer = String::new();
    let read = std::io::stdin().lock().read_line(&mut answer);
    read.map_err(|error| Failure::io("cannot read the answer", &error))?;
    if matches!(answer.trim().to_lowercase().as_str(), "y" | "yes") {
        return Ok(());
    }
    Err(Failure::new(Code::Other, "cancelled; nothing was sent"))
}
