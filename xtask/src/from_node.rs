//! The table of docs/from-node.md: each method of the official Node SDK, and the method of our crates to call instead.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Context, Result};
use intercom_codegen::ir::{Api, Operation, operation_key};

/// Returns a table with a row for each operation in `official`. Its lines have a method, a path and the name in the official SDK,
/// separated by tabs; empty lines and comments (`#`) are skipped.
///
/// # Errors
/// If a line has another form, or no API has the operation.
pub fn table(official: &str, apis: &[Api]) -> Result<String> {
    let mut operations: BTreeMap<String, (&Api, &Operation)> = BTreeMap::new();
    // Our name is that in the last API that has the operation.
    for api in apis {
        let all = api.operations();
        operations.extend(all.map(|operation| (operation.key(), (api, operation))));
    }
    let mut table = String::from("| `intercom-node` | here |\n|---|---|\n");
    for line in official.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let parts: Vec<&str> = line.split('\t').collect();
        let [method, path, name] = parts[..] else { anyhow::bail!("`{line}` is not a method, a path and a name") };
        let (api, operation) = operations
            .get(&operation_key(method, path))
            .with_context(|| format!("no version has {method} {path}, `{name}`"))?;
        let arguments = if operation.arguments(&api.types).is_empty() { "" } else { "…" };
        let shorthands: Vec<String> =
            operation.shorthands.iter().map(|shorthand| format!("`{}`", shorthand.method.bare())).collect();
        let shorter = if shorthands.is_empty() { "" } else { "; shorter: " };
        let _ = writeln!(
            table,
            "| `client.{name}` | `client.{}().{}({arguments})`{shorter}{} |",
            operation.group,
            operation.method.bare(),
            shorthands.join(", ")
        );
    }
    Ok(table)
}
