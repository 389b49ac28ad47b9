//! Reads YAML and JSON into `serde_json::Value`, with limits on nesting and on aliases.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::map::Entry;
use serde_json::{Map, Number, Value};

use super::lines::{self, DEEPEST};
use crate::diag::{Error, Result, join};

/// Reads a YAML or JSON document. All keys are strings, also those that look like numbers, such as status codes.
///
/// # Errors
/// Where the text is neither, or has a value that JSON cannot represent, such as one with a local tag (`!a`) or an infinite number;
/// where a key occurs twice; where nesting or aliases exceed the limits.
pub fn read(text: &str) -> Result<Value> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if !looks_like_json(text) {
        return yaml(text);
    }
    // JSON has escapes that YAML lacks, so JSON is tried first. Text that begins like JSON may still be YAML.
    json(text).or_else(|error| yaml(text).map_err(|_| error))
}

/// Whether the text begins as a JSON object does.
pub(super) fn looks_like_json(text: &str) -> bool {
    text.trim_start().strip_prefix('{').is_some_and(|rest| rest.trim_start().starts_with(['"', '}']))
}

fn json(text: &str) -> Result<Value> {
    let mut reader = Reader::new(text);
    let mut source = serde_json::Deserializer::from_str(text);
    let value = Seed(&mut reader).deserialize(&mut source).and_then(|value| source.end().map(|()| value));
    value.map_err(|error| reader.error("JSON", &error, Some(error.line())))
}

fn yaml(text: &str) -> Result<Value> {
    // The YAML parser compares each token with every open bracket, which is slow for deeply nested text.
    if estimated_nesting(text) > DEEPEST
        && let Some(line) = lines::line_too_deep(text)
    {
        return Err(too_deep_error().at_line(Some(line)));
    }
    let mut reader = Reader::new(text);
    let value = Seed(&mut reader).deserialize(serde_yaml::Deserializer::from_str(text));
    // An error without a line is about the whole document, which begins at line 1.
    value.map_err(|error| {
        reader.error("YAML", &error, error.location().map_or(Some(1), |location| Some(location.line())))
    })
}

/// Estimates how deep brackets are nested, without parsing: brackets and quotes in text and comments can make the result too
/// high or too low.
fn estimated_nesting(text: &str) -> usize {
    let (mut open, mut most) = (0_usize, 0);
    let (mut quote, mut before) = (None, b'\n');
    for byte in text.bytes() {
        match (quote, byte) {
            (Some(end), _) if byte == end => quote = None,
            (None, b'"' | b'\'') if b" \n\t,[{:".contains(&before) => quote = Some(byte),
            (None, b'[' | b'{') => open += 1,
            (None, b']' | b'}') => open = open.saturating_sub(1),
            _ => {}
        }
        most = most.max(open);
        before = byte;
    }
    most
}

fn too_deep_error() -> Error {
    Error::new("", "", format!("lists and mappings are nested more than {DEEPEST} levels deep"))
        .hint("reduce the nesting")
}

/// The state of reading a document.
struct Reader {
    /// How many more values and bytes of text may be read. Only aliases can make a document exceed the limit, since every other
    /// value takes space in the text.
    left: usize,
    /// The segments of the JSON pointer to the place where reading failed, innermost first.
    trail: Vec<String>,
    /// Why this reader, and not the parser, rejects the document; and a hint.
    rejection: Option<(String, &'static str)>,
}

impl Reader {
    fn new(text: &str) -> Self {
        Self { left: 8 * text.len() + 1024, trail: Vec::new(), rejection: None }
    }

    /// Counts a value with the length of its text, in bytes, against the limit.
    fn spend<E: serde::de::Error>(&mut self, length: usize) -> Result<(), E> {
        match self.left.checked_sub(length + 1) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => Err(self.reject(
                "aliases expand to more than about eight times the text",
                "write the values out, or use `$ref`",
            )),
        }
    }

    fn reject<E: serde::de::Error>(&mut self, message: impl Into<String>, hint: &'static str) -> E {
        let message = message.into();
        let error = E::custom(&message);
        self.rejection = Some((message, hint));
        error
    }

    fn error(&self, language: &str, error: &impl fmt::Display, line: Option<usize>) -> Error {
        let pointer = self.trail.iter().rev().fold(String::new(), |pointer, step| join(&pointer, step));
        let said = error.to_string();
        let error = match &self.rejection {
            Some((message, hint)) => Error::new("", pointer, message).hint(*hint),
            None if said.contains("recursion limit") => too_deep_error(),
            None if said.contains("repetition limit") => {
                Error::new("", "", "aliases expand too often").hint("write the values out, or use `$ref`")
            }
            None if said.contains("more than one document") => {
                Error::new("", "", "there is more than one document").hint("remove the documents after the first one")
            }
            None => Error::new("", "", format!("not valid {language}: {said}"))
                .hint("the mistake may also be in the line before"),
        };
        error.at_line(line.filter(|line| *line > 0))
    }
}

/// Reads one value.
struct Seed<'r>(&'r mut Reader);

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value that JSON can represent")
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Value, E> {
        self.0.spend(0).map(|()| Value::Null)
    }

    fn visit_none<E: serde::de::Error>(self) -> Result<Value, E> {
        self.visit_unit()
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<Value, E> {
        self.0.spend(0).map(|()| value.into())
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Value, E> {
        self.0.spend(0).map(|()| value.into())
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Value, E> {
        self.0.spend(0).map(|()| value.into())
    }

    #[allow(clippy::cast_precision_loss)] // as in JSON parsers: integers beyond 64 bits become floats
    fn visit_u128<E: serde::de::Error>(self, value: u128) -> Result<Value, E> {
        self.visit_f64(value as f64)
    }

    #[allow(clippy::cast_precision_loss)]
    fn visit_i128<E: serde::de::Error>(self, value: i128) -> Result<Value, E> {
        self.visit_f64(value as f64)
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        self.0.spend(0)?;
        match Number::from_f64(value) {
            Some(number) => Ok(number.into()),
            None => Err(self.0.reject(format!("the number {value} cannot be written as JSON"), "quote it")),
        }
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Value, E> {
        self.0.spend(value.len()).map(|()| value.into())
    }

    fn visit_string<E: serde::de::Error>(self, value: String) -> Result<Value, E> {
        self.0.spend(value.len()).map(|()| value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        self.0.spend(0)?;
        let mut list = Vec::new();
        loop {
            match items.next_element_seed(Seed(&mut *self.0)) {
                Ok(Some(item)) => list.push(item),
                Ok(None) => return Ok(Value::Array(list)),
                Err(error) => {
                    self.0.trail.push(list.len().to_string());
                    return Err(error);
                }
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        self.0.spend(0)?;
        let mut map = Map::new();
        while let Some(key) = entries.next_key_seed(Key)? {
            self.0.spend(key.len())?;
            match map.entry(key) {
                Entry::Occupied(known) => {
                    self.0.trail.push(known.key().clone());
                    return Err(self.0.reject("the key occurs twice", "remove one of them"));
                }
                Entry::Vacant(slot) => match entries.next_value_seed(Seed(&mut *self.0)) {
                    Ok(value) => drop(slot.insert(value)),
                    Err(error) => {
                        self.0.trail.push(slot.key().clone());
                        return Err(error);
                    }
                },
            }
        }
        Ok(Value::Object(map))
    }

    fn visit_enum<A: serde::de::EnumAccess<'de>>(self, tagged: A) -> Result<Value, A::Error> {
        let (tag, _) = tagged.variant::<String>()?;
        Err(self.0.reject(format!("the tag !{tag} is not supported"), "remove the tag"))
    }
}

/// Reads a key as a string.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text as a key")
    }

    fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<String, E> {
        Ok(key.to_owned())
    }

    fn visit_string<E: serde::de::Error>(self, key: String) -> Result<String, E> {
        Ok(key)
    }
}
