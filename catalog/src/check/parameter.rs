//! Checks of parameters, whose values are sent as text.

use serde_json::Value;

use super::{Problem, ProblemKind, Rules, check_at, found};
use crate::model::Catalog;
use crate::operation::{Location, Parameter};
use crate::schema::{Definition, Schema, Shape};

/// Converts text of a path, a query or a header to a JSON value of the schema's type: `"5"` becomes a number if a number is
/// expected. Text that cannot be converted stays text, which [`check`](super::check) reports.
pub fn value_of_text(catalog: &Catalog, schema: &Schema, text: &str) -> Value {
    match &schema.shape {
        Shape::Boolean => text.parse().map_or_else(|_| Value::from(text), Value::Bool),
        Shape::Integer => text.parse::<i64>().map_or_else(|_| Value::from(text), Value::from),
        Shape::Number => match text.parse::<f64>().ok().and_then(serde_json::Number::from_f64) {
            Some(number) => Value::Number(number),
            None => Value::from(text),
        },
        Shape::Nullable(inner) => value_of_text(catalog, inner, text),
        Shape::Type(name) => match catalog.type_named(name).map(|ty| &ty.definition) {
            Some(Definition::Alias(schema)) => value_of_text(catalog, schema, text),
            _ => Value::from(text),
        },
        _ => Value::from(text),
    }
}

/// Checks the value of a parameter: one value or a list if it takes several values, an object if its keys are sent as parameters. A value
/// may be a text, as it is sent.
pub fn check_parameter(
    catalog: &Catalog,
    parameter: &Parameter,
    value: &Value,
    pointer: &str,
    rules: Rules,
) -> Vec<Problem> {
    let read = |value: &Value, schema: &Schema| match value {
        Value::String(text) => value_of_text(catalog, schema, text),
        value => value.clone(),
    };
    if let Some(constant) = &parameter.constant {
        let same = found::text(value) == *constant;
        let expected = format!("{constant:?}");
        let found = found::described(value);
        let problem = Problem { pointer: pointer.to_owned(), kind: ProblemKind::Value, expected, found };
        return if same { Vec::new() } else { vec![problem] };
    }
    let item = match &parameter.schema.shape {
        Shape::List(item) => Some(item.as_ref()),
        _ => None,
    };
    match (parameter.location, item, value) {
        (Location::QueryCommaList | Location::QueryRepeated, Some(item), Value::Array(values)) => {
            let values = values.iter().map(|value| read(value, item)).collect();
            check_at(catalog, &parameter.schema, &Value::Array(values), pointer, rules)
        }
        (Location::QueryCommaList | Location::QueryRepeated, Some(item), value) if !value.is_object() => {
            check_at(catalog, item, &read(value, item), pointer, rules)
        }
        _ => check_at(catalog, &parameter.schema, &read(value, &parameter.schema), pointer, rules),
    }
}
