//! The commands as clap has them. Those of operations are built from the catalog.

mod examples;
mod operation;
mod page;
mod program;
mod root;

pub use examples::{example, quoted};
pub use operation::{Flag, Target, aliased, flags, operation, required_constants};
pub use page::{plain, restore_spaces};
pub use program::{OWN_COMMANDS, program};
pub use root::{default_version, everything, globals, root};

use intercom_catalog::{Catalog, Operation};

/// A name of the catalog as a word of the command line: `data_attributes` is `data-attributes`.
pub fn word(name: &str) -> String {
    name.replace('_', "-")
}

/// The word for a group. Where a command of the program has the same name, it ends in `-group`.
pub fn group_word(group: &str) -> String {
    let word = word(group);
    if OWN_COMMANDS.contains(&word.as_str()) { format!("{word}-group") } else { word }
}

/// The name of the group that a word means: one of the catalog, or one that occurs only in aliases, such as `export` of the official SDK.
pub fn group_of<'a>(catalog: &'a Catalog, written: &str) -> Option<&'a str> {
    let groups = catalog.groups.iter().map(|group| group.name.as_str());
    let aliases = catalog.operations.iter().flat_map(|operation| &operation.aliases);
    let of_aliases = aliases.filter_map(|alias| alias.split_once('.')).map(|(group, _)| group);
    groups.chain(of_aliases).find(|group| group_word(group) == word(written))
}

/// The operation that a word means in a group: by its name, or by an alias, which may be in another group than the operation.
pub fn operation_of<'a>(catalog: &'a Catalog, group: &str, written: &str) -> Option<&'a Operation> {
    let written = word(written);
    let is_method = |operation: &&Operation| operation.group == group && word(&operation.method) == written;
    let is_alias = |operation: &&Operation| aliases_in(operation, group).any(|name| word(name) == written);
    catalog.operations.iter().find(is_method).or_else(|| catalog.operations.iter().find(is_alias))
}

/// The names of an operation's aliases in a group, which may be another one than the operation's.
pub fn aliases_in<'a>(operation: &'a Operation, group: &str) -> impl Iterator<Item = &'a str> {
    let aliases = operation.aliases.iter().filter_map(|alias| alias.split_once('.'));
    aliases.filter(move |(of, _)| *of == group).map(|(_, method)| method)
}
