//! The commands of the program itself.

use clap::Command;

use super::page::protect_spaces;
use crate::program;

/// The names of the program's own commands.
pub const OWN_COMMANDS: &[&str] = &[
    "api",
    "completions",
    "docs",
    "export",
    "help-search",
    "import",
    "jwt",
    "listen",
    "login",
    "logout",
    "man",
    #[cfg(feature = "mcp")]
    "mcp",
    "sign",
    "whoami",
];

/// The command with this name.
pub fn program(name: &'static str) -> Command {
    let command = command(name);
    match command.get_after_long_help().map(|examples| protect_spaces(&examples.to_string())) {
        Some(examples) => command.after_long_help(examples),
        None => command,
    }
}

fn command(name: &'static str) -> Command {
    match name {
        "api" => program::api::command(),
        "completions" => program::completions::command(),
        "docs" => program::docs::command(),
        "export" => program::export(),
        "help-search" => Command::new("help-search").about("Explain the search language"),
        "import" => program::import(),
        "jwt" => program::jwt::command(),
        "listen" => program::listen::command(),
        "login" => program::login::command(),
        "logout" => program::login::logout_command(),
        "man" => program::man::command(),
        #[cfg(feature = "mcp")]
        "mcp" => program::mcp::command(),
        "sign" => program::sign::command(),
        "whoami" => {
            Command::new("whoami").about("Show whose token is used: admin, workspace, region, version and rate limit")
        }
        _ => Command::new(name),
    }
}
