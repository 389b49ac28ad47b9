//! `cargo xtask verify`: checks the diff's verdicts on Rust code with the compiler.
//!
//! A program with a function for each use of the old crate is compiled with the new crate. The functions that fail to compile are
//! compared with those that the diff reports as broken.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use intercom_codegen::diff::rules::SemverLevel;
use intercom_codegen::diff::{Use, diff, uses};
use intercom_codegen::ir::Api;
use intercom_codegen::plural::counted;
use intercom_codegen::version::Version;
use serde_json::Value;

use crate::diff::apis;
use crate::project::Project;

/// Checks the verdicts of `diff` between two versions with the compiler; needs their generated crates.
#[derive(Debug, Args)]
pub struct Verify {
    /// A version
    old: String,
    /// A later version
    new: String,
    /// Show every disagreement, not only some of each kind
    #[arg(long)]
    all: bool,
}

/// How many names of each kind are shown at most without `--all`.
const SHOWN: usize = 5;

/// Runs the command. `Ok(false)` means that a use breaks and the diff does not report it.
pub fn run(args: &Verify, project: &Project) -> Result<bool> {
    let start = Instant::now();
    let (old, new): (Version, Version) = (args.old.parse()?, args.new.parse()?);
    let apis = apis(&[old, new], project)?;
    let diff = diff(&apis[0], &apis[1]);
    let all = uses(&apis[0]);
    // A use that does not compile with its own crate says nothing about the other crate.
    let failing_before = failing(&all, old, &apis[0], project)?;
    let (mut tested, mut left_out) = (Vec::new(), Vec::new());
    for (index, used) in all.into_iter().enumerate() {
        if failing_before.contains(&index) { left_out.push(used) } else { tested.push(used) }
    }
    let broken = failing(&tested, new, &apis[1], project)?;

    let (mut compiling, mut explained, mut missed) = (0, 0, Vec::new());
    let (mut tried, mut confirmed) = (BTreeSet::new(), BTreeSet::new());
    for (index, used) in tested.iter().enumerate() {
        let causes = used.broken_by(&diff);
        match (causes.is_empty(), broken.contains(&index)) {
            (_, false) => compiling += 1,
            (false, true) => explained += 1,
            (true, true) => missed.push(name(used)),
        }
        if broken.contains(&index) {
            confirmed.extend(causes.iter().copied());
        }
        tried.extend(causes);
    }
    let major: BTreeSet<usize> =
        (0..diff.changes.len()).filter(|index| diff.changes[*index].rust().0 == SemverLevel::Major).collect();
    println!(
        "{old} to {new}: {} uses of the crate, {}, in {:.1?}",
        tested.len(),
        counted(major.len(), "major change"),
        start.elapsed()
    );
    println!("  uses: {compiling} compile, {explained} break as reported, {} break but are not reported", missed.len());
    println!(
        "  major changes: {} confirmed by a use that breaks, {} not confirmed, {} without a use",
        confirmed.len(),
        tried.difference(&confirmed).count(),
        major.difference(&tried).count()
    );
    show("uses that break but are not reported", &missed, args.all);
    let named = |index: &usize| {
        let change = &diff.changes[*index];
        format!("{} {} [{}]", change.subject, change.sentence(), change.rust().1.id)
    };
    show("not confirmed", &tried.difference(&confirmed).map(named).collect::<Vec<_>>(), args.all);
    show("without a use", &major.difference(&tried).map(named).collect::<Vec<_>>(), args.all);
    show(
        "left out, because they do not compile with their own crate",
        &left_out.iter().map(name).collect::<Vec<_>>(),
        args.all,
    );
    Ok(missed.is_empty())
}

fn name(used: &Use) -> String {
    format!("{} {}", used.subject, used.kind)
}

fn show(title: &str, names: &[String], all: bool) {
    if names.is_empty() {
        return;
    }
    let shown = if all { names.len() } else { SHOWN.min(names.len()) };
    let more = if shown < names.len() { "; …" } else { "" };
    println!("  {title} ({}): {}{more}", names.len(), names[..shown].join("; "));
}

/// The indices of the uses that do not compile with a version's crate. The compiler does not report all errors at once, so failing
/// uses are removed until the rest compiles.
fn failing(uses: &[Use], version: Version, api: &Api, project: &Project) -> Result<BTreeSet<usize>> {
    const ROUNDS: usize = 12;
    let folder = project.root().join("target/verify").join(Project::crate_name(version));
    let first_line = HEAD.lines().count() + 1;
    let mut failed = BTreeSet::new();
    for _ in 0..ROUNDS {
        let left: Vec<usize> = (0..uses.len()).filter(|index| !failed.contains(index)).collect();
        write(&folder, &left, uses, version, api, project)?;
        let lines = lines_with_errors(&folder, project)?;
        if lines.is_empty() {
            return Ok(failed);
        }
        let known = failed.len();
        failed.extend(lines.iter().filter_map(|line| left.get(line.checked_sub(first_line)?).copied()));
        ensure!(failed.len() > known, "{} does not compile, but no use causes the error", folder.display());
    }
    bail!("{} still does not compile after {ROUNDS} rounds", folder.display())
}

/// The first lines of the program; each following line is one function.
const HEAD: &str = "#![allow(deprecated, unused, non_snake_case, clippy::all)]\nuse api::types;\n";

/// Writes a package whose program has a function for each use in `left`.
fn write(folder: &Path, left: &[usize], uses: &[Use], version: Version, api: &Api, project: &Project) -> Result<()> {
    // Platform features are off by default.
    let present = api.platform_features.iter().filter(|feature| feature.is_present());
    let features: Vec<&str> = present.map(|feature| feature.name.as_str()).collect();
    let package = Project::crate_name(version);
    let path = project.crate_path(version).display().to_string();
    let manifest = format!(
        "[package]\nname = \"verify-{package}\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n[workspace]\n\n\
         [dependencies]\napi = {{ package = \"{package}\", path = {path:?}, features = {features:?} }}\n",
    );
    let mut program = HEAD.to_owned();
    for index in left {
        program.push_str(&format!("pub fn use_{index}{}\n", uses[*index].code));
    }
    std::fs::create_dir_all(folder.join("src")).with_context(|| format!("cannot create {}", folder.display()))?;
    std::fs::write(folder.join("Cargo.toml"), manifest)?;
    std::fs::write(folder.join("src/lib.rs"), program)?;
    // With the lock file of the workspace, cargo need not look up versions.
    let lock = project.root().join("Cargo.lock");
    if lock.is_file() && !folder.join("Cargo.lock").is_file() {
        std::fs::copy(lock, folder.join("Cargo.lock"))?;
    }
    Ok(())
}

/// Compiles the program, and returns the lines with errors.
fn lines_with_errors(folder: &Path, project: &Project) -> Result<BTreeSet<usize>> {
    // All programs share a target folder, so that dependencies are compiled once.
    let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| project.root().join("target").into());
    let output = Command::new("cargo")
        .args(["check", "--quiet", "--offline", "--message-format=json"])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target)
        .output()
        .context("cannot run cargo")?;
    let mut lines = BTreeSet::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let Ok(message) = serde_json::from_str::<Value>(line) else { continue };
        if message["message"]["level"] != "error" {
            continue;
        }
        for span in message["message"]["spans"].as_array().into_iter().flatten() {
            if span["is_primary"] == true && span["file_name"] == "src/lib.rs" {
                lines.extend(span["line_start"].as_u64().and_then(|line| usize::try_from(line).ok()));
            }
        }
    }
    if lines.is_empty() && !output.status.success() {
        bail!("cargo check in {}: {}", folder.display(), String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(lines)
}
