//! The file that a resource is exported to.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, BufWriter, Seek as _, SeekFrom, Write as _};
use std::path::PathBuf;

use serde_json::Value;

use crate::failure::{Failure, Result};

/// A file of JSON lines that is appended to.
#[derive(Debug)]
pub struct Target {
    path: PathBuf,
    file: BufWriter<File>,
    pub bytes: u64,
    pub items: u64,
}

impl Target {
    /// Opens the file and truncates it to `bytes`.
    ///
    /// # Errors
    /// Where it cannot be opened, or is shorter.
    pub fn open(path: PathBuf, bytes: u64, items: u64) -> Result<Self> {
        let failed = |error: std::io::Error| Failure::io(format!("cannot write {}", path.display()), &error);
        let mut options = OpenOptions::new();
        let mut file = options.read(true).write(true).create(true).truncate(false).open(&path).map_err(failed)?;
        let found = file.metadata().map_err(failed)?.len();
        if found < bytes {
            let message = format!("{} is shorter than export.json says; export to another folder", path.display());
            return Err(Failure::usage(message));
        }
        file.set_len(bytes).map_err(failed)?;
        file.seek(SeekFrom::End(0)).map_err(failed)?;
        let file = BufWriter::with_capacity(1 << 18, file);
        Ok(Self { path, file, bytes, items })
    }

    /// Writes a line.
    ///
    /// # Errors
    /// If it cannot be written; the same applies to the other methods.
    pub fn line(&mut self, item: &Value) -> Result {
        let mut line = serde_json::to_vec(item).map_err(|error| self.failed(&error.into()))?;
        line.push(b'\n');
        self.file.write_all(&line).map_err(|error| self.failed(&error))?;
        self.bytes += line.len() as u64;
        self.items += 1;
        Ok(())
    }

    /// Syncs all lines to the disk.
    pub fn sync(&mut self) -> Result {
        let synced = self.file.flush().and_then(|()| self.file.get_ref().sync_data());
        synced.map_err(|error| self.failed(&error))
    }

    /// The ids of the items in the file that were updated since a time, each with the time of its update. The overlap of two runs contains
    /// them again.
    pub fn updated_since(&self, since: i64) -> Result<HashMap<String, i64>> {
        let failed = |error: std::io::Error| Failure::unreadable(&self.path.display().to_string(), &error);
        let mut found = HashMap::new();
        let mut reader = BufReader::with_capacity(1 << 18, File::open(&self.path).map_err(failed)?);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line).map_err(failed)? > 0 {
            if let Ok(item) = serde_json::from_slice::<Value>(&line)
                && let (Some(id), Some(updated)) = (id(&item), updated_at(&item))
                && updated >= since
            {
                found.insert(id, updated);
            }
            line.clear();
        }
        Ok(found)
    }

    fn failed(&self, error: &std::io::Error) -> Failure {
        Failure::io(format!("cannot write {}", self.path.display()), error)
    }
}

/// The id of an item, which is a text or a number.
pub fn id(item: &Value) -> Option<String> {
    match item.get("id")? {
        Value::String(id) => Some(id.clone()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
}

/// When an item was updated, in Unix seconds.
pub fn updated_at(item: &Value) -> Option<i64> {
    match item.get("updated_at")? {
        Value::String(text) => crate::time::parse(text).ok(),
        value => value.as_i64(),
    }
}
