//! The kind of release that changes require, by the rules of docs/versions.md.

use std::fmt;

use anyhow::{Context, Result};
use intercom_codegen::diff::rules::SemverLevel;
use intercom_codegen::version::Version;

use crate::git::git;
use crate::project::Project;
use crate::review::Review;

/// The current version of the crates, and whether it is released.
#[derive(Clone, Debug)]
pub(super) struct CurrentVersion {
    pub(super) numbers: [u64; 3],
    pub(super) released: bool,
}

impl CurrentVersion {
    /// The version of this workspace. It is released if git has its tag.
    pub(super) fn of(project: &Project) -> Result<Self> {
        let text = env!("CARGO_PKG_VERSION");
        let parts: Vec<u64> = text.split('.').filter_map(|part| part.parse().ok()).collect();
        let numbers = parts.try_into().ok().with_context(|| format!("`{text}` is not a version of three numbers"))?;
        let released = git(&["rev-parse", "--verify", "--quiet", &format!("refs/tags/v{text}")], project).is_ok();
        Ok(Self { numbers, released })
    }

    /// The lowest version that the next release may have.
    pub(super) fn next(&self, kind: SemverLevel) -> String {
        let [major, minor, patch] = self.numbers;
        let [major, minor, patch] = match (kind, major) {
            _ if !self.released => [major, minor, patch],
            // Before 1.0, cargo treats the second number as the major one.
            (SemverLevel::Major, 0) => [0, minor + 1, 0],
            (SemverLevel::Minor | SemverLevel::Patch, 0) => [0, minor, patch + 1],
            (SemverLevel::Major, _) => [major + 1, 0, 0],
            (SemverLevel::Minor, _) => [major, minor + 1, 0],
            (SemverLevel::Patch, _) => [major, minor, patch + 1],
        };
        format!("{major}.{minor}.{patch}")
    }
}

impl fmt::Display for CurrentVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, patch] = self.numbers;
        write!(f, "{major}.{minor}.{patch}")
    }
}

/// The kind of release that the reviewed changes require. A new version is a new crate, and Preview may break in any release,
/// so neither requires a major release. The description of a known version that was not compared counts as
/// a patch.
pub(super) fn kind(reviews: &[&Review]) -> SemverLevel {
    let one = |review: &&Review| {
        let rust = review.diff.as_ref().map_or(SemverLevel::Patch, |diff| diff.rust());
        match review.version {
            _ if review.is_new() => SemverLevel::Minor,
            Version::Preview => rust.min(SemverLevel::Minor),
            Version::Released(..) => rust,
        }
    };
    reviews.iter().map(one).max().unwrap_or(SemverLevel::Patch)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_version_depends_on_the_kind_of_change() {
        let next = |numbers, released, kind| CurrentVersion { numbers, released }.next(kind);
        assert_eq!(next([0, 3, 1], true, SemverLevel::Major), "0.4.0");
        assert_eq!(next([0, 3, 1], true, SemverLevel::Minor), "0.3.2");
        assert_eq!(next([1, 3, 1], true, SemverLevel::Major), "2.0.0");
        assert_eq!(next([1, 3, 1], true, SemverLevel::Minor), "1.4.0");
        assert_eq!(next([1, 3, 1], true, SemverLevel::Patch), "1.3.2");
        assert_eq!(next([0, 1, 0], false, SemverLevel::Major), "0.1.0", "an unreleased version cannot break");
    }
}
