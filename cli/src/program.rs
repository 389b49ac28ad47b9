//! The commands of the program itself. `export` and `import` have folders of their own.

pub mod api;
pub mod completions;
pub mod docs;
pub mod jwt;
pub mod listen;
pub mod login;
pub mod man;
#[cfg(feature = "mcp")]
pub mod mcp;
pub mod secret;
pub mod sign;
pub mod whoami;

pub use crate::export::command as export;
pub use crate::import::command as import;

use clap::ArgMatches;

use crate::failure::Result;
use crate::search;
use crate::session::Session;

/// Runs a command of the program; `None` where there is none of that name.
///
/// # Errors
/// The errors of the command.
pub async fn run(session: &Session, name: &str, matches: &ArgMatches) -> Option<Result> {
    Some(match name {
        "api" => api::run(session, matches).await,
        "completions" => completions::run(matches),
        "docs" => docs::run(session, matches),
        "export" => crate::export::run(session, matches).await,
        "help-search" => crate::operation::print(search::HELP),
        "import" => crate::import::run(session, matches).await,
        "jwt" => jwt::run(matches),
        "listen" => listen::run(session, matches).await,
        "login" => login::run(session, matches).await,
        "logout" => login::logout(session),
        "man" => man::run(session, matches),
        #[cfg(feature = "mcp")]
        "mcp" => mcp::run(session, matches).await,
        "sign" => sign::run(matches),
        "whoami" => whoami::run(session).await,
        _ => return None,
    })
}
