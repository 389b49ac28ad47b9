//! Builds values for a schema: examples of the description where it has some, else values of the declared types.

use serde_json::{Map, Value, json};

use crate::check::{Rules, check};
use crate::model::Catalog;
use crate::operation::{Location, Operation};
use crate::schema::{Definition, Property, Schema, Shape};

/// How deep values are nested before lists stay empty and responses get no further optional properties, so that recursive types end.
const DEPTH: usize = 6;

/// Makes a response value for a schema, with the properties that responses may have.
pub fn answer(catalog: &Catalog, schema: &Schema) -> Value {
    Maker { catalog, request: false }.schema(schema, DEPTH)
}

/// Makes a request value for a schema: its example if it fits, else an object with the required properties and the first of its
/// alternative sets, or another value of the declared type.
pub fn request(catalog: &Catalog, schema: &Schema) -> Value {
    Maker { catalog, request: true }.schema(schema, DEPTH)
}

/// Makes the arguments of a call by section, `{"path": {…}, "query": {…}, "header": {…}, "body": …}`: the examples of the description, or
/// values made for its schemas; a file is Base64 text. Optional parameters are left out.
pub fn arguments(catalog: &Catalog, operation: &Operation) -> Value {
    let mut arguments = json!({"path": {}, "query": {}, "header": {}});
    for parameter in operation.parameters.iter().filter(|it| it.required && it.constant.is_none()) {
        let section = match parameter.location {
            Location::Path => "path",
            Location::Header => "header",
            _ => "query",
        };
        let made = || request(catalog, &parameter.schema);
        arguments[section][&parameter.name] = parameter.example.clone().unwrap_or_else(made);
    }
    if let Some(body) = &operation.body {
        let Some(schema) = &body.schema else {
            let parts = body.parts.iter().filter(|part| part.required);
            let made = |schema: &Schema| match schema.shape {
                Shape::File => json!("dGV4dA=="),
                _ => request(catalog, schema),
            };
            arguments["body"] = parts.map(|part| (part.name.clone(), made(&part.schema))).collect();
            return arguments;
        };
        let fits = |value: &&Value| check(catalog, schema, value, Rules::REQUEST).is_empty();
        let shown = body.examples.iter().map(|example| &*example.value).find(fits).cloned();
        arguments["body"] = shown.unwrap_or_else(|| request(catalog, schema));
    }
    arguments
}

struct Maker<'a> {
    catalog: &'a Catalog,
    request: bool,
}

impl Maker<'_> {
    fn schema(&self, schema: &Schema, depth: usize) -> Value {
        let known = schema.example.as_ref().or(schema.default.as_ref()).or(schema.values.first());
        if let Some(known) = known.filter(|it| !it.is_null() && self.fits(schema, it)) {
            return known.clone();
        }
        let least = schema.limits.minimum.as_ref();
        match &schema.shape {
            Shape::String | Shape::File => json!("text"),
            Shape::Boolean => json!(true),
            Shape::Integer | Shape::Number => least.map_or(json!(1), |least| json!(least)),
            Shape::Id if schema.json_type.as_deref() == Some("integer") => json!(1),
            Shape::Id => json!("1"),
            Shape::Timestamp if schema.json_type.as_deref() == Some("string") => json!("2023-11-14T22:13:20Z"),
            Shape::Timestamp => json!(1_700_000_000),
            Shape::Any | Shape::Object | Shape::Map(_) => json!({}),
            Shape::List(_) if depth == 0 => json!([]),
            Shape::List(item) => json!([self.schema(item, depth - 1)]),
            Shape::Nullable(inner) => self.schema(inner, depth),
            Shape::Type(name) => self.named(name, depth),
        }
    }

    fn named(&self, name: &str, depth: usize) -> Value {
        let Some(ty) = self.catalog.type_named(name) else { return Value::Null };
        match &ty.definition {
            Definition::Alias(schema) => self.schema(schema, depth),
            Definition::Enum(values) => values.first().map_or(json!("text"), |known| json!(known.value)),
            Definition::Union { alternatives, .. } => {
                alternatives.first().map_or(Value::Null, |first| self.schema(&first.schema, depth))
            }
            Definition::Object { properties, alternatives } => {
                let chosen = alternatives.first().map(Vec::as_slice).unwrap_or_default();
                let mut object = Map::new();
                for property in properties {
                    if self.takes(property, chosen, depth) {
                        object.insert(property.name.clone(), self.property(property, depth));
                    }
                }
                Value::Object(object)
            }
        }
    }

    fn takes(&self, property: &Property, chosen: &[String], depth: usize) -> bool {
        if self.request {
            return (property.required || chosen.contains(&property.name)) && !property.read_only;
        }
        !property.write_only && (depth > 0 || property.always_present)
    }

    fn property(&self, property: &Property, depth: usize) -> Value {
        match &property.constant {
            Some(constant) => json!(constant),
            None => self.schema(&property.schema, depth.saturating_sub(1)),
        }
    }

    fn fits(&self, schema: &Schema, value: &Value) -> bool {
        check(self.catalog, schema, value, Rules::RESPONSE).is_empty()
    }
}
