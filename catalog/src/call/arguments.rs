//! The arguments of a call, and their validation.

use std::collections::BTreeMap;

use intercom_runtime::multipart::Part;
use serde_json::{Map, Value};

use super::parameters;
use super::{Problem, Refusal};
use crate::check::{Rules, check_at, check_parameter};
use crate::model::Catalog;
use crate::operation::{Body, Location, Operation};

/// The arguments of a call, by their names on the wire.
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    /// The parameters of the path.
    pub path: Map<String, Value>,
    /// The parameters of the query; lists for those that take several values.
    pub query: Map<String, Value>,
    /// The headers.
    pub header: Map<String, Value>,
    /// The body. That of a form is an object of its parts; a part that is a file is Base64 text, or
    /// `{"base64": …, "file_name": …, "content_type": …}`, unless it is in [`files`](Self::files).
    pub body: Option<Value>,
    /// Files of a form, by the name of the part.
    pub files: BTreeMap<String, Part>,
}

impl Arguments {
    /// Reads `{"path": {…}, "query": {…}, "header": {…}, "body": …}`, of which each may be left out.
    ///
    /// # Errors
    /// If it has any other key or structure; the error has all problems.
    pub fn from_json(arguments: Value) -> Result<Self, Refusal> {
        let mut read = Self::default();
        let mut problems = Vec::new();
        let arguments = match arguments {
            Value::Object(arguments) => arguments,
            Value::Null => Map::new(),
            _ => return Err(Refusal::new("", vec![Problem::new("", "the arguments are not an object")])),
        };
        for (name, value) in arguments {
            let section = match name.as_str() {
                "path" => &mut read.path,
                "query" => &mut read.query,
                "header" => &mut read.header,
                "body" => {
                    read.body = Some(value);
                    continue;
                }
                _ => {
                    let message = "is unknown; arguments are given in path, query, header and body";
                    problems.push(Problem::new(format!("/{name}"), message));
                    continue;
                }
            };
            match value {
                Value::Object(values) => *section = values,
                Value::Null => {}
                _ => problems.push(Problem::new(format!("/{name}"), "is not an object of arguments")),
            }
        }
        if problems.is_empty() { Ok(read) } else { Err(Refusal::new("", problems)) }
    }

    /// The problems with these arguments for this operation. Without `rules`, values are not compared with their schemas; unknown names
    /// and missing required parameters or parts are still reported.
    pub fn problems(&self, catalog: &Catalog, operation: &Operation, rules: Option<Rules>) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (section, given) in [("path", &self.path), ("query", &self.query), ("header", &self.header)] {
            for name in given.keys() {
                if !parameters::of(operation, section).any(|parameter| &parameter.name == name) {
                    problems.push(Problem::new(
                        format!("/{section}/{name}"),
                        unknown(parameters::of(operation, section).map(|parameter| parameter.name.as_str())),
                    ));
                }
            }
            for parameter in parameters::of(operation, section) {
                let pointer = format!("/{section}/{}", parameter.name);
                match given.get(&parameter.name) {
                    None | Some(Value::Null) if parameter.required && parameter.constant.is_none() => {
                        problems.push(Problem::new(pointer, "is missing"));
                    }
                    None | Some(Value::Null) => {}
                    Some(value) => {
                        let found = rules.map(|rules| check_parameter(catalog, parameter, value, &pointer, rules));
                        problems.extend(found.into_iter().flatten().map(Problem::from));
                    }
                }
            }
        }
        self.body_problems(operation, &mut problems);
        let schema = operation.body.as_ref().and_then(|body| body.schema.as_ref());
        if let (Some(schema), Some(rules)) = (schema, rules) {
            let nothing = Value::Object(Map::new());
            let body = self.body.as_ref().unwrap_or(&nothing);
            let found = check_at(catalog, schema, body, "/body", rules).into_iter();
            // The schema of a query describes one level of groups only; there may be two.
            let of_query = |pointer: &str| !operation.search.is_empty() && pointer.starts_with("/body/query/");
            problems.extend(found.filter(|problem| !of_query(&problem.pointer)).map(Problem::from));
        }
        problems
    }

    fn body_problems(&self, operation: &Operation, problems: &mut Vec<Problem>) {
        let Some(body) = &operation.body else {
            if self.body.is_some() || !self.files.is_empty() {
                problems.push(Problem::new("/body", format!("{} takes no body", operation.id)));
            }
            return;
        };
        match (&body.schema, &self.body) {
            (Some(_), _) if !self.files.is_empty() => {
                problems.push(Problem::new("/body", format!("{} takes no files", operation.id)));
            }
            (Some(_), _) => {}
            (None, Some(given)) if !given.is_object() => {
                problems.push(Problem::new("/body", "the body is a form: give an object with its parts"));
            }
            (None, given) => {
                let fields = given.as_ref().and_then(Value::as_object);
                self.part_problems(body, fields.unwrap_or(&Map::new()), problems);
            }
        }
    }

    /// Adds the problems with the parts of a form: `fields` or files that it does not have, and required parts that are neither.
    fn part_problems(&self, body: &Body, fields: &Map<String, Value>, problems: &mut Vec<Problem>) {
        for name in fields.keys().chain(self.files.keys()) {
            if !body.parts.iter().any(|part| &part.name == name) {
                let known = body.parts.iter().map(|part| part.name.as_str());
                problems.push(Problem::new(format!("/body/{name}"), unknown(known)));
            }
        }
        // A part that is null is not sent.
        let is_given =
            |name: &str| self.files.contains_key(name) || fields.get(name).is_some_and(|value| !value.is_null());
        for part in body.parts.iter().filter(|part| part.required && !is_given(&part.name)) {
            problems.push(Problem::new(format!("/body/{}", part.name), "is missing"));
        }
    }
}

/// A message with the known names.
fn unknown<'a>(known: impl Iterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.collect();
    if known.is_empty() { "is unknown".to_owned() } else { format!("is unknown; there are {}", known.join(", ")) }
}

/// The section of the arguments that a parameter is in.
pub(super) fn section(location: Location) -> &'static str {
    match location {
        Location::Path => "path",
        Location::Query | Location::QueryCommaList | Location::QueryRepeated | Location::QueryExploded => "query",
        Location::Header => "header",
    }
}
