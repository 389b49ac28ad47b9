//! The project's commands: `cargo xtask …`.

mod import;

use std::path::Path;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};

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
}

fn main() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask lies in the project's root")?;
    match Cli::parse().command {
        Command::Import(args) => import::run(&args, root),
    }
}
