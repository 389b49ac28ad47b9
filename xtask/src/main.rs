//! The project's commands: `cargo xtask …`.

mod bench;
mod changes;
mod dependencies;
mod diff;
mod docs;
#[cfg(test)]
mod document_tests;
mod features;
mod from_node;
mod generate;
mod git;
mod import;
mod lint;
mod output;
mod package;
mod project;
mod release;
mod review;
mod tables;
#[cfg(test)]
mod test_folder;
mod upkeep;
mod verify;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
use project::Project;

/// The generator spends much of its time on allocation, and this allocator is faster than the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The project's commands.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Import(import::Import),
    Upkeep(upkeep::Upkeep),
    Generate(generate::Generate),
    Diff(diff::Diff),
    Changes(changes::Changes),
    Verify(verify::Verify),
    Lint(lint::Lint),
    Docs(docs::Docs),
    Features(features::Features),
    Package(package::Package),
    Release(release::Release),
    Dependencies(dependencies::Dependencies),
    Bench(bench::Bench),
}

/// Exit codes: 0 success, 1 the command found a problem, 2 an error kept it from completing.
fn main() -> ExitCode {
    match run(&Cli::parse().command) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run(command: &Command) -> Result<bool> {
    let project = Project::here()?;
    match command {
        Command::Import(args) => import::run(args, &project).map(|()| true),
        Command::Upkeep(args) => upkeep::run(args, &project),
        Command::Generate(args) => generate::run(args, &project),
        Command::Diff(args) => diff::run(args, &project),
        Command::Verify(args) => verify::run(args, &project),
        Command::Changes(args) => changes::run(args, &project),
        Command::Lint(args) => lint::run(args, &project),
        Command::Docs(args) => docs::run(args, &project),
        Command::Features(args) => features::run(args, &project),
        Command::Release(args) => release::run(args, &project),
        Command::Dependencies(args) => dependencies::run(args, &project),
        Command::Package(args) => package::run(args, &project),
        Command::Bench(args) => bench::run(args, &project),
    }
}
