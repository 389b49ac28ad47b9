//! Folders for tests: removed when the test ends.

use std::fs;
use std::path::{Path, PathBuf};

use crate::project::{Project, read};

/// A folder that exists during one test.
pub struct TestFolder(PathBuf);

impl TestFolder {
    pub fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("intercom-xtask-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// A folder with this project's descriptions and overlays, an empty SOURCES.toml and a changelog without entries.
    pub fn copied(name: &str) -> (Self, Project) {
        let (folder, here) = (Self::new(name), Project::here().unwrap());
        for version in here.versions().unwrap() {
            folder.put(&Project::description_name(version), &read(&here.description_path(version)).unwrap());
        }
        for overlay in here.overlays().unwrap() {
            folder.put(&overlay.name, &overlay.text);
        }
        folder.put("descriptions/SOURCES.toml", "");
        folder.put("CHANGELOG.md", "# Changelog\n\n## Unreleased\n\n");
        let project = Project::at(&folder.0);
        (folder, project)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file, and creates the folders above it.
    pub fn put(&self, file: &str, text: &str) {
        let path = self.0.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Reads a file.
    pub fn text(&self, file: &str) -> String {
        read(&self.0.join(file)).unwrap()
    }
}

impl Drop for TestFolder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
