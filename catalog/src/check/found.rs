//! Values and lists of names as problems show them.

use serde_json::Value;

/// How many characters of a text are shown.
const SHOWN: usize = 40;

/// How many names of a list are shown.
const NAMES: usize = 12;

/// A short form of a value.
pub(super) fn described(value: &Value) -> String {
    match value {
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
        Value::String(text) if text.chars().count() > SHOWN => {
            let start: String = text.chars().take(SHOWN).collect();
            format!("{:?}", format!("{start}…"))
        }
        value => value.to_string(),
    }
}

/// The first names of a list, and how many more there are.
pub(super) fn list(names: impl Iterator<Item = String>) -> String {
    let names: Vec<String> = names.collect();
    let shown = names.iter().take(NAMES).map(String::as_str).collect::<Vec<_>>().join(", ");
    if names.len() > NAMES { format!("{shown} and {} more", names.len() - NAMES) } else { shown }
}

/// Whether a value is the only one that is allowed, which the catalog has as text.
pub(super) fn is_constant(value: &Value, constant: &str) -> bool {
    match value {
        Value::String(text) => text == constant,
        value => {
            let text = value.to_string();
            text == constant
        }
    }
}
