//! `cargo xtask import`: upstream descriptions in, `descriptions/` out.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use intercom_codegen::import::{Counts, Imported, import};
use intercom_codegen::version::Version;
use sha2::{Digest, Sha256};

use crate::project::Project;
use crate::review::Review;
use commit::Commit;

/// The file of a description, in a folder a version.
const FILE: &str = "api.intercom.io.yaml";

/// Reads upstream descriptions and keeps the interface that they describe, without their prose.
#[derive(Debug, clap::Args)]
pub(crate) struct Import {
    /// A checkout of the upstream repository, or its folder `descriptions`.
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
    /// Only this version: `2.15`, or `preview`.
    #[arg(long, value_name = "V", conflicts_with = "all")]
    version: Option<Version>,
    /// Every version in the folder; this is so without `--version`, too.
    #[arg(long)]
    all: bool,
    /// The upstream commit of the folder; read from git where the folder is a checkout.
    #[arg(long, value_name = "SHA", requires = "date")]
    commit: Option<String>,
    /// The date of that commit.
    #[arg(long, value_name = "YYYY-MM-DD", requires = "commit")]
    date: Option<String>,
    /// Leave the generated crates as they are
    #[arg(long)]
    no_generate: bool,
}

/// Imports into `descriptions/` of the project's root, shows what changed, and generates the crates again.
///
/// Everything is read and turned before anything is written, so an error leaves the folder as it was.
pub(crate) fn run(args: &Import, project: &Project) -> Result<()> {
    let found = find(&args.from)?;
    let wanted = |version: &Version| args.version.is_none_or(|only| only == *version);
    let paths: Vec<&Path> =
        found.iter().filter(|(version, _)| wanted(version)).map(|(_, path)| path.as_path()).collect();
    let commit = Commit::of(&paths, args.commit.as_deref().zip(args.date.as_deref()))?;
    let target = project.root().join("descriptions");
    let sources = target.join("SOURCES.toml");
    let mut entries = read_sources(&sources)?;
    let (mut files, mut reviews) = (Vec::new(), Vec::new());
    for (version, path) in &found {
        if !wanted(version) {
            continue;
        }
        let upstream = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        let imported = import(&upstream).map_err(|error| error.in_file(path.display().to_string()))?;
        ensure!(
            imported.yaml != upstream,
            "{} is an import already; --from takes a checkout of the upstream repository",
            path.display()
        );
        report(*version, path, &imported);
        let review = Review::new(*version, &imported.yaml, &commit.date, project)?;
        files.extend(review.overlay.clone());
        reviews.push(review);
        entries.insert(*version, entry(*version, &commit, &upstream));
        files.push((target.join(version.folder()).join(FILE), imported.yaml));
    }
    if let (true, Some(version)) = (files.is_empty(), args.version) {
        let known: Vec<_> = found.keys().map(ToString::to_string).collect();
        bail!("{} has no description of {version}; it has {}", args.from.display(), known.join(", "));
    }
    files.push((sources, write_sources(&entries)));
    write_all(&files)?;
    if args.no_generate {
        return Ok(());
    }
    reviews.iter().try_for_each(|review| review.generate(project))
}

/// The descriptions below a folder, by version.
fn find(from: &Path) -> Result<BTreeMap<Version, PathBuf>> {
    let nested = from.join("descriptions");
    let folder = if nested.is_dir() { nested } else { from.to_owned() };
    let mut found = BTreeMap::new();
    for item in fs::read_dir(&folder).with_context(|| format!("cannot read the folder {}", folder.display()))? {
        let item = item?;
        let path = item.path().join(FILE);
        if let Some(version) = item.file_name().to_str().and_then(|name| name.parse().ok())
            && path.is_file()
        {
            found.insert(version, path);
        }
    }
    ensure!(!found.is_empty(), "no description in {}: expected files such as 2.15/{FILE}", folder.display());
    Ok(found)
}

fn report(version: Version, path: &Path, imported: &Imported) {
    let Imported { before, after, warnings, .. } = imported;
    let kinds: BTreeSet<_> = before.iter().chain(after.iter()).map(|(kind, _)| kind).collect();
    let count = |counts: &Counts, kind| counts.get(kind);
    let counts: Vec<_> =
        kinds.into_iter().map(|kind| format!("{kind} {} → {}", count(before, kind), count(after, kind))).collect();
    println!("{version}: {}", counts.join(", "));
    for warning in warnings {
        println!("  warning: {}{warning}", path.display());
    }
}

/// The table of a version in SOURCES.toml.
fn entry(version: Version, commit: &Commit, upstream: &str) -> String {
    let mut sha256 = String::new();
    for byte in Sha256::digest(upstream.as_bytes()) {
        let _ = write!(sha256, "{byte:02x}");
    }
    format!(
        "repository = \"intercom/Intercom-OpenAPI\"\ncommit = \"{}\"\ndate = \"{}\"\nlicence = \"MIT\"\n\
         path = \"descriptions/{}/{FILE}\"\nsha256 = \"{sha256}\"\n",
        commit.sha,
        commit.date,
        version.folder(),
    )
}

/// The tables of the versions that an import leaves alone, as they are.
fn read_sources(path: &Path) -> Result<BTreeMap<Version, String>> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    let mut entries = BTreeMap::new();
    let mut current = None;
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix("[\"").and_then(|rest| rest.strip_suffix("\"]")) {
            let version: Version = name.parse().with_context(|| format!("in {}", path.display()))?;
            current = Some(version);
            entries.insert(version, String::new());
        } else if let Some(entry) = current.and_then(|version| entries.get_mut(&version)) {
            entry.push_str(line);
            entry.push('\n');
        } else {
            bail!("{}: `{line}` belongs to no version; delete the file and import all versions", path.display());
        }
    }
    Ok(entries)
}

fn write_sources(entries: &BTreeMap<Version, String>) -> String {
    let mut text = String::from(
        "# Where each description comes from, written by `cargo xtask import`. The checksum is of the upstream file.\n",
    );
    for (version, entry) in entries {
        let _ = write!(text, "\n[\"{}\"]\n{entry}", version.folder());
    }
    text
}

/// Writes files beside their places first and moves them when all are written: no file is ever half there.
fn write_all(files: &[(PathBuf, String)]) -> Result<()> {
    let aside = |path: &Path| path.with_extension("new");
    let write = || -> Result<()> {
        for (path, text) in files {
            let folder = path.parent().context("a file needs a folder")?;
            fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
            fs::write(aside(path), text).with_context(|| format!("cannot write {}", aside(path).display()))?;
        }
        for (path, _) in files {
            fs::rename(aside(path), path).with_context(|| format!("cannot write {}", path.display()))?;
        }
        Ok(())
    };
    write().inspect_err(|_| {
        for (path, _) in files {
            // What could not be written need not be there, so this may fail.
            let _ = fs::remove_file(aside(path));
        }
    })
}

mod commit;
#[cfg(test)]
mod tests;
