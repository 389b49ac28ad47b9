//! JSON of any shape.

use serde_json::{Map, Number, Value};

use super::{Expected, Fault, Reader};

/// What an object takes beside the texts in it: its map allocates room for eleven members at once.
const FIRST_MEMBER: usize = 11 * (size_of::<String>() + size_of::<Value>()) + 2 * size_of::<usize>();
const MEMBER: usize = 2 * (size_of::<String>() + size_of::<Value>());

impl Reader<'_> {
    /// Reads a value of any shape.
    ///
    /// # Errors
    /// Where it does not fit into a [`Value`]: a number beyond f64, an unpaired surrogate, too many levels of nesting,
    /// too little text for the memory that it takes.
    pub fn value(&mut self) -> Result<Value, Fault> {
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
            _ => return self.broken("a value is expected"),
        })
    }

    fn any_number(&mut self) -> Result<Number, Fault> {
        let start = self.start();
        if let Ok(number) = self.integer("") {
            // serde_json, too, takes `-0` for the float that it is.
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
            None => self.unfit(Expected::A("a number within the range of f64")),
        }
    }

    fn list_of_values(&mut self) -> Result<Vec<Value>, Fault> {
        self.enter(b'[', Expected::A("an array"))?;
        let mut list = Vec::new();
        if self.is_empty(b']') {
            return Ok(list);
        }
        loop {
            if list.len() == list.capacity() {
                let more = list.len().max(2);
                self.charge(more * size_of::<Value>())?;
                list.reserve_exact(more);
            }
            list.push(self.value()?);
            if !self.goes_on(b']')? {
                return Ok(list);
            }
        }
    }

    /// Reads an object of any shape.
    pub(crate) fn map_of_values(&mut self) -> Result<Map<String, Value>, Fault> {
        self.enter(b'{', Expected::A("an object"))?;
        let mut map = Map::new();
        if self.is_empty(b'}') {
            return Ok(map);
        }
        loop {
            let Some(key) = self.key()? else {
                return self.unfit(Expected::A("keys without unpaired surrogates"));
            };
            self.colon()?;
            self.charge(if map.is_empty() { FIRST_MEMBER } else { MEMBER })?;
            let value = self.value()?;
            map.insert(key.into_owned(), value);
            if !self.goes_on(b'}')? {
                return Ok(map);
            }
        }
    }
}
