//! `cargo xtask bench budget`: compares counts that hardly depend on the machine with a budget, so that regressions are
//! found without timing anything.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::Args;
use intercom_codegen::version::Version;
use intercom_codegen::yaml;

use super::compile::{BY_HAND, ours};
use super::program::{Features, Program};
use crate::project::{Project, read};

/// Counts that hardly depend on the machine, compared with benches/budget.yaml
#[derive(Debug, Args)]
pub struct Budget {
    /// Write what was counted as the new budget
    #[arg(long)]
    write: bool,
}

/// The version whose crate is counted.
const VERSION: Version = Version::Released(2, 15);
/// The largest accepted ratio of a count to its budget.
const TOLERANCE: f64 = 1.03;
/// The prefix of the names of counts that may not exceed their budget at all.
const EXACT: &str = "crates";
/// The ratio of a count to its budget below which the output suggests to lower the budget.
const SLACK: f64 = 0.95;

/// Runs the command. `Ok(false)` means that something exceeds its budget.
pub fn run(args: &Budget, project: &Project) -> Result<bool> {
    let compiler = rustc()?;
    let path = project.root().join("benches/budget.yaml");
    if args.write {
        if !has_valgrind() {
            bail!(
                "valgrind is not installed, so instructions cannot be counted, and the new budget would not limit them\n  hint: install it"
            );
        }
        let text = read(&path)?;
        let about: String = text
            .lines()
            .take_while(|line| line.starts_with('#'))
            .fold(String::new(), |about, line| about + line + "\n");
        let mut out = format!("{about}rustc: {compiler}\ncounts:\n");
        for (name, count) in count(project)? {
            writeln!(out, "  {name}: {count}")?;
        }
        std::fs::write(&path, &out)?;
        print!("{out}");
        return Ok(true);
    }
    let budget = yaml::read(&read(&path)?).map_err(|error| error.in_file(project.relative(&path)))?;
    let same = budget["rustc"] == compiler.as_str();
    if !same {
        println!(
            "only the number of crates is compared, because the budget is for rustc {}, and this is {compiler}",
            budget["rustc"].as_str().unwrap_or("?")
        );
    }
    let mut kept = true;
    let counts = if same { count(project)? } else { BTreeMap::from([crates(project)?]) };
    for (name, count) in counts {
        let allowed = budget["counts"][&name].as_u64().with_context(|| {
            format!("benches/budget.yaml has no count `{name}`\n  hint: `cargo xtask bench budget --write`")
        })?;
        let ratio = count as f64 / allowed as f64;
        let tolerance = if name.starts_with(EXACT) { 1.0 } else { TOLERANCE };
        let verdict = if ratio > tolerance {
            kept = false;
            "exceeds its budget"
        } else if ratio < SLACK {
            "is well below its budget: lower it with --write"
        } else {
            "is within its budget"
        };
        println!("{name}: {count} of {allowed} ({:+.1} %) {verdict}", (ratio - 1.0) * 100.0);
    }
    Ok(kept)
}

/// The version of the compiler.
fn rustc() -> Result<String> {
    let output = Command::new("rustc").arg("--version").output().context("cannot run rustc")?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.split_whitespace().nth(1).map(str::to_owned).context("rustc printed no version")
}

/// Counts everything. Instructions are left out if valgrind is not installed.
fn count(project: &Project) -> Result<BTreeMap<String, u64>> {
    let mut counts = BTreeMap::new();
    eprintln!("counting lines of LLVM IR, bytes and crates");
    let five = ours("five_calls.rs", VERSION, Features::Default, project)?;
    counts.insert("llvm-lines-of-five-calls".to_owned(), five.llvm_lines()?);
    let one = ours("one_call.rs", VERSION, Features::Default, project)?;
    let by_hand = Program::new("by_hand.rs", None, BY_HAND, project)?;
    counts.insert(
        "binary-bytes-beyond-by-hand".to_owned(),
        one.stripped_bytes()?.saturating_sub(by_hand.stripped_bytes()?),
    );
    counts.extend([crates(project)?]);
    if !has_valgrind() {
        println!("left out: instructions, because valgrind is not installed");
        return Ok(counts);
    }
    eprintln!("counting instructions");
    let fixed = build_fixed_work_program(project)?;
    let nothing = instructions(&fixed, "nothing", project)?;
    for work in ["decode-ours", "encode-ours"] {
        let count = instructions(&fixed, work, project)?.saturating_sub(nothing);
        counts.insert(format!("instructions-{work}"), count);
    }
    Ok(counts)
}

fn has_valgrind() -> bool {
    Command::new("valgrind").arg("--version").output().is_ok()
}

/// The number of crates in the dependency tree, with its name in the budget. It does not depend on the compiler.
fn crates(project: &Project) -> Result<(String, u64)> {
    let one = ours("one_call.rs", VERSION, Features::Default, project)?;
    Ok(("crates-in-the-tree".to_owned(), one.crates()?.0 as u64))
}

/// Builds the benchmark program that does a fixed amount of work, and returns its path.
fn build_fixed_work_program(project: &Project) -> Result<std::path::PathBuf> {
    let target = project.root().join("target/bench/build/fixed");
    let built = Command::new("cargo")
        .args(["build", "--release", "--quiet", "--package", "intercom-benches", "--bin", "fixed", "--target-dir"])
        .arg(&target)
        .current_dir(project.root())
        .status()?;
    if !built.success() {
        bail!("intercom-benches does not build");
    }
    Ok(target.join("release/fixed"))
}

/// The instructions that a program executes, as valgrind counts them.
fn instructions(program: &Path, work: &str, project: &Project) -> Result<u64> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .arg(work)
        .current_dir(project.root())
        .output()
        .context("cannot run valgrind")?;
    let text = String::from_utf8_lossy(&output.stderr);
    let collected = text.lines().find_map(|line| line.split("Collected : ").nth(1)?.trim().parse().ok());
    collected.with_context(|| format!("valgrind printed no count:\n{text}"))
}
