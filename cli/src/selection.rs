//! Reads the part of the catalog that a command line needs: reading all of it takes longer than everything else at start-up.

use std::sync::Arc;

use intercom_catalog::{Catalog, Index, LoadError};

use crate::command::{OWN_COMMANDS, group_of, operation_of, word};
use crate::shorthand;
use crate::words::Words;

/// The program's own commands that call operations. They get all operations, without shorthands.
const NEED_ALL: &[&str] = &["export", "import", "mcp"];

/// The program's own commands that list the commands of all operations. Those of shorthands are among them.
const SHOW_COMMANDS: &[&str] = &["docs", "man"];

/// Reads what `words` need: the operation that they name; the whole group, if they name only the group, or an alias or a shorthand in it;
/// everything, if the name is not found there, since it may be an alias of an operation of any group. Without a command, and for most of
/// the program's own commands, it reads no operation.
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
