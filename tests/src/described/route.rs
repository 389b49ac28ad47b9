//! Routing: the operation of a request's path.

use serde_json::{Map, Value, json};

use crate::description::{Description, Operation};

/// Finds the operation of a path, and the values of its placeholders. Of several templates, the one with the fewest placeholders
/// counts.
pub(super) fn find<'d>(
    description: &'d Description,
    method: &str,
    path: &str,
) -> Option<(Operation<'d>, Map<String, Value>)> {
    let segments: Vec<String> = path.split('/').map(decode).collect();
    let fitting = description.paths(method).filter_map(|template| Some((template, fill(template, &segments)?)));
    let (template, values) = fitting.min_by_key(|(_, values)| values.len())?;
    Some((description.find(method, template)?, values))
}

/// The values of the placeholders of a template; `None` where the segments do not match it.
fn fill(template: &str, segments: &[String]) -> Option<Map<String, Value>> {
    let parts: Vec<&str> = template.split('/').collect();
    let mut values = Map::new();
    for (part, segment) in parts.iter().zip(segments) {
        match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
            Some(_) if segment.is_empty() => return None,
            Some(name) => drop(values.insert(name.to_owned(), json!(segment))),
            None if part == segment => {}
            None => return None,
        }
    }
    (parts.len() == segments.len()).then_some(values)
}

/// Removes percent-encoding. Invalid encoding is kept, so that the comparison fails.
pub(super) fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let hex = after
            .get(..2)
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (first, hex) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn find_returns_the_operation_of_a_path() {
        let description = Description::of("2.15");
        let found = |method: &str, path: &str| {
            find(&description, method, path).map(|(operation, values)| (operation.path, values))
        };
        assert_eq!(
            found("GET", "/contacts/a%2Fb%20c"),
            Some(("/contacts/{contact_id}", Map::from_iter([("contact_id".to_owned(), json!("a/b c"))])))
        );
        assert_eq!(found("POST", "/contacts/search").map(|(path, _)| path), Some("/contacts/search"));
        assert!(found("GET", "/contacts/").is_none() && found("PATCH", "/contacts/1").is_none());
    }
}
