//! Parsing of error bodies: their entries and the request id.

use serde_json::Value;

use super::{ApiError, ErrorCode};

/// The contents of an error body.
#[derive(Debug, Default)]
pub(super) struct ErrorBody {
    pub(super) errors: Vec<ApiError>,
    pub(super) request_id: Option<String>,
}

/// Parses an error body. The documented form is a list of entries at the key `errors`. A gateway or an older endpoint may send a single
/// entry or a message instead. A body that is not a JSON object has no entries.
pub(super) fn read(body: &[u8]) -> ErrorBody {
    let Ok(Value::Object(object)) = serde_json::from_slice(body) else { return ErrorBody::default() };
    let request_id = object.get("request_id").and_then(text);
    let errors = match (object.get("errors"), object.get("error")) {
        (Some(Value::Array(entries)), _) => entries.iter().filter_map(entry).collect(),
        (Some(Value::Object(_) | Value::String(_)), _) => object.get("errors").and_then(entry).into_iter().collect(),
        (_, Some(single @ (Value::Object(_) | Value::String(_)))) => entry(single).into_iter().collect(),
        _ => entry(&Value::Object(object)).into_iter().collect(),
    };
    ErrorBody { errors, request_id }
}

fn entry(value: &Value) -> Option<ApiError> {
    let object = match value {
        Value::String(message) => {
            return Some(ApiError { code: None, message: Some(message.clone()), field: None });
        }
        Value::Object(object) => object,
        _ => return None,
    };
    let get = |key: &str| object.get(key).and_then(text);
    let code = get("code").map(|code| ErrorCode::from(code.as_str()));
    let message = get("message").or_else(|| get("detail")).or_else(|| get("error_description"));
    let field = get("field");
    (code.is_some() || message.is_some() || field.is_some()).then_some(ApiError { code, message, field })
}

/// A string, or a number as text; `None` for other values.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_read_from_every_known_format() {
        let one = |body: &str| read(body.as_bytes()).errors.into_iter().next().map(|e| (e.code, e.message, e.field));
        let code = || Some(ErrorCode::NotFound);
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(
            one(r#"{"type":"error.list","errors":[{"code":"not_found","message":"gone","field":"id"}]}"#),
            Some((code(), text("gone"), text("id")))
        );
        assert_eq!(one(r#"{"errors":{"code":"not_found"}}"#), Some((code(), None, None)));
        assert_eq!(one(r#"{"errors":["gone"]}"#), Some((None, text("gone"), None)));
        assert_eq!(one(r#"{"error":"gone"}"#), Some((None, text("gone"), None)));
        assert_eq!(one(r#"{"error":{"message":"gone"}}"#), Some((None, text("gone"), None)));
        assert_eq!(one(r#"{"code":"not_found","message":"gone"}"#), Some((code(), text("gone"), None)));
        assert_eq!(one(r#"{"errors":[null, 3, {}]}"#), None);
        for body in ["", "null", "[]", "3", "<html>", "{", "{\"errors\":"] {
            assert_eq!(one(body), None, "{body}");
        }
    }

    #[test]
    fn the_request_id_is_read() {
        assert_eq!(read(br#"{"request_id":"abc"}"#).request_id.as_deref(), Some("abc"));
        assert_eq!(read(br#"{"request_id":null}"#).request_id, None);
    }
}
