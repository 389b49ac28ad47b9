//! Converts ids to the JSON type that the description declares.

use serde_json::{Map, Value};

use crate::model::Catalog;
use crate::schema::{Definition, Schema, Shape};

/// Converts the ids in a body to their declared JSON type.
///
/// The API writes the same id as text in one place and as a number in another, and users pass ids from responses as
/// arguments. Like generated clients, this converts a number to text if text is declared, and digits to a number if a
/// number is declared. Other values do not change, nor do ids in unions, whose members may declare the same id differently.
pub fn with_declared_ids(catalog: &Catalog, schema: &Schema, value: Value) -> Value {
    match (&schema.shape, value) {
        (Shape::Id, Value::Number(id)) if schema.json_type.as_deref() == Some("string") => Value::from(id.to_string()),
        (Shape::Id, Value::String(id)) if schema.json_type.as_deref() == Some("integer") => {
            match id.parse::<u64>() {
                // Leading zeros and signs would be lost.
                Ok(number) if number.to_string() == id => Value::from(number),
                _ => Value::String(id),
            }
        }
        (Shape::List(item), Value::Array(values)) => {
            values.into_iter().map(|value| with_declared_ids(catalog, item, value)).collect()
        }
        (Shape::Map(inner), Value::Object(values)) => Value::Object(
            values.into_iter().map(|(key, value)| (key, with_declared_ids(catalog, inner, value))).collect(),
        ),
        (Shape::Nullable(inner), value) => with_declared_ids(catalog, inner, value),
        (Shape::Type(name), value) => match catalog.type_named(name).map(|ty| &ty.definition) {
            Some(Definition::Alias(schema)) => with_declared_ids(catalog, schema, value),
            Some(Definition::Object { properties, .. }) => match value {
                Value::Object(values) => {
                    let convert = |(key, value): (String, Value)| {
                        let property = properties.iter().find(|property| property.name == key);
                        let value = match property {
                            Some(property) => with_declared_ids(catalog, &property.schema, value),
                            None => value,
                        };
                        (key, value)
                    };
                    Value::Object(values.into_iter().map(convert).collect::<Map<_, _>>())
                }
                value => value,
            },
            _ => value,
        },
        (_, value) => value,
    }
}
