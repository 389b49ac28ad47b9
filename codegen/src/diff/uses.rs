//! Uses of a generated crate, which verify the verdicts in Rust: one function for each method, field, variant, ….
//!
//! The functions are written from the old description and compiled with the new crate. If a function no longer compiles, that is a
//! breaking change, and [`Use::broken_by`] returns the changes of the diff that explain it. Not everything is
//! used: there are no functions for conversions (`From`), constructors other than `new`, or what the platform features have besides types.

mod code;
mod operation;
mod types;

use std::collections::{BTreeMap, BTreeSet};

use super::rules::{self, Rule, SemverLevel};
use super::{Change, Diff, Subject};
use crate::ir::{Api, Ty, TypeDef, TypeTable};

/// A use of the crate.
#[derive(Clone, Debug)]
pub struct Use {
    /// What is used: `contacts.create`, `types::Contact`, `group contacts`.
    pub subject: String,
    /// How it is used: `call`, `field email`, `set email`, …
    pub kind: String,
    /// The function in one line, without `fn` and its name. `api` is the crate (so `api::api` is its module `api`), and `types` its module
    /// `types`.
    pub code: String,
    /// The changes that break it: those of its subject, and those of the types that it uses.
    causes: Vec<Cause>,
}

/// Changes that break a use.
#[derive(Clone, Debug)]
struct Cause {
    subject: String,
    /// The changed part of the subject; `None` for the subject as a whole and all of its parts.
    part: Option<String>,
    /// The rules of which one must apply to the change; `None` for every major change.
    rules: Option<&'static [&'static Rule]>,
}

/// The type no longer exists under its name.
static BREAKS_NAME: [&Rule; 2] = [&rules::TYPE_REMOVED, &rules::TYPE_RENAMED];

impl Use {
    /// A use that names the types `tys`, so it breaks where one of them is removed or renamed.
    fn new(types: &TypeTable, subject: impl Into<String>, kind: impl Into<String>, tys: &[&Ty], code: String) -> Self {
        let mut used = Self { subject: subject.into(), kind: kind.into(), code, causes: Vec::new() };
        for id in tys.iter().filter_map(|ty| ty.named()) {
            used = used.breaks_with(type_subject(&types[id]), &BREAKS_NAME);
        }
        used
    }

    /// Adds a cause: every major change of a subject or of one of its parts.
    fn breaks_with_any(mut self, subject: impl Into<String>) -> Self {
        self.causes.push(Cause { subject: subject.into(), part: None, rules: None });
        self
    }

    /// Adds a cause: a change of a subject, or of one of its parts, to which one of these rules applies.
    fn breaks_with(mut self, subject: impl Into<String>, rules: &'static [&'static Rule]) -> Self {
        self.causes.push(Cause { subject: subject.into(), part: None, rules: Some(rules) });
        self
    }

    /// Adds a cause: every major change of a part of a subject.
    fn breaks_with_part(mut self, subject: impl Into<String>, part: &str) -> Self {
        self.causes.push(Cause { subject: subject.into(), part: Some(part.to_owned()), rules: None });
        self
    }

    /// Adds a cause: a change of a part of a subject to which one of these rules applies.
    fn breaks_with_part_by(mut self, subject: impl Into<String>, part: &str, rules: &'static [&'static Rule]) -> Self {
        self.causes.push(Cause { subject: subject.into(), part: Some(part.to_owned()), rules: Some(rules) });
        self
    }

    /// The indexes of the changes in the diff that break it; empty if the use still compiles according to the diff.
    pub fn broken_by(&self, diff: &Diff) -> BTreeSet<usize> {
        let renamed = renamed_subjects(diff);
        let breaks = |change: &Change, cause: &Cause| {
            let name = renamed.get(&cause.subject).unwrap_or(&cause.subject);
            *name == subject_name(change)
                && cause.part.as_ref().is_none_or(|part| is_part(change, part))
                && cause.rules.is_none_or(|rules| change.rules().any(|rule| rules.contains(&rule)))
        };
        let major = diff.changes.iter().enumerate().filter(|(_, change)| change.rust().0 == SemverLevel::Major);
        major
            .filter(|(_, change)| self.causes.iter().any(|cause| breaks(change, cause)))
            .map(|(index, _)| index)
            .collect()
    }
}

/// Whether a change is about a part. A renamed alternative is reported under its new name, so it is found by its old one, too.
fn is_part(change: &Change, name: &str) -> bool {
    let renamed = change.rules().any(|rule| rule == &rules::VARIANT_RENAMED);
    match &change.part {
        Some(_) if renamed && change.before.as_deref() == Some(name) => true,
        Some(part) => part.name == name,
        None => false,
    }
}

/// The name of a type as in [`Use::subject`].
fn type_subject(def: &TypeDef) -> String {
    format!("types::{}", def.name.bare())
}

/// The subject of a change, named as in [`Use::subject`].
fn subject_name(change: &Change) -> String {
    match &change.subject {
        Subject::Group(name) => format!("group {name}"),
        Subject::Operation { id, .. } => id.clone(),
        Subject::Type(name) => format!("types::{name}"),
    }
}

/// The new names of renamed operations and types, by their old names: changes have the new names, uses the old ones.
fn renamed_subjects(diff: &Diff) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for change in &diff.changes {
        let Some(before) = &change.before else { continue };
        let has = |rule: &Rule| change.rules().any(|other| other == rule);
        if has(&rules::TYPE_RENAMED) {
            names.insert(format!("types::{before}"), subject_name(change));
        } else if has(&rules::OPERATION_RENAMED) || has(&rules::OPERATION_RENAMED_ALIASED) {
            names.insert(before.clone(), subject_name(change));
        }
    }
    names
}

/// The uses of the crate that is generated for an API.
pub fn uses(api: &Api) -> Vec<Use> {
    let mut uses = Vec::new();
    for group in &api.groups {
        let code = format!("(client: &api::Client) {{ let _ = client.{}(); }}", group.ident.0);
        let subject = format!("group {}", group.name);
        uses.push(Use::new(&api.types, &subject, "handle", &[], code).breaks_with_any(&subject));
        for operation in &group.operations {
            operation::uses(&api.types, group, operation, &mut uses);
        }
    }
    for def in api.types.iter() {
        types::uses(&api.types, def, &mut uses);
    }
    uses
}
