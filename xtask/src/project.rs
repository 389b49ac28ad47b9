//! The paths of the project's files, and functions that read them.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use intercom_codegen::overlay::{FOLDERS, YamlFile};
use intercom_codegen::version::Version;

/// The project's root folder.
#[derive(Clone, Debug)]
pub struct Project {
    root: PathBuf,
}

impl Project {
    /// The project whose source this program was built from.
    pub fn here() -> Result<Self> {
        let root =
            Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("the folder of xtask has no parent folder")?;
        Ok(Self { root: root.to_owned() })
    }

    /// A folder with the same structure as the project.
    #[cfg(test)]
    pub fn at(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The path of a version's description, relative to the root. Generated files name the description by it.
    pub fn description_name(version: Version) -> String {
        format!("descriptions/{}/api.intercom.io.yaml", version.folder())
    }

    pub fn description_path(&self, version: Version) -> PathBuf {
        self.root.join(Self::description_name(version))
    }

    /// Reads the description of a version. It is an error if the project has none.
    pub fn description(&self, version: Version) -> Result<String> {
        let known = self.versions()?;
        if !known.contains(&version) {
            let known: Vec<String> = known.iter().map(Version::to_string).collect();
            bail!("there is no description of version {version}\n  hint: the versions are {}", known.join(", "));
        }
        read(&self.description_path(version))
    }

    /// The name of a version's crate: `intercom-v2-15`, `intercom-preview`.
    pub fn crate_name(version: Version) -> String {
        version.crate_name()
    }

    pub fn crate_path(&self, version: Version) -> PathBuf {
        self.root.join("generated").join(Self::crate_name(version))
    }

    /// The path of a version's catalog, which describes the API as data.
    pub fn catalog_path(&self, version: Version) -> PathBuf {
        self.root.join("catalog/versions").join(format!("{}.json", version.to_string().to_lowercase()))
    }

    /// The versions that have a description, in order.
    pub fn versions(&self) -> Result<Vec<Version>> {
        let folder = self.root.join("descriptions");
        let mut versions = Vec::new();
        for entry in std::fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))? {
            let entry = entry?;
            if entry.path().join("api.intercom.io.yaml").is_file() {
                versions.extend(entry.file_name().to_string_lossy().parse::<Version>().ok());
            }
        }
        versions.sort();
        if versions.is_empty() {
            bail!("{} has no description\n  hint: run `cargo xtask import --from DIR --all`", folder.display());
        }
        Ok(versions)
    }

    /// Reads the project's overlays, platform descriptions and documentation: the files of all [`FOLDERS`].
    pub fn overlays(&self) -> Result<Vec<YamlFile>> {
        let folders = FOLDERS.iter().map(|folder| self.root.join("descriptions").join(folder));
        let mut all = Vec::new();
        for folder in folders.filter(|folder| folder.is_dir()) {
            all.extend(self.overlays_in(&folder)?);
        }
        Ok(all)
    }

    /// Reads the YAML files of a folder, in the order of their names.
    pub fn overlays_in(&self, folder: &Path) -> Result<Vec<YamlFile>> {
        let entries = std::fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
        let mut paths = Vec::new();
        for entry in entries {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "yaml") {
                paths.push(path);
            }
        }
        paths.sort();
        paths.iter().map(|path| Ok(YamlFile { name: self.relative(path), text: read(path)? })).collect()
    }

    /// A path for messages: relative to the root if it is inside of it.
    pub fn relative(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).display().to_string()
    }
}

/// Reads a text file.
pub fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}
