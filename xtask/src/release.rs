//! `cargo xtask release`: releases the version in Cargo.toml. Without `--publish` it is a dry run.

mod notes;

use std::process::Command;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use intercom_codegen::plural::counted;

use crate::git::git;
use crate::package::{Member, members};
use crate::project::{Project, read};

/// Lists what has to be done before a release, its notes and the order of publishing. With `--publish` it publishes.
#[derive(Debug, clap::Args)]
pub(crate) struct Release {
    /// The tag of the release, which must match the version in Cargo.toml
    #[arg(long, value_name = "TAG")]
    tag: Option<String>,
    /// Publish to crates.io. Crates that are published already are skipped, so an interrupted run can be repeated.
    #[arg(long, requires = "tag")]
    publish: bool,
}

/// The file for the notes, which become the text of the release's page.
const NOTES: &str = "target/release-notes.md";

/// Runs the command. `Ok(false)` means that something has to be done before the release; with `--publish`, that is an error.
pub(crate) fn run(args: &Release, project: &Project) -> Result<bool> {
    let version = env!("CARGO_PKG_VERSION");
    let members = members(project)?;
    let mut obstacles = obstacles(version, args.tag.as_deref(), &members, project)?;
    match notes::of(&read(&project.root().join("CHANGELOG.md"))?, version) {
        Ok(notes) => {
            std::fs::create_dir_all(project.root().join("target"))?;
            std::fs::write(project.root().join(NOTES), &notes).with_context(|| format!("cannot write {NOTES}"))?;
            println!("notes of {version}, in {NOTES}:\n\n{notes}");
        }
        Err(error) => obstacles.push(error.to_string()),
    }
    println!("order of publishing:");
    members.iter().for_each(|member| println!("  {} {}", member.name, member.version));
    for obstacle in &obstacles {
        println!("to do first: {obstacle}");
    }
    if !args.publish {
        println!("nothing was published{}", if obstacles.is_empty() { "; everything is ready" } else { "" });
        return Ok(obstacles.is_empty());
    }
    ensure!(obstacles.is_empty(), "nothing was published");
    members.iter().try_for_each(|member| publish(member, project))?;
    Ok(true)
}

/// What has to be done before the release.
fn obstacles(version: &str, tag: Option<&str>, members: &[Member], project: &Project) -> Result<Vec<String>> {
    let mut obstacles = Vec::new();
    if let Some(tag) = tag.filter(|tag| *tag != format!("v{version}")) {
        obstacles.push(format!("the tag is {tag}, but Cargo.toml has version {version}"));
    }
    for member in members.iter().filter(|member| member.version != version) {
        obstacles.push(format!("{} has version {}, the others {version}", member.name, member.version));
    }
    let changed = git(&["status", "--porcelain"], project)?;
    if let Some(file) = changed.lines().next() {
        obstacles.push(format!("not committed: {}, such as {}", counted(changed.lines().count(), "file"), file.trim()));
    }
    if let Some(last) = last_tag(version, project)? {
        // Overlays that keep removed items are for one release, so those that the last release had must be deleted.
        let kept = |text: String| -> Vec<String> {
            text.lines().filter(|name| name.contains("/05-kept-")).map(str::to_owned).collect()
        };
        let then = kept(git(&["ls-tree", "--name-only", &last, "descriptions/overlays/"], project)?);
        let now = kept(git(&["ls-tree", "--name-only", "HEAD", "descriptions/overlays/"], project)?);
        for name in now.iter().filter(|name| then.contains(name)) {
            obstacles.push(format!("{name} was in {last}: delete it"));
        }
    }
    Ok(obstacles)
}

/// The highest version tag in the history of this commit, other than that of this version. `None` if there is none.
fn last_tag(version: &str, project: &Project) -> Result<Option<String>> {
    let tags = git(&["tag", "--list", "v*", "--sort=-version:refname", "--merged", "HEAD"], project)?;
    Ok(tags.lines().find(|tag| *tag != format!("v{version}")).map(str::to_owned))
}

/// Publishes a crate, unless this version of it is published already. crates.io accepts a few new crates at once and then
/// one every ten minutes, so this may wait.
fn publish(member: &Member, project: &Project) -> Result<()> {
    const WAIT: Duration = Duration::from_secs(11 * 60);
    const ATTEMPTS: usize = 30;
    for _ in 0..ATTEMPTS {
        // Verifying it once more is not needed: `.ci/run package` has built the packed files of one generated crate, of the mock server,
        // of the command line, and of what they depend on.
        let output = Command::new("cargo")
            .args(["publish", "--no-verify", "--package", &member.name])
            .current_dir(project.root())
            .output()
            .context("cannot run cargo")?;
        let text = String::from_utf8_lossy(&output.stderr);
        if output.status.success() {
            println!("published {} {}", member.name, member.version);
            return Ok(());
        }
        if text.contains("already exists") || text.contains("already uploaded") {
            println!("{} {} is published already", member.name, member.version);
            return Ok(());
        }
        if !(text.contains("429") || text.contains("Too Many Requests")) {
            bail!("{} was not published: {}", member.name, text.trim());
        }
        println!("{} has to wait: crates.io accepts no more crates for now", member.name);
        thread::sleep(WAIT);
    }
    bail!("{} was not published: crates.io accepted no more crates for hours", member.name)
}
