//! Writes a query of the API in the search language, for examples.

use serde_json::Value;

/// The query in the search language; `None` where the value is no query.
pub fn text(query: &Value) -> Option<String> {
    written(query, false)
}

fn written(query: &Value, inside: bool) -> Option<String> {
    let operator = query.get("operator")?.as_str()?;
    let value = query.get("value")?;
    if matches!(operator, "AND" | "OR") {
        let parts: Option<Vec<String>> = value.as_array()?.iter().map(|part| written(part, true)).collect();
        let parts = parts.filter(|parts| !parts.is_empty())?;
        let joined = parts.join(if operator == "AND" { " and " } else { " or " });
        return Some(if inside && parts.len() > 1 { format!("({joined})") } else { joined });
    }
    let field = query.get("field")?.as_str()?;
    let word = match operator {
        "IN" => "in",
        "NIN" => "not in",
        "~" => "contains",
        "!~" => "not contains",
        "^" => "starts_with",
        "$" => "ends_with",
        sign => sign,
    };
    let value = match value {
        Value::Array(values) => {
            let values: Option<Vec<String>> = values.iter().map(operand).collect();
            format!("({})", values?.join(", "))
        }
        one => operand(one)?,
    };
    Some(format!("{field} {word} {value}"))
}

fn operand(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text,
        Value::Array(_) | Value::Object(_) => return None,
        other => return Some(other.to_string()),
    };
    let bare = |c: char| c.is_ascii_alphanumeric() || "_-.@:+".contains(c);
    if !text.is_empty() && text.chars().all(bare) && text != "null" {
        return Some(text.clone());
    }
    Some(format!("\"{}\"", text.replace('\\', r"\\").replace('"', "\\\"")))
}
