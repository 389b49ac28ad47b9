//! Short forms of values and of lists of names, for problems.

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

/// The text of a value in a path or a query.
pub(super) fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
