//! Converts the text of an argument to JSON of the declared type.

use intercom_catalog::{Catalog, Definition, Schema, Shape};
use serde_json::{Map, Value};

use crate::nearest::suggestion;
use crate::time;

/// The value of an argument that was given once, or, for lists and objects, several times.
///
/// # Errors
/// What is expected and what was found, where it does not fit.
pub fn parse(catalog: &Catalog, schema: &Schema, given: &[&str]) -> Result<Value, String> {
    let last = given.last().copied().unwrap_or_default();
    match &schema.shape {
        Shape::List(item) => {
            if given.len() == 1 && last.trim_start().starts_with('[') {
                return json(last);
            }
            given.iter().map(|text| parse(catalog, item, &[text])).collect()
        }
        Shape::Object => object(given, |_, text| Ok(infer(text))),
        Shape::Map(inner) => object(given, |_, text| parse(catalog, inner, &[text])),
        Shape::Nullable(inner) => parse(catalog, inner, given),
        Shape::Type(name) => match catalog.type_named(name).map(|ty| &ty.definition) {
            Some(Definition::Alias(schema)) => parse(catalog, schema, given),
            Some(Definition::Enum(values)) => {
                let known: Vec<&str> = values.iter().map(|value| value.value.as_str()).collect();
                one_of(last, &known)
            }
            Some(Definition::Object { properties, .. }) => {
                object(given, |key, text| match properties.iter().find(|property| property.name == key) {
                    Some(property) => parse(catalog, &property.schema, &[text]),
                    None if properties.is_empty() => Ok(infer(text)),
                    None => {
                        let names = properties.iter().map(|property| property.name.as_str());
                        Err(format!("there is no field `{key}`{}", suggestion(key, names)))
                    }
                })
            }
            Some(Definition::Union { .. }) | None if last.trim_start().starts_with(['{', '[']) => json(last),
            Some(Definition::Union { alternatives, .. }) => {
                // Prefer an object: `id=1` would also parse as a text.
                let parsed = alternatives.iter().filter_map(|each| parse(catalog, &each.schema, given).ok());
                let parsed: Vec<Value> = parsed.collect();
                let object = parsed.iter().find(|value| value.is_object()).or(parsed.first());
                Ok(object.cloned().unwrap_or_else(|| infer(last)))
            }
            None => Ok(infer(last)),
        },
        _ => scalar(schema, last),
    }
}

fn scalar(schema: &Schema, text: &str) -> Result<Value, String> {
    let integer = schema.json_type.as_deref() == Some("integer");
    match &schema.shape {
        Shape::String if !schema.values.is_empty() => {
            let known: Vec<&str> = schema.values.iter().filter_map(Value::as_str).collect();
            one_of(text, &known)
        }
        Shape::Boolean => match text {
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            _ => Err(format!("expected true or false, found `{text}`")),
        },
        Shape::Integer => match text.parse::<i64>() {
            Ok(number) => Ok(Value::from(number)),
            Err(_) => Err(format!("expected an integer, found `{text}`")),
        },
        Shape::Number => match serde_json::from_str(text) {
            Ok(Value::Number(number)) => Ok(Value::Number(number)),
            _ => Err(format!("expected a number, found `{text}`")),
        },
        Shape::Id if text.is_empty() => Err("an id is not empty".to_owned()),
        // Digits become a number if an integer is declared. The API also has ids with letters in such places; they stay text.
        Shape::Id if integer => Ok(match text.parse::<u64>() {
            // Leading zeros and signs would be lost.
            Ok(number) if number.to_string() == text => Value::from(number),
            _ => Value::from(text),
        }),
        Shape::Timestamp => {
            let seconds = time::parse(text)?;
            if schema.json_type.as_deref() != Some("string") {
                return Ok(Value::from(seconds));
            }
            // A date is sent as it was written; Unix seconds, `7d` and `now` are converted to a date.
            let is_date = text.contains('-') && text.parse::<i64>().is_err();
            Ok(if is_date { Value::from(text) } else { Value::from(time::date_and_time(seconds)) })
        }
        Shape::Any => Ok(infer(text)),
        _ => Ok(Value::from(text)),
    }
}

fn one_of(text: &str, known: &[&str]) -> Result<Value, String> {
    if known.is_empty() || known.contains(&text) {
        return Ok(Value::from(text));
    }
    Err(format!("expected one of {}, found `{text}`{}", known.join(", "), suggestion(text, known.iter().copied())))
}

/// An object given as JSON, as `key=value`, or as `key=value,key=value`; several of them are merged.
fn object(given: &[&str], parse: impl Fn(&str, &str) -> Result<Value, String>) -> Result<Value, String> {
    let mut fields = Map::new();
    for text in given {
        if text.trim_start().starts_with('{') {
            match json(text)? {
                Value::Object(object) => fields.extend(object),
                _ => return Err(format!("expected an object, found `{text}`")),
            }
            continue;
        }
        for pair in pairs(text) {
            let Some((key, value)) = pair.split_once('=').filter(|(key, _)| !key.is_empty()) else {
                return Err(format!("expected KEY=VALUE or a JSON object, found `{pair}`"));
            };
            match key.strip_suffix(':') {
                Some(key) => fields.insert(key.to_owned(), json(value)?),
                None => fields.insert(key.to_owned(), parse(key, value)?),
            };
        }
    }
    Ok(Value::Object(fields))
}

/// Splits `a=1,b=2` at its commas if each part has a `=`; else the commas belong to a value.
fn pairs(text: &str) -> Vec<&str> {
    let parts: Vec<&str> = text.split(',').collect();
    if parts.len() > 1 && parts.iter().all(|part| part.contains('=')) { parts } else { vec![text] }
}

fn json(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| format!("the value is not JSON: {error}"))
}

/// A value whose type is not declared: JSON if the text is JSON (except a quoted string), else the text itself.
pub fn infer(text: &str) -> Value {
    match serde_json::from_str(text) {
        Ok(value @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_))) => value,
        _ => Value::from(text),
    }
}
