//! The commands as clap sees them. Those of operations are made of the catalog, and only those that are asked for.

mod examples;
mod operation;
mod page;
mod program;
mod root;

pub use examples::{example, quoted};
pub use operation::{Flag, Target, flags, operation, required_constants};
pub use page::plain;
pub use program::{PROGRAM, program};
pub use root::{default_version, everything, globals, root};

use intercom_catalog::{Catalog, Group, Operation};

/// A name of the catalog as a word of the command line: `data_attributes` is `data-attributes`.
pub fn word(name: &str) -> String {
    name.replace('_', "-")
}

/// The word for a group. One that a command of the program has ends in `-group`.
pub fn group_word(group: &str) -> String {
    let word = word(group);
    if PROGRAM.contains(&word.as_str()) { format!("{word}-group") } else { word }
}

/// The group that a word means.
pub fn group_of<'a>(catalog: &'a Catalog, written: &str) -> Option<&'a Group> {
    catalog.groups.iter().find(|group| group_word(&group.name) == word(written))
}

/// The operation that a word means in a group, also by another name of its method.
pub fn operation_of<'a>(catalog: &'a Catalog, group: &'a str, written: &str) -> Option<&'a Operation> {
    let written = word(written);
    let mut operations = catalog.operations_of(group);
    operations.find(|operation| {
        word(&operation.method) == written || operation::other_methods(operation).any(|name| word(name) == written)
    })
}
