//! Converts the conditions of a search to the filters of the API.

use std::str::FromStr;

use intercom_catalog::{Operation, SearchField};
use intercom_runtime::data::Timestamp;
use serde_json::{Value, json};

use crate::failure::{Failure, did_you_mean};

/// The names of operators, and the API's operators.
pub(crate) const OPERATORS: [(&str, &str); 12] = [
    ("eq", "="),
    ("neq", "!="),
    ("gt", ">"),
    ("lt", "<"),
    ("gte", ">="),
    ("lte", "<="),
    ("contains", "~"),
    ("not_contains", "!~"),
    ("starts_with", "^"),
    ("ends_with", "$"),
    ("in", "IN"),
    ("nin", "NIN"),
];

/// A condition on a field as a filter of the API.
///
/// # Errors
/// Where the operation's search has no such field, or the field does not accept the operator or the value.
pub(crate) fn condition(operation: &Operation, field: &str, operator: &str, value: &Value) -> Result<Value, Failure> {
    let (name, declared) = find(operation, field)?;
    let accepted = declared.accepted_operators();
    if !accepted.contains(&operator) {
        return Err(Failure::new(format!(
            "`{field}` accepts the operators {} only, not {}.",
            list(accepted.into_iter().map(word)),
            word(operator)
        )));
    }
    let convert = |value: &Value| typed(field, &declared.kind, value);
    let value = match (operator, value) {
        ("IN" | "NIN", Value::Array(values)) => Value::Array(values.iter().map(convert).collect::<Result<_, _>>()?),
        ("IN" | "NIN", Value::String(text)) => {
            let values = text.split(',').map(|part| convert(&part.trim().into()));
            Value::Array(values.collect::<Result<_, _>>()?)
        }
        ("IN" | "NIN", one) => Value::Array(vec![convert(one)?]),
        (_, Value::Array(_) | Value::Object(_)) => {
            return Err(Failure::new(format!("`{field}` is compared with one value, not with {value}.")));
        }
        (_, value) => convert(value)?,
    };
    Ok(json!({"field": name, "operator": operator, "value": value}))
}

/// The operator and the value of a number or time with an operator before it, such as `>3600` or `>= 2026-11-01`.
pub(crate) fn comparison(text: &str) -> Option<(&'static str, &str)> {
    let signs = ["!=", ">=", "<=", "=", ">", "<"];
    signs.iter().find_map(|sign| Some((*sign, text.trim_start().strip_prefix(sign)?.trim())))
}

/// The body of a search. It finds what meets all conditions and, if there are alternatives, at least one of them; without either,
/// everything.
///
/// The description declares lists of filters and lists of groups, but no mixed lists, so none is sent.
pub(crate) fn body(conditions: Vec<Value>, alternatives: Vec<Value>) -> Value {
    let groups = [group("AND", conditions), group("OR", alternatives)].into_iter().flatten();
    let groups = match groups.collect::<Vec<_>>() {
        // A condition beside a group gets a group of its own.
        both if both.len() == 2 => both
            .into_iter()
            .map(|one| if one.get("field").is_some() { json!({"operator": "AND", "value": [one]}) } else { one })
            .collect(),
        one => one,
    };
    let query = group("AND", groups).unwrap_or_else(|| json!({"field": "created_at", "operator": ">", "value": 0}));
    json!({"query": query})
}

/// Conditions as a group; a single condition needs none.
fn group(operator: &str, mut conditions: Vec<Value>) -> Option<Value> {
    match conditions.len() {
        0 => None,
        1 => conditions.pop(),
        _ => Some(json!({"operator": operator, "value": conditions})),
    }
}

/// The field with this name; `_` may stand for `.`.
fn find<'a>(operation: &'a Operation, given: &str) -> Result<(String, &'a SearchField), Failure> {
    for field in &operation.search {
        if field.name == given || field.name.replace('.', "_") == given {
            return Ok((field.name.clone(), field));
        }
        // `custom_attributes.{attribute_name}` stands for any name.
        let prefix = field.name.split_once('{').map(|(prefix, _)| prefix);
        if prefix.and_then(|prefix| given.strip_prefix(prefix)).is_some_and(|name| !name.is_empty()) {
            return Ok((given.to_owned(), field));
        }
    }
    let known = || operation.search.iter().map(|field| field.name.as_str());
    Err(Failure::new(format!(
        "{} cannot search by `{given}`.{} It can search by {}.",
        operation.id,
        did_you_mean(given, known()),
        list(known())
    )))
}

/// A value in the type of its field.
fn typed(field: &str, kind: &str, value: &Value) -> Result<Value, Failure> {
    let wrong = |expected: &str| Failure::new(format!("`{field}` is compared with {expected}, not with {value}."));
    let text = value.as_str().map(str::trim);
    match kind {
        "integer" => match text {
            Some("null") => Ok(Value::Null),
            Some(text) => text.parse::<i64>().map(Value::from).map_err(|_| wrong("a whole number")),
            None if value.is_i64() || value.is_u64() || value.is_null() => Ok(value.clone()),
            None => Err(wrong("a whole number")),
        },
        "boolean" => match text {
            Some("true") => Ok(true.into()),
            Some("false") => Ok(false.into()),
            None if value.is_boolean() => Ok(value.clone()),
            _ => Err(wrong("`true` or `false`")),
        },
        "date" => match text {
            Some(text) => Timestamp::from_str(text)
                .map(|time| time.as_seconds().into())
                .map_err(|_| wrong("Unix seconds or a date such as 2026-11-01")),
            None if value.is_i64() || value.is_u64() => Ok(value.clone()),
            None => Err(wrong("Unix seconds or a date such as 2026-11-01")),
        },
        "string" => match value {
            Value::String(_) | Value::Null => Ok(value.clone()),
            Value::Number(_) | Value::Bool(_) => Ok(value.to_string().into()),
            _ => Err(wrong("a text")),
        },
        // Other fields, such as custom attributes, may have any type; a text that looks like a number or a boolean is one.
        _ => Ok(text
            .and_then(|text| serde_json::from_str::<Value>(text).ok())
            .filter(|value| value.is_number() || value.is_boolean())
            .unwrap_or_else(|| value.clone())),
    }
}

fn word(sign: &str) -> &str {
    OPERATORS.iter().find(|(_, known)| *known == sign).map_or(sign, |(word, _)| word)
}

fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
