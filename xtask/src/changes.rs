//! `cargo xtask changes`: reports how a branch changes the descriptions, for a pull request.

use std::fmt::Write as _;

use anyhow::Result;
use clap::Args;
use intercom_codegen::diff::{Change, Diff};
use intercom_codegen::version::Version;

use crate::diff::{compare, show};
use crate::git::{git, git_show};
use crate::project::{Project, read};

/// Shows what changed in the descriptions and overlays since a git revision, as Markdown. Exits with 1 if a version
/// other than Preview breaks or cannot be compared, and CHANGELOG.md does not say so.
#[derive(Debug, Args)]
pub struct Changes {
    /// The revision to compare with
    #[arg(default_value = "main")]
    base: String,
}

const CHANGELOG: &str = "CHANGELOG.md";

/// Runs the command. `Ok(false)` means that a breaking change is not acknowledged.
pub fn run(args: &Changes, project: &Project) -> Result<bool> {
    let base = &args.base;
    let edited = git(&["diff", "--name-only", base, "--", "descriptions"], project)?;
    let added = git(&["ls-files", "--others", "--exclude-standard", "--", "descriptions"], project)?;
    if edited.trim().is_empty() && added.trim().is_empty() {
        show(&format!("No description and no overlay differs from {base}.\n"))?;
        return Ok(true);
    }
    let changelog = read(&project.root().join(CHANGELOG))?;
    let news = added_lines(&git_show(base, CHANGELOG, project).unwrap_or_default(), &changelog);
    let (mut out, mut unacknowledged) = (String::new(), Vec::new());
    for version in project.versions()? {
        if git_show(base, &Project::description_name(version), project).is_err() {
            let _ = writeln!(out, "# {version}\n\nA new version.\n");
            continue;
        }
        let breaking = match compare(&format!("{base}:{version}"), &version.to_string(), project) {
            Ok(diff) if diff.is_empty() => continue,
            Ok(diff) => {
                let _ = writeln!(out, "{}", diff.markdown());
                breaks(version, &diff)
            }
            // This generator may not read the overlays of an older revision, for example because a key has another name.
            Err(error) => {
                let _ = writeln!(out, "# {version}\n\nNot compared with {base}: {error:#}\n");
                version != Version::Preview
            }
        };
        if breaking && !acknowledged(version, &news) {
            unacknowledged.push(version);
        }
    }
    for version in removed(base, project)? {
        let _ = writeln!(out, "# {version}\n\nThe version is removed.\n");
        if version != Version::Preview && !acknowledged(version, &news) {
            unacknowledged.push(version);
        }
    }
    if out.is_empty() {
        let _ = writeln!(out, "The files differ, but the interfaces are the same.");
    }
    for version in &unacknowledged {
        let _ = writeln!(
            out,
            "**{version} breaks or was not compared, and CHANGELOG.md does not say so.** Add a line with the words `breaking` and `{version}`."
        );
    }
    show(&out)?;
    Ok(unacknowledged.is_empty())
}

/// The versions that have a description at a revision, and none now.
fn removed(base: &str, project: &Project) -> Result<Vec<Version>> {
    let kept = project.versions()?;
    let folders = git(&["ls-tree", "--name-only", &format!("{base}:descriptions")], project)?;
    let before = folders.lines().filter_map(|folder| folder.parse::<Version>().ok());
    Ok(before.filter(|version| !kept.contains(version)).collect())
}

/// Whether the changes break a version with a stability promise; Preview has none.
pub fn breaks(version: Version, diff: &Diff) -> bool {
    version != Version::Preview && diff.changes.iter().any(Change::is_breaking)
}

/// The lines that are only in the newer text.
pub fn added_lines<'a>(before: &str, after: &'a str) -> Vec<&'a str> {
    let before: Vec<&str> = before.lines().collect();
    after.lines().filter(|line| !before.contains(line)).collect()
}

/// Whether a new line of the changelog says that the version breaks.
pub fn acknowledged(version: Version, new_lines: &[&str]) -> bool {
    let version = version.to_string();
    new_lines.iter().any(|line| {
        let mut words = line.split(|c: char| !c.is_alphanumeric() && c != '.').map(|word| word.trim_end_matches('.'));
        line.to_lowercase().contains("breaking") && words.any(|word| word == version)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_folder::TestFolder;

    #[test]
    fn a_removed_version_breaks_and_needs_a_line_in_the_changelog() {
        let folder = TestFolder::new("removed-version");
        let project = Project::at(folder.path());
        for version in [Version::Released(2, 7), Version::Released(2, 8)] {
            folder.put(
                &Project::description_name(version),
                "openapi: 3.0.1\ninfo: {title: T, version: '1'}\npaths: {}\n",
            );
        }
        folder.put(CHANGELOG, "# Changelog\n");
        let author = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
        let commit = [&author[..], &["commit", "--quiet", "--message", "before"]].concat();
        for args in [&["init", "--quiet"][..], &["add", "--all"], &commit] {
            git(args, &project).unwrap();
        }
        std::fs::remove_file(project.description_path(Version::Released(2, 7))).unwrap();
        let changes = Changes { base: "HEAD".to_owned() };
        assert!(!run(&changes, &project).unwrap());
        folder.put(CHANGELOG, "# Changelog\n\n- Breaking: 2.7 is removed.\n");
        assert!(run(&changes, &project).unwrap());
    }

    #[test]
    fn a_breaking_change_is_acknowledged_by_a_new_line_that_names_the_version() {
        let version = Version::Released(2, 1);
        let before = "# Changelog\n\n- Breaking in 2.1: an earlier change.\n";
        for (line, expected) in [
            ("- **Breaking** (2.1): `tags.delete` is removed.", true),
            ("- Two breaking changes of 2.1.", true),
            ("- Breaking in 2.15: `tags.delete` is removed.", false),
            ("- 2.1: `tags.delete` is removed.", false),
            ("", false),
        ] {
            let after = format!("{before}{line}\n");
            assert_eq!(acknowledged(version, &added_lines(before, &after)), expected, "{line}");
        }
    }
}
