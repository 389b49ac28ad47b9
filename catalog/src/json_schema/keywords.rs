//! Functions that write JSON Schema keywords, shared by all kinds of schemas.

use serde_json::{Map, Value, json};

use crate::schema::{EnumValue, Limits};

pub(super) fn map<const N: usize>(entries: [(&str, Value); N]) -> Map<String, Value> {
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

pub(super) fn typed(name: &str) -> Map<String, Value> {
    map([("type", name.into())])
}

/// The schema of a file in a form, as calls accept it.
pub(super) fn file() -> Map<String, Value> {
    let object = json!({
        "type": "object",
        "properties": {
            "base64": {"type": "string", "contentEncoding": "base64"},
            "file_name": {"type": "string"},
            "content_type": {"type": "string"}
        },
        "required": ["base64"],
        "additionalProperties": false
    });
    map([("anyOf", json!([{"type": "string", "contentEncoding": "base64"}, object]))])
}

pub(super) fn open_enum(values: &[EnumValue]) -> Map<String, Value> {
    let known: Vec<&str> = values.iter().map(|value| value.value.as_str()).collect();
    let documented: Vec<String> = values
        .iter()
        .filter_map(|value| Some(format!("- `{}`: {}", value.value, value.doc.as_deref()?.replace('\n', " "))))
        .collect();
    let mut schema = map([("anyOf", json!([{"enum": known}, {"type": "string"}]))]);
    if !documented.is_empty() {
        schema.insert("description".to_owned(), documented.join("\n").into());
    }
    schema
}

/// Extends a schema so that it also allows null.
pub(super) fn nullable(mut schema: Map<String, Value>) -> Map<String, Value> {
    if schema.is_empty() {
        return schema;
    }
    match schema.get_mut("type") {
        // The schema of an object stays whole, as an alternative to null.
        Some(types) if !matches!(types.as_str(), Some("object")) => {
            let mut several = types.as_array().cloned().unwrap_or_else(|| vec![types.clone()]);
            if !several.contains(&Value::from("null")) {
                several.push("null".into());
            }
            *types = several.into();
            schema
        }
        _ => {
            // Annotations such as the description stay at the top level, where readers expect them.
            let said = ["description", "default", "examples"].map(|key| schema.remove_entry(key));
            let mut out = map([("anyOf", json!([schema, {"type": "null"}]))]);
            out.extend(said.into_iter().flatten());
            out
        }
    }
}

pub(super) fn constant(schema: &mut Map<String, Value>, constant: Option<&str>) {
    let Some(constant) = constant else { return };
    if schema.get("type").is_some_and(|ty| ty == "string") {
        schema.remove("examples");
        schema.insert("const".to_owned(), constant.into());
    }
}

pub(super) fn describe(schema: &mut Map<String, Value>, doc: Option<&str>, deprecated: bool) {
    if let Some(doc) = doc {
        let text = match schema.get("description").and_then(Value::as_str) {
            Some(values) if schema.contains_key("anyOf") => format!("{doc}\n\n{values}"),
            _ => doc.to_owned(),
        };
        schema.insert("description".to_owned(), text.into());
    }
    if deprecated {
        schema.insert("deprecated".to_owned(), true.into());
    }
}

/// Whether an example is real: the import replaces upstream sentences in examples by a neutral text.
pub(super) fn is_real_example(example: &Value) -> bool {
    !example.as_str().is_some_and(|text| text.starts_with("Example "))
}

pub(super) fn limits(schema: &mut Map<String, Value>, limits: &Limits) {
    let counts = [
        ("minLength", limits.min_length),
        ("maxLength", limits.max_length),
        ("minItems", limits.min_items),
        ("maxItems", limits.max_items),
        ("minProperties", limits.min_properties),
        ("maxProperties", limits.max_properties),
    ];
    for (key, count) in counts {
        if let Some(count) = count {
            schema.insert(key.to_owned(), count.into());
        }
    }
    let minimum = if limits.exclusive_minimum { "exclusiveMinimum" } else { "minimum" };
    let maximum = if limits.exclusive_maximum { "exclusiveMaximum" } else { "maximum" };
    for (key, number) in [(minimum, &limits.minimum), (maximum, &limits.maximum), ("multipleOf", &limits.multiple_of)] {
        if let Some(number) = number {
            schema.insert(key.to_owned(), Value::Number(number.clone()));
        }
    }
    if limits.unique_items {
        schema.insert("uniqueItems".to_owned(), true.into());
    }
}
