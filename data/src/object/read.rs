//! Reading an object, key by key.

use std::borrow::Cow;

use serde_json::Value;

use super::{Object, Shape, field};
use crate::extra::{Extra, bit};
use crate::note::Step;
use crate::reader::{Expected, Fault, Reader, Start};

/// Reads an object.
///
/// # Errors
/// Where something else comes next, the text is not JSON, or decoding is strict and something does not fit.
pub fn read(object: &mut dyn Object, shape: &'static Shape, reader: &mut Reader<'_>) -> Result<(), Fault> {
    if reader.peek() == Some(b'[')
        && let Some(list) = shape.list
    {
        return bare_array(object, shape, list, reader);
    }
    if shape.nullable && reader.is_body() && reader.null()? {
        object.extra_mut().set_null_body();
        return Ok(());
    }
    reader.enter(b'{', Expected::Object(shape.name))?;
    if reader.replaces() {
        clear(object, shape);
    }
    let mut reading = Reading { object, shape, seen: 0 };
    if !reader.is_empty(b'}') {
        let mut next = 0;
        loop {
            next = reading.member(next, reader)?;
            if !reader.goes_on(b'}')? {
                break;
            }
        }
    }
    reading.finish(reader)
}

/// A bare array where an object is declared is taken for the list that the object is there for.
#[cold]
fn bare_array(
    object: &mut dyn Object,
    shape: &'static Shape,
    list: usize,
    reader: &mut Reader<'_>,
) -> Result<(), Fault> {
    let start = reader.start();
    if reader.notes.is_strict() {
        // Strict decoding refuses it like any other value of the wrong kind.
        return reader.unfit(Expected::Object(shape.name));
    }
    let again = reader.replaces();
    reader.raw()?;
    reader.rewind(start);
    if again {
        clear(object, shape);
    }
    let (declared, name) = (shape.name, shape.field_name(list));
    reader
        .notes
        .add(|| format!("a bare array where an object ({declared}) is declared; taken as its `{name}`").into(), None)?;
    let mut reading = Reading { object, shape, seen: 0 };
    reading.value(list, reader)?;
    reading.finish(reader)
}

/// Unsets every field, by reading into it the JSON texts that leave a field unset until one fits. A method of each type
/// would do the same, but be compiled for every type, for the rare key that comes twice.
#[cold]
fn clear(object: &mut dyn Object, shape: &Shape) {
    const UNSET: [&str; 6] = ["null", "\"\"", "0", "false", "[]", "{}"];
    for field in 0..shape.field_count() {
        for text in UNSET {
            let mut reader = Reader::inside(text);
            reader.set_replaces(true);
            if object.read_field(field, &mut reader).is_ok() {
                break;
            }
        }
    }
    *object.extra_mut() = Extra::default();
}

/// How far the reading of an object is.
struct Reading<'o> {
    object: &'o mut dyn Object,
    shape: &'static Shape,
    /// Bit i: field i was there. Fields past 63 are not counted.
    seen: u64,
}

impl Reading<'_> {
    /// Reads a key and its value. `next` is the field that comes next if the keys are in the order of the description;
    /// the answer is the one after it.
    fn member(&mut self, next: usize, reader: &mut Reader<'_>) -> Result<usize, Fault> {
        reader.peek();
        let field = if self.shape.quoted_key(next).is_some_and(|key| reader.pass_text(key)) {
            next
        } else {
            let key = reader.key()?;
            reader.colon()?;
            match key {
                Some(key) => match self.shape.find(&key) {
                    Some(field) => field,
                    None => {
                        self.other(key, reader)?;
                        return Ok(next);
                    }
                },
                None => {
                    self.unpaired_key(reader)?;
                    return Ok(next);
                }
            }
        };
        self.value(field, reader)?;
        Ok(field + 1)
    }

    /// Reads the value of a field.
    fn value(&mut self, field: usize, reader: &mut Reader<'_>) -> Result<(), Fault> {
        let start = reader.start();
        let first = reader.byte();
        let again = self.seen & bit(field) != 0;
        self.seen |= bit(field);
        if again {
            reader.set_replaces(true);
        }
        let mut outcome = self.object.read_field(field, reader);
        reader.set_replaces(false);
        match outcome {
            // What was said of the earlier value of the key does not hold for this one.
            Ok(()) if again => self.object.extra_mut().forget(field, self.shape.field_name(field)),
            Ok(()) => {}
            Err(Fault::Unfit) => outcome = self.unfit(field, again, reader, start),
            Err(_) => {}
        }
        if outcome.is_ok() {
            match first {
                Some(b'n') => self.object.extra_mut().push_null(field, self.shape.field_name(field)),
                Some(b'"') if reader.was_quoted(start) => self.quoted(field, reader, start),
                Some(b'[') => {
                    if let Some(nulls) = reader.nulls_of(start) {
                        self.nulls(field, nulls);
                    }
                }
                _ => {}
            }
        }
        reader.step(start, || Step::Field(self.shape.field_name(field)));
        outcome
    }

    /// Keeps the value of a field that did not fit: in `extra`, unless an earlier one of that key did fit.
    #[cold]
    fn unfit(&mut self, field: usize, again: bool, reader: &mut Reader<'_>, start: Start) -> Result<(), Fault> {
        let raw = reader.set_aside(start)?;
        if raw == "null" {
            // Noted as such by the caller.
            return Ok(());
        }
        if again && self.is_set(field) {
            return Ok(());
        }
        if let Some(value) = reader.keep(start) {
            self.object.extra_mut().push(self.shape.field_name(field), value);
        }
        Ok(())
    }

    fn is_set(&self, field: usize) -> bool {
        !self::field(self.object, field).is_unset()
    }

    #[cold]
    fn quoted(&mut self, field: usize, reader: &Reader<'_>, start: Start) {
        let text = reader.since(start.at()).trim_matches('"');
        self.object.extra_mut().push_quoted(field, text);
    }

    #[cold]
    fn nulls(&mut self, field: usize, nulls: Vec<u32>) {
        let length = self::field(self.object, field).list_length();
        self.object.extra_mut().push_nulls(field, length, nulls);
    }

    /// Keeps a key that the type does not name.
    fn other(&mut self, key: Cow<'_, str>, reader: &mut Reader<'_>) -> Result<(), Fault> {
        let start = reader.start();
        let outcome = match reader.charge(2 * size_of::<(Box<str>, Value)>() + key.len()).and_then(|()| reader.value())
        {
            Ok(value) => {
                self.object.extra_mut().push(key, value);
                return Ok(());
            }
            Err(Fault::Unfit) => reader.set_aside(start).map(drop),
            Err(fault) => Err(fault),
        };
        reader.step(start, || Step::Key((&*key).into()));
        outcome
    }

    /// Passes over a member whose key is no text.
    #[cold]
    fn unpaired_key(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        let raw = reader.raw()?;
        reader.notes.add(|| "a key with an unpaired surrogate, such as `\\ud83d` alone".into(), Some(raw))
    }

    fn finish(self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        let extra = self.object.extra_mut();
        extra.settle();
        let mut missing = self.shape.required & !self.seen;
        while missing != 0 {
            let field = missing.trailing_zeros() as usize;
            missing &= missing - 1;
            extra.set_missing(field);
            let start = reader.start();
            let noted = reader.notes.add(|| "missing, though always present by declaration".into(), None);
            reader.step(start, || Step::Field(self.shape.field_name(field)));
            noted?;
        }
        Ok(())
    }
}
