//! `cargo xtask features`: compiles crates without features, with each feature alone, and with each group and the client.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use clap::Args;
use intercom_codegen::plural::counted;
use intercom_codegen::version::Version;

use crate::project::{Project, read};

/// Compiles a crate without features, with each feature alone, and with each group and the client. Warnings are errors.
#[derive(Debug, Args)]
pub struct Features {
    /// The version, such as 2.15, or preview
    #[arg(long, value_name = "V", required_unless_present = "all")]
    version: Option<Version>,
    /// Every version
    #[arg(long, conflicts_with = "version")]
    all: bool,
    /// Only every n-th combination, for a quick check
    #[arg(long, value_name = "N", default_value_t = 1)]
    every: usize,
}

/// Runs the command. `Ok(false)` means that a combination does not compile, or compiles with warnings.
pub fn run(args: &Features, project: &Project) -> Result<bool> {
    let start = Instant::now();
    let versions = if args.all { project.versions()? } else { args.version.into_iter().collect() };
    let (mut checked, mut skipped, mut failed) = (0, 0, Vec::new());
    for version in versions {
        let path = project.crate_path(version);
        let combinations = combinations(&read(&path.join("Cargo.toml"))?);
        if combinations.len() < 2 {
            bail!("{} declares no features\n  hint: run `cargo xtask generate --all`", path.display());
        }
        let sampled: Vec<&String> = combinations.iter().step_by(args.every.max(1)).collect();
        skipped += combinations.len() - sampled.len();
        let name = Project::crate_name(version);
        eprintln!("{name}: {} of {} combinations of features", sampled.len(), combinations.len());
        for features in sampled {
            checked += 1;
            if !check(project.root(), &name, features)? {
                failed.push(format!("{name} with {}", if features.is_empty() { "no features" } else { features }));
            }
        }
    }
    println!("{} checked in {:.1?}, {} failed", counted(checked, "combination"), start.elapsed(), failed.len());
    for failure in &failed {
        println!("  {failure}");
    }
    if skipped > 0 {
        println!("left out: {skipped} combinations, since --every {} takes a sample", args.every);
    }
    Ok(failed.is_empty())
}

/// The combinations to compile, as cargo takes them: no features, each feature of a manifest alone, and each group with
/// the client, without which it is only types.
fn combinations(manifest: &str) -> Vec<String> {
    let features = manifest.split("[features]\n").nth(1).unwrap_or_default();
    let declared: Vec<(&str, &str)> = features.lines().filter_map(|line| line.split_once(" = [")).collect();
    let mut all = vec![String::new()];
    for (name, needs) in declared.into_iter().filter(|(name, _)| *name != "default") {
        all.push(name.to_owned());
        // A group needs nothing, or other groups. Other features need a dependency or the client, except `unused_types`, which is
        // treated like a group.
        let is_group = !needs.contains([':', '/']) && !needs.contains("\"client\"");
        if is_group {
            all.push(format!("client,{name}"));
        }
    }
    all
}

/// Whether a crate compiles with these features and without warnings.
fn check(root: &Path, name: &str, features: &str) -> Result<bool> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    // Warnings are found in the output: RUSTFLAGS that deny them would compile every dependency once more.
    let output = Command::new(cargo)
        .args(["check", "--quiet", "--package", name, "--no-default-features", "--features", features])
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_feature_is_compiled_alone_and_every_group_with_the_client() {
        let manifest = "[features]\ndefault = [\n    \"client\",\n    \"tags\",\n]\n# The client.\nclient = [\"dep:intercom-runtime\"]\n\
                        gzip = [\"client\", \"intercom-runtime/gzip\"]\nwebhooks = [\"dep:intercom-platform\"]\n\
                        calls = [\"fin_voice\"]\nfin_voice = []\n";
        let expected = ["", "client", "gzip", "webhooks", "calls", "client,calls", "fin_voice", "client,fin_voice"];
        assert_eq!(combinations(manifest), expected);
    }

    /// Compares with the crate's default features and a few others, so that the test fails if `combinations` overlooks one.
    #[test]
    fn no_feature_of_a_generated_crate_is_left_out() {
        let project = Project::here().unwrap();
        let manifest = read(&project.crate_path(Version::Released(2, 15)).join("Cargo.toml")).unwrap();
        let combinations = combinations(&manifest);
        let default = manifest.split("default = [").nth(1).unwrap().split(']').next().unwrap();
        for name in default.split('"').skip(1).step_by(2).chain(["native-tls", "webhooks", "calls", "data_export"]) {
            assert!(combinations.iter().any(|features| features == name), "{name} is left out");
        }
    }
}
