//! The import of a version: reads and compares its description, and writes it afterwards.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use intercom_codegen::import::{Imported, import};
use intercom_codegen::plural::counted;
use intercom_codegen::version::Version;

use super::commit::Commit;
use super::sources::Sources;
use crate::generate::{self, Generate};
use crate::project::Project;
use crate::review::Review;

/// A version that is about to be imported.
pub(crate) struct VersionImport {
    pub(crate) version: Version,
    /// The upstream file.
    pub(crate) path: PathBuf,
    upstream: String,
    pub(crate) imported: Imported,
    pub(crate) review: Review,
}

impl VersionImport {
    /// Reads an upstream file and compares it with the project. Nothing is written.
    pub(crate) fn read(version: Version, path: &Path, commit: &Commit, project: &Project) -> Result<Self> {
        let upstream = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        let imported = import(&upstream).map_err(|error| error.in_file(path.display().to_string()))?;
        ensure!(
            imported.yaml != upstream,
            "{} is the output of an import, not an upstream description; --from takes a checkout of the upstream repository",
            path.display()
        );
        let review = Review::new(version, &imported.yaml, &commit.date, project)?;
        Ok(Self { version, path: path.to_owned(), upstream, imported, review })
    }

    /// Generates the crate. If something has to be corrected first, it generates nothing and returns `Ok(false)`.
    pub fn generate(&self, project: &Project) -> Result<bool> {
        let count = self.review.new_errors.len() + self.review.known_errors;
        if count == 0 {
            return generate::run(&Generate::one(self.version), project);
        }
        println!(
            "{}: not generated; correct {} in descriptions/overlays or descriptions/platform, then run `cargo xtask generate --version {}`",
            self.version,
            counted(count, "place"),
            self.version.to_string().to_lowercase()
        );
        Ok(false)
    }
}

/// Writes the descriptions, the overlays that keep removed items, and SOURCES.toml.
pub(crate) fn write(imports: &[VersionImport], commit: &Commit, project: &Project) -> Result<()> {
    let path = Sources::path(project);
    let mut sources = Sources::read(&path)?;
    let mut files = Vec::new();
    for import in imports {
        if let Some((name, kept)) = &import.review.kept {
            files.push((project.root().join(name), kept.yaml.clone()));
        }
        files.push((project.description_path(import.version), import.imported.yaml.clone()));
        sources.set(import.version, commit, &import.upstream);
    }
    files.push((path, sources.text()));
    write_all(&files)
}

/// Writes all files under temporary names first and then renames them, so that an error leaves no incomplete file.
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
            // This fails for files that were not written or are renamed already.
            let _ = fs::remove_file(aside(path));
        }
    })
}
