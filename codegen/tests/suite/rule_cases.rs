//! Edits of `base.yaml` for every rule of `diff`: of operations, and of types.

mod operations;
mod types;

use intercom_codegen::yaml;

use crate::edit::{Edit, edit};

/// The description that is edited.
pub const BASE: &str = include_str!("base.yaml");

/// The expected changes and the edits of [`BASE`]. A change is written as its rules, joined by `+`.
///
/// - An edit changes the new copy of the description; `old:` before its pointer: the old copy.
/// - The diff is from the old copy to the new one; `reverse:` before the expected changes: from the new copy to the old one. So
///   `(&["reverse:alias-removed"], &[(…, "[things.destroy]")])` adds an alias, and expects it to be removed in the other direction.
pub type Case = (&'static [&'static str], &'static [Edit]);

/// One or more cases for each rule.
pub fn cases() -> impl Iterator<Item = &'static Case> {
    operations::CASES.iter().chain(types::CASES)
}

/// The old and the new copy of a description after the edits.
pub fn edited(text: &str, edits: &[Edit]) -> (String, String) {
    let (mut before, mut after) = (yaml::read(text).unwrap(), yaml::read(text).unwrap());
    for (pointer, value) in edits {
        match pointer.strip_prefix("old:") {
            Some(pointer) => edit(&mut before, pointer, value),
            None => edit(&mut after, pointer, value),
        }
    }
    (yaml::write(&before), yaml::write(&after))
}
