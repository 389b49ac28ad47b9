//! Looks at the document before it is parsed: refuses what the generator does not know, with its place, and writes
//! nullable references in the one way that OpenAPI 3.0 gives a meaning to.

use serde_json::{Map, Value, json};

use crate::diag::{Error, Result, join};

/// Every schema keyword that lowering reads, or that says nothing about the shape of JSON.
const KNOWN: &[&str] = &[
    "$ref",
    "type",
    "format",
    "enum",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "allOf",
    "oneOf",
    "anyOf",
    "nullable",
    "title",
    "description",
    "example",
    "default",
    "deprecated",
    "readOnly",
    "writeOnly",
    "discriminator",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "pattern",
    "uniqueItems",
    "externalDocs",
];

const TYPES: &[&str] = &["string", "integer", "number", "boolean", "object", "array"];

/// Checks that the document is what the generator reads at all.
///
/// # Errors
/// Where it does not say that it is an OpenAPI 3.0 description.
pub fn is_openapi(document: &Value) -> Result<()> {
    let version = document.get("openapi").and_then(Value::as_str).unwrap_or_default();
    if version.starts_with("3.0") {
        return Ok(());
    }
    let found =
        if version.is_empty() { "it says no `openapi` version".to_owned() } else { format!("it is OpenAPI {version}") };
    Err(Error::new("", "/openapi", format!("not an OpenAPI 3.0 description: {found}"))
        .hint("give an OpenAPI 3.0 description, in YAML or JSON"))
}

/// Checks the schemas of the document and normalises them.
///
/// # Errors
/// At the first construct that the generator does not know.
pub fn check(document: &mut Value) -> Result<()> {
    if let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) {
        for (key, value) in schemas {
            schema(value, &join("/components/schemas", key))?;
        }
    }
    walk(document, "")
}

/// Finds the schemas outside of `components.schemas`: they are what stands under the key `schema`.
fn walk(value: &mut Value, pointer: &str) -> Result<()> {
    match value {
        Value::Object(map) => {
            for (key, value) in map.iter_mut() {
                match key.as_str() {
                    "schema" if value.is_object() => schema(value, &join(pointer, key))?,
                    // Data, not description; and schemas were visited before.
                    "example" | "examples" | "schemas" => {}
                    _ => walk(value, &join(pointer, key))?,
                }
            }
            Ok(())
        }
        Value::Array(items) => {
            items.iter_mut().enumerate().try_for_each(|(index, item)| walk(item, &join(pointer, index)))
        }
        _ => Ok(()),
    }
}

fn schema(value: &mut Value, pointer: &str) -> Result<()> {
    let Value::Object(map) = value else {
        return Err(Error::new("", pointer, "a schema must be an object").hint("write `{}` for any value"));
    };
    if let Some(unknown) = map.keys().find(|key| !KNOWN.contains(&key.as_str()) && !key.starts_with("x-")) {
        return Err(Error::new("", join(pointer, unknown), format!("the schema keyword `{unknown}` is not supported"))
            .hint("remove it with an overlay, or teach codegen/src/check.rs and lower/schema.rs what it means"));
    }
    if let Some(ty) = map.get("type")
        && !ty.as_str().is_some_and(|ty| TYPES.contains(&ty))
    {
        return Err(Error::new("", join(pointer, "type"), format!("the type {ty} is not supported"))
            .hint(format!("one of {} is, together with `nullable`", TYPES.join(", "))));
    }
    nullable_reference(map);
    for (key, value) in map.iter_mut() {
        let place = join(pointer, key);
        match key.as_str() {
            "properties" => {
                for (name, property) in value.as_object_mut().into_iter().flatten() {
                    schema(property, &join(&place, name))?;
                }
            }
            "items" => schema(value, &place)?,
            "additionalProperties" if value.is_object() => schema(value, &place)?,
            "allOf" | "oneOf" | "anyOf" => {
                for (index, member) in value.as_array_mut().into_iter().flatten().enumerate() {
                    schema(member, &join(&place, index))?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// OpenAPI 3.0 ignores what stands beside `$ref`. Descriptions mean it, so `{$ref, nullable}` becomes `{allOf: [$ref],
/// nullable}`, which says the same in 3.0.
fn nullable_reference(map: &mut Map<String, Value>) {
    if map.contains_key("$ref")
        && map.get("nullable") == Some(&Value::Bool(true))
        && let Some(reference) = map.remove("$ref")
    {
        map.insert("allOf".to_owned(), json!([{ "$ref": reference }]));
    }
}
