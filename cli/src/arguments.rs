//! Converts flags to the arguments of a call: JSON in the types that the catalog declares.

mod body;
mod place;
mod value;

pub use body::document;
pub use place::{is_declared, put, set};
pub use value::{infer, parse};

use clap::ArgMatches;
use intercom_catalog::call::Arguments;
use intercom_catalog::{Catalog, Location, Operation, Shape};
use intercom_runtime::multipart::Part;
use serde_json::{Map, Value};

use crate::command::{Flag, Target, flags, required_constants};
use crate::failure::{Failure, Result};
use crate::search;
use crate::shorthand;

/// Reads the arguments of an operation.
///
/// # Errors
/// Where a value does not fit, a file cannot be read, or a search has no query.
pub fn read(catalog: &Catalog, operation: &Operation, matches: &ArgMatches) -> Result<Arguments> {
    let mut arguments = Arguments::default();
    let mut body: Option<Value> = match matches_one(matches, "body") {
        Some(source) => Some(document(source)?),
        None => None,
    };
    let shorthand = shorthand::of(operation);
    for (path, value) in shorthand.iter().flat_map(|shorthand| &shorthand.sets) {
        put_at(&mut body, path, value.clone())?;
    }
    for flag in flags(catalog, operation) {
        let given: Vec<&str> = matches_many(matches, &flag.id);
        if given.is_empty() {
            continue;
        }
        match flag.target {
            Target::Parameter(parameter) => {
                let section = match parameter.location {
                    Location::Path => &mut arguments.path,
                    Location::Header => &mut arguments.header,
                    _ => &mut arguments.query,
                };
                section.insert(parameter.name.clone(), value_of(catalog, &flag, &given)?);
            }
            Target::Property(property) if property.schema.shape == Shape::File => {
                let path = given.last().copied().unwrap_or_default();
                arguments.files.insert(property.name.clone(), file(path)?);
            }
            Target::Property(property) => {
                let value = value_of(catalog, &flag, &given)?;
                object(&mut body)?.insert(property.name.clone(), value);
            }
            Target::Nested(_, path) => put_at(&mut body, path, value_of(catalog, &flag, &given)?)?,
        }
    }
    for written in matches_many(matches, "set") {
        let schema = operation.body.as_ref().and_then(|body| body.schema.as_ref());
        let mut fields = Value::Object(std::mem::take(object(&mut body)?));
        set(catalog, schema, &mut fields, written)?;
        body = Some(fields);
    }
    if let Some(written) = matches_one(matches, "query") {
        let query = search::parse(written, &operation.search)?;
        object(&mut body)?.insert("query".to_owned(), query);
    } else if !operation.search.is_empty() && body.as_ref().and_then(|body| body.get("query")).is_none() {
        return Err(Failure::usage(format!(
            "{} needs a query, such as 'created_at > 2026-11-01'; `intercom help-search` explains it",
            operation.id
        )));
    }
    for (name, constant) in required_constants(catalog, operation) {
        object(&mut body)?.entry(name.to_owned()).or_insert_with(|| Value::from(constant));
    }
    arguments.body = body;
    Ok(arguments)
}

/// The body as an object that fields are added to.
fn object(body: &mut Option<Value>) -> Result<&mut Map<String, Value>> {
    match body.get_or_insert_with(|| Value::Object(Map::new())) {
        Value::Object(fields) => Ok(fields),
        _ => Err(Failure::usage("--body is not a JSON object, so that flags cannot add to it")),
    }
}

/// Puts a value at a dotted path of the body.
fn put_at(body: &mut Option<Value>, path: &str, value: Value) -> Result {
    let keys: Vec<&str> = path.split('.').collect();
    put(body.get_or_insert_with(|| Value::Object(Map::new())), &keys, value).map_err(Failure::usage)
}

fn value_of(catalog: &Catalog, flag: &Flag<'_>, given: &[&str]) -> Result<Value> {
    let mut parsed: Vec<_> = flag.schemas().map(|schema| parse(catalog, schema, given)).collect();
    // Where the value fits no schema, the error is that of the first.
    let fits = parsed.iter().position(std::result::Result::is_ok).unwrap_or(0);
    parsed.swap_remove(fits).map_err(|problem| Failure::usage(format!("{}: {problem}", flag.shown())))
}

fn file(path: &str) -> Result<Part> {
    let content = std::fs::read(path).map_err(|error| Failure::unreadable(path, &error))?;
    let name = std::path::Path::new(path).file_name().map(|name| name.to_string_lossy().into_owned());
    Ok(Part::bytes(content).file_name(name.unwrap_or_else(|| "file".to_owned())))
}

/// The values of an argument; none where the command does not have it.
pub fn matches_many<'a>(matches: &'a ArgMatches, id: &str) -> Vec<&'a str> {
    let values = matches.try_get_many::<String>(id).ok().flatten();
    values.into_iter().flatten().map(String::as_str).collect()
}

/// The value of an argument; `None` where the command does not have it.
pub fn matches_one<'a>(matches: &'a ArgMatches, id: &str) -> Option<&'a str> {
    matches.try_get_one::<String>(id).ok().flatten().map(String::as_str)
}

/// Whether a flag is set; false where the command does not have it.
pub fn is_set(matches: &ArgMatches, id: &str) -> bool {
    matches.try_get_one::<bool>(id).ok().flatten().copied().unwrap_or(false)
}
