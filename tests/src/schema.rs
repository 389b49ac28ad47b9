//! Schemas of a description: which values fit a place of a document, and examples of schemas.

use serde_json::{Map, Value, json};

use crate::description::{Description, members};
use crate::json::{Path, Step};

/// The maximum depth of examples, since some schemas contain themselves.
const DEPTH: usize = 8;

/// A place of a document, as the description declares it.
#[derive(Clone, Debug)]
pub enum Place<'a> {
    /// A value with a declared schema.
    Declared {
        /// The schema.
        schema: &'a Value,
        /// The key, or for items the key of their list. In this API, keys such as `owner_id` and `created_at` tell what the value is.
        key: String,
        /// Whether an overlay pins it: it is always there.
        pinned: bool,
        /// Whether it is an item of a list or map, where null is an ordinary value.
        item: bool,
    },
    /// A value for which the description allows anything.
    Free,
    /// The value of an undeclared key, in an object that declares its keys.
    Undeclared,
    /// A value inside of a union, where the schema depends on the document.
    Union,
}

impl Description {
    /// The properties of a schema and of everything it merges; `None` if it is a union.
    pub fn properties<'a>(&'a self, schema: &'a Value) -> Option<Map<String, Value>> {
        let schema = self.resolve(schema);
        let alternatives = ["oneOf", "anyOf"].iter().filter_map(|key| schema[*key].as_array()).next();
        let mut all = Map::new();
        match alternatives.map(Vec::as_slice) {
            Some([only]) => all.extend(self.properties(only)?),
            Some(several)
                if several.iter().all(|part| part.get("properties").is_none() && part.get("$ref").is_none()) => {}
            Some(_) => return None,
            None => {}
        }
        for part in schema["allOf"].as_array().into_iter().flatten() {
            all.extend(self.properties(part)?);
        }
        all.extend(members(&schema["properties"]).map(|(key, value)| (key.to_owned(), value.clone())));
        Some(all)
    }

    /// A property of a schema, looked for in everything it merges.
    fn property<'a>(&'a self, schema: &'a Value, key: &str) -> Option<&'a Value> {
        let schema = self.resolve(schema);
        let parts = ["allOf", "oneOf", "anyOf"].iter().filter_map(|list| schema[*list].as_array()).flatten();
        schema["properties"].get(key).or_else(|| parts.filter_map(|part| self.property(part, key)).next_back())
    }

    /// Whether an overlay pins a key: it is always there.
    fn pinned(&self, schema: &Value, key: &str) -> bool {
        let schema = self.resolve(schema);
        let own = schema["x-sdk-required"].as_array().into_iter().flatten().any(|pinned| pinned == key);
        own || schema["allOf"].as_array().into_iter().flatten().any(|part| self.pinned(part, key))
    }

    /// The place of a path in a document of a schema.
    pub fn place<'a>(&'a self, schema: &'a Value, path: &Path) -> Place<'a> {
        let mut place = Place::Declared { schema, key: String::new(), pinned: false, item: false };
        for step in &path.0 {
            let Place::Declared { schema, key, .. } = place else { return place };
            place = self.step(self.single(schema), key, step);
        }
        place
    }

    fn step<'a>(&'a self, schema: &'a Value, parent: String, step: &Step) -> Place<'a> {
        match step {
            Step::Index(_) => match schema.get("items") {
                Some(items) => Place::Declared { schema: items, key: parent, pinned: false, item: true },
                None if is_union(schema) => Place::Union,
                None => Place::Free,
            },
            Step::Key(key) => {
                if self.is_open(schema) {
                    return Place::Union;
                }
                if let Some(property) = self.property(schema, key) {
                    let pinned = self.pinned(schema, key);
                    return Place::Declared { schema: property, key: key.clone(), pinned, item: false };
                }
                let declares = self.has_properties(schema);
                match schema.get("additionalProperties") {
                    Some(value @ Value::Object(map)) if !map.is_empty() && !declares => {
                        Place::Declared { schema: value, key: String::new(), pinned: false, item: true }
                    }
                    Some(Value::Bool(false)) | None if declares => Place::Undeclared,
                    _ => Place::Free,
                }
            }
        }
    }

    /// Whether a schema, or something that it merges, is a union of several objects.
    fn is_open(&self, schema: &Value) -> bool {
        let schema = self.resolve(schema);
        let alternatives = ["oneOf", "anyOf"].iter().find_map(|key| schema[*key].as_array());
        let open = match alternatives.map(Vec::as_slice) {
            Some([only]) => self.is_open(only),
            Some(several) => several.iter().any(|part| part.get("properties").is_some() || part.get("$ref").is_some()),
            None => false,
        };
        open || schema["allOf"].as_array().into_iter().flatten().any(|part| self.is_open(part))
    }

    fn has_properties(&self, schema: &Value) -> bool {
        let schema = self.resolve(schema);
        let parts = ["allOf", "oneOf", "anyOf"].iter().filter_map(|list| schema[*list].as_array()).flatten();
        members(&schema["properties"]).next().is_some() || parts.into_iter().any(|part| self.has_properties(part))
    }

    /// A schema without wrappers (such as a single `allOf`) that add nothing.
    pub fn single<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let schema = self.resolve(schema);
        let bare = schema.get("properties").is_none();
        for key in ["allOf", "oneOf", "anyOf"] {
            if let Some([only]) = schema[key].as_array().map(Vec::as_slice)
                && bare
            {
                return self.single(only);
            }
        }
        schema
    }

    /// Whether a schema allows null.
    pub fn nullable(&self, schema: &Value) -> bool {
        let resolved = self.resolve(schema);
        schema["nullable"] == true
            || resolved["nullable"] == true
            || !std::ptr::eq(self.single(schema), resolved) && self.nullable(self.single(resolved))
    }

    /// Whether a value has the type that its place declares. By the API's conventions, ids are strings or integers, and times are
    /// numbers or strings. `None` inside of a union.
    pub fn fits(&self, place: &Place<'_>, value: &Value) -> Option<bool> {
        let Place::Declared { schema, key, pinned, item } = place else {
            return if matches!(place, Place::Union) { None } else { Some(true) };
        };
        if value.is_null() {
            let needed = *pinned || *item;
            return Some(!needed || self.nullable(schema) || self.is_anything(schema));
        }
        let schema = self.single(schema);
        if is_union(schema) {
            return None;
        }
        let id = key == "id" || key.ends_with("_id") || *item && key.ends_with("_ids");
        let format = schema["format"].as_str().unwrap_or_default();
        let time = matches!(format, "date-time" | "timestamp");
        Some(match schema["type"].as_str() {
            Some("integer") if time => {
                value.is_number() || value.as_str().is_some_and(|text| text.parse::<i64>().is_ok())
            }
            Some("string") if time => value.is_number() || value.as_str().is_some_and(is_time),
            Some("string" | "integer") if id && schema.get("enum").is_none() => value.is_string() || value.is_i64(),
            Some("integer") if key.ends_with("_at") => {
                value.is_number() || value.as_str().is_some_and(|text| text.parse::<i64>().is_ok())
            }
            Some("string") => value.is_string(),
            Some("integer") => value.is_i64(),
            Some("number") => value.is_number(),
            Some("boolean") => value.is_boolean(),
            Some("array") => value.is_array(),
            Some("object") => value.is_object(),
            _ if schema.get("properties").is_some() || schema.get("allOf").is_some() => value.is_object(),
            _ if schema.get("enum").is_some() => value.is_string(),
            _ => true,
        })
    }

    /// Whether a value fits its place exactly, without the conventions of this API.
    pub fn is_as_declared(&self, place: &Place<'_>, value: &Value) -> bool {
        let schema = match place {
            Place::Declared { schema, .. } => schema,
            Place::Undeclared => return false,
            Place::Free | Place::Union => return true,
        };
        if value.is_null() {
            return self.nullable(schema) || self.is_anything(schema);
        }
        match self.single(schema)["type"].as_str() {
            Some("string") => value.is_string(),
            Some("integer") => value.is_i64() || value.is_u64(),
            Some("number") => value.is_number(),
            Some("boolean") => value.is_boolean(),
            Some("array") => value.is_array(),
            Some("object") => value.is_object(),
            _ => true,
        }
    }

    /// The key of the list that a bare array in place of the object is read into: `data`, or the only list.
    pub fn only_list(&self, schema: &Value) -> Option<String> {
        let properties = self.properties(schema)?;
        let lists = properties.iter().filter(|(_, property)| self.single(property)["type"] == "array");
        let lists: Vec<&String> = lists.map(|(key, _)| key).collect();
        let data = lists.iter().find(|key| **key == "data");
        data.or(if lists.len() == 1 { lists.first() } else { None }).map(|key| (*key).clone())
    }

    /// A body with its ids in their declared form, which is what a client must send.
    pub fn with_declared_ids(&self, schema: &Value, value: &Value) -> Value {
        self.declared_ids(schema, "", value)
    }

    /// A body with its ids in the undeclared form, and the number of ids.
    pub fn with_other_ids(&self, schema: &Value, value: &Value) -> (Value, usize) {
        let mut count = 0;
        let other = self.other_ids(schema, "", value, &mut count);
        (other, count)
    }

    fn other_ids(&self, schema: &Value, key: &str, value: &Value, count: &mut usize) -> Value {
        let schema = self.single(schema);
        let is_id = (key == "id" || key.ends_with("_id")) && schema.get("enum").is_none();
        match (value, schema["type"].as_str()) {
            (Value::Object(map), _) => {
                let mut other = |key: &String, value: &Value| match self.property(schema, key) {
                    Some(property) => self.other_ids(property, key, value, count),
                    None => value.clone(),
                };
                Value::Object(map.iter().map(|(key, value)| (key.clone(), other(key, value))).collect())
            }
            (Value::Array(items), _) => {
                let key = if key.ends_with("_ids") { "id" } else { "" };
                items.iter().map(|item| self.other_ids(&schema["items"], key, item, count)).collect()
            }
            (Value::Number(number), Some("integer")) if is_id => {
                *count += 1;
                json!(number.to_string())
            }
            (Value::String(_), Some("string")) if is_id => {
                *count += 1;
                json!(4242)
            }
            _ => value.clone(),
        }
    }

    fn declared_ids(&self, schema: &Value, key: &str, value: &Value) -> Value {
        let schema = self.single(schema);
        let is_id = key == "id" || key.ends_with("_id");
        match (value, schema["type"].as_str()) {
            (Value::Object(map), _) => {
                let declared = |key: &String, value: &Value| match self.property(schema, key) {
                    Some(property) => self.declared_ids(property, key, value),
                    None => value.clone(),
                };
                Value::Object(map.iter().map(|(key, value)| (key.clone(), declared(key, value))).collect())
            }
            (Value::Array(items), _) => {
                let key = if key.ends_with("_ids") { "id" } else { "" };
                items.iter().map(|item| self.declared_ids(&schema["items"], key, item)).collect()
            }
            (Value::Number(number), Some("string")) if is_id && number.is_i64() => json!(number.to_string()),
            (Value::String(text), Some("integer")) if is_id => match text.parse::<i64>() {
                Ok(number) if number.to_string() == *text => json!(number),
                _ => value.clone(),
            },
            _ => value.clone(),
        }
    }

    fn is_anything(&self, schema: &Value) -> bool {
        let schema = self.single(schema);
        ["type", "properties", "allOf", "oneOf", "anyOf", "enum", "additionalProperties"]
            .iter()
            .all(|key| schema.get(*key).is_none())
    }

    /// A value that fits a schema: its example, or one that is made from the schema.
    pub fn sample(&self, schema: &Value) -> Value {
        self.sample_at(schema, 0)
    }

    fn sample_at(&self, schema: &Value, depth: usize) -> Value {
        let schema = self.single(schema);
        let place = Place::Declared { schema, key: String::new(), pinned: false, item: true };
        if let Some(example) = schema.get("example").or_else(|| schema.get("default"))
            && self.fits(&place, example) == Some(true)
            && !example.is_object()
            && !example.is_array()
        {
            return example.clone();
        }
        if let Some(first) = schema["enum"].as_array().and_then(|values| values.first()) {
            return first.clone();
        }
        let alternatives = ["oneOf", "anyOf"].iter().find_map(|key| schema[*key].as_array());
        match (schema["type"].as_str(), alternatives) {
            (Some("string"), _) => match schema["format"].as_str() {
                Some("date-time") => json!("2024-12-18T15:40:43Z"),
                Some("date") => json!("2024-12-18"),
                Some("binary" | "byte") => json!("Zm9v"),
                _ => json!("text"),
            },
            (Some("integer"), _) if schema.get("format").is_some() => json!(1_734_536_443),
            (Some("integer"), _) => json!(7),
            (Some("number"), _) => json!(1.5),
            (Some("boolean"), _) => json!(true),
            (Some("array"), _) if depth >= DEPTH => json!([]),
            (Some("array"), _) => {
                json!([schema.get("items").map_or(json!("text"), |items| self.sample_at(items, depth + 1))])
            }
            _ if depth >= DEPTH => json!({}),
            (_, Some(alternatives)) if schema.get("properties").is_none() => self.sample_at(&alternatives[0], depth),
            _ => {
                let mut object = Map::new();
                let first = alternatives.and_then(|alternatives| self.properties(&alternatives[0]));
                for (key, property) in
                    self.properties(schema).unwrap_or_default().into_iter().chain(first.into_iter().flatten())
                {
                    object.entry(key).or_insert_with(|| self.sample_at(&property, depth + 1));
                }
                Value::Object(object)
            }
        }
    }
}

fn is_union(schema: &Value) -> bool {
    ["oneOf", "anyOf"].iter().any(|key| schema[*key].as_array().is_some_and(|list| list.len() > 1))
}

/// Whether a string is a time: a number, or a text that begins like a date.
fn is_time(text: &str) -> bool {
    text.parse::<i64>().is_ok() || text.len() >= 10 && text.as_bytes()[4] == b'-' && text.as_bytes()[7] == b'-'
}
