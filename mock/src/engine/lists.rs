//! Finds the place of the items in the answer of a list.

use intercom_catalog::{Catalog, Definition, Operation, Schema, Shape};
use serde_json::Value;

use super::place::get;

/// The place of the items in the answer of an operation; empty if the answer itself is the list.
pub(crate) fn place(catalog: &Catalog, operation: &Operation) -> Option<String> {
    let schema = operation.success()?.schema.as_ref()?;
    if let Some(pagination) = &operation.pagination {
        // The example is closer to real answers than the schema.
        let shown = operation.success()?.examples.first().map(|example| &*example.value);
        let listed = |place: &&String| shown.and_then(|shown| get(shown, place)).is_some_and(Value::is_array);
        if let Some(shown) = pagination.items.iter().find(listed) {
            return Some(shown.clone());
        }
        let declared = pagination.items.iter().find(|place| item_schema(catalog, schema, place).is_some());
        return declared.or(pagination.items.first()).cloned();
    }
    if matches!(schema.shape, Shape::List(_)) {
        return Some(String::new());
    }
    let lists = |(name, schema): &(String, Schema)| item_of(catalog, schema).map(|_| name.clone());
    properties(catalog, schema)?.iter().find_map(lists)
}

/// The schema of the items of the list at a place.
pub(crate) fn item_schema(catalog: &Catalog, schema: &Schema, place: &str) -> Option<Schema> {
    item_of(catalog, &at(catalog, schema, place)?)
}

/// The schema at a place of a schema.
pub(crate) fn at(catalog: &Catalog, schema: &Schema, place: &str) -> Option<Schema> {
    place.split('.').filter(|key| !key.is_empty()).try_fold(schema.clone(), |schema, key| {
        properties(catalog, &schema)?.into_iter().find(|(name, _)| name == key).map(|(_, schema)| schema)
    })
}

fn item_of(catalog: &Catalog, schema: &Schema) -> Option<Schema> {
    match &schema.shape {
        Shape::List(item) => match &item.shape {
            Shape::Nullable(inner) => Some((**inner).clone()),
            _ => Some((**item).clone()),
        },
        Shape::Nullable(inner) => item_of(catalog, inner),
        Shape::Type(name) => match &catalog.type_named(name)?.definition {
            Definition::Alias(schema) => item_of(catalog, schema),
            _ => None,
        },
        _ => None,
    }
}

fn properties(catalog: &Catalog, schema: &Schema) -> Option<Vec<(String, Schema)>> {
    match &schema.shape {
        Shape::Nullable(inner) => properties(catalog, inner),
        Shape::Type(name) => match &catalog.type_named(name)?.definition {
            Definition::Object { properties, .. } => {
                Some(properties.iter().map(|property| (property.name.clone(), property.schema.clone())).collect())
            }
            Definition::Alias(schema) => properties(catalog, schema),
            _ => None,
        },
        _ => None,
    }
}
