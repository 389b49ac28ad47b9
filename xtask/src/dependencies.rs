//! `cargo xtask dependencies`: writes the table of the workspace's dependencies, and checks that each has a reason.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::project::{Project, read};

/// Writes the table of dependencies in docs/dependencies.md, and keeps the reasons in it, which are written by hand. Exits with
/// 1 if a dependency has no reason.
#[derive(Debug, clap::Args)]
pub(crate) struct Dependencies {
    /// Write nothing; list what is outdated, and exit with 1 if there is anything
    #[arg(long)]
    check: bool,
}

const FILE: &str = "docs/dependencies.md";
const HEAD: &str = "| crate | in | why |\n|---|---|---|\n";

/// Runs the command. `Ok(false)` means that a reason is missing, or that `--check` found an outdated table.
pub(crate) fn run(args: &Dependencies, project: &Project) -> Result<bool> {
    let path = project.root().join(FILE);
    let text = read(&path)?;
    let (head, rows) =
        text.split_once(HEAD).with_context(|| format!("{FILE} has no table that begins with\n{HEAD}"))?;
    let reasons = reasons(rows);
    let table = table(&users(project)?, &reasons);
    let fresh = table == rows;
    if args.check && !fresh {
        for line in table.lines().filter(|line| !rows.lines().any(|row| row == *line)) {
            println!("not in the table: {line}");
        }
        for line in rows.lines().filter(|line| !table.lines().any(|row| row == *line)) {
            println!("outdated: {line}");
        }
        println!("{FILE} is outdated; run `cargo xtask dependencies`");
    } else if !fresh {
        std::fs::write(&path, format!("{head}{HEAD}{table}")).with_context(|| format!("cannot write {FILE}"))?;
    }
    let missing: Vec<&str> = table.lines().filter(|line| line.ends_with("| |")).collect();
    missing.iter().for_each(|line| println!("{FILE}: add a reason: {line}"));
    println!("{} dependencies", table.lines().count());
    Ok((fresh || !args.check) && missing.is_empty())
}

/// The reasons in the table, by crate.
fn reasons(rows: &str) -> BTreeMap<String, String> {
    let cells = rows.lines().map(|row| row.trim_matches('|').split(" | ").map(str::trim).collect::<Vec<_>>());
    cells
        .filter_map(|cells| match cells[..] {
            [name, _, why] => Some((name.trim_matches('`').to_owned(), why.to_owned())),
            _ => None,
        })
        .collect()
}

/// The external crates that the workspace depends on, each with the members that use it, such as `runtime` or `data (optional)`.
/// Tests, benchmarks, examples and development dependencies do not count as uses.
fn users(project: &Project) -> Result<BTreeMap<String, BTreeSet<String>>> {
    let output = Command::new("cargo")
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .current_dir(project.root())
        .output()
        .context("cannot run cargo")?;
    ensure!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr).trim());
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let mut users: BTreeMap<String, BTreeMap<String, bool>> = BTreeMap::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let member = package["name"].as_str().unwrap_or_default();
        let member = member.strip_prefix("intercom-").unwrap_or(member).to_owned();
        let is_listed = member != "tests" && member != "benches" && !member.starts_with("example-");
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let Some(name) = dependency["name"].as_str().filter(|_| dependency["path"].is_null()) else { continue };
            let named = users.entry(name.to_owned()).or_default();
            if is_listed && dependency["kind"] != "dev" {
                let optional = dependency["optional"] == true;
                named.entry(member.clone()).and_modify(|other| *other &= optional).or_insert(optional);
            }
        }
    }
    let shown = |named: BTreeMap<String, bool>| {
        named
            .into_iter()
            .map(|(member, optional)| if optional { format!("{member} (optional)") } else { member })
            .collect()
    };
    Ok(users.into_iter().map(|(name, named)| (name, shown(named))).collect())
}

/// The rows of the table.
fn table(users: &BTreeMap<String, BTreeSet<String>>, reasons: &BTreeMap<String, String>) -> String {
    users.iter().fold(String::new(), |mut text, (name, members)| {
        let members: Vec<&str> = members.iter().map(String::as_str).collect();
        let place = if members.is_empty() { "tests, benchmarks, examples".to_owned() } else { members.join(", ") };
        let why = reasons.get(name).map_or("", String::as_str);
        let end = if why.is_empty() { "|".to_owned() } else { format!("{why} |") };
        let _ = writeln!(text, "| `{name}` | {place} | {end}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_kept_when_the_table_is_rewritten() {
        let users = BTreeMap::from([
            ("bytes".to_owned(), BTreeSet::from(["runtime".to_owned()])),
            ("divan".to_owned(), BTreeSet::new()),
        ]);
        let first = table(&users, &BTreeMap::new());
        assert!(first.starts_with("| `bytes` | runtime | |\n| `divan` | tests, "), "{first}");
        let known = reasons("| `bytes` | elsewhere | Shared bodies. |\n| `gone` | data | Old. |\n");
        assert!(table(&users, &known).starts_with("| `bytes` | runtime | Shared bodies. |\n"));
    }
}
