//! Compares two descriptions: what changed, and what it means for clients and for Rust code.
//!
//! `Api × Api → pairs of operations and types → changes`. Operations are paired by method and path, ignoring the names
//! of path parameters; types are paired by the key of their schema, then by the places where they are used, then by name in Rust. So a
//! renamed type that is used in the same place is reported as one change, not as one removed and one added type. Prose is ignored.

mod body;
mod directions;
mod fields;
mod fit;
mod json;
mod keep_removed;
mod markdown;
mod operations;
mod pairs;
mod parameters;
mod report;
pub mod rules;
mod setters;
mod shorthands;
mod text;
mod types;
mod uses;

use std::collections::BTreeMap;

use crate::ir::{Api, Operation, TypeDef};
pub use keep_removed::{Kept, keep_removed};
use pairs::Pairs;
use rules::{Rule, SemverLevel, Wire};
pub use uses::{Use, uses};

/// The changes from one description to another.
#[derive(Clone, Debug)]
pub struct Diff {
    /// How reports name the old description.
    pub old: String,
    /// How reports name the new description.
    pub new: String,
    /// The numbers of operations in the old and in the new description.
    pub operations: (usize, usize),
    /// The numbers of types in the old and in the new description.
    pub types: (usize, usize),
    /// Groups first, then operations in the order of their paths, then types; groups and types in the order of their names.
    pub changes: Vec<Change>,
}

/// A change.
#[derive(Clone, Debug)]
pub struct Change {
    /// The rules that apply. Each verdict is that of the most serious rule. Never empty.
    rules: Vec<&'static Rule>,
    /// What changed.
    pub subject: Subject,
    /// Which part of the subject changed; `None` for the subject as a whole.
    pub part: Option<Part>,
    /// The old value, if the report shows one.
    pub before: Option<String>,
    /// The new value, if the report shows one.
    pub after: Option<String>,
    /// For a type: the operations that send or receive it. Empty for other subjects.
    pub used_by: Vec<String>,
}

/// The subject of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A group of operations: its name.
    Group(String),
    /// An operation.
    Operation {
        /// Method and path: those of the new description, or of the old one if the operation was removed.
        endpoint: String,
        /// The group and the method: `contacts.update`.
        id: String,
    },
    /// A type: its name in Rust.
    Type(String),
}

/// A part of an operation or of a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is: `parameter`, `field`, `value`, `alternative`, `constructor`, `form part`, `alias`, `shorthand`,
    /// `search field`, `setter`, `status`.
    pub kind: &'static str,
    /// Its name: that in Rust for an alternative, a constructor, a shorthand or an alias, otherwise that on the wire.
    pub name: String,
}

impl Subject {
    /// Groups, then operations by path and method, then types.
    fn order(&self) -> (u8, &str, &str) {
        match self {
            Self::Group(name) => (0, name, ""),
            Self::Operation { endpoint, .. } => {
                endpoint.split_once(' ').map_or((1, endpoint, ""), |(method, path)| (1, path, method))
            }
            Self::Type(name) => (2, name, ""),
        }
    }
}

impl Change {
    /// The verdict on the wire, and the rule that gives it.
    pub fn wire(&self) -> (Wire, &'static Rule) {
        let rule = self.strictest(|rule| rule.wire);
        (rule.wire, rule)
    }

    /// The verdict in Rust, and the rule that gives it.
    pub fn rust(&self) -> (SemverLevel, &'static Rule) {
        let rule = self.strictest(|rule| rule.rust);
        (rule.rust, rule)
    }

    /// Whether one of the verdicts is breaking or major.
    pub fn is_breaking(&self) -> bool {
        self.wire().0 == Wire::Breaking || self.rust().0 == SemverLevel::Major
    }

    /// The rules that apply.
    pub fn rules(&self) -> impl Iterator<Item = &'static Rule> + '_ {
        self.rules.iter().copied()
    }

    /// The first of the most serious rules.
    fn strictest<K: Ord>(&self, key: impl Fn(&Rule) -> K) -> &'static Rule {
        // `rules` is never empty; the fallback is a rule with the mildest verdicts.
        self.rules.iter().copied().rev().max_by_key(|rule| key(rule)).unwrap_or(&rules::OPERATION_ID_CHANGED)
    }
}

impl Diff {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// The most serious verdict on the wire.
    pub fn wire(&self) -> Wire {
        self.changes.iter().map(|change| change.wire().0).max().unwrap_or(Wire::Compatible)
    }

    /// The most serious verdict in Rust.
    pub fn rust(&self) -> SemverLevel {
        self.changes.iter().map(|change| change.rust().0).max().unwrap_or(SemverLevel::Patch)
    }

    /// The number of changes that a rule applies to.
    pub fn count(&self, rule: &Rule) -> usize {
        self.changes.iter().filter(|change| change.rules().any(|other| other == rule)).count()
    }
}

/// Compares two descriptions, each after its overlays.
pub fn diff(old: &Api, new: &Api) -> Diff {
    let pairs = Pairs::new(old, new);
    let mut changes = Changes::default();
    operations::compare(&pairs, &mut changes);
    types::compare(&pairs, &mut changes);
    let operations = |api: &Api| api.operations().count();
    Diff {
        old: old.version.clone(),
        new: new.version.clone(),
        operations: (operations(old), operations(new)),
        types: (old.types.len(), new.types.len()),
        changes: changes.finish(&pairs),
    }
}

/// The changes so far.
#[derive(Debug, Default)]
struct Changes(Vec<Change>);

impl Changes {
    /// Records a change without values.
    fn record(&mut self, subject: Subject, part: Option<Part>, rules: &[&'static Rule]) {
        self.0.push(Change { rules: rules.to_vec(), subject, part, before: None, after: None, used_by: Vec::new() });
    }

    /// Records a value that changed.
    fn changed(
        &mut self,
        subject: Subject,
        part: Option<Part>,
        rules: &[&'static Rule],
        before: impl Into<String>,
        after: impl Into<String>,
    ) {
        let (before, after) = (Some(before.into()), Some(after.into()));
        self.0.push(Change { rules: rules.to_vec(), subject, part, before, after, used_by: Vec::new() });
    }

    /// Records a removal.
    fn removed(&mut self, subject: Subject, part: Option<Part>, rules: &[&'static Rule], before: String) {
        let before = Some(before);
        self.0.push(Change { rules: rules.to_vec(), subject, part, before, after: None, used_by: Vec::new() });
    }

    /// Records an addition.
    fn added(&mut self, subject: Subject, part: Option<Part>, rules: &[&'static Rule], after: impl Into<String>) {
        let after = Some(after.into());
        self.0.push(Change { rules: rules.to_vec(), subject, part, before: None, after, used_by: Vec::new() });
    }

    /// Fills in which operations use the changed types, and sorts the changes.
    fn finish(mut self, pairs: &Pairs<'_>) -> Vec<Change> {
        let mut users: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for change in &mut self.0 {
            if let Subject::Type(name) = &change.subject {
                change.used_by = users.entry(name.clone()).or_insert_with(|| pairs.users(name)).clone();
            }
        }
        self.0.sort_by(|left, right| left.subject.order().cmp(&right.subject.order()));
        self.0
    }
}

fn part(kind: &'static str, name: &str) -> Option<Part> {
    Some(Part { kind, name: name.to_owned() })
}

fn operation_subject(operation: &Operation) -> Subject {
    Subject::Operation { endpoint: format!("{} {}", operation.http_method, operation.path), id: operation.id.clone() }
}

fn type_subject(def: &TypeDef) -> Subject {
    Subject::Type(def.name.bare().to_owned())
}
