//! What all reports say in the same words.

use std::fmt;

use super::rules::{self, Rust, Wire};
use super::{Change, Diff, Subject};

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
    /// What happened, without what it happened to: `field x: comes back, too (text)`.
    pub fn sentence(&self, quote: &str) -> String {
        let mut text = String::new();
        if let Some(part) = &self.part {
            text.push_str(&format!("{} {quote}{}{quote} ", part.kind, part.name));
        }
        let changes: Vec<&str> = self.rules().map(|rule| rule.change).collect();
        text.push_str(&changes.join("; "));
        match (&self.before, &self.after) {
            (Some(before), Some(after)) => text.push_str(&format!(": {before} → {after}")),
            (Some(one), None) | (None, Some(one)) => text.push_str(&format!(" ({one})")),
            (None, None) => {}
        }
        text
    }

    /// `breaking, major`
    pub fn verdicts(&self) -> String {
        format!("{}, {}", self.wire().0, self.rust().0)
    }
}

/// Changes in the groups in which reports show them.
pub(super) struct Sections<'a> {
    pub(super) added: Vec<&'a Change>,
    pub(super) removed: Vec<&'a Change>,
    /// The other changes that break something, by what they happened to.
    pub(super) breaking: Vec<(&'a Subject, Vec<&'a Change>)>,
    /// The rest.
    pub(super) compatible: Vec<(&'a Subject, Vec<&'a Change>)>,
}

impl<'a> Sections<'a> {
    pub(super) fn new(diff: &'a Diff) -> Self {
        let is = |change: &Change, rule| change.rules().any(|other| other == rule);
        let mut sections =
            Self { added: Vec::new(), removed: Vec::new(), breaking: Vec::new(), compatible: Vec::new() };
        for change in &diff.changes {
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
    /// How many operations came and went: `+10 −1`.
    pub fn balance(&self) -> String {
        let (added, removed) = (self.count(&rules::OPERATION_ADDED), self.count(&rules::OPERATION_REMOVED));
        if removed == 0 { format!("+{added}") } else { format!("+{added} −{removed}") }
    }

    /// The numbers of changes that break on the wire, that are major, minor and patch changes in Rust.
    pub fn counts(&self) -> [usize; 4] {
        let rust = |level| self.changes.iter().filter(|change| change.rust().0 == level).count();
        let wire = self.changes.iter().filter(|change| change.wire().0 == Wire::Breaking).count();
        [wire, rust(Rust::Major), rust(Rust::Minor), rust(Rust::Patch)]
    }
}

/// `1 change`, `2 changes`
pub(super) fn plural(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
