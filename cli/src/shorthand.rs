//! Shorthands as operations of their own, so that each is a command like any other: `conversations close`.

use intercom_catalog::{Catalog, Definition, Operation, Property, Schema, Shape, Shorthand};

/// Adds an operation for each shorthand. Its body has the type that the shorthand sends.
pub fn expand(catalog: &mut Catalog) {
    let made =
        catalog.operations.iter().flat_map(|operation| operation.shorthands.iter().map(|it| made(operation, it)));
    let made: Vec<Operation> = made.collect();
    catalog.operations.extend(made);
    catalog.operations.sort_by(|a, b| a.id.cmp(&b.id));
}

fn made(operation: &Operation, shorthand: &Shorthand) -> Operation {
    let mut made = operation.clone();
    made.id = format!("{}.{}", operation.group, shorthand.method);
    made.method.clone_from(&shorthand.method);
    made.aliases.clear();
    made.summary = Some(shorthand.summary.clone());
    made.description.clone_from(&shorthand.description);
    made.shorthands = vec![shorthand.clone()];
    if let Some(body) = &mut made.body {
        body.examples.clear();
        if let Some(schema) = &mut body.schema {
            schema.shape = Shape::Type(shorthand.body.clone());
        }
    }
    made
}

/// The shorthand that an operation was made of; `None` for the operations of the API.
pub fn of(operation: &Operation) -> Option<&Shorthand> {
    operation.shorthands.iter().find(|shorthand| shorthand.method == operation.method)
}

/// Whether a shorthand fills in a field of the body or takes it as an argument, as a whole or in part.
pub fn has(shorthand: &Shorthand, field: &str) -> bool {
    let mut paths = shorthand.sets.keys().chain(shorthand.takes.iter().map(|argument| &argument.field));
    paths.any(|path| path.split('.').next() == Some(field))
}

/// The property at a dotted path of the body.
pub fn property<'a>(catalog: &'a Catalog, operation: &'a Operation, path: &str) -> Option<&'a Property> {
    let mut schema = operation.body.as_ref()?.schema.as_ref()?;
    let mut found = None;
    for name in path.split('.') {
        let property = properties(catalog, schema)?.iter().find(|property| property.name == name)?;
        schema = &property.schema;
        found = Some(property);
    }
    found
}

/// Some types have alternative sets of properties, of which a request must have one as a whole. These are the properties that are missing
/// from the set that the shorthand fills most; none for other types.
pub fn also_needed<'a>(catalog: &'a Catalog, shorthand: &Shorthand) -> Vec<&'a Property> {
    let Some(Definition::Object { properties, alternatives }) =
        catalog.type_named(&shorthand.body).map(|it| &it.definition)
    else {
        return Vec::new();
    };
    let missing = |set: &&Vec<String>| set.iter().filter(|name| !has(shorthand, name)).count();
    let Some(set) = alternatives.iter().min_by_key(missing) else { return Vec::new() };
    let is_missing = |property: &&Property| set.contains(&property.name) && !has(shorthand, &property.name);
    properties.iter().filter(is_missing).collect()
}

fn properties<'a>(catalog: &'a Catalog, schema: &'a Schema) -> Option<&'a [Property]> {
    match (&schema.shape, catalog.definition(schema).map(|ty| &ty.definition)) {
        (Shape::Nullable(inner), _) => properties(catalog, inner),
        (_, Some(Definition::Alias(schema))) => properties(catalog, schema),
        (_, Some(Definition::Object { properties, .. })) => Some(properties),
        _ => None,
    }
}
