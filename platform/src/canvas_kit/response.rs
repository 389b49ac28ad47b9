//! Encoding of Canvas Kit responses, with checks for what the Messenger and the Inbox would refuse.

use std::fmt;
use std::ops::RangeInclusive;

use bytes::Bytes;
use serde::Serialize;
use serde_json::Value;

/// The maximum size of the `content` and of the `stored_data` of a canvas, in bytes of JSON.
pub const MAX_BYTES: usize = 64 * 1024;

/// Where an app is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Surface {
    /// In the Messenger, to a contact. Only the Messenger can open sheets.
    Messenger,
    /// In the Inbox, to a teammate.
    Inbox,
}

/// Checks a response and encodes it as JSON. The response contains a canvas or results, or the content of a live canvas.
///
/// # Errors
/// If the response cannot be serialized, or a check finds that the surface would refuse it. The error lists all problems that were found,
/// with the ids of the components.
pub fn encode_response<T: Serialize + ?Sized>(response: &T, surface: Surface) -> Result<Bytes, CanvasError> {
    let value = serde_json::to_value(response).map_err(|error| {
        CanvasError::new(NOT_SERIALIZED, vec![Problem { component: String::new(), message: error.to_string() }])
    })?;
    let mut check = Check { surface, problems: Vec::new() };
    check.response(&value);
    if check.problems.is_empty() {
        Ok(Bytes::from(value.to_string()))
    } else {
        Err(CanvasError::new(REFUSED, check.problems))
    }
}

/// The error of a response that Intercom would refuse, or that cannot be serialized, with the problems that were found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CanvasError {
    /// The beginning of the text of the error.
    prefix: &'static str,
    problems: Vec<Problem>,
}

const REFUSED: &str = "Intercom would refuse the response";
const NOT_SERIALIZED: &str = "the response cannot be serialized";

/// A problem of a response.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// The id of the component or of the list item. For a component without an id it is the position (`#1`), for an item without an
    /// id that of its list. Empty for a problem of the whole response.
    pub component: String,
    /// What is wrong.
    pub message: String,
}

impl CanvasError {
    fn new(prefix: &'static str, problems: Vec<Problem>) -> Self {
        Self { prefix, problems }
    }

    /// The problems: first those of the whole response, then those of the components in their order.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

impl fmt::Display for CanvasError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.prefix)?;
        for (index, problem) in self.problems.iter().enumerate() {
            f.write_str(if index == 0 { "" } else { "; " })?;
            if !problem.component.is_empty() {
                write!(f, "component or list item `{}`: ", problem.component)?;
            }
            f.write_str(&problem.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for CanvasError {}

struct Check {
    surface: Surface,
    problems: Vec<Problem>,
}

impl Check {
    fn problem(&mut self, component: &str, message: impl Into<String>) {
        self.problems.push(Problem { component: component.to_owned(), message: message.into() });
    }

    fn response(&mut self, response: &Value) {
        let canvas = response.get("canvas");
        if let Some(canvas) = canvas {
            match (canvas.get("content"), canvas.get("content_url")) {
                (Some(_), Some(_)) => self.problem("", "a canvas has either `content` or `content_url`, not both"),
                (None, None) => self.problem("", "a canvas needs `content` or `content_url`"),
                _ => {}
            }
            self.size("stored_data", canvas.get("stored_data"));
        }
        let content = canvas.and_then(|canvas| canvas.get("content")).or_else(|| response.get("content"));
        self.size("content", content);
        let components = content.and_then(|content| content.get("components")).and_then(Value::as_array);
        for (index, component) in components.into_iter().flatten().enumerate() {
            self.component(index, component);
        }
        if canvas.is_none() && content.is_none() && response.get("results").is_none() {
            self.problem("", "a response needs a `canvas`, `content` or `results`");
        }
    }

    fn size(&mut self, name: &str, value: Option<&Value>) {
        let bytes = value.map_or(0, |value| value.to_string().len());
        if bytes > MAX_BYTES {
            self.problem("", format!("`{name}` has {bytes} bytes; {MAX_BYTES} are allowed"));
        }
    }

    fn component(&mut self, index: usize, component: &Value) {
        let text = |key: &str| component.get(key).and_then(Value::as_str);
        let id = text("id").filter(|id| !id.is_empty()).map_or_else(|| format!("#{}", index + 1), str::to_owned);
        match text("type").unwrap_or_default() {
            "dropdown" | "single-select" => self.options(&id, component, "options", 2..=10),
            // The key of a checkbox is `option`, without an s.
            "checkbox" => self.options(&id, component, "option", 1..=usize::MAX),
            "image" => {
                self.https(&id, "url", text("url"));
                if component.pointer("/action/type").is_some_and(|kind| kind != "url") {
                    self.problem(&id, "the action of an image can only be `url`");
                }
            }
            "list" => {
                for item in component.get("items").and_then(Value::as_array).into_iter().flatten() {
                    let item_id = item.get("id").and_then(Value::as_str).unwrap_or(&id);
                    if item.get("image").is_some()
                        && (item.get("image_width").is_none() || item.get("image_height").is_none())
                    {
                        self.problem(item_id, "an item with `image` needs `image_width` and `image_height`");
                    }
                    self.action(item_id, item.get("action"));
                }
            }
            _ => {}
        }
        self.action(&id, component.get("action"));
    }

    fn options(&mut self, id: &str, component: &Value, key: &str, allowed: RangeInclusive<usize>) {
        let count = component.get(key).and_then(Value::as_array).map_or(0, Vec::len);
        if !allowed.contains(&count) {
            let range = match (*allowed.start(), *allowed.end()) {
                (min, usize::MAX) => format!("{min} or more"),
                (min, max) => format!("{min} to {max}"),
            };
            self.problem(id, format!("the list `{key}` must have {range} entries, found {count}"));
        }
    }

    fn action(&mut self, id: &str, action: Option<&Value>) {
        let kind = action.and_then(|action| action.get("type")).and_then(Value::as_str);
        if kind == Some("sheet") {
            if self.surface == Surface::Inbox {
                self.problem(id, "only the Messenger can open a sheet");
            }
            self.https(id, "action.url", action.and_then(|action| action.get("url")).and_then(Value::as_str));
        }
    }

    fn https(&mut self, id: &str, name: &str, url: Option<&str>) {
        if !url.is_some_and(|url| url.starts_with("https://")) {
            self.problem(id, format!("`{name}` must begin with https://"));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn problems(component: Value, surface: Surface) -> Vec<String> {
        let response = json!({"canvas": {"content": {"components": [component]}}});
        match encode_response(&response, surface) {
            Ok(_) => Vec::new(),
            Err(error) => {
                error.problems().iter().map(|problem| format!("{}: {}", problem.component, problem.message)).collect()
            }
        }
    }

    #[test]
    fn problems_name_the_component() {
        let option = |id: usize| json!({"type": "option", "id": id.to_string(), "text": "x"});
        let options = |count: usize| (0..count).map(option).collect::<Vec<_>>();
        for (component, expected) in [
            (
                json!({"type": "dropdown", "id": "d", "options": options(1)}),
                "d: the list `options` must have 2 to 10 entries, found 1",
            ),
            (
                json!({"type": "single-select", "options": options(11)}),
                "#1: the list `options` must have 2 to 10 entries, found 11",
            ),
            (
                json!({"type": "checkbox", "id": "c", "options": options(3)}),
                "c: the list `option` must have 1 or more entries, found 0",
            ),
            (json!({"type": "image", "id": "i", "url": "http://a"}), "i: `url` must begin with https://"),
            (
                json!({"type": "list", "items": [{"id": "x", "image": "https://a"}]}),
                "x: an item with `image` needs `image_width` and `image_height`",
            ),
            (
                json!({"type": "button", "id": "b", "action": {"type": "sheet", "url": "https://a"}}),
                "b: only the Messenger can open a sheet",
            ),
        ] {
            assert_eq!(problems(component, Surface::Inbox), [expected]);
        }
        for component in [
            json!({"type": "dropdown", "options": options(2)}),
            json!({"type": "single-select", "options": options(10)}),
            json!({"type": "checkbox", "option": options(1)}),
            json!({"type": "button", "action": {"type": "sheet", "url": "https://a"}}),
        ] {
            assert_eq!(problems(component, Surface::Messenger), [""; 0]);
        }
    }

    #[test]
    fn incomplete_contradictory_and_too_large_responses_are_refused() {
        for (response, expected) in [
            (json!({}), "a response needs a `canvas`, `content` or `results`"),
            (json!({"canvas": {}}), "a canvas needs `content` or `content_url`"),
            (
                json!({"canvas": {"content": {"components": []}, "content_url": "https://a"}}),
                "a canvas has either `content` or `content_url`, not both",
            ),
            (
                json!({"canvas": {"content_url": "https://a", "stored_data": {"a": "x".repeat(MAX_BYTES)}}}),
                "`stored_data` has 65544 bytes; 65536 are allowed",
            ),
        ] {
            let error = encode_response(&response, Surface::Messenger).unwrap_err();
            assert_eq!(error.problems()[0].message, expected);
        }
        let not_json = std::collections::BTreeMap::from([([1, 2], 3)]);
        let error = encode_response(&not_json, Surface::Inbox).unwrap_err();
        assert_eq!(error.to_string(), "the response cannot be serialized: key must be a string");
        let error = encode_response(&json!({}), Surface::Inbox).unwrap_err();
        assert_eq!(
            error.to_string(),
            "Intercom would refuse the response: a response needs a `canvas`, `content` or `results`"
        );
        assert!(encode_response(&json!({"results": {"a": 1}}), Surface::Inbox).is_ok());
        assert!(encode_response(&json!({"content": {"components": []}}), Surface::Messenger).is_ok());
    }
}
