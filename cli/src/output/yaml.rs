//! YAML in block style. Strings that a reader could take for another type are quoted as in JSON, of which YAML is a superset.

use serde_json::Value;

/// A document of one value.
pub fn document(value: &Value) -> String {
    let mut text = String::new();
    block(&mut text, value, 0);
    text
}

/// An item of a list that is the document.
pub fn item(value: &Value) -> String {
    let mut text = String::new();
    entry(&mut text, value, 0);
    text
}

/// A value that begins a line.
fn block(text: &mut String, value: &Value, level: usize) {
    match value {
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                text.push_str(&"  ".repeat(level));
                entry(text, item, level);
            }
        }
        Value::Object(fields) if !fields.is_empty() => {
            for (index, (key, value)) in fields.iter().enumerate() {
                if index > 0 || !ends_with_dash(text) {
                    text.push_str(&"  ".repeat(level));
                }
                text.push_str(&scalar(&Value::from(key.as_str())));
                text.push(':');
                match value {
                    Value::Array(items) if !items.is_empty() => {
                        text.push('\n');
                        block(text, value, level + 1);
                    }
                    Value::Object(fields) if !fields.is_empty() => {
                        text.push('\n');
                        block(text, value, level + 1);
                    }
                    other => text.push_str(&format!(" {}\n", scalar(other))),
                }
            }
        }
        other => text.push_str(&format!("{}\n", scalar(other))),
    }
}

fn entry(text: &mut String, item: &Value, level: usize) {
    match item {
        Value::Array(items) if !items.is_empty() => {
            text.push_str("-\n");
            block(text, item, level + 1);
        }
        item => {
            text.push_str("- ");
            block(text, item, level + 1);
        }
    }
}

fn ends_with_dash(text: &str) -> bool {
    text.ends_with("- ")
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) if is_plain(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Whether any YAML 1.1 or 1.2 reader reads the unquoted text as this same string.
fn is_plain(text: &str) -> bool {
    let words = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || " _-./@".contains(c))
        && !text.ends_with(' ')
        && !words.contains(&text.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_reader_of_yaml_reads_the_same_value() {
        for value in [
            json!({"a": 1, "b": [1, [2, [3]], {"c": null, "d": {"e": []}}], "f": {}, "yes": "no"}),
            json!([{"a": {"b": 1}, "c": "x: y"}, [], "- x", "12", "1e3", "0x1F", "~", " a ", "é", "a\nb", "#", "2026-11-01"]),
            json!("plain text"),
            json!({"": "", "a b": "c # d", "null": ["true", "Off", "a@b.c"]}),
            json!(null),
        ] {
            let text = document(&value);
            let read: Value = serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{error}:\n{text}"));
            assert_eq!(read, value, "{text}");
        }
        let items = [json!({"a": 1, "b": [1]}), json!(1), json!([1])];
        let text: String = items.iter().map(item).collect();
        assert_eq!(serde_yaml::from_str::<Value>(&text).unwrap(), Value::from(items.to_vec()), "{text}");
    }
}
