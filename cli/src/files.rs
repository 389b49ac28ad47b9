//! Files that are replaced as a whole, and files that only one process may use at a time.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

/// Replaces a file in one step, so that it has the old content or the new one at any time, also if the process is killed. On Unix, a
/// private file is readable by its user alone.
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

/// Locks a file, which is created if it is missing. The lock ends when the result is dropped or the process ends, even if it is killed.
/// `None` if another process has the lock.
///
/// # Errors
/// Where the file cannot be opened or locked.
pub fn lock(path: &Path) -> io::Result<Option<File>> {
    let file = OpenOptions::new().write(true).create(true).truncate(false).open(path)?;
    // By the trait: the method of the standard library is newer than the oldest Rust that this program supports.
    match fs4::FileExt::try_lock(&file) {
        Ok(()) => Ok(Some(file)),
        Err(fs4::TryLockError::WouldBlock) => Ok(None),
        // Some network file systems have no locks. An export to one of them goes on without a lock.
        Err(fs4::TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => Ok(Some(file)),
        Err(fs4::TryLockError::Error(error)) => Err(error),
    }
}

fn create(path: &Path, private: bool) -> io::Result<File> {
    if private {
        // `mode` has an effect only on a file that is created, so an existing one is removed first.
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
