//! The notes of a release: its section of CHANGELOG.md.

use anyhow::{Result, bail};

/// Returns the text of a version's section. Its heading is `## 0.2.0`, or has a date after the version.
///
/// # Errors
/// If there is no such section, or it is empty.
pub(super) fn of(changelog: &str, version: &str) -> Result<String> {
    let mut sections = changelog.split("\n## ").skip(1);
    let is_wanted = |section: &&str| {
        section.split_whitespace().next().is_some_and(|word| word.trim_end_matches([',', ':']) == version)
    };
    let Some(section) = sections.find(is_wanted) else {
        bail!("CHANGELOG.md has no section `## {version}`: rename `## Unreleased` to it and add the date");
    };
    let notes = section.split_once('\n').map_or("", |(_, notes)| notes).trim();
    if notes.is_empty() {
        bail!("the section `## {version}` of CHANGELOG.md is empty");
    }
    Ok(format!("{notes}\n"))
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn notes_are_the_section_of_the_version() {
        let changelog = "# Changelog\n\n## Unreleased\n\n- C.\n\n## 0.2.0, 2026-09-01\n\n- B.\n- A.\n\n## 0.1.0\n\n";
        assert_eq!(of(changelog, "0.2.0").unwrap(), "- B.\n- A.\n");
        assert!(of(changelog, "0.3.0").unwrap_err().to_string().contains("no section"));
        assert!(of(changelog, "0.1.0").unwrap_err().to_string().contains("is empty"));
    }
}
