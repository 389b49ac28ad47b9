//! Reads YAML and JSON, and writes YAML, with the data model of JSON.
//!
//! Documents are `serde_json::Value`s that keep the order of keys: the crates for JSONPath and OpenAPI work on this type.

mod lines;
mod read;
mod write;

pub(crate) use lines::lines;
pub use read::read;
pub use write::write;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn written_documents_are_read_back_unchanged() {
        let value = json!({
            "empty": {"list": [], "object": {}, "text": "", "null": null},
            "list": [[1, [2, {"a": 1, "b": [{"c": 2, "d": 3}]}]], {"deep": {"er": [true, -1.5, 1e40, u64::MAX]}}],
            "text": ["17:00", "2024-01-01", "1_000", "yes", "No", "~", "0x1f", "1e3", "a: b", "a #b", "#a", "- a", "'", "\"",
                "\\", "a\nb\n", "\u{85}\u{2028}\u{feff}😌", "é", " a", "a ", "=", "<<", "{a}", "a{b}", "*", "&a", "!a", "%", "@a", "`"],
            "200": "status", "a b": 1, "/x/{id}": 2, "$ref": "#/a/b", "": 3, "null": 4,
        });
        let text = write(&value);
        assert_eq!(read(&text).unwrap(), value, "{text}");
        assert_eq!(write(&read(&text).unwrap()), text);
    }

    #[test]
    fn text_that_could_be_another_type_is_quoted() {
        assert_eq!(
            write(&json!({"a": ["x y", "on", "17:00"], "b": {"c": []}})),
            "a:\n- x y\n- \"on\"\n- \"17:00\"\nb:\n  c: []\n"
        );
    }

    #[test]
    fn keys_become_text_and_keep_their_order() {
        let value = read("b: 1\n200: 2\na: 3\n").unwrap();
        assert_eq!(value.as_object().unwrap().keys().collect::<Vec<_>>(), ["b", "200", "a"]);
    }

    #[test]
    fn errors_have_a_place() {
        assert!(read("a: [1").unwrap_err().message().contains("line 2"));
        assert_eq!(read("a: {b: .inf}").unwrap_err().pointer(), "/a/b");
        assert_eq!(read("a: {1: x, '1': y}").unwrap_err().pointer(), "/a/1");
        assert!(read("a: 1\na: 2").is_err() && read("a: !b c").is_err() && read("? [a]\n: b").is_err());
    }
}
