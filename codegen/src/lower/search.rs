//! Reads `x-sdk-search`: the fields that a search accepts.

use openapiv3::Operation as Source;
use serde_json::Value;

use crate::ir::{RustName, SearchField, WireName};
use crate::names::{self, Scope};
use crate::plural::singular;

/// Reads the fields of `x-sdk-search: {fields: [{name, type, operators}]}`, whose structure `openapi` has checked.
pub(super) fn fields(source: &Source) -> Vec<SearchField> {
    let fields = source.extensions.get("x-sdk-search").and_then(|search| search.get("fields")?.as_array());
    let mut scope = Scope::default();
    let mut search = Vec::new();
    for field in fields.into_iter().flatten() {
        let text = |key: &str| field.get(key).and_then(Value::as_str);
        let (Some(name), Some(kind)) = (text("name"), text("type")) else { continue };
        let operators = field.get("operators").and_then(Value::as_array).into_iter().flatten();
        search.push(SearchField {
            wire: WireName(name.to_owned()),
            ident: scope.claim(function(name)),
            kind: kind.to_owned(),
            operators: operators.filter_map(Value::as_str).map(str::to_owned).collect(),
        });
    }
    search
}

/// The name of the function for a field. `custom_attributes.{attribute_name}` becomes `custom_attribute`, which takes the name
/// of one attribute.
fn function(name: &str) -> RustName {
    match name.split_once('{') {
        Some((before, _)) => {
            let before = before.trim_end_matches('.');
            names::snake(&singular(before).unwrap_or_else(|| before.to_owned()))
        }
        None => names::snake(name),
    }
}
