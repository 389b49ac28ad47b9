//! `cargo xtask bench`: what compiling and generating cost, beside other generators in the same run, and the budget.
//!
//! CPU time is that of all processes of a command. A run says what it saw; only `bench budget`, which counts and does not
//! time, can fail.

mod budget;
mod compile;
mod cpu;
mod generate;
mod peers;
mod program;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, Subcommand};
use intercom_codegen::version::Version;

use crate::project::Project;

/// Measures what compiling and generating cost.
#[derive(Debug, Args)]
pub struct Bench {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// CPU time of `cargo check` and of release builds, sizes of binaries, and crates in the tree
    Compile(Measured),
    /// CPU time of the generator, built for release
    Generate(Measured),
    /// Counts that do not depend on the machine, against benches/budget.yaml
    Budget(budget::Budget),
}

/// What is measured beside what.
#[derive(Debug, Args)]
struct Measured {
    /// The version: 2.7 … 2.16 or preview
    #[arg(long, value_name = "V", default_value = "2.15")]
    version: Version,
    /// How often; the median counts
    #[arg(long, value_name = "N", default_value_t = 5)]
    runs: usize,
    /// Another generator to measure in the same run, of benches/peers.yaml; it is installed if it is not there
    #[arg(long = "peer", value_name = "NAME")]
    peers: Vec<String>,
    /// The description that the generators read, instead of the project's
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
    /// The description for peers that reject it as it is, edited until they take it
    #[arg(long, value_name = "FILE")]
    edited: Option<PathBuf>,
}

/// Runs the command. `Ok(false)` says that the budget is exceeded.
pub fn run(args: &Bench, project: &Project) -> Result<bool> {
    match &args.what {
        What::Compile(measured) => compile::run(measured, project).map(|()| true),
        What::Generate(measured) => generate::run(measured, project).map(|()| true),
        What::Budget(args) => budget::run(args, project),
    }
}
