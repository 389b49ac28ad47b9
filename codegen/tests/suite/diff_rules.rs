//! Tests every rule of `diff` with a small edit that it applies to.
//!
//! A case has edits of `base.yaml` and the rules of all changes that must be reported: an edit that is one change must be
//! reported once.

use std::collections::BTreeSet;

use crate::edit::read_text;
use crate::rule_cases::{BASE, cases, edited};
use intercom_codegen::diff::rules::RULES;
use intercom_codegen::diff::{Diff, diff};

/// The rules of each change, sorted.
fn rules(diff: &Diff) -> Vec<String> {
    let all = diff.changes.iter().map(|change| change.rules().map(|rule| rule.id).collect::<Vec<_>>().join("+"));
    let mut all: Vec<String> = all.collect();
    all.sort();
    all
}

#[test]
fn each_case_has_exactly_the_expected_changes() {
    let mut wrong = Vec::new();
    for (expected, edits) in cases() {
        let (old, new) = edited(BASE, edits);
        let (mut old, mut new) = (read_text(&old), read_text(&new));
        if expected.first().is_some_and(|rule| rule.starts_with("reverse:")) {
            std::mem::swap(&mut old, &mut new);
        }
        let mut expected: Vec<String> =
            expected.iter().map(|rule| rule.trim_start_matches("reverse:").to_owned()).collect();
        expected.sort();
        let diff = diff(&old, &new);
        if rules(&diff) != expected {
            wrong.push(format!("expected {expected:?}, found\n{}\n{:?}", diff.text(), rules(&diff)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n---\n"));
}

#[test]
fn every_rule_has_a_case() {
    let tested: BTreeSet<&str> = cases()
        .flat_map(|(rules, _)| rules.iter())
        .flat_map(|rules| rules.trim_start_matches("reverse:").split('+'))
        .collect();
    let untested: Vec<&str> = RULES.iter().map(|rule| rule.id).filter(|id| !tested.contains(id)).collect();
    assert!(untested.is_empty(), "{untested:?}");
}

#[test]
fn nothing_changes_between_a_description_and_itself() {
    let (old, new) = edited(BASE, &[]);
    let (old, new) = (read_text(&old), read_text(&new));
    assert!(diff(&old, &new).is_empty());
}
