//! Indented JSON, with colours on a terminal.

use serde_json::Value;

use super::Colors;

/// The value as text, indented as at nesting level `level`.
pub fn pretty(value: &Value, level: usize, colors: Colors) -> String {
    let mut text = String::new();
    write(&mut text, value, level, colors);
    text
}

fn write(text: &mut String, value: &Value, level: usize, colors: Colors) {
    match value {
        Value::Array(items) if !items.is_empty() => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                line(text, index, level + 1);
                write(text, item, level + 1, colors);
            }
            end(text, level, ']');
        }
        Value::Object(fields) if !fields.is_empty() => {
            text.push('{');
            for (index, (key, value)) in fields.iter().enumerate() {
                line(text, index, level + 1);
                text.push_str(&colors.blue(&Value::from(key.as_str()).to_string()));
                text.push_str(": ");
                write(text, value, level + 1, colors);
            }
            end(text, level, '}');
        }
        Value::String(_) => text.push_str(&colors.green(&value.to_string())),
        Value::Null => text.push_str(&colors.dim("null")),
        other => text.push_str(&other.to_string()),
    }
}

fn line(text: &mut String, index: usize, level: usize) {
    text.push_str(if index == 0 { "\n" } else { ",\n" });
    text.push_str(&"  ".repeat(level));
}

fn end(text: &mut String, level: usize, bracket: char) {
    text.push('\n');
    text.push_str(&"  ".repeat(level));
    text.push(bracket);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn it_is_what_serde_json_writes() {
        let value = json!({"a": [1, {"b": null}, []], "c\"": "d\n", "e": {}, "f": true});
        assert_eq!(pretty(&value, 0, Colors::new(Some("never"), true)), format!("{value:#}"));
    }
}
