//! The check of one request against its operation.

use serde_json::{Map, Value, json};

use super::TOKEN;
use super::route::decode;
use crate::description::{Description, Operation, Parameter};
use crate::json::{Path, walk};
use crate::schema::Place;
use crate::scripted::Seen;

/// One request, which is checked against its operation.
pub(super) struct Check<'a, 'd> {
    pub(super) description: &'d Description,
    pub(super) operation: &'a Operation<'d>,
    /// What is wrong with the request.
    pub(super) violations: Vec<String>,
}

impl<'d> Check<'_, 'd> {
    pub(super) fn violation(&mut self, what: String) {
        self.violations.push(format!("{}: {what}", self.operation.name()));
    }

    fn parameters(&self, location: &str) -> Vec<Parameter<'d>> {
        self.operation.parameters.iter().filter(|parameter| parameter.location == location).cloned().collect()
    }

    /// The path parameters.
    pub(super) fn path(&mut self, values: &Map<String, Value>) -> Value {
        let mut all = Map::new();
        for parameter in self.parameters("path") {
            match values.get(parameter.name).and_then(Value::as_str) {
                Some(text) => drop(all.insert(parameter.name.to_owned(), self.typed(&parameter, text))),
                None => self.violation(format!("the path has no {}", parameter.name)),
            }
        }
        Value::Object(all)
    }

    /// The query parameters, with lists and objects assembled.
    pub(super) fn query(&mut self, query: &str) -> Value {
        let mut pairs: Vec<(String, String)> = query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .map(|(key, value)| (decode(key), decode(value)))
            .collect();
        let mut all = Map::new();
        for parameter in self.parameters("query") {
            let name = parameter.name;
            let schema = self.description.single(parameter.schema);
            let mut take = |key: &str| -> Vec<String> {
                let taken = pairs.iter().filter(|(known, _)| known == key).map(|(_, value)| value.clone()).collect();
                pairs.retain(|(known, _)| known != key);
                taken
            };
            let value = if schema["type"] == "array" {
                let values = take(name);
                let values: Vec<String> = if parameter.explode {
                    values
                } else {
                    values.iter().flat_map(|value| value.split(',')).map(str::to_owned).collect()
                };
                (!values.is_empty()).then(|| json!(values))
            } else if schema["type"] == "object" || schema.get("properties").is_some() || schema.get("oneOf").is_some()
            {
                let mut object = Map::new();
                for key in self.description.all_keys(schema) {
                    object.extend(take(&key).pop().map(|value| (key, json!(value))));
                }
                (!object.is_empty()).then(|| Value::Object(object))
            } else {
                let values = take(name);
                if values.len() > 1 {
                    self.violation(format!("the query has {name} more than once"));
                }
                values.first().map(|text| self.typed(&parameter, text))
            };
            match value {
                Some(value) => drop(all.insert(name.to_owned(), value)),
                None if parameter.required => self.violation(format!("the query lacks {name}")),
                None => {}
            }
        }
        for (key, _) in pairs {
            self.violation(format!("the query has {key}, which is not a parameter"));
        }
        Value::Object(all)
    }

    /// The value of a text of a URL, by the type of the parameter.
    fn typed(&mut self, parameter: &Parameter<'_>, text: &str) -> Value {
        let schema = self.description.single(parameter.schema);
        let value = match schema["type"].as_str() {
            Some("integer") => text.parse::<i64>().map(Value::from).ok(),
            Some("number") => text.parse::<f64>().map(Value::from).ok(),
            Some("boolean") => text.parse::<bool>().map(Value::from).ok(),
            _ => Some(json!(text)),
        };
        value.unwrap_or_else(|| {
            self.violation(format!("{} is `{text}`, which is not of type {}", parameter.name, schema["type"]));
            json!(text)
        })
    }

    /// The API version that the operation requires, where its version header has a single value.
    pub(super) fn only_version(&self) -> Option<String> {
        let declared = self.parameters("header").into_iter();
        let mut declared = declared.filter(|parameter| parameter.name.eq_ignore_ascii_case("intercom-version"));
        match &self.description.resolve(declared.next()?.schema)["enum"].as_array()?[..] {
            [only] => only.as_str().map(str::to_owned),
            _ => None,
        }
    }

    /// Checks the headers that every request has, and returns the header parameters.
    pub(super) fn headers(&mut self, seen: &Seen, version: &str) -> Value {
        let accept = match self.operation.success().and_then(|response| response.media.as_ref()) {
            _ if self.operation.is_download() => "application/octet-stream",
            Some(media) => media.media_type,
            None => "application/json",
        };
        for (name, value) in
            [("authorization", &*format!("Bearer {TOKEN}")), ("intercom-version", version), ("accept", accept)]
        {
            if seen.header(name) != Some(value) {
                self.violation(format!("the header {name} is {:?}, not {value}", seen.header(name)));
            }
        }
        let content_type = seen.header("content-type").map(|text| text.split(';').next().unwrap_or_default());
        let declared = self.operation.body.as_ref().map(|media| media.media_type);
        if content_type != declared {
            self.violation(format!("the content type is {content_type:?}, not {declared:?}"));
        }
        let mut all = Map::new();
        for parameter in self.parameters("header") {
            if parameter.name.eq_ignore_ascii_case("intercom-version") {
                continue;
            }
            match seen.header(&parameter.name.to_ascii_lowercase()) {
                Some(text) => drop(all.insert(parameter.name.to_owned(), self.typed(&parameter, text))),
                None if parameter.required => self.violation(format!("the header {} is missing", parameter.name)),
                None => {}
            }
        }
        Value::Object(all)
    }

    /// The body. Where no body is expected by the test, it is checked against the schema.
    pub(super) fn body(&mut self, seen: &Seen, expected: bool) -> Value {
        let Some(media) = &self.operation.body else {
            if !seen.body.is_empty() {
                self.violation("a body, where none is declared".to_owned());
            }
            return Value::Null;
        };
        if media.media_type != "application/json" {
            let body = String::from_utf8_lossy(&seen.body);
            let named = |name: &String| body.contains(&format!("name=\"{name}\""));
            return json!({ "parts": self.description.all_keys(media.schema).into_iter().filter(named).collect::<Vec<_>>() });
        }
        let value: Value = match serde_json::from_slice(&seen.body) {
            Ok(value) => value,
            Err(error) => {
                self.violation(format!("the body is not JSON: {error}"));
                return Value::Null;
            }
        };
        if !expected {
            let whole = Path::default();
            for (path, part) in std::iter::once((whole, &value)).chain(walk(&value)) {
                let place = self.description.place(media.schema, &path);
                if matches!(place, Place::Undeclared) {
                    self.violation(format!("the body has {path}, which is not declared"));
                } else if self.description.fits(&place, part) == Some(false) {
                    self.violation(format!("in the body {path} is {part}"));
                }
            }
            for key in self.description.single(media.schema)["required"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
            {
                if value.get(key).is_none() {
                    self.violation(format!("the body lacks {key}"));
                }
            }
        }
        value
    }
}
