//! Selects the fields of `--fields`.

use serde_json::{Map, Value};

/// An object with these fields only, under the names in `fields`; the value itself where `fields` is empty or the value is
/// not an object.
pub fn pick(value: &Value, fields: &[String]) -> Value {
    if fields.is_empty() || !value.is_object() {
        return value.clone();
    }
    let picked = fields.iter().map(|name| (name.clone(), place(value, name).cloned().unwrap_or(Value::Null)));
    Value::Object(picked.collect::<Map<_, _>>())
}

/// The value at a dotted path: `location.country`, `tags.data.0.name`. A key that contains dots has precedence.
pub fn place<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    if let Some(found) = value.get(path) {
        return Some(found);
    }
    if let (Value::Array(items), Ok(index)) = (value, path.parse::<usize>()) {
        return items.get(index);
    }
    path.match_indices('.').find_map(|(dot, _)| {
        let inner = match value {
            Value::Array(items) => items.get(path[..dot].parse::<usize>().ok()?)?,
            _ => value.get(&path[..dot])?,
        };
        place(inner, &path[dot + 1..])
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_are_found_by_dotted_places() {
        let value = json!({"id": 1, "a": {"b": [{"c": 2}], "d.e": 3}});
        for (path, found) in [("id", json!(1)), ("a.b.0.c", json!(2)), ("a.d.e", json!(3))] {
            assert_eq!(place(&value, path), Some(&found), "{path}");
        }
        assert_eq!(place(&value, "a.x"), None);
        assert_eq!(pick(&value, &["a.b.0.c".to_owned(), "x".to_owned()]), json!({"a.b.0.c": 2, "x": null}));
    }
}
