//! The table of docs/from-node.md: each method of the official Node SDK, and what to call here.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Context, Result};
use intercom_codegen::ir::{Api, Body, Operation, operation_key};

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
        let arguments = if takes_arguments(api, operation) { "…" } else { "" };
        let _ = writeln!(
            table,
            "| `client.{name}` | `client.{}().{}({arguments})` |",
            operation.group,
            operation.method.bare()
        );
    }
    Ok(table)
}

/// Whether the method asks for something: parameters, fields of the body, or a body of alternatives.
fn takes_arguments(api: &Api, operation: &Operation) -> bool {
    let params = operation.params.iter().any(|param| param.required && param.constant.is_none());
    let body = operation.body.as_ref().and_then(Body::json);
    let fields = body.is_some_and(|ty| {
        let object = api.types.object(ty);
        object.is_none_or(|(_, object)| object.fields.iter().any(|field| field.required && field.constant.is_none()))
    });
    params || fields
}
