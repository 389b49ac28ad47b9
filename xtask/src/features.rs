//! `cargo xtask features`: compiles crates with no features, and with each group's feature alone.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use clap::Args;
use intercom_codegen::version::Version;

use crate::project::{Project, read};

/// Compiles a crate without features and with each group's feature alone, warnings denied.
#[derive(Debug, Args)]
pub struct Features {
    /// The version: 2.7 … 2.16 or preview
    #[arg(long, value_name = "V", required_unless_present = "all")]
    version: Option<Version>,
    /// Every version
    #[arg(long, conflicts_with = "version")]
    all: bool,
    /// Only each n-th feature, for a quick look
    #[arg(long, value_name = "N", default_value_t = 1)]
    every: usize,
}

/// Runs the command. `Ok(false)` says that something does not compile.
pub fn run(args: &Features, project: &Project) -> Result<bool> {
    let start = Instant::now();
    let versions = if args.all { project.versions()? } else { args.version.into_iter().collect() };
    let (mut checked, mut left_out, mut failed) = (0, 0, Vec::new());
    for version in versions {
        let path = project.crate_path(version);
        let features = features(&path)?;
        let sampled: Vec<&String> = features.iter().step_by(args.every.max(1)).collect();
        left_out += features.len() - sampled.len();
        let name = Project::crate_name(version);
        eprintln!("{name}: no features, then {} of {} alone", sampled.len(), features.len());
        for feature in std::iter::once("").chain(sampled.iter().map(|feature| feature.as_str())) {
            checked += 1;
            if !check(project.root(), &name, feature)? {
                failed.push(format!("{name} with {}", if feature.is_empty() { "no features" } else { feature }));
            }
        }
    }
    println!(
        "{checked} combinations compiled, {left_out} left out by sampling, {} failed in {:.1?}",
        failed.len(),
        start.elapsed()
    );
    for failure in &failed {
        println!("  {failure}");
    }
    Ok(failed.is_empty())
}

/// The features that stand for groups or types: those that turn nothing else on.
fn features(crate_path: &Path) -> Result<Vec<String>> {
    let manifest = read(&crate_path.join("Cargo.toml"))?;
    let features: Vec<String> =
        manifest.lines().filter_map(|line| line.strip_suffix(" = []")).map(str::to_owned).collect();
    if features.is_empty() {
        bail!("{} declares no features of groups\n  hint: run `cargo xtask generate --all`", crate_path.display());
    }
    Ok(features)
}

fn check(root: &Path, name: &str, feature: &str) -> Result<bool> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    // A warning fails the check as an error does. Denying them by RUSTFLAGS would compile every dependency once more.
    let output = Command::new(cargo)
        .args(["check", "--quiet", "--package", name, "--no-default-features", "--features", feature])
        .current_dir(root)
        .output()
        .context("cannot run cargo")?;
    let messages = String::from_utf8_lossy(&output.stderr);
    let clean = output.status.success() && !messages.contains("warning:");
    if !clean {
        eprintln!("{messages}");
    }
    Ok(clean)
}
