//! JSON Schema, draft 2020-12, of an operation's arguments and of a type.
//!
//! Types that a schema refers to are in `$defs` of the same document. Enums are open, because the API adds values without
//! notice: the known values are listed, and others are valid, too.

mod keywords;

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::model::Catalog;
use crate::operation::{Body, Operation, Parameter};
use crate::schema::{Definition, Property, Schema, Shape, Type};
use keywords::{constant, describe, file, is_real_example, limits, map, nullable, open_enum, typed};

/// The dialect of the documents.
pub const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The formats that are passed on: all are defined by the dialect. Others, such as `int32`, make strict validators fail.
const FORMATS: [&str; 6] = ["date", "date-time", "email", "time", "uri", "uuid"];

/// The direction of a value: some properties are only sent, others are only received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From a client to the API.
    Request,
    /// From the API to a client.
    Response,
}

/// The schema of an operation's arguments as agents write them: an object with each parameter by its name, and the body as `body`. It has
/// no sections such as `path` and `query`, which `call::Arguments` has.
///
/// ```
/// use intercom_catalog::json_schema::arguments;
///
/// let catalog = intercom_catalog::load("2.15")?;
/// let find = catalog.operation("contacts.find").expect("the API has contacts");
/// assert_eq!(arguments(&catalog, find)["required"], serde_json::json!(["contact_id"]));
/// # Ok::<(), intercom_catalog::LoadError>(())
/// ```
pub fn arguments(catalog: &Catalog, operation: &Operation) -> Value {
    let mut document = Document::new(catalog, Direction::Request);
    let mut properties = Map::new();
    let mut required = Vec::new();
    for parameter in &operation.parameters {
        properties.insert(parameter.name.clone(), document.parameter(parameter));
        if parameter.required && parameter.constant.is_none() {
            required.push(parameter.name.clone());
        }
    }
    if let Some(body) = &operation.body {
        let mut schema = match &body.schema {
            Some(schema) => document.schema(schema),
            None => document.object(&body.parts, &[]),
        };
        describe(&mut schema, body.doc.as_deref(), false);
        properties.insert("body".to_owned(), Value::Object(schema));
        if body.required || document.needs(body) {
            required.push("body".to_owned());
        }
    }
    document.arguments(properties, required)
}

/// The schema of a type; `None` if the catalog has no type with this name.
pub fn type_schema(catalog: &Catalog, name: &str, direction: Direction) -> Option<Value> {
    let ty = catalog.type_named(name)?;
    let mut document = Document::new(catalog, direction);
    let schema = document.definition(ty);
    Some(document.finish(schema))
}

/// Builds a document from schemas and the types that they refer to.
///
/// Use it for documents that [`arguments`] does not write, such as a selection of an operation's arguments.
#[derive(Debug)]
pub struct Document<'a> {
    catalog: &'a Catalog,
    direction: Direction,
    mentioned: BTreeSet<String>,
}

impl<'a> Document<'a> {
    /// An empty document.
    pub fn new(catalog: &'a Catalog, direction: Direction) -> Self {
        Self { catalog, direction, mentioned: BTreeSet::new() }
    }

    /// Finishes the document: `schema` with the dialect and the types that it refers to.
    pub fn finish(mut self, schema: Map<String, Value>) -> Value {
        let mut definitions = Map::new();
        while let Some(name) = self.mentioned.iter().find(|name| !definitions.contains_key(*name)).cloned() {
            let schema = match self.catalog.type_named(&name) {
                Some(ty) => self.definition(ty),
                None => Map::new(),
            };
            definitions.insert(name, Value::Object(schema));
        }
        let mut document = Map::new();
        document.insert("$schema".to_owned(), DIALECT.into());
        document.extend(schema);
        if !definitions.is_empty() {
            definitions.sort_keys();
            document.insert("$defs".to_owned(), Value::Object(definitions));
        }
        Value::Object(document)
    }

    /// Finishes the document: an object with these arguments and no others.
    pub fn arguments(self, properties: Map<String, Value>, required: Vec<String>) -> Value {
        let mut schema = Map::new();
        schema.insert("type".to_owned(), "object".into());
        schema.insert("properties".to_owned(), Value::Object(properties));
        if !required.is_empty() {
            schema.insert("required".to_owned(), required.into());
        }
        schema.insert("additionalProperties".to_owned(), false.into());
        self.finish(schema)
    }

    /// Whether a body is required because one of its properties is, or one of several alternatives: descriptions seldom declare the body
    /// itself as required.
    fn needs(&self, body: &Body) -> bool {
        let mut properties = body.parts.as_slice();
        let mut schema = body.schema.as_ref();
        while let Some(ty) = schema.and_then(|schema| self.catalog.definition(schema)) {
            schema = match &ty.definition {
                Definition::Alias(schema) => Some(schema),
                Definition::Object { alternatives, .. } if !alternatives.is_empty() => return true,
                Definition::Object { properties: all, .. } => {
                    properties = all;
                    None
                }
                Definition::Union { .. } => return true,
                Definition::Enum(_) => None,
            };
        }
        properties.iter().any(|property| property.required)
    }

    /// The schema of a parameter.
    pub fn parameter(&mut self, parameter: &Parameter) -> Value {
        let mut schema = self.schema(&parameter.schema);
        constant(&mut schema, parameter.constant.as_deref());
        describe(&mut schema, parameter.doc.as_deref(), parameter.deprecated);
        if let Some(example) = parameter.example.as_ref().filter(|example| is_real_example(example)) {
            schema.entry("examples").or_insert_with(|| json!([example]));
        }
        Value::Object(schema)
    }

    /// The schema of a property.
    pub fn property(&mut self, property: &Property) -> Value {
        let mut schema = self.schema(&property.schema);
        constant(&mut schema, property.constant.as_deref());
        if property.nullable {
            schema = nullable(schema);
        }
        describe(&mut schema, property.doc.as_deref(), property.deprecated);
        Value::Object(schema)
    }

    fn definition(&mut self, ty: &Type) -> Map<String, Value> {
        let mut schema = match &ty.definition {
            Definition::Object { properties, alternatives } => self.object(properties, alternatives),
            Definition::Enum(values) => open_enum(values),
            Definition::Union { alternatives, .. } => {
                let any: Vec<Value> = alternatives.iter().map(|it| Value::Object(self.schema(&it.schema))).collect();
                map([("anyOf", any.into())])
            }
            Definition::Alias(schema) => self.schema(schema),
        };
        if ty.nullable {
            schema = nullable(schema);
        }
        describe(&mut schema, ty.doc.as_deref(), false);
        schema
    }

    fn object(&mut self, properties: &[Property], alternatives: &[Vec<String>]) -> Map<String, Value> {
        let direction = self.direction;
        let goes = |property: &&Property| match direction {
            Direction::Request => !property.read_only,
            Direction::Response => !property.write_only,
        };
        let needed = |property: &&Property| match direction {
            Direction::Request => property.required && property.constant.is_none(),
            Direction::Response => property.always_present,
        };
        let required: Vec<&str> = properties.iter().filter(goes).filter(needed).map(|it| it.name.as_str()).collect();
        let properties: Map<String, Value> =
            properties.iter().filter(goes).map(|it| (it.name.clone(), self.property(it))).collect();
        let mut schema = map([("type", "object".into())]);
        if !properties.is_empty() {
            schema.insert("properties".to_owned(), Value::Object(properties));
        }
        if !required.is_empty() {
            schema.insert("required".to_owned(), required.into());
        }
        if direction == Direction::Request && !alternatives.is_empty() {
            let any: Vec<Value> = alternatives.iter().map(|names| json!({"required": names})).collect();
            schema.insert("anyOf".to_owned(), any.into());
        }
        schema
    }

    /// The schema of a value.
    pub fn schema(&mut self, schema: &Schema) -> Map<String, Value> {
        let mut out = match &schema.shape {
            Shape::String => typed("string"),
            Shape::Boolean => typed("boolean"),
            Shape::Integer => typed("integer"),
            Shape::Number => typed("number"),
            Shape::Id | Shape::Timestamp => {
                let declared = schema.json_type.as_deref().unwrap_or("string");
                map([(
                    "type",
                    if declared == "string" { json!(["string", "integer"]) } else { json!(["integer", "string"]) },
                )])
            }
            Shape::Any => Map::new(),
            Shape::Object => typed("object"),
            Shape::File => file(),
            Shape::List(item) => map([("type", "array".into()), ("items", Value::Object(self.schema(item)))]),
            Shape::Map(value) => {
                map([("type", "object".into()), ("additionalProperties", Value::Object(self.schema(value)))])
            }
            Shape::Nullable(inner) => nullable(self.schema(inner)),
            Shape::Type(name) => {
                self.mentioned.insert(name.clone());
                map([("$ref", format!("#/$defs/{name}").into())])
            }
        };
        if !schema.values.is_empty() {
            let any = vec![json!({"enum": schema.values}), Value::Object(std::mem::take(&mut out))];
            out.insert("anyOf".to_owned(), any.into());
        }
        let text = schema.shape == Shape::String;
        if let Some(format) = schema.format.as_deref().filter(|format| text && FORMATS.contains(format)) {
            out.insert("format".to_owned(), format.into());
        }
        if let Some(pattern) = schema.pattern.as_ref().filter(|_| text) {
            out.insert("pattern".to_owned(), pattern.clone().into());
        }
        limits(&mut out, &schema.limits);
        if let Some(default) = &schema.default {
            out.insert("default".to_owned(), default.clone());
        }
        if let Some(example) = schema.example.as_ref().filter(|example| is_real_example(example)) {
            out.insert("examples".to_owned(), json!([example]));
        }
        out
    }
}
