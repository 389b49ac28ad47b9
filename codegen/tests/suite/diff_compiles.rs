//! Checks every rule of `diff` with the compiler.
//!
//! For each case of `rule_cases`, both descriptions become crates, and a program with a function for each use of the old crate is
//! compiled with the new one. Functions that fail to compile with the old crate are left out. The diff must report each other function
//! that fails to compile, and each major change must make at least one fail, except those in `UNTRIED`. This compiles hundreds of small
//! crates, so it is ignored by default. Run it after changes of the rules or of the emitters:
//! `cargo test -p intercom-codegen --test suite -- --ignored diff_compiles`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::edit::read_text;
use crate::rule_cases::{BASE, cases, edited};
use intercom_codegen::diff::rules::SemverLevel;
use intercom_codegen::diff::{Diff, Use, diff, uses};
use intercom_codegen::overlay::Overlays;
use intercom_codegen::version::Version;
use intercom_codegen::{CrateInfo, generate};

/// Major changes that need not break the program: conversions and additional constructors, which it does not use; and three
/// after which old code may compile with another meaning: arguments of the same type in another order, a variant name that
/// now belongs to another value, and a shorthand that sends other values.
const UNTRIED: &[&str] =
    &["conversion-removed", "constructor-removed", "argument-order", "variant-renamed", "shorthand-values-changed"];

struct Case {
    rules: String,
    diff: Diff,
    uses: Vec<Use>,
    /// The indexes of the uses that do not compile with the new crate.
    broken: BTreeSet<usize>,
}

#[test]
#[ignore = "compiles hundreds of small crates"]
fn every_rust_verdict_agrees_with_the_compiler() {
    let folder = std::env::temp_dir().join(format!("intercom-verdicts-{}", std::process::id()));
    let mut all = Vec::new();
    for (index, (rules, edits)) in cases().enumerate() {
        let (mut old, mut new) = edited(BASE, edits);
        if rules.first().is_some_and(|rule| rule.starts_with("reverse:")) {
            std::mem::swap(&mut old, &mut new);
        }
        emit(&folder.join(format!("old{index}")), &format!("old{index}"), &old);
        emit(&folder.join(format!("new{index}")), &format!("new{index}"), &new);
        let (before, after) = (read_text(&old), read_text(&new));
        let uses = uses(&before);
        all.push(Case { rules: rules.join(", "), diff: diff(&before, &after), uses, broken: BTreeSet::new() });
    }
    let unfit = failing(&folder, "old", &all);
    for (case, unfit) in all.iter_mut().zip(&unfit) {
        let mut index = 0;
        case.uses.retain(|_| {
            index += 1;
            !unfit.contains(&(index - 1))
        });
    }
    let broken = failing(&folder, "new", &all);
    all.iter_mut().zip(broken).for_each(|(case, broken)| case.broken = broken);
    let unfit: usize = unfit.iter().map(BTreeSet::len).sum();
    let (mut wrong, mut confirmed) = (Vec::new(), 0);
    for case in &all {
        confirmed += judge(case, &mut wrong);
    }
    fs::remove_dir_all(&folder).unwrap();
    println!("{} cases, {confirmed} major changes confirmed, {unfit} uses left out", all.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Collects disagreements between the diff and the compiler; returns the number of major changes that they agree on.
fn judge(case: &Case, wrong: &mut Vec<String>) -> usize {
    let mut confirmed = BTreeSet::new();
    for index in &case.broken {
        let used = &case.uses[*index];
        let causes = used.broken_by(&case.diff);
        if causes.is_empty() {
            wrong.push(format!("{}: breaks but is not reported: {} {}", case.rules, used.subject, used.kind));
        }
        confirmed.extend(causes);
    }
    for (index, change) in case.diff.changes.iter().enumerate() {
        let rule = change.rust().1.id;
        if change.rust().0 == SemverLevel::Major && !confirmed.contains(&index) && !UNTRIED.contains(&rule) {
            wrong.push(format!("{}: {rule} of {} breaks nothing", case.rules, change.subject));
        }
    }
    confirmed.len()
}

fn emit(folder: &Path, name: &str, description: &str) {
    let runtime = Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime").canonicalize().unwrap();
    let info = CrateInfo {
        crate_name: name.to_owned(),
        crate_version: env!("CARGO_PKG_VERSION").to_owned(),
        command: String::new(),
        description: String::new(),
        sha256: String::new(),
        runtime_path: runtime.display().to_string(),
    };
    for (file, text) in generate(description, &Overlays::default(), Version::Released(2, 15), &info).unwrap().files {
        put(&folder.join(file), &text);
    }
}

fn put(path: &PathBuf, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// For each case, the uses that do not compile with its old crate or with its new one, as `side` says: `old` or `new`.
fn failing(folder: &Path, side: &str, cases: &[Case]) -> Vec<BTreeSet<usize>> {
    const HEAD: &str = "#![allow(deprecated, unused)]\nuse api::types;\n";
    let mut failed = vec![BTreeSet::new(); cases.len()];
    // The compiler does not report all errors at once, so failing uses are removed until the rest compiles.
    for _ in 0..8 {
        let mut left: Vec<Vec<usize>> = Vec::new();
        let mut members = Vec::new();
        for (index, case) in cases.iter().enumerate() {
            let fit: Vec<usize> = (0..case.uses.len()).filter(|used| !failed[index].contains(used)).collect();
            let program: String =
                fit.iter().map(|used| format!("pub fn use_{used}{}\n", case.uses[*used].code)).collect();
            let name = format!("{side}-check{index}");
            let manifest = format!(
                "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n\
                 api = {{ package = \"{side}{index}\", path = \"../{side}{index}\" }}\n"
            );
            put(&folder.join(&name).join("Cargo.toml"), &manifest);
            put(&folder.join(&name).join("src/lib.rs"), &format!("{HEAD}{program}"));
            members.push(format!("\"{name}\", \"{side}{index}\""));
            left.push(fit);
        }
        put(
            &folder.join("Cargo.toml"),
            &format!("[workspace]\nresolver = \"3\"\nmembers = [{}]\n", members.join(", ")),
        );
        let lines = errors(folder, &format!("{side}-check"));
        if lines.is_empty() {
            return failed;
        }
        for (index, lines) in lines {
            let before = HEAD.lines().count() + 1;
            failed[index].extend(lines.into_iter().filter_map(|line| left[index].get(line - before).copied()));
        }
    }
    panic!("the rest still does not compile");
}

/// Compiles all crates. Returns the lines with errors by the number of the program whose name begins with `prefix`; panics if another crate
/// has an error.
fn errors(folder: &Path, prefix: &str) -> BTreeMap<usize, BTreeSet<usize>> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    if !folder.join("Cargo.lock").is_file() {
        fs::copy(workspace.join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace.join("target"), PathBuf::from);
    let output = Command::new(env!("CARGO"))
        .args(["check", "--workspace", "--keep-going", "--quiet", "--offline", "--message-format=json"])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target)
        .output()
        .unwrap();
    let mut found: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let Ok(message) = serde_json::from_str::<serde_json::Value>(line) else { continue };
        if message["message"]["level"] != "error" {
            continue;
        }
        for span in
            message["message"]["spans"].as_array().into_iter().flatten().filter(|span| span["is_primary"] == true)
        {
            let file = span["file_name"].as_str().unwrap_or_default();
            let number = file.strip_prefix(prefix).and_then(|rest| rest.split_once('/')?.0.parse().ok());
            let number: usize =
                number.unwrap_or_else(|| panic!("{file} does not compile: {}", message["message"]["message"]));
            found.entry(number).or_default().insert(usize::try_from(span["line_start"].as_u64().unwrap()).unwrap());
        }
    }
    assert!(!found.is_empty() || output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    found
}
