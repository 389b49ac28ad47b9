//! Redacts fields in results.

use serde_json::Value;

/// The text that replaces a value.
pub(crate) const REDACTED: &str = "[redacted]";

/// Replaces the values of the fields with these names, at any depth. Null stays.
pub(crate) fn redact(value: &mut Value, names: &[String]) {
    if names.is_empty() {
        return;
    }
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                if names.iter().any(|pattern| fits(pattern, name)) {
                    if !value.is_null() {
                        *value = REDACTED.into();
                    }
                } else {
                    redact(value, names);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| redact(item, names)),
        _ => {}
    }
}

/// Whether a name matches a pattern, which may have a `*` at its beginning and its end; case is ignored.
fn fits(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.to_lowercase(), name.to_lowercase());
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(""), _) => true,
        (Some(inner), Some(_)) => name.contains(inner.strip_suffix('*').unwrap_or(inner)),
        (Some(end), None) => name.ends_with(end),
        (None, Some(start)) => name.starts_with(start),
        (None, None) => name == pattern,
    }
}

#[cfg(test)]
mod tests {
    use super::redact;
    use serde_json::json;

    #[test]
    fn fields_are_replaced_wherever_they_are() {
        let mut value = json!({
            "email": "joe@example.com", "Phone": null, "id": "1",
            "contacts": [{"owner_email": "a@example.com", "emails": ["b@example.com"], "name": "Joe"}],
            "source": {"author": {"email": {"address": "c@example.com"}}}
        });
        redact(&mut value, &["email".to_owned(), "phone".to_owned(), "*_email".to_owned(), "email*".to_owned()]);
        assert_eq!(
            value,
            json!({
                "email": "[redacted]", "Phone": null, "id": "1",
                "contacts": [{"owner_email": "[redacted]", "emails": "[redacted]", "name": "Joe"}],
                "source": {"author": {"email": "[redacted]"}}
            })
        );
    }

    #[test]
    fn nothing_is_replaced_without_names() {
        let mut value = json!({"email": "joe@example.com"});
        redact(&mut value, &[]);
        assert_eq!(value, json!({"email": "joe@example.com"}));
    }
}
