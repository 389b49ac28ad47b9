//! The report as Markdown, for a comment on a pull request and for the migration notes from one version to the next.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::report::{Sections, joined, sentence};
use super::rules::{RULES, SemverLevel};
use super::{Change, Diff, Subject};
use crate::plural::counted;

/// The most names of a list that are shown.
const SHOWN: usize = 4;

/// The most types whose changes are shown at once; where there are more, a `<details>` block hides them.
const MOST_EXPANDED: usize = 12;

impl Diff {
    /// The report as Markdown: the summary, then breaking changes and what to do, then the rest.
    pub fn markdown(&self) -> String {
        let mut out = format!("# From {} to {}\n\n", self.old, self.new);
        if self.is_empty() {
            out.push_str("No changes.\n");
            return out;
        }
        self.summary(&mut out);
        let sections = Sections::new(self);
        operations(&mut out, "Removed operations", &sections.removed);
        self.what_to_do(&mut out);
        changes(&mut out, "Breaking changes in detail", &sections.breaking);
        operations(&mut out, "New operations", &sections.added);
        changes(&mut out, "Other changes", &sections.compatible);
        for (title, names) in sections.lists.iter().filter(|(_, names)| !names.is_empty()) {
            let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            let _ = writeln!(out, "{title}: {}\n", names.join(", "));
        }
        out
    }

    fn summary(&self, out: &mut String) {
        let [wire, major, minor, patch] = self.counts();
        let _ = writeln!(out, "| | | |\n|---|---|---|");
        let _ = writeln!(out, "| operations | {} → {} | {} |", self.operations.0, self.operations.1, self.balance());
        let _ = writeln!(out, "| types | {} → {} | |", self.types.0, self.types.1);
        let _ = writeln!(
            out,
            "| on the wire | **{}** | {wire} of {} |",
            self.wire(),
            counted(self.changes.len(), "change")
        );
        let _ = writeln!(out, "| in Rust | **{}** | {major} major, {minor} minor, {patch} patch |", self.rust());
        out.push('\n');
    }

    /// A table of the actions that users have to take: the rules of the breaking changes, most frequent first, with the places.
    fn what_to_do(&self, out: &mut String) {
        let mut by_rule: BTreeMap<usize, Vec<&Change>> = BTreeMap::new();
        for change in self.changes.iter().filter(|change| change.is_breaking()) {
            let rule = if change.rust().0 == SemverLevel::Major { change.rust().1 } else { change.wire().1 };
            if let Some(index) = RULES.iter().position(|other| other.id == rule.id).filter(|_| !rule.advice.is_empty())
            {
                by_rule.entry(index).or_default().push(change);
            }
        }
        if by_rule.is_empty() {
            out.push_str("No breaking changes: code that compiles with the old crate compiles with the new one.\n\n");
            return;
        }
        out.push_str("## What to do\n\n| change | where | what to do |\n|---|---|---|\n");
        let mut rows: Vec<_> = by_rule.into_iter().collect();
        rows.sort_by_key(|(index, changes)| (std::cmp::Reverse(changes.len()), *index));
        for (index, changes) in rows {
            let rule = RULES[index];
            let kind = changes.first().map_or("", |change| kind_of_place(change));
            let _ = writeln!(out, "| {kind} {} | {} | {} |", rule.change, places(&changes), rule.advice);
        }
        out.push('\n');
    }
}

/// The first few places of changes, and how many more there are.
fn places(changes: &[&Change]) -> String {
    let place = |change: &&Change| {
        let subject = match &change.subject {
            Subject::Group(name) | Subject::Operation { id: name, .. } | Subject::Type(name) => name,
        };
        match &change.part {
            Some(part) => format!("`{subject}`: `{}`", part.name),
            None => format!("`{subject}`"),
        }
    };
    some(&changes.iter().map(place).collect::<Vec<_>>())
}

/// The first few of a list, and how many more there are.
fn some(names: &[String]) -> String {
    let shown = names.len().min(SHOWN);
    let more = names.len() - shown;
    let names = names[..shown].join(", ");
    if more > 0 { format!("{names} and {more} more") } else { names }
}

/// The kind of the part that changed, or of the subject if it changed as a whole.
fn kind_of_place(change: &Change) -> &'static str {
    match (&change.part, &change.subject) {
        (Some(part), _) => part.kind,
        (None, Subject::Group(_)) => "group",
        (None, Subject::Operation { .. }) => "operation",
        (None, Subject::Type(_)) => "type",
    }
}

fn operations(out: &mut String, title: &str, list: &[&Change]) {
    if list.is_empty() {
        return;
    }
    let _ = writeln!(out, "## {title}\n\n| operation | endpoint |\n|---|---|");
    for change in list {
        if let Subject::Operation { endpoint, id } = &change.subject {
            let _ = writeln!(out, "| `{id}` | `{endpoint}` |");
        }
    }
    out.push('\n');
}

/// A section of changes by subject. Changes of types are hidden in a `<details>` block where there are many.
fn changes(out: &mut String, title: &str, list: &[(&Subject, Vec<&Change>)]) {
    if list.is_empty() {
        return;
    }
    let _ = writeln!(out, "## {title}\n");
    let (types, others): (Vec<_>, Vec<_>) = list.iter().partition(|(subject, _)| matches!(subject, Subject::Type(_)));
    for (subject, changes) in others {
        entry(out, subject, changes);
    }
    if types.is_empty() {
        out.push('\n');
        return;
    }
    if types.len() <= MOST_EXPANDED {
        types.iter().for_each(|(subject, changes)| entry(out, subject, changes));
        out.push('\n');
        return;
    }
    let count = types.iter().map(|(_, changes)| changes.len()).sum();
    let _ = writeln!(
        out,
        "\n<details><summary>{} to {}</summary>\n",
        counted(count, "change"),
        counted(types.len(), "type")
    );
    for (subject, changes) in types {
        entry(out, subject, changes);
    }
    out.push_str("\n</details>\n\n");
}

/// The changes of one subject, as an item of a list.
fn entry(out: &mut String, subject: &Subject, changes: &[&Change]) {
    let _ = write!(out, "- {}", subject_text(subject));
    if let Some(change) = changes.first().filter(|change| !change.used_by.is_empty()) {
        let named: Vec<String> = change.used_by.iter().map(|id| format!("`{id}`")).collect();
        let _ = write!(out, ", in {}", some(&named));
    }
    let sentences: Vec<String> = joined(changes)
        .iter()
        .map(|same| {
            format!("{} [{}]", sentence(same), same.first().map(|change| change.verdicts()).unwrap_or_default())
        })
        .collect();
    match &sentences[..] {
        [only] => out.push_str(&format!(": {only}\n")),
        all => {
            out.push('\n');
            all.iter().for_each(|sentence| out.push_str(&format!("  - {sentence}\n")));
        }
    }
}

fn subject_text(subject: &Subject) -> String {
    match subject {
        Subject::Group(name) => format!("group `{name}`"),
        Subject::Operation { endpoint, id } => format!("`{id}` (`{endpoint}`)"),
        Subject::Type(name) => format!("`{name}`"),
    }
}
