//! Values of any type.

use serde_json::{Map, Number, Value};

use super::{Expected, ReadError, Reader};

/// The memory of an object with one member, without its strings: a `BTreeMap` allocates nodes of eleven entries, with two
/// words for each node.
const FIRST_MEMBER: usize = 11 * (size_of::<String>() + size_of::<Value>()) + 2 * size_of::<usize>();
/// The memory of each further member, without its strings: nodes may be only half full.
const MEMBER: usize = 2 * (size_of::<String>() + size_of::<Value>());

impl Reader<'_> {
    /// Reads a value of any type.
    ///
    /// # Errors
    /// If it is not JSON, or does not fit into a [`Value`]: a number beyond `f64`, an unpaired surrogate, too many levels of nesting, or
    /// too much memory for the size of the text.
    pub fn value(&mut self) -> Result<Value, ReadError> {
        Ok(match self.peek() {
            Some(b'"') => Value::String(self.string()?.into_owned()),
            Some(b'-' | b'0'..=b'9') => Value::Number(self.any_number()?),
            Some(b't' | b'f') => Value::Bool(self.bool()?),
            Some(b'n') => {
                self.literal(b"null")?;
                Value::Null
            }
            Some(b'[') => Value::Array(self.list_of_values()?),
            Some(b'{') => Value::Object(self.map_of_values()?),
            _ => return self.syntax_error("expected a value"),
        })
    }

    fn any_number(&mut self) -> Result<Number, ReadError> {
        let start = self.start();
        if let Ok(number) = self.integer("") {
            // `-0` is a float, as in serde_json.
            if number != 0 || self.since(start.at()) == "0" {
                return Ok(number.into());
            }
        }
        self.rewind(start);
        let (text, integer) = self.number()?;
        if integer && let Ok(number) = text.parse::<u64>() {
            return Ok(number.into());
        }
        match text.parse().ok().and_then(Number::from_f64) {
            Some(number) => Ok(number),
            None => self.mismatch(Expected::What("a number within the range of f64")),
        }
    }

    fn list_of_values(&mut self) -> Result<Vec<Value>, ReadError> {
        self.open(b'[', Expected::What("an array"))?;
        let mut list = Vec::new();
        if self.close_if_empty(b']') {
            return Ok(list);
        }
        loop {
            if list.len() == list.capacity() {
                let more = list.len().max(2);
                self.charge(more * size_of::<Value>())?;
                list.reserve_exact(more);
            }
            list.push(self.value()?);
            if !self.has_next(b']')? {
                return Ok(list);
            }
        }
    }

    /// Reads an object with values of any type.
    pub(crate) fn map_of_values(&mut self) -> Result<Map<String, Value>, ReadError> {
        self.open(b'{', Expected::What("an object"))?;
        let mut map = Map::new();
        if self.close_if_empty(b'}') {
            return Ok(map);
        }
        loop {
            let Some(key) = self.key()? else {
                return self.mismatch(Expected::What("keys without unpaired surrogates"));
            };
            self.colon()?;
            self.charge(if map.is_empty() { FIRST_MEMBER } else { MEMBER })?;
            let value = self.value()?;
            map.insert(key.into_owned(), value);
            if !self.has_next(b'}')? {
                return Ok(map);
            }
        }
    }
}
