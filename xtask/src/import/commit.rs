//! Finds the upstream commit of the imported files: from git, or from the command line if git does not track them.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

/// A commit of the upstream repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Commit {
    pub sha: String,
    pub date: String,
}

impl Commit {
    /// The commit of these files: that of their git checkout, or else the given one.
    ///
    /// # Errors
    /// If neither is known, if the given one is malformed or is not git's, or if the files differ from git's commit.
    pub fn of(files: &[&Path], given: Option<(&str, &str)>) -> Result<Self> {
        let given = given.map(|(sha, date)| Self::parse(sha, date)).transpose()?;
        match (Self::of_checkout(files)?, given) {
            (Some(checkout), None) => Ok(checkout),
            (Some(checkout), Some(given)) => {
                ensure!(
                    checkout == given,
                    "the checkout is at {} of {}, which differs from --commit or --date",
                    checkout.sha,
                    checkout.date
                );
                Ok(checkout)
            }
            (None, Some(given)) => Ok(given),
            (None, None) => {
                bail!("git does not know the commit of the files\n  hint: give a checkout, or --commit and --date")
            }
        }
    }

    fn parse(sha: &str, date: &str) -> Result<Self> {
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        ensure!(
            sha.len() == 40 && sha.bytes().all(|b| b.is_ascii_hexdigit()),
            "--commit takes the 40 digits of a commit, found `{sha}`"
        );
        let is_date = match date.split('-').collect::<Vec<_>>()[..] {
            [year, month, day] => {
                [(year, 4), (month, 2), (day, 2)].iter().all(|(part, len)| part.len() == *len && digits(part))
            }
            _ => false,
        };
        ensure!(is_date, "--date takes a date such as 2026-08-21, found `{date}`");
        Ok(Self { sha: sha.to_lowercase(), date: date.to_owned() })
    }

    /// The checked-out commit of files that git tracks; `None` if one of them is not tracked.
    fn of_checkout(files: &[&Path]) -> Result<Option<Self>> {
        for file in files {
            if git(file, &["ls-files", "--error-unmatch"], true)?.is_none() {
                return Ok(None);
            }
            let changed = git(file, &["status", "--porcelain", "--ignored"], true)?.unwrap_or_default();
            ensure!(
                changed.is_empty(),
                "{} differs from the commit\n  hint: undo or stash the changes in the checkout",
                file.display()
            );
        }
        let Some(file) = files.first() else { return Ok(None) };
        let head = git(file, &["log", "-1", "--format=%H %cs"], false)?.context("the checkout has no commit")?;
        let (sha, date) = head.trim().split_once(' ').context("unexpected output of git log")?;
        Self::parse(sha, date).map(Some)
    }
}

/// Runs git in the folder of a file, with the file's name as the last argument if `append_name`. `None` if git fails.
fn git(file: &Path, arguments: &[&str], append_name: bool) -> Result<Option<String>> {
    let folder = file.parent().context("a description is in a folder")?;
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(arguments);
    if let Some(name) = file.file_name().filter(|_| append_name) {
        command.arg("--").arg(name);
    }
    // If git is not installed, the files count as not tracked.
    let Ok(output) = command.output() else { return Ok(None) };
    Ok(output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned()))
}
