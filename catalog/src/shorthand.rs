//! Shorthands: methods for common uses, such as `conversations.close`. Each sends an operation with a part of its body filled in.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A shorthand of an operation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shorthand {
    /// Its name, in the group of the operation: `close`.
    pub method: String,
    /// One line that says what it does.
    pub summary: String,
    /// What one must know to use it, as Markdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The type of the body that it sends, by its name.
    pub body: String,
    /// What it fills in: dotted paths of the body, and their values.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub sets: Map<String, Value>,
    /// What must be given in addition to the parameters of the operation, in this order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub takes: Vec<Argument>,
}

/// An argument of a shorthand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Argument {
    /// Its name: `until`.
    pub name: String,
    /// Where it goes, as a dotted path of the body: `snoozed_until`.
    pub field: String,
}

impl Shorthand {
    /// The body to send. `given` has the arguments by their names, and other fields of the body by theirs; values that
    /// the shorthand sets take precedence. An argument that is missing is left out; if the body needs it, the check of the body reports
    /// that.
    ///
    /// ```
    /// use serde_json::json;
    ///
    /// let catalog = intercom_catalog::load("2.15")?;
    /// let (operation, close) = catalog.shorthand("conversations.close").expect("2.15 has it");
    /// let given = json!({"admin_id": "7", "body": "Bye"}).as_object().cloned().unwrap_or_default();
    /// assert_eq!(operation.id, "conversations.manage");
    /// assert_eq!(
    ///     serde_json::Value::Object(close.body(given)),
    ///     json!({"message_type": "close", "type": "admin", "admin_id": "7", "body": "Bye"}),
    /// );
    /// # Ok::<(), intercom_catalog::LoadError>(())
    /// ```
    pub fn body(&self, mut given: Map<String, Value>) -> Map<String, Value> {
        let taken: Vec<(&str, Value)> = self
            .takes
            .iter()
            .filter_map(|argument| Some((argument.field.as_str(), given.remove(&argument.name)?)))
            .collect();
        let mut body = given;
        for (field, value) in taken {
            put(&mut body, field, value);
        }
        for (field, value) in &self.sets {
            put(&mut body, field, value.clone());
        }
        body
    }
}

/// Puts a value at a dotted path, and creates the objects that are missing.
fn put(object: &mut Map<String, Value>, path: &str, value: Value) {
    let Some((first, rest)) = path.split_once('.') else {
        object.insert(path.to_owned(), value);
        return;
    };
    let mut inner = match object.remove(first) {
        Some(Value::Object(inner)) => inner,
        _ => Map::new(),
    };
    put(&mut inner, rest, value);
    object.insert(first.to_owned(), Value::Object(inner));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_body_has_what_is_given_and_what_is_filled_in() {
        let email: Shorthand = serde_json::from_value(json!({
            "method": "email", "summary": "Send an email.", "body": "CreateMessageRequest",
            "sets": {"message_type": "email", "from.type": "admin"},
            "takes": [{"name": "admin_id", "field": "from.id"}, {"name": "text", "field": "body"}],
        }))
        .expect("a shorthand");
        let given = json!({"admin_id": 7, "text": "Hello", "subject": "Hi", "message_type": "sms"});
        let body = Value::Object(email.body(given.as_object().cloned().unwrap_or_default()));
        let expected =
            json!({"message_type": "email", "from": {"type": "admin", "id": 7}, "body": "Hello", "subject": "Hi"});
        assert_eq!(body, expected);
    }
}
