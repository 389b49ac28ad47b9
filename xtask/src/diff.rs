//! `cargo xtask diff`: reports what changed between two descriptions.

use std::io::Write as _;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use clap::{Args, ValueEnum};
use intercom_codegen::ir::Api;
use intercom_codegen::overlay::{FOLDERS, YamlFile};
use intercom_codegen::version::Version;
use intercom_codegen::{diff, yaml};

use crate::git::{git, git_show};
use crate::project::{Project, read};

/// Shows what changed between two descriptions, on the wire and in Rust.
#[derive(Debug, Args)]
pub struct Diff {
    /// A version (2.15), a file (path/to.yaml) or a version in a git revision (main:2.15)
    old: String,
    /// Another description, in one of the same forms
    new: String,
    /// How to show it
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Exit with 1 if a client or code breaks (breaking), or if there is any change (any)
    #[arg(long, value_enum)]
    fail_on: Option<FailOn>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// Like a changelog
    Text,
    /// For a comment on a pull request
    Markdown,
    /// For programs; docs/diff.md describes it
    Json,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FailOn {
    Breaking,
    Any,
}

/// Runs the command. `Ok(false)` means that a change of the kind in `--fail-on` was found.
pub fn run(args: &Diff, project: &Project) -> Result<bool> {
    let diff = compare(&args.old, &args.new, project)?;
    match args.format {
        Format::Text => show(&diff.text())?,
        Format::Markdown => show(&diff.markdown())?,
        Format::Json => show(&(serde_json::to_string_pretty(&diff.json())? + "\n"))?,
    }
    Ok(match args.fail_on {
        None => true,
        Some(FailOn::Any) => diff.is_empty(),
        Some(FailOn::Breaking) => !diff.changes.iter().any(diff::Change::is_breaking),
    })
}

/// Writes a report to standard output. A closed pipe is not an error: the reader, such as `head`, does not want more.
pub fn show(text: &str) -> Result<()> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error).context("cannot write the report"),
        _ => Ok(()),
    }
}

/// Compares the descriptions that two arguments name.
pub fn compare(old: &str, new: &str, project: &Project) -> Result<diff::Diff> {
    // Reading takes longer than comparing, so the two are read in parallel.
    let (before, after) = std::thread::scope(|scope| {
        let before = scope.spawn(|| api(old, project));
        let after = api(new, project);
        (before.join().map_err(|_| anyhow!("reading {old} panicked, which is a bug; please report it")), after)
    });
    let mut diff = diff::diff(&before??, &after?);
    (diff.old, diff.new) = (label(old), label(new));
    Ok(diff)
}

/// The label of an argument in reports.
fn label(text: &str) -> String {
    text.parse::<Version>().map_or_else(|_| text.to_owned(), |version| version.to_string())
}

/// Reads versions of the project in parallel, and returns them in the given order.
pub fn apis(versions: &[Version], project: &Project) -> Result<Vec<Api>> {
    let overlays = project.overlays()?;
    let one = |version: Version| {
        let text = project.description(version)?;
        let name = Project::description_name(version);
        Ok(intercom_codegen::read(&text, &overlays, version).map_err(|error| error.in_file(name))?.0)
    };
    std::thread::scope(|scope| {
        let handles: Vec<_> = versions.iter().map(|version| scope.spawn(move || one(*version))).collect();
        let panicked = |_| anyhow!("reading a description panicked, which is a bug; please report it");
        handles.into_iter().map(|handle| handle.join().map_err(panicked)?).collect()
    })
}

/// Reads the description that an argument names.
fn api(text: &str, project: &Project) -> Result<Api> {
    if let Ok(version) = text.parse::<Version>() {
        let name = Project::description_name(version);
        return read_api(&project.description(version)?, &project.overlays()?, version, &name);
    }
    if let Some((revision, version)) = text.rsplit_once(':')
        && let Ok(version) = version.parse::<Version>()
    {
        let name = Project::description_name(version);
        let description = git_show(revision, &name, project)?;
        return read_api(&description, &overlays_of(revision, project)?, version, &format!("{revision}:{name}"));
    }
    let path = Path::new(text);
    if !path.is_file() {
        bail!(
            "`{text}` is not a version, a file or `REVISION:VERSION`\n  hint: write `2.15`, `path/to.yaml` or `main:2.15`"
        );
    }
    let description = read(path)?;
    let version = version_of(path, &description)?;
    read_api(&description, &project.overlays()?, version, text)
}

/// Reads a description. Overlay actions, tables and platform features that do not apply to it are left out with a warning: a file may
/// differ from the descriptions that the overlays were written for, and a comparison is useful before the overlays are corrected.
fn read_api(description: &str, overlays: &[YamlFile], version: Version, name: &str) -> Result<Api> {
    let read = intercom_codegen::read_lenient(description, overlays, version).map_err(|errors| errors.in_file(name))?;
    for error in read.left_out {
        eprintln!("warning: {name}: left out: {error}");
    }
    Ok(read.api)
}

/// The version of a file: that of its folder, as in the upstream repository, or else its `info.version`.
fn version_of(path: &Path, description: &str) -> Result<Version> {
    let folder = path.parent().and_then(Path::file_name).and_then(|name| name.to_str());
    if let Some(version) = folder.and_then(|name| name.parse().ok()) {
        return Ok(version);
    }
    let document = yaml::read(description).map_err(|error| error.in_file(path.display().to_string()))?;
    let version = document.pointer("/info/version").and_then(|version| version.as_str());
    version.and_then(|version| version.parse().ok()).with_context(|| {
        format!("{} does not name its version\n  hint: put it into a folder named after the version", path.display())
    })
}

/// Reads the overlays of a git revision, with the platform descriptions and the documentation.
fn overlays_of(revision: &str, project: &Project) -> Result<Vec<YamlFile>> {
    let folders: Vec<String> = FOLDERS.iter().map(|folder| format!("descriptions/{folder}/")).collect();
    let mut arguments = vec!["ls-tree", "--name-only", revision];
    arguments.extend(folders.iter().map(String::as_str));
    let list = git(&arguments, project)?;
    let mut names: Vec<&str> = list.lines().filter(|name| name.ends_with(".yaml")).collect();
    names.sort_unstable();
    names
        .into_iter()
        .map(|name| Ok(YamlFile { name: name.to_owned(), text: git_show(revision, name, project)? }))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_files_and_revisions_are_distinguished() {
        let project = Project::here().unwrap();
        let file = project.description_path(Version::Preview).display().to_string();
        let diff = compare("preview", &file, &project).unwrap();
        assert_eq!((diff.old.as_str(), diff.is_empty()), ("Preview", true), "{}", diff.text());
        if project.root().join(".git").exists() {
            let diff = compare("HEAD:2.7", "2.7", &project).unwrap();
            assert_eq!((diff.old.as_str(), diff.operations), ("HEAD:2.7", (98, 98)));
        }
        let error = compare("2.15", "none.yaml", &project).unwrap_err().to_string();
        assert!(error.contains("not a version, a file") && error.contains("main:2.15"), "{error}");
        let error = compare("no-such-revision:2.15", "2.15", &project).unwrap_err().to_string();
        assert!(error.starts_with("git show no-such-revision:descriptions/2.15/api.intercom.io.yaml"), "{error}");
    }

    #[test]
    fn the_version_of_a_file_is_that_of_its_folder_or_of_its_text() {
        let version = |path: &str, text: &str| version_of(Path::new(path), text).map(|version| version.to_string());
        assert_eq!(version("new/0/api.yaml", "info: {version: '2.1'}").unwrap(), "Preview");
        assert_eq!(version("new/api.yaml", "info: {version: '2.1'}").unwrap(), "2.1");
        let error = version("new/api.yaml", "info: {version: next}").unwrap_err().to_string();
        assert!(error.contains("does not name its version"), "{error}");
    }
}
