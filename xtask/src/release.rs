//! `cargo xtask release`: the release of the version in Cargo.toml; a dry run unless told otherwise.

mod notes;

use std::process::Command;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use crate::diff::git;
use crate::package::{Member, members};
use crate::project::{Project, read};

/// Says what stands against a release, shows its notes and the order of publishing. With `--publish` it publishes.
#[derive(Debug, clap::Args)]
pub(crate) struct Release {
    /// The tag of the release, which has to be that of the version in Cargo.toml
    #[arg(long, value_name = "TAG")]
    tag: Option<String>,
    /// Publish to crates.io. Crates that are there already are passed over, so a run that broke off can be repeated.
    #[arg(long, requires = "tag")]
    publish: bool,
}

/// Where the notes go, for the release's page.
const NOTES: &str = "target/release-notes.md";

/// Runs the command. `Ok(false)` says that something stands against the release.
pub(crate) fn run(args: &Release, project: &Project) -> Result<bool> {
    let version = env!("CARGO_PKG_VERSION");
    let members = members(project)?;
    let mut against = obstacles(version, args.tag.as_deref(), &members, project)?;
    match notes::of(&read(&project.root().join("CHANGELOG.md"))?, version) {
        Ok(notes) => {
            std::fs::create_dir_all(project.root().join("target"))?;
            std::fs::write(project.root().join(NOTES), &notes).with_context(|| format!("cannot write {NOTES}"))?;
            println!("notes of {version}, in {NOTES}:\n\n{notes}");
        }
        Err(error) => against.push(error.to_string()),
    }
    println!("order of publishing:");
    members.iter().for_each(|member| println!("  {} {}", member.name, member.version));
    for obstacle in &against {
        println!("against it: {obstacle}");
    }
    if !args.publish {
        println!("nothing was published{}", if against.is_empty() { "; all is ready" } else { "" });
        return Ok(against.is_empty());
    }
    ensure!(against.is_empty(), "nothing was published");
    members.iter().try_for_each(|member| publish(member, project))?;
    Ok(true)
}

/// What has to be put right first.
fn obstacles(version: &str, tag: Option<&str>, members: &[Member], project: &Project) -> Result<Vec<String>> {
    let mut against = Vec::new();
    if let Some(tag) = tag.filter(|tag| *tag != format!("v{version}")) {
        against.push(format!("the tag is {tag}, and Cargo.toml has version {version}"));
    }
    for member in members.iter().filter(|member| member.version != version) {
        against.push(format!("{} has version {}, the others {version}", member.name, member.version));
    }
    let changed = git(&["status", "--porcelain"], project)?;
    if let Some(file) = changed.lines().next() {
        against.push(format!("{} files are not as git has them, such as {}", changed.lines().count(), file.trim()));
    }
    if let Some(last) = last_tag(version, project)? {
        // What an overlay keeps is kept for one release, so those of the last release have done their work.
        let kept = |text: String| -> Vec<String> {
            text.lines().filter(|name| name.contains("/05-kept-")).map(str::to_owned).collect()
        };
        let then = kept(git(&["ls-tree", "--name-only", &last, "descriptions/overlays/"], project)?);
        let now = kept(git(&["ls-tree", "--name-only", "HEAD", "descriptions/overlays/"], project)?);
        for name in now.iter().filter(|name| then.contains(name)) {
            against.push(format!("{name} was in {last}: delete it"));
        }
    }
    Ok(against)
}

/// The tag of the release before this one.
fn last_tag(version: &str, project: &Project) -> Result<Option<String>> {
    let tags = git(&["tag", "--list", "v*", "--sort=-version:refname", "--merged", "HEAD"], project)?;
    Ok(tags.lines().find(|tag| *tag != format!("v{version}")).map(str::to_owned))
}

/// Publishes a crate, unless that version of it is there. crates.io takes a few new crates at once and one in ten minutes
/// after that, so it may have to wait.
fn publish(member: &Member, project: &Project) -> Result<()> {
    const WAIT: Duration = Duration::from_secs(11 * 60);
    const ATTEMPTS: usize = 30;
    for _ in 0..ATTEMPTS {
        // `.ci/run package` has built the packed files already.
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
        println!("{} has to wait: crates.io takes no more new crates for now", member.name);
        thread::sleep(WAIT);
    }
    bail!("{} was not published: crates.io took no new crates for hours", member.name)
}
