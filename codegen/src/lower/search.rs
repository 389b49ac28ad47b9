//! Reads `x-sdk-search`: the fields that a search accepts.

use openapiv3::Operation as Source;
use serde_json::Value;

use crate::diag::{Error, Result, join};
use crate::ir::{RustName, SearchField, WireName};
use crate::names::{self, Scope};

const KINDS: &[&str] = &["string", "integer", "boolean", "date", "any"];
const OPERATORS: &[&str] = &["=", "!=", "IN", "NIN", "<", "<=", ">", ">=", "~", "!~", "^", "$"];

/// Reads the fields of `x-sdk-search: {fields: [{name, type, operators}]}`.
pub(super) fn fields(source: &Source, pointer: &str) -> Result<Vec<SearchField>> {
    let Some(entry) = source.extensions.get("x-sdk-search") else { return Ok(Vec::new()) };
    let pointer = join(pointer, "x-sdk-search");
    let wrong = |message: String| Error::new("", &pointer, message).hint("correct the entry in the search overlay");
    let Some(fields) = entry.get("fields").and_then(Value::as_array) else {
        return Err(wrong("`fields` is missing or not a list".to_owned()));
    };
    let mut scope = Scope::default();
    let mut search = Vec::new();
    for field in fields {
        let text = |key: &str| field.get(key).and_then(Value::as_str);
        let (Some(name), Some(kind)) = (text("name"), text("type")) else {
            return Err(wrong("a field has no `name` or no `type`".to_owned()));
        };
        if !KINDS.contains(&kind) {
            return Err(wrong(format!(
                "`{kind}` of `{name}` is not a type of a search field; the types are {}",
                KINDS.join(", ")
            )));
        }
        let operators: Vec<&str> =
            field.get("operators").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        if let Some(unknown) = operators.iter().find(|operator| !OPERATORS.contains(operator)) {
            return Err(wrong(format!(
                "`{unknown}` of `{name}` is not an operator; the operators are {}",
                OPERATORS.join(" ")
            )));
        }
        search.push(SearchField {
            wire: WireName(name.to_owned()),
            ident: scope.claim(function(name)),
            kind: kind.to_owned(),
            operators: operators.into_iter().map(str::to_owned).collect(),
        });
    }
    Ok(search)
}

/// The name of the function for a field. `custom_attributes.{attribute_name}` becomes `custom_attribute`, which takes the name
/// of one attribute.
fn function(name: &str) -> RustName {
    match name.split_once('{') {
        Some((before, _)) => {
            let before = before.trim_end_matches('.');
            names::snake(&names::singular(before).unwrap_or_else(|| before.to_owned()))
        }
        None => names::snake(name),
    }
}
