//! Reads the part of the catalog that a command line needs: reading all of it takes longer than everything else at start-up.

use std::sync::Arc;

use intercom_catalog::{Catalog, Index, LoadError};

use crate::command::{OWN_COMMANDS, group_of, operation_of, word};
use crate::shorthand;
use crate::words::Words;

/// The program's own commands that call any operation.
const NEED_ALL: &[&str] = &["export", "import", "mcp"];

/// The program's own commands that list the commands of all operations.
const SHOW_COMMANDS: &[&str] = &["docs", "man"];

/// Reads the operation that `words` name; a whole group where they name none of its operations; everything where they name no group,
/// since a former name of an operation may be in any group.
///
/// # Errors
/// Where the version is not compiled in.
pub fn select(version: &str, words: &Words, completing: bool) -> Result<Arc<Catalog>, LoadError> {
    let index = Index::of_version(version)?;
    let select = |chosen: &dyn Fn(&str) -> bool| -> Result<Catalog, LoadError> {
        let mut catalog = index.select(chosen)?;
        shorthand::expand(&mut catalog);
        Ok(catalog)
    };
    let nothing = index.select(|_| false)?;
    let Some(command) = words.command.as_deref() else { return Ok(Arc::new(nothing)) };
    if OWN_COMMANDS.contains(&command) {
        return match command {
            command if SHOW_COMMANDS.contains(&command) => select(&|_| true).map(Arc::new),
            command if NEED_ALL.contains(&command) => intercom_catalog::load(version),
            _ => Ok(Arc::new(nothing)),
        };
    }
    let Some(group) = group_of(&nothing, command) else { return select(&|_| true).map(Arc::new) };
    let prefix = format!("{group}.");
    if let Some(method) = words.method.as_deref() {
        let named = |id: &str| id.strip_prefix(&prefix).is_some_and(|known| word(known) == word(method));
        if index.operations().any(named) {
            return select(&named).map(Arc::new);
        }
    }
    let whole_group = select(&|id| id.starts_with(&prefix))?;
    let is_found = words.method.as_deref().is_none_or(|method| operation_of(&whole_group, group, method).is_some());
    if completing || is_found { Ok(Arc::new(whole_group)) } else { select(&|_| true).map(Arc::new) }
}
