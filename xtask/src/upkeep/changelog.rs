//! The lines to add to CHANGELOG.md.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use intercom_codegen::diff::{Change, Subject};

use crate::review::Review;

/// How many names are shown at most for each kind of change.
const SHOWN: usize = 6;

/// Returns the lines for a version. The changes of a known version have up to two: one for those that break, and one for the others.
pub(super) fn lines(review: &Review, date: &str) -> Vec<String> {
    let version = review.version;
    let Some(diff) = &review.diff else {
        return vec![format!("{version}: description of {date}.")];
    };
    if review.is_new() {
        let crate_name = version.crate_name();
        return vec![format!(
            "`{crate_name}` for the new version {version}; number of operations: {}.",
            diff.operations.1
        )];
    }
    // Compatible changes of whole types and groups are left out: the operations and fields that use them are named.
    let reported = diff.changes.iter().filter(|change| {
        change.is_breaking() || change.part.is_some() || matches!(change.subject, Subject::Operation { .. })
    });
    let (breaking, rest): (Vec<_>, Vec<_>) = reported.partition(|change: &&Change| change.is_breaking());
    let mut lines = Vec::new();
    if !breaking.is_empty() {
        lines.push(format!("**Breaking** in {version} (description of {date}): {}.", listed(&breaking)));
    }
    if !rest.is_empty() {
        lines.push(format!("{version} (description of {date}): {}.", listed(&rest)));
    }
    if lines.is_empty() {
        lines.push(format!("{version}: description of {date}, with the same interface."));
    }
    lines
}

/// The names of changed items by kind of change: ``operation added: `tags.find`, `tags.list` ``.
fn listed(changes: &[&Change]) -> String {
    let mut by_rule: Vec<(String, BTreeSet<String>)> = Vec::new();
    for change in changes {
        let kind = change.part.as_ref().map_or(subject_kind(&change.subject), |part| part.kind);
        let what = change.rules().map(|rule| rule.change).collect::<Vec<_>>().join(", ");
        let title = format!("{kind} {what}");
        let index = by_rule.iter().position(|(other, _)| *other == title).unwrap_or_else(|| {
            by_rule.push((title, BTreeSet::new()));
            by_rule.len() - 1
        });
        by_rule[index].1.insert(name(change));
    }
    let parts = by_rule.iter().map(|(title, names)| {
        let shown: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
        let more = names.len() - shown.len();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!("{title}: {}{more}", shown.join(", "))
    });
    parts.collect::<Vec<_>>().join("; ")
}

fn subject_kind(subject: &Subject) -> &'static str {
    match subject {
        Subject::Group(_) => "group",
        Subject::Operation { .. } => "operation",
        Subject::Type(_) => "type",
    }
}

/// The name of what changed: `contacts.find`, or `Contact: name` for a part of it.
fn name(change: &Change) -> String {
    let (Subject::Group(subject) | Subject::Operation { id: subject, .. } | Subject::Type(subject)) = &change.subject;
    match &change.part {
        Some(part) => format!("{subject}: {}", part.name),
        None => subject.clone(),
    }
}

/// The changelog with more lines at the top of `## Unreleased`.
pub(super) fn with(changelog: &str, lines: &[String]) -> Result<String> {
    const SECTION: &str = "## Unreleased\n\n";
    let (head, tail) = changelog.split_once(SECTION).context(
        "CHANGELOG.md has no section `## Unreleased`\n  hint: add it above the last release, with an empty line below",
    )?;
    let added: String = lines.iter().map(|line| item(line)).collect();
    Ok(format!("{head}{SECTION}{added}{tail}"))
}

/// A line as a list item, wrapped at any space, like the rest of the file.
fn item(line: &str) -> String {
    const WIDTH: usize = 125;
    let (mut text, mut width) = ("-".to_owned(), 1);
    for word in line.split(' ') {
        let length = word.chars().count();
        if width + 1 + length > WIDTH {
            text.push_str("\n ");
            width = 1;
        }
        text.push(' ');
        text.push_str(word);
        width += 1 + length;
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_added_at_the_top_of_the_unreleased_section() {
        let changelog = "# Changelog\n\n## Unreleased\n\n- Old.\n\n## 0.1.0\n";
        let long = format!("New: {}.", ["`a_rather_long_name.of_something`"; 5].join(", "));
        let new = with(changelog, &[long, "Second.".to_owned()]).unwrap();
        assert!(
            new.starts_with("# Changelog\n\n## Unreleased\n\n- New: ") && new.contains("\n- Second.\n- Old.\n"),
            "{new}"
        );
        assert!(new.lines().all(|line| line.len() <= 125) && new.contains("\n  `a_rather"), "{new}");
        assert!(with("# Changelog\n", &[]).unwrap_err().to_string().contains("## Unreleased"));
    }
}
