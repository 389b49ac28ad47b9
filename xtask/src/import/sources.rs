//! `descriptions/SOURCES.toml`: the upstream file and commit of each description.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use intercom_codegen::version::Version;
use sha2::{Digest, Sha256};

use super::FILE;
use super::commit::Commit;
use crate::project::Project;

/// The tables of the file, by version, each as its lines.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sources(BTreeMap<Version, String>);

impl Sources {
    pub(crate) fn path(project: &Project) -> PathBuf {
        project.root().join("descriptions/SOURCES.toml")
    }

    /// Reads the file; a missing file has no tables.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
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
                bail!(
                    "{}: `{line}` is not in the table of a version; delete the file and import all versions",
                    path.display()
                );
            }
        }
        Ok(Self(entries))
    }

    /// Whether the version has a table.
    pub(crate) fn has(&self, version: Version) -> bool {
        self.0.contains_key(&version)
    }

    /// Whether the version was imported from exactly this text.
    pub(crate) fn is_from(&self, version: Version, upstream: &str) -> bool {
        let line = format!("sha256 = \"{}\"", sha256(upstream));
        self.0.get(&version).is_some_and(|entry| entry.lines().any(|other| other == line))
    }

    /// Sets the table of a version.
    pub(crate) fn set(&mut self, version: Version, commit: &Commit, upstream: &str) {
        let entry = format!(
            "repository = \"intercom/Intercom-OpenAPI\"\ncommit = \"{}\"\ndate = \"{}\"\nlicence = \"MIT\"\n\
             path = \"descriptions/{}/{FILE}\"\nsha256 = \"{}\"\n",
            commit.sha,
            commit.date,
            version.folder(),
            sha256(upstream),
        );
        self.0.insert(version, entry);
    }

    /// The text of the file.
    pub(crate) fn text(&self) -> String {
        let mut text = String::from(
            "# Where each description comes from, written by `cargo xtask import`. The checksum is of the upstream file.\n",
        );
        for (version, entry) in &self.0 {
            let _ = write!(text, "\n[\"{}\"]\n{entry}", version.folder());
        }
        text
    }
}

fn sha256(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
