//! Edits of `base.yaml` for every rule of `diff`: of operations, and of types.

mod operations;
mod types;

use intercom_codegen::yaml;

use crate::edit::{Edit, edit};

/// The description that is edited.
pub const BASE: &str = include_str!("base.yaml");

/// The expected changes and the edits. A change is written as its rules, joined by `+`. The edits change the second of two copies of
/// [`BASE`]; those whose pointer begins with `-` change the first. The diff is from the first copy to the second; if the first expected
/// change begins with `-`, it is from the second to the first.
pub type Case = (&'static [&'static str], &'static [Edit]);

/// One or more cases for each rule.
pub fn cases() -> impl Iterator<Item = &'static Case> {
    operations::CASES.iter().chain(types::CASES)
}

/// Two copies of a description after the edits: those whose pointer begins with `-` change the first, all others the second.
pub fn edited(text: &str, edits: &[Edit]) -> (String, String) {
    let (mut before, mut after) = (yaml::read(text).unwrap(), yaml::read(text).unwrap());
    for (pointer, value) in edits {
        match pointer.strip_prefix('-') {
            Some(pointer) => edit(&mut before, pointer, value),
            None => edit(&mut after, pointer, value),
        }
    }
    (yaml::write(&before), yaml::write(&after))
}
