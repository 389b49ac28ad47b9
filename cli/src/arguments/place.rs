//! `a.b=c`: sets a value at a path in the body.

use intercom_catalog::{Catalog, Definition, Schema, Shape};
use serde_json::{Map, Value};

use super::{infer, parse};
use crate::failure::{Failure, Result};
use crate::nearest::suggestion;

/// Sets the value of `PATH=VALUE` or `PATH:=JSON`.
///
/// # Errors
/// Where the text is neither, the path is not declared (with `=`), or the value does not fit.
pub fn set(catalog: &Catalog, schema: Option<&Schema>, body: &mut Value, written: &str) -> Result {
    let Some((path, value)) = written.split_once('=') else {
        return Err(Failure::usage(format!("`{written}` is not KEY=VALUE")));
    };
    let (path, raw) = match path.strip_suffix(':') {
        Some(path) => (path, true),
        None => (path, false),
    };
    if path.is_empty() || path.split('.').any(str::is_empty) {
        return Err(Failure::usage(format!("`{written}` has an empty name before `=`")));
    }
    let keys: Vec<&str> = path.split('.').collect();
    let value = if raw {
        serde_json::from_str(value)
            .map_err(|error| Failure::usage(format!("{path}: the value is not JSON: {error}")))?
    } else {
        let schema = match schema {
            Some(schema) => declared(catalog, schema, &keys).map_err(|problem| {
                Failure::usage(format!("{problem}; to send it anyway, write {path}:=JSON and add --no-check"))
            })?,
            None => None,
        };
        match schema {
            Some(schema) => {
                parse(catalog, schema, &[value]).map_err(|problem| Failure::usage(format!("{path}: {problem}")))?
            }
            None => infer(value),
        }
    };
    put(body, &keys, value).map_err(|problem| Failure::usage(format!("{path}: {problem}")))
}

/// Checks that a path of a schema is declared, or that any is allowed there.
///
/// # Errors
/// The field that does not exist, where it is not.
pub fn is_declared(catalog: &Catalog, schema: &Schema, path: &str) -> Result<(), String> {
    let keys: Vec<&str> = path.split('.').collect();
    declared(catalog, schema, &keys).map(drop)
}

/// The schema at a path; `None` where any value is allowed.
///
/// # Errors
/// The field that does not exist, where the path is not declared.
fn declared<'a>(catalog: &'a Catalog, schema: &'a Schema, keys: &[&str]) -> Result<Option<&'a Schema>, String> {
    let Some((key, rest)) = keys.split_first() else { return Ok(Some(schema)) };
    match &schema.shape {
        Shape::Nullable(inner) => declared(catalog, inner, keys),
        Shape::Map(inner) => declared(catalog, inner, rest),
        Shape::List(item) if key.parse::<usize>().is_ok() => declared(catalog, item, rest),
        Shape::Type(name) => match catalog.type_named(name).map(|ty| &ty.definition) {
            Some(Definition::Alias(schema)) => declared(catalog, schema, keys),
            Some(Definition::Object { properties, .. }) => {
                match properties.iter().find(|property| property.name == **key) {
                    Some(property) => declared(catalog, &property.schema, rest),
                    None if properties.is_empty() => Ok(None),
                    None => {
                        let names: Vec<&str> = properties.iter().map(|property| property.name.as_str()).collect();
                        let meant = suggestion(key, names.iter().copied());
                        Err(format!("{name} has no field `{key}`{meant}"))
                    }
                }
            }
            Some(Definition::Union { alternatives, .. }) => {
                let found = alternatives.iter().find_map(|each| declared(catalog, &each.schema, keys).ok());
                found.ok_or_else(|| format!("{name} has no field `{key}`"))
            }
            _ => Ok(None),
        },
        Shape::Any | Shape::Object => Ok(None),
        _ => Err(format!("`{key}` is below a value that has no fields")),
    }
}

/// Puts a value at a path of keys, and creates the objects and lists that are missing.
///
/// # Errors
/// Where a value within the path is neither an object nor a list, or an index is beyond the end of a list.
pub fn put(into: &mut Value, keys: &[&str], value: Value) -> Result<(), String> {
    let Some((key, rest)) = keys.split_first() else {
        *into = value;
        return Ok(());
    };
    if let (Value::Array(values), Ok(index)) = (&mut *into, key.parse::<usize>()) {
        if index > values.len() {
            return Err(format!("the list has {} items so far; the next index is {}", values.len(), values.len()));
        }
        if index == values.len() {
            values.push(Value::Null);
        }
        return put(&mut values[index], rest, value);
    }
    if into.is_null() {
        // A number counts items, as in `contacts.0.id`.
        if key.parse::<usize>().is_ok() {
            *into = Value::Array(Vec::new());
            return put(into, keys, value);
        }
        *into = Value::Object(Map::new());
    }
    match into {
        Value::Object(fields) => put(fields.entry((*key).to_owned()).or_insert(Value::Null), rest, value),
        _ => Err(format!("`{key}` is below a value that is neither an object nor a list")),
    }
}
