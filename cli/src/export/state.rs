//! The progress of an export, in a file beside the exported ones.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use intercom_runtime::paging::Checkpoint;
use serde::{Deserialize, Serialize};

use crate::failure::{Failure, Result};
use crate::files;

/// The state of all resources of a folder.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct State {
    #[serde(default)]
    resources: BTreeMap<String, ResourceState>,
    #[serde(skip)]
    path: PathBuf,
}

/// The state of a resource: how much of it is exported.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ResourceState {
    /// The length of the part of the file that is complete. What follows was written by a run that ended before it stored its progress.
    pub bytes: u64,
    /// The number of lines of that part.
    pub items: u64,
    /// When the last complete run began, in Unix seconds: what was updated later is new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_complete_began: Option<i64>,
    /// The run that is not complete.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<Run>,
}

/// A run that has begun and is not complete.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// When it began.
    pub began: i64,
    /// Items that were updated earlier are left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<i64>,
    /// The text of `--since`. A run with the same text continues this one, although an age such as `30d` means another time by then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since_given: Option<String>,
    /// Whether conversations and tickets are read in full.
    pub parts: bool,
    /// The length of the file before the run.
    pub first_byte: u64,
    /// The number of lines before the run.
    pub first_item: u64,
    /// Where to continue; none before the first page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checkpoint: Option<Checkpoint>,
}

impl State {
    /// Reads the state of a folder; an empty one where there is none yet.
    ///
    /// # Errors
    /// Where the file cannot be read or is not what this program writes.
    pub fn read(folder: &Path) -> Result<Self> {
        let path = folder.join("export.json");
        let mut state = match std::fs::read_to_string(&path) {
            Ok(text) => serde_json::from_str(&text).map_err(|error| {
                let message =
                    format!("{} is not the state of an export: {error}; export to another folder", path.display());
                Failure::usage(message)
            })?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Self::default(),
            Err(error) => return Err(Failure::unreadable(&path.display().to_string(), &error)),
        };
        state.path = path;
        Ok(state)
    }

    /// The state of a resource.
    pub fn resource(&self, name: &str) -> Option<&ResourceState> {
        self.resources.get(name)
    }

    /// Stores the state of a resource.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn store(&mut self, name: &str, state: ResourceState) -> Result {
        self.resources.insert(name.to_owned(), state);
        let failed = |error: std::io::Error| Failure::io(format!("cannot write {}", self.path.display()), &error);
        let text = serde_json::to_string_pretty(self).map_err(|error| failed(error.into()))?;
        files::replace(&self.path, format!("{text}\n").as_bytes(), false).map_err(failed)
    }
}
