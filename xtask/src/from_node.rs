//! The table of docs/from-node.md: each method of the official Node SDK, and what to call here.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Context, Result};
use intercom_codegen::ir::{Api, Operation, operation_key};

/// A row for each line of `official`, which has a method, a path and a name, with tabs between them.
///
/// # Errors
/// Where a line is not like that, or no version has the operation.
pub fn table(official: &str, apis: &[Api]) -> Result<String> {
    let mut operations: BTreeMap<String, (&Api, &Operation)> = BTreeMap::new();
    // Of several versions the newest one's name counts; operations that are gone have that of their last version.
    for api in apis {
        let all = api.groups.iter().flat_map(|group| &group.operations);
        operations.extend(all.map(|operation| (operation.key(), (api, operation))));
    }
    let mut table = String::from("| `intercom-node` | here |\n|---|---|\n");
    for line in official.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let parts: Vec<&str> = line.split('\t').collect();
        let [method, path, name] = parts[..] else { anyhow::bail!("`{line}` is no method, path and name") };
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
