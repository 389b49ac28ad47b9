//! Files that are there as a whole or not at all.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

/// Replaces a file in one step, so that a reader, or a kill, finds the old content or the new one. A private file is
/// readable by its user alone.
///
/// # Errors
/// Where it cannot be written; the old content stays.
pub fn replace(path: &Path, content: &[u8], private: bool) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let new = path.with_file_name(name);
    let written = create(&new, private).and_then(|mut file| {
        file.write_all(content)?;
        file.sync_data()
    });
    let replaced = written.and_then(|()| std::fs::rename(&new, path));
    if replaced.is_err() {
        let _ = std::fs::remove_file(&new);
    }
    replaced
}

fn create(path: &Path, private: bool) -> io::Result<File> {
    if private {
        // The mode counts only for a file that is made.
        let _ = std::fs::remove_file(path);
    }
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    if private {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
}
