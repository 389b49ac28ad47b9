//! New items and their ids, both made after the example of the description.

use serde_json::{Map, Value};

/// An item of which nothing is known, with the shape of an example: texts, ids and times are null, flags false, lists empty, numbers zero.
/// The properties in `keep`, types, and texts that contain the id, such as URLs, are those of the example.
pub(crate) fn blank(example: &Value, keep: &[String]) -> Value {
    let Value::Object(example) = example else { return Value::Null };
    let id = example.get("id").and_then(Value::as_str).unwrap_or_default();
    let convert = |(key, value): (&String, &Value)| {
        let value = if keep.contains(key) { value.clone() } else { blank_value(key, value, id) };
        (key.clone(), value)
    };
    Value::Object(example.iter().map(convert).collect::<Map<_, _>>())
}

fn blank_value(key: &str, value: &Value, id: &str) -> Value {
    match value {
        Value::Object(values) => values.iter().map(|(key, value)| (key.clone(), blank_value(key, value, id))).collect(),
        Value::Array(_) => Value::Array(Vec::new()),
        Value::Bool(_) => Value::Bool(false),
        // The type is kept, and so are URLs with the id, which `Ids::fill` replaces.
        Value::String(text) if key == "type" || key == "object" || shows(text, id) => value.clone(),
        Value::Number(_) if key.ends_with("_id") || key.ends_with("_at") || key == "id" => Value::Null,
        Value::Number(_) => Value::from(0),
        Value::String(_) | Value::Null => Value::Null,
    }
}

/// Whether an id is a whole segment of a text, as in a URL, and not a part of a longer number or word.
fn shows(text: &str, id: &str) -> bool {
    !id.is_empty() && parts(text, id).nth(1).is_some()
}

/// What is between the places where an id is a whole segment of a text.
fn parts<'a>(text: &'a str, id: &'a str) -> impl Iterator<Item = &'a str> {
    let is_whole = move |start: usize| {
        let before = text[..start].chars().next_back();
        let after = text[start + id.len()..].chars().next();
        !before.into_iter().chain(after).any(char::is_alphanumeric)
    };
    let mut from = 0;
    let found = text.match_indices(id).map(|(start, _)| start).filter(move |start| is_whole(*start)).map(Some);
    found.chain([None]).map(move |start| {
        let part = &text[from..start.unwrap_or(text.len())];
        from = start.map_or(text.len(), |start| start + id.len());
        part
    })
}

/// How the ids of a collection look.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ids {
    form: Form,
    /// The id of the example, which occurs in URLs; empty if it is not a text.
    example: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Form {
    /// Digits as text, counted from this number.
    Digits(u64),
    /// Numbers, counted from this one.
    Number(u64),
    /// 24 hexadecimal digits.
    Hexadecimal,
    Uuid,
    #[default]
    Unknown,
}

impl Ids {
    /// Ids like this one.
    pub(crate) fn like(example: Option<&Value>) -> Self {
        let form = match example {
            Some(Value::Number(number)) => Form::Number(number.as_u64().unwrap_or_default()),
            Some(Value::String(text)) => match text.parse() {
                Ok(number) => Form::Digits(number),
                Err(_) if text.len() == 24 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) => Form::Hexadecimal,
                Err(_) if text.len() == 36 => Form::Uuid,
                Err(_) => Form::Unknown,
            },
            _ => Form::Unknown,
        };
        let example = example.and_then(Value::as_str).unwrap_or_default().to_owned();
        Self { form, example }
    }

    /// The id at a position, which is the same on every run.
    pub(crate) fn at(&self, position: u64) -> Value {
        match self.form {
            Form::Digits(first) => Value::from(first.wrapping_add(position).to_string()),
            Form::Number(first) => Value::from(first.wrapping_add(position)),
            Form::Hexadecimal => Value::from(format!("6553f100{position:016x}")),
            Form::Uuid => Value::from(format!("00000000-0000-4000-9000-{position:012x}")),
            Form::Unknown => Value::from(position.to_string()),
        }
    }

    /// The places of a new item, as JSON pointers, that show the id of the example, such as a URL.
    pub(crate) fn places(&self, blank: &Value) -> Vec<String> {
        let mut places = Vec::new();
        if !self.example.is_empty() {
            self.find("", blank, &mut places);
        }
        places
    }

    fn find(&self, pointer: &str, value: &Value, places: &mut Vec<String>) {
        match value {
            Value::String(text) if shows(text, &self.example) => places.push(pointer.to_owned()),
            Value::Object(values) => {
                for (key, value) in values {
                    let key = key.replace('~', "~0").replace('/', "~1");
                    self.find(&format!("{pointer}/{key}"), value, places);
                }
            }
            _ => {}
        }
    }

    /// Puts an id at these places of a copy of the blank item.
    pub(crate) fn fill(&self, item: &mut Value, places: &[String], id: &Value) {
        for place in places {
            if let Some(Value::String(text)) = item.pointer_mut(place) {
                let parts: Vec<&str> = parts(text, &self.example).collect();
                *text = parts.join(&super::place::text(id));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_a_whole_segment_is_an_id() {
        let example =
            json!({"id": "2", "resource_id": "20", "phone": "+123", "url": "/jobs/2/items?job=2", "name": "v2"});
        let ids = Ids::like(example.get("id"));
        let mut item = blank(&example, &[]);
        let places = ids.places(&item);
        ids.fill(&mut item, &places, &json!("3"));
        assert_eq!(
            item,
            json!({"id": "3", "resource_id": null, "phone": null, "url": "/jobs/3/items?job=3", "name": null})
        );
    }

    #[test]
    fn a_new_item_has_the_shape_of_the_example() {
        let example = json!({"type": "tag", "id": "17", "name": "x", "app": "a", "count": 3, "url": "/tags/17", "on": true, "of": {"type": "list", "data": [1]}});
        let ids = Ids::like(example.get("id"));
        assert_eq!(ids.at(2), json!("19"));
        let mut item = blank(&example, &["app".to_owned()]);
        let places = ids.places(&item);
        ids.fill(&mut item, &places, &json!("19"));
        item["id"] = json!("19");
        assert_eq!(
            item,
            json!({"type": "tag", "id": "19", "name": null, "app": "a", "count": 0, "url": "/tags/19", "on": false, "of": {"type": "list", "data": []}})
        );
    }
}
