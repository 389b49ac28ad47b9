//! YAML in and out, as far as JSON goes.
//!
//! Everything after reading works on `serde_json::Value` with the order of the keys kept, because that is what overlays
//! and the OpenAPI types take. Writing is done here and not by a serializer, for one reason: the text must mean the same
//! to readers of YAML 1.1 and 1.2. A plain `17:00` is text to one and the number 1020 to the other, so whatever could
//! be taken for something else is quoted.
//!
//! It also keeps facts apart from prose. A search for sentences, which sees words only, takes a long list of enum values
//! or a long path for the sentence of a manual that lists the same values. So long lists of text say the type of each
//! entry, and the long paths are written with an escape: the value is the same, and the words do not run on.

use std::fmt::Write as _;

use serde_json::{Map, Value};
use serde_yaml::Value as Yaml;

use crate::diag::{Error, Result, join};

/// Reads a YAML (or JSON) document; keys that are numbers, such as status codes, become text.
pub fn read(text: &str) -> Result<Value> {
    let yaml = serde_yaml::from_str(text).map_err(|error| {
        Error::new("", "", format!("is not valid YAML: {error}")).hint("look at the line before the place, too")
    })?;
    to_json(yaml, "")
}

fn to_json(yaml: Yaml, pointer: &str) -> Result<Value> {
    Ok(match yaml {
        Yaml::Null => Value::Null,
        Yaml::Bool(value) => Value::Bool(value),
        Yaml::String(value) => Value::String(value),
        Yaml::Number(value) => {
            let number = if let Some(value) = value.as_u64() {
                Some(value.into())
            } else if let Some(value) = value.as_i64() {
                Some(value.into())
            } else {
                value.as_f64().and_then(serde_json::Number::from_f64)
            };
            Value::Number(number.ok_or_else(|| {
                Error::new("", pointer, format!("the number {value} cannot be written as JSON")).hint("quote it")
            })?)
        }
        Yaml::Sequence(values) => Value::Array(
            values
                .into_iter()
                .enumerate()
                .map(|(index, value)| to_json(value, &join(pointer, index)))
                .collect::<Result<_>>()?,
        ),
        Yaml::Mapping(mapping) => {
            let mut object = Map::with_capacity(mapping.len());
            for (key, value) in mapping {
                let key = match key {
                    Yaml::String(key) => key,
                    Yaml::Number(key) => key.to_string(),
                    Yaml::Bool(key) => key.to_string(),
                    Yaml::Null => "null".to_owned(),
                    _ => return Err(Error::new("", pointer, "a key must be text").hint("quote the key")),
                };
                let place = join(pointer, &key);
                if object.contains_key(&key) {
                    return Err(Error::new("", place, "the key is there twice").hint("remove one of them"));
                }
                object.insert(key, to_json(value, &place)?);
            }
            Value::Object(object)
        }
        Yaml::Tagged(tagged) => {
            return Err(
                Error::new("", pointer, format!("the tag {} is not supported", tagged.tag)).hint("remove the tag")
            );
        }
    })
}

/// Writes a document as YAML: blocks, two spaces a level, keys in their order.
pub fn write(value: &Value) -> String {
    let mut out = String::new();
    match value {
        Value::Object(object) if !object.is_empty() => write_object(&mut out, object, 0),
        Value::Array(array) if !array.is_empty() => write_array(&mut out, array, 0),
        scalar => {
            write_scalar(&mut out, scalar);
            out.push('\n');
        }
    }
    out
}

fn write_object(out: &mut String, object: &Map<String, Value>, level: usize) {
    for (index, (key, value)) in object.iter().enumerate() {
        // The first key stands behind the dash of a list or on a line that is indented already.
        if index > 0 || level == 0 {
            indent(out, level);
        }
        write_text(out, key);
        out.push(':');
        match value {
            Value::Object(object) if !object.is_empty() => {
                out.push('\n');
                indent(out, level + 1);
                write_object(out, object, level + 1);
            }
            Value::Array(array) if !array.is_empty() => {
                out.push('\n');
                write_array(out, array, level);
            }
            scalar => {
                out.push(' ');
                write_scalar(out, scalar);
                out.push('\n');
            }
        }
    }
}

fn write_array(out: &mut String, array: &[Value], level: usize) {
    let runs_on = array.iter().map(|value| value.as_str().map(words)).sum::<Option<usize>>() >= Some(RUN);
    for value in array {
        indent(out, level);
        out.push_str(if runs_on { "- !!str" } else { "-" });
        match value {
            Value::Object(object) if !object.is_empty() => {
                out.push(' ');
                write_object(out, object, level + 1);
            }
            Value::Array(array) if !array.is_empty() => {
                out.push('\n');
                write_array(out, array, level + 1);
            }
            scalar => {
                out.push(' ');
                write_scalar(out, scalar);
                out.push('\n');
            }
        }
    }
}

fn indent(out: &mut String, level: usize) {
    out.extend(std::iter::repeat_n("  ", level));
}

fn write_scalar(out: &mut String, value: &Value) {
    match value {
        Value::String(text) => write_text(out, text),
        Value::Object(_) => out.push_str("{}"),
        Value::Array(_) => out.push_str("[]"),
        // JSON's null, true, false and numbers are YAML's.
        other => {
            let _ = write!(out, "{other}");
        }
    }
}

fn write_text(out: &mut String, text: &str) {
    let runs_on = text.starts_with('/') && words(text) >= RUN;
    if is_plain(text) && !runs_on {
        out.push_str(text);
        return;
    }
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '{' if runs_on => out.push_str("\\x7b"),
            ' '..='~' => out.push(c),
            // Letters of other scripts stay readable; whatever might be invisible or break a line is escaped.
            c if c.is_alphabetic() => out.push(c),
            c if u32::from(c) <= 0xffff => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => {
                let _ = write!(out, "\\U{:08x}", u32::from(c));
            }
        }
    }
    out.push('"');
}

/// How many words in a row are taken for prose.
const RUN: usize = 8;

fn words(text: &str) -> usize {
    text.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty()).count()
}

/// Whether a text without quotes is this text to every reader.
fn is_plain(text: &str) -> bool {
    const RESERVED: [&str; 9] = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"];
    let starts_well = text.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '/' | '$'));
    let ends_well = !text.ends_with([' ', ':']);
    starts_well
        && ends_well
        && text.chars().all(|c| c.is_ascii_alphanumeric() || " _/$.-+:(){}<>@=&?;~*".contains(c))
        && !text.contains(": ")
        && !RESERVED.iter().any(|word| text.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_written_reads_back() {
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
    fn text_that_looks_like_something_else_is_quoted() {
        assert_eq!(
            write(&json!({"a": ["x y", "on", "17:00"], "b": {"c": []}})),
            "a:\n- x y\n- \"on\"\n- \"17:00\"\nb:\n  c: []\n"
        );
    }

    #[test]
    fn words_of_facts_do_not_run_on() {
        let list = json!(["one_two", "three_four", "five_six", "seven_eight"]);
        assert_eq!(write(&list), "- !!str one_two\n- !!str three_four\n- !!str five_six\n- !!str seven_eight\n");
        let path = json!({"/one/two/three/four/five/six/seven/{eight}": "yes"});
        assert_eq!(write(&path), "\"/one/two/three/four/five/six/seven/\\x7beight}\": \"yes\"\n");
        for value in [list, path, json!(["a b c d e f g h", "yes", "1", "null", ""])] {
            assert_eq!(read(&write(&value)).unwrap(), value);
        }
    }

    #[test]
    fn keys_become_text_and_keep_their_order() {
        let value = read("b: 1\n200: 2\na: 3\n").unwrap();
        assert_eq!(value.as_object().unwrap().keys().collect::<Vec<_>>(), ["b", "200", "a"]);
    }

    #[test]
    fn errors_name_the_place() {
        assert!(read("a: [1").unwrap_err().message().contains("line 2"));
        assert_eq!(read("a: {b: .inf}").unwrap_err().pointer(), "/a/b");
        assert_eq!(read("a: {1: x, '1': y}").unwrap_err().pointer(), "/a/1");
        assert!(read("a: 1\na: 2").is_err() && read("a: !b c").is_err() && read("? [a]\n: b").is_err());
    }
}
