//! `cargo xtask bench`: measures what compiling and generating cost, and checks the budget. With `--peer NAME` it also measures another
//! generator of benches/peers.yaml in the same run.
//!
//! CPU time is that of all processes of a command. Measurements are only printed; `bench budget`, which counts instead of
//! timing, is the only command whose result can be bad (exit code 1).

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
    Compile(MeasureArgs),
    /// CPU time of the generator, built for release
    Generate(MeasureArgs),
    /// Counts that hardly depend on the machine, compared with benches/budget.yaml
    Budget(budget::Budget),
}

/// Arguments of the measurements.
#[derive(Debug, Args)]
struct MeasureArgs {
    /// The version, such as 2.15, or preview
    #[arg(long, value_name = "V", default_value = "2.15")]
    version: Version,
    /// The number of runs; the median is reported
    #[arg(long, value_name = "N", default_value_t = 5)]
    runs: usize,
    /// Another generator to measure in the same run, from benches/peers.yaml; it is installed if it is missing
    #[arg(long = "peer", value_name = "NAME")]
    peers: Vec<String>,
    /// The description that the generators read, instead of the project's. `compile` measures the project's crate nevertheless
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
    /// An edited description for peers that reject the original
    #[arg(long, value_name = "FILE")]
    edited: Option<PathBuf>,
}

/// Runs the command. `Ok(false)` means that the budget is exceeded.
pub fn run(args: &Bench, project: &Project) -> Result<bool> {
    match &args.what {
        What::Compile(measured) => compile::run(measured, project).map(|()| true),
        What::Generate(measured) => generate::run(measured, project).map(|()| true),
        What::Budget(args) => budget::run(args, project),
    }
}
