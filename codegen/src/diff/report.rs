//! What the report formats share: sentences, sections and counts.

use std::fmt;

use super::rules::{self, Rule, SemverLevel, Wire};
use super::{Change, Diff, Subject};
use crate::plural::inflected;

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Group(name) => write!(f, "group {name}"),
            Self::Operation { endpoint, id } => write!(f, "{id} ({endpoint})"),
            Self::Type(name) => write!(f, "type {name}"),
        }
    }
}

impl Change {
    /// What happened, without the subject: "field `x`: added to responses (text)".
    pub fn sentence(&self) -> String {
        sentence(&[self])
    }

    /// Both verdicts: `breaking, major`.
    pub fn verdicts(&self) -> String {
        format!("{}, {}", self.wire().0, self.rust().0)
    }

    /// Whether one sentence can report both changes of a subject: they differ only in the name of the part.
    fn joins(&self, other: &Change) -> bool {
        let kind = |change: &Change| change.part.as_ref().map(|part| part.kind);
        kind(self).is_some()
            && kind(self) == kind(other)
            && (&self.rules, &self.before, &self.after) == (&other.rules, &other.before, &other.after)
    }
}

/// One sentence for changes that differ only in the name of the part.
pub(super) fn sentence(changes: &[&Change]) -> String {
    let Some(first) = changes.first() else { return String::new() };
    let mut text = String::new();
    if let Some(part) = &first.part {
        let names: Vec<String> =
            changes.iter().filter_map(|change| Some(format!("`{}`", change.part.as_ref()?.name))).collect();
        text.push_str(&format!("{} {}: ", inflected(names.len(), part.kind), names.join(", ")));
    }
    let what: Vec<&str> = first.rules().map(|rule| rule.change).collect();
    text.push_str(&what.join("; "));
    match (&first.before, &first.after) {
        (Some(before), Some(after)) => text.push_str(&format!(" ({before} → {after})")),
        (Some(one), None) | (None, Some(one)) => text.push_str(&format!(" ({one})")),
        (None, None) => {}
    }
    text
}

/// The changes of one subject, grouped into sentences.
pub(super) fn joined<'a>(changes: &[&'a Change]) -> Vec<Vec<&'a Change>> {
    let mut all: Vec<Vec<&Change>> = Vec::new();
    for change in changes {
        match all.iter_mut().find(|list| list.first().is_some_and(|first| first.joins(change))) {
            Some(list) => list.push(change),
            None => all.push(vec![change]),
        }
    }
    all
}

/// The changes by the sections of a report.
pub(super) struct Sections<'a> {
    /// Added operations.
    pub(super) added: Vec<&'a Change>,
    /// Removed operations.
    pub(super) removed: Vec<&'a Change>,
    /// The other breaking changes, by subject.
    pub(super) breaking: Vec<(&'a Subject, Vec<&'a Change>)>,
    /// The other compatible changes, by subject.
    pub(super) compatible: Vec<(&'a Subject, Vec<&'a Change>)>,
    /// Types and groups that were added or removed as a whole: titles with names. Reports only list them.
    pub(super) lists: [(&'static str, Vec<&'a str>); 4],
}

impl<'a> Sections<'a> {
    pub(super) fn new(diff: &'a Diff) -> Self {
        let is = |change: &Change, rule: &Rule| change.rules().any(|other| other == rule);
        let lists = ["Removed groups", "New groups", "Removed types", "New types"].map(|title| (title, Vec::new()));
        let listed = [&rules::GROUP_REMOVED, &rules::GROUP_ADDED, &rules::TYPE_REMOVED, &rules::TYPE_ADDED];
        let mut sections =
            Self { added: Vec::new(), removed: Vec::new(), breaking: Vec::new(), compatible: Vec::new(), lists };
        for change in &diff.changes {
            if let Subject::Group(name) | Subject::Type(name) = &change.subject
                && let Some(index) = listed.iter().position(|rule| is(change, rule))
            {
                sections.lists[index].1.push(name);
                continue;
            }
            if is(change, &rules::OPERATION_ADDED) {
                sections.added.push(change);
            } else if is(change, &rules::OPERATION_REMOVED) {
                sections.removed.push(change);
            } else {
                let list = if change.is_breaking() { &mut sections.breaking } else { &mut sections.compatible };
                match list.last_mut() {
                    Some((subject, changes)) if *subject == &change.subject => changes.push(change),
                    _ => list.push((&change.subject, vec![change])),
                }
            }
        }
        sections
    }
}

impl Diff {
    /// How many operations were added and removed: `+10 −1`, or `+10` if none was removed.
    pub fn balance(&self) -> String {
        let (added, removed) = (self.count(&rules::OPERATION_ADDED), self.count(&rules::OPERATION_REMOVED));
        if removed == 0 { format!("+{added}") } else { format!("+{added} −{removed}") }
    }

    /// The numbers of changes that are breaking on the wire, and major, minor and patch in Rust, in this order.
    pub fn counts(&self) -> [usize; 4] {
        let rust = |level| self.changes.iter().filter(|change| change.rust().0 == level).count();
        let wire = self.changes.iter().filter(|change| change.wire().0 == Wire::Breaking).count();
        [wire, rust(SemverLevel::Major), rust(SemverLevel::Minor), rust(SemverLevel::Patch)]
    }
}
