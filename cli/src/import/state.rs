//! The progress of an import, in a file beside the imported one.

use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};

use super::with_suffix;
use crate::failure::{Failure, Result};
use crate::files;

/// The progress of an import.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct State {
    /// Length and modification time of the file: if they change, the import starts again.
    length: u64,
    changed: u64,
    /// How many rows are done.
    pub done: u64,
    pub created: u64,
    pub updated: u64,
    pub refused: u64,
    #[serde(skip)]
    path: PathBuf,
}

impl State {
    /// The state of an import of this file; a new one where there is none, or the file has changed.
    ///
    /// # Errors
    /// Where the state cannot be read.
    pub fn read(file: &Path) -> Result<Self> {
        let path = with_suffix(file, "import.json");
        let found =
            std::fs::metadata(file).map_err(|error| Failure::unreadable(&file.display().to_string(), &error))?;
        let changed = found.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        let (length, changed) = (found.len(), changed.map_or(0, |since| since.as_secs()));
        let stored = match std::fs::read_to_string(&path) {
            Ok(text) => serde_json::from_str::<Self>(&text).map_err(|error| {
                let shown = path.display();
                Failure::usage(format!("{shown} is not the state of an import: {error}; remove it to begin again"))
            })?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Self::default(),
            Err(error) => return Err(Failure::unreadable(&path.display().to_string(), &error)),
        };
        let same = (stored.length, stored.changed) == (length, changed);
        let state = if same { stored } else { Self::default() };
        Ok(Self { length, changed, path, ..state })
    }

    /// Stores it.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn store(&self) -> Result {
        let failed = |error: std::io::Error| Failure::io(format!("cannot write {}", self.path.display()), &error);
        let text = serde_json::to_string(self).map_err(|error| failed(error.into()))?;
        files::replace(&self.path, text.as_bytes(), false).map_err(failed)
    }

    /// Removes the file, since the import is complete.
    pub fn remove(&self) {
        let _ = std::fs::remove_file(&self.path);
    }
}
