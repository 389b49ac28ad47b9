//! New items and their ids, both made after the example of the description.

use serde_json::{Map, Value};

/// An item of which nothing is known, with the shape of an example: texts, ids and times are null, flags
/// false, lists empty, numbers zero.
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
        // The type is kept, and so are URLs that contain the id.
        Value::String(text) if key == "type" || key == "object" || (!id.is_empty() && text.contains(id)) => {
            value.clone()
        }
        Value::Number(_) if key.ends_with("_id") || key.ends_with("_at") || key == "id" => Value::Null,
        Value::Number(_) => Value::from(0),
        Value::String(_) | Value::Null => Value::Null,
    }
}

/// How the ids of a collection look.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ids {
    form: Form,
    /// The id of the example, which occurs in URLs.
    example: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Form {
    /// Digits as text, counted from a number.
    Digits(u64),
    /// A number.
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

    /// A value with the id in place of that of the example.
    pub(crate) fn with(&self, value: &Value, id: &Value) -> Value {
        match value {
            Value::String(text) if !self.example.is_empty() && text.contains(&self.example) => {
                Value::from(text.replace(&self.example, &super::place::text(id)))
            }
            Value::Object(values) => values.iter().map(|(key, value)| (key.clone(), self.with(value, id))).collect(),
            value => value.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_new_item_has_the_shape_of_the_example() {
        let example = json!({"type": "tag", "id": "17", "name": "x", "app": "a", "count": 3, "url": "/tags/17", "on": true, "of": {"type": "list", "data": [1]}});
        let ids = Ids::like(example.get("id"));
        assert_eq!(ids.at(2), json!("19"));
        let item = ids.with(&blank(&example, &["app".to_owned()]), &ids.at(2));
        assert_eq!(
            item,
            json!({"type": "tag", "id": "19", "name": null, "app": "a", "count": 0, "url": "/tags/19", "on": false, "of": {"type": "list", "data": []}})
        );
    }
}
