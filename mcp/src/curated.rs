//! The curated tools: their schemas, and the conversion of their arguments to those of the operation.

use intercom_catalog::call::Arguments;
use intercom_catalog::json_schema::{Direction, Document};
use intercom_catalog::{Catalog, Definition, Location, Operation, Property, Schema};
use serde_json::{Map, Value, json};

use crate::call::{PageOfItems, Sending, needs};
use crate::failure::{Failure, did_you_mean};
use crate::filters::{body, comparison, condition};
use crate::options::Access;
use crate::server::Shared;
use crate::table::{Argument, CuratedTool, table};

/// The name of the argument that is the cursor of a page; `None` if the operation is not paginated.
pub(crate) fn position_of(operation: &Operation) -> Option<&'static str> {
    let paging = operation.pagination.as_ref()?;
    Some(if paging.style == "page" { "page" } else { "starting_after" })
}

impl CuratedTool {
    /// The arguments that exist in this version of the API.
    pub fn known<'a>(&'a self, catalog: &'a Catalog, operation: &'a Operation) -> impl Iterator<Item = &'a Argument> {
        self.arguments.iter().filter(move |argument| self.destination(catalog, operation, argument).is_some())
    }

    /// The JSON Schema of the tool's arguments.
    pub fn input(&self, catalog: &Catalog, operation: &Operation) -> Value {
        let mut document = Document::new(catalog, Direction::Request);
        let mut properties = Map::new();
        let mut required = Vec::new();
        for argument in &self.arguments {
            let Some(destination) = self.destination(catalog, operation, argument) else { continue };
            let (mut schema, needed) = match destination {
                Destination::Parameter(parameter) => (document.parameter(parameter), parameter.required),
                Destination::Property(property) => (document.property(property), property.required),
                Destination::Filter(kind) => (filter_schema(kind, argument.operator.as_deref()), false),
                Destination::Filters => (json!({"type": "object"}), false),
            };
            if let (Some(description), Some(schema)) = (&argument.description, schema.as_object_mut()) {
                schema.insert("description".to_owned(), description.clone().into());
            }
            properties.insert(argument.name.clone(), schema);
            if argument.required.unwrap_or(needed) {
                required.push(argument.name.clone());
            }
        }
        if let (Some(position), Some(paging)) = (position_of(operation), &operation.pagination) {
            if paging.per_page.is_some() {
                let mut schema = json!({"type": "integer", "minimum": 1, "maximum": paging.max_per_page.unwrap_or(150), "description": "The number of results."});
                if let (Some(default), Some(schema)) = (self.per_page, schema.as_object_mut()) {
                    schema.insert("default".to_owned(), default.into());
                }
                properties.insert("per_page".to_owned(), schema);
            }
            let types = if position == "page" { json!("integer") } else { json!("string") };
            let text = format!("The cursor of the next page: `pages.next.{position}` of the previous result.");
            properties.insert(position.to_owned(), json!({"type": types, "description": text}));
        }
        properties.extend([own_argument(operation)]);
        document.arguments(properties, required)
    }

    /// Where an argument goes; `None` if this version has no such parameter, property or search field.
    fn destination<'a>(
        &self,
        catalog: &'a Catalog,
        operation: &'a Operation,
        argument: &Argument,
    ) -> Option<Destination<'a>> {
        let (section, name) = argument.to.split_once('.').unwrap_or((&argument.to, ""));
        match section {
            "path" => operation.parameters.iter().find(|it| it.location == Location::Path).map(Destination::Parameter),
            "query" => operation.parameter(name).map(Destination::Parameter),
            "body" => {
                self.property(catalog, operation.body.as_ref()?.schema.as_ref()?, name).map(Destination::Property)
            }
            "filter" => operation
                .search
                .iter()
                .find(|field| field.name == name)
                .map(|field| Destination::Filter(field.kind.as_str())),
            "filters" => {
                let below = format!("{name}.");
                operation.search.iter().any(|field| field.name.starts_with(&below)).then_some(Destination::Filters)
            }
            _ => None,
        }
    }

    /// The property of a body. Members of a union are skipped where the tool's constants do not match.
    fn property<'a>(&self, catalog: &'a Catalog, schema: &'a Schema, name: &str) -> Option<&'a Property> {
        match &catalog.definition(schema)?.definition {
            Definition::Alias(schema) => self.property(catalog, schema, name),
            Definition::Union { alternatives, .. } => {
                alternatives.iter().find_map(|alternative| self.property(catalog, &alternative.schema, name))
            }
            Definition::Object { properties, .. } => {
                let fits = |property: &Property| {
                    let given = self.constants.get(&format!("body.{}", property.name));
                    given.is_none() || property.constant.is_none() || property.constant.as_ref() == given
                };
                properties.iter().all(fits).then(|| properties.iter().find(|property| property.name == name))?
            }
            Definition::Enum(_) => None,
        }
    }

    /// The arguments of the operation.
    ///
    /// # Errors
    /// Where an argument is unknown, missing, or does not fit its condition.
    pub fn arguments(
        &self,
        catalog: &Catalog,
        operation: &Operation,
        mut given: Map<String, Value>,
    ) -> Result<Arguments, Failure> {
        let mut out = Arguments::default();
        let mut fields = Map::new();
        let mut conditions = Vec::new();
        for (place, value) in &self.constants {
            if let Some(name) = place.strip_prefix("body.") {
                fields.insert(name.to_owned(), value.as_str().into());
            }
        }
        for argument in self.known(catalog, operation) {
            let needed = || match self.destination(catalog, operation, argument) {
                Some(Destination::Parameter(parameter)) => parameter.required,
                Some(Destination::Property(property)) => property.required,
                _ => false,
            };
            let Some(value) = given.shift_remove(&argument.name) else {
                if argument.required.unwrap_or_else(needed) {
                    return Err(Failure::new(format!("`{}` is missing. Nothing was sent.", argument.name)));
                }
                continue;
            };
            let (section, name) = argument.to.split_once('.').unwrap_or((&argument.to, ""));
            match section {
                "path" => {
                    let parameter = operation.parameters.iter().find(|parameter| parameter.location == Location::Path);
                    let value = value.as_str().map_or(value.clone(), |id| table().bare(id).into());
                    out.path.extend(parameter.map(|parameter| (parameter.name.clone(), value)));
                }
                "query" => {
                    out.query.insert(name.to_owned(), value);
                }
                "body" => {
                    fields.insert(name.to_owned(), value);
                }
                "filters" => {
                    let Value::Object(values) = &value else {
                        return Err(Failure::new(format!("`{}` is an object of values by name.", argument.name)));
                    };
                    for (key, value) in values {
                        conditions.push(filtered(operation, &format!("{name}.{key}"), "=", value)?);
                    }
                }
                _ => conditions.push(filtered(operation, name, argument.operator.as_deref().unwrap_or("="), &value)?),
            }
        }
        if let Some(name) = given.keys().next() {
            let known: Vec<&str> = self.known(catalog, operation).map(|argument| argument.name.as_str()).collect();
            let near = did_you_mean(name, known.iter().copied());
            return Err(Failure::new(format!(
                "{} has no argument `{name}`.{near} It takes {}.",
                self.name,
                known.join(", ")
            )));
        }
        if !operation.search.is_empty() {
            out.body = Some(body(conditions, Vec::new()));
        } else if operation.body.is_some() {
            out.body = Some(Value::Object(fields));
        }
        Ok(out)
    }

    /// Calls the tool.
    ///
    /// # Errors
    /// As [`Shared::call`].
    pub async fn call(
        &self,
        shared: &Shared,
        operation: &Operation,
        mut given: Map<String, Value>,
        sending: Sending,
    ) -> Result<Value, Failure> {
        let Some(position) = position_of(operation) else {
            let arguments = self.arguments(&shared.catalog, operation, given)?;
            return shared.call(operation, arguments, sending).await;
        };
        let per_page = match given.shift_remove("per_page") {
            Some(count) => {
                Some(number(&count).ok_or_else(|| Failure::new(format!("per_page is a number, not {count}.")))?)
            }
            None => self.per_page,
        };
        let start = given.shift_remove(position).filter(|start| !start.is_null());
        let start = start.map(|start| start.as_str().map_or_else(|| start.to_string(), str::to_owned));
        let arguments = self.arguments(&shared.catalog, operation, given)?;
        let page: PageOfItems = shared.page(operation, arguments, per_page, start.as_deref()).await?;
        Ok(page.into_json(self.items.as_deref().unwrap_or("data"), position))
    }
}

/// A whole number, also as a text.
fn number(value: &Value) -> Option<u32> {
    value.as_u64().and_then(|count| count.try_into().ok()).or_else(|| value.as_str()?.trim().parse().ok())
}

/// Where an argument of a tool goes.
enum Destination<'a> {
    Parameter(&'a intercom_catalog::Parameter),
    Property(&'a Property),
    Filter(&'a str),
    Filters,
}

/// A condition; the value of a number or time may begin with an operator. In other texts, such a character is part of the value.
fn filtered(operation: &Operation, field: &str, operator: &str, value: &Value) -> Result<Value, Failure> {
    let declared = operation.search.iter().find(|declared| declared.name == field);
    let is_ordered = declared.is_some_and(|declared| matches!(declared.kind.as_str(), "integer" | "date"));
    match value.as_str().filter(|_| is_ordered).and_then(comparison) {
        Some((sign, value)) if operator == "=" => condition(operation, field, sign, &value.into()),
        _ => condition(operation, field, operator, value),
    }
}

/// The schema of a condition's value.
fn filter_schema(kind: &str, operator: Option<&str>) -> Value {
    if operator == Some("IN") {
        return json!({"type": "array", "items": {"type": ["string", "integer"]}});
    }
    match kind {
        "integer" => json!({"type": ["integer", "string"], "examples": [60, ">3600"]}),
        "date" => json!({"type": ["integer", "string"], "examples": [">2026-11-01", "<1764547200"]}),
        "boolean" => json!({"type": "boolean"}),
        _ => json!({"type": "string"}),
    }
}

/// The argument that each tool of an operation has besides those of the operation: `dry_run` if a call may change something, else
/// `result_cursor`.
pub(crate) fn own_argument(operation: &Operation) -> (String, Value) {
    if needs(operation) > Access::Read {
        ("dry_run".to_owned(), dry_run())
    } else {
        ("result_cursor".to_owned(), result_cursor())
    }
}

/// The argument that returns the rest of a truncated result.
pub(crate) fn result_cursor() -> Value {
    json!({"type": "string", "description": "For the rest of a truncated result: a `cursor` from its `_cut`."})
}

/// The argument that shows a call instead of sending it.
pub(crate) fn dry_run() -> Value {
    json!({"type": "boolean", "description": "Check the arguments and show what would be sent, without sending it."})
}
