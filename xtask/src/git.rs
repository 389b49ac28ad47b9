//! Reads from the project's git repository.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::project::Project;

/// Reads a file of a git revision.
pub fn git_show(revision: &str, name: &str, project: &Project) -> Result<String> {
    git(&["show", &format!("{revision}:{name}")], project)
}

/// Runs git in the project's root, and returns its output. It is an error if git fails.
pub fn git(args: &[&str], project: &Project) -> Result<String> {
    let output = Command::new("git").current_dir(project.root()).args(args).output().context("cannot run git")?;
    if !output.status.success() {
        bail!("git {}: {}", args.join(" "), String::from_utf8_lossy(&output.stderr).trim());
    }
    String::from_utf8(output.stdout).context("the output of git is not UTF-8")
}
