//! Ids in the form that the description declares.

use serde_json::{Map, Value};

use crate::model::Catalog;
use crate::schema::{Definition, Schema, Shape};

/// A body whose ids have the declared form.
///
/// The API writes the same id as a text here and as a number there, and answers of one operation are arguments of
/// another. As generated clients do, a number becomes a text where a text is declared, and a text of digits a number where
/// a number is. All else stays as it is, also what stands in unions, whose members declare the same id differently.
pub fn declared(catalog: &Catalog, schema: &Schema, value: Value) -> Value {
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
            values.into_iter().map(|value| declared(catalog, item, value)).collect()
        }
        (Shape::Map(inner), Value::Object(values)) => {
            Value::Object(values.into_iter().map(|(key, value)| (key, declared(catalog, inner, value))).collect())
        }
        (Shape::Nullable(inner), value) => declared(catalog, inner, value),
        (Shape::Type(name), value) => match catalog.type_named(name).map(|ty| &ty.definition) {
            Some(Definition::Alias(schema)) => declared(catalog, schema, value),
            Some(Definition::Object { properties, .. }) => match value {
                Value::Object(values) => {
                    let convert = |(key, value): (String, Value)| {
                        let property = properties.iter().find(|property| property.name == key);
                        let value = match property {
                            Some(property) => declared(catalog, &property.schema, value),
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
