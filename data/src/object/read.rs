//! Reading an object, key by key.

use std::borrow::Cow;

use serde_json::Value;

use super::{Object, Shape, field};
use crate::extra::{Extra, bit};
use crate::mismatch::Step;
use crate::reader::{Expected, ReadError, Reader, Start};

/// Reads an object.
///
/// # Errors
/// If the next value as a whole does not fit, the text is not JSON, or decoding is strict and a part of the value does not fit.
pub fn read(object: &mut dyn Object, shape: &'static Shape, reader: &mut Reader<'_>) -> Result<(), ReadError> {
    if reader.peek() == Some(b'[')
        && let Some(list) = shape.list
    {
        return bare_array(object, shape, list, reader);
    }
    if shape.nullable && reader.is_body() && reader.null()? {
        object.extra_mut().set_null_body();
        return Ok(());
    }
    reader.open(b'{', Expected::ObjectOf(shape.name))?;
    if reader.take_replaces() {
        clear(object, shape);
    }
    let mut reading = Reading { object, shape, seen: 0, replaced: 0 };
    if !reader.close_if_empty(b'}') {
        let mut next = 0;
        loop {
            next = reading.member(next, reader)?;
            if !reader.has_next(b'}')? {
                break;
            }
        }
    }
    reading.finish(reader)
}

/// Reads an array into the list field of an object. Some operations return an array although their description declares an
/// object that contains the list.
#[cold]
fn bare_array(
    object: &mut dyn Object,
    shape: &'static Shape,
    list: usize,
    reader: &mut Reader<'_>,
) -> Result<(), ReadError> {
    if reader.mismatches.is_strict() {
        // In strict decoding it is an error, like any other value of the wrong type.
        return reader.mismatch(Expected::ObjectOf(shape.name));
    }
    if reader.take_replaces() {
        clear(object, shape);
    }
    let (declared, name) = (shape.name, shape.field_name(list));
    reader.mismatches.add(
        || format!("expected an object ({declared}), found an array, which was read as its field `{name}`").into(),
        None,
    )?;
    let mut reading = Reading { object, shape, seen: 0, replaced: 0 };
    reading.value(list, reader)?;
    reading.finish(reader)
}

/// Unsets every field. It reads the empty values of JSON into each field until one fits its type. A generated method would be
/// simpler, but would be compiled for every type, only for the rare case of a duplicate key.
#[cold]
fn clear(object: &mut dyn Object, shape: &Shape) {
    const EMPTY_VALUES: [&str; 6] = ["null", "\"\"", "0", "false", "[]", "{}"];
    for field in 0..shape.field_count() {
        for text in EMPTY_VALUES {
            if object.read_field(field, &mut Reader::clearing(text)).is_ok() {
                break;
            }
        }
    }
    *object.extra_mut() = Extra::default();
}

/// An object while it is read.
struct Reading<'o> {
    object: &'o mut dyn Object,
    shape: &'static Shape,
    /// Bit i: the key of field i has occurred. Fields from index 64 on are not recorded.
    seen: u64,
    /// Bit i: the key of field i has occurred again and its last value counts, so `extra` must not keep an earlier one that did not
    /// fit. Such values are removed at the end, because a search for each duplicate key would take O(n²) steps.
    replaced: u64,
}

impl Reading<'_> {
    /// Reads a key and its value. `next` is the field that is tried first: objects usually have their keys in the order of the
    /// description. Returns the field to try first for the following key.
    fn member(&mut self, next: usize, reader: &mut Reader<'_>) -> Result<usize, ReadError> {
        reader.peek();
        let field = if self.shape.encoded_key(next).is_some_and(|key| reader.skip_text(key)) {
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
    fn value(&mut self, field: usize, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        let start = reader.start();
        let first = reader.byte();
        let is_duplicate = self.seen & bit(field) != 0;
        self.seen |= bit(field);
        if is_duplicate {
            reader.set_replaces(true);
        }
        let mut outcome = self.object.read_field(field, reader);
        reader.set_replaces(false);
        match outcome {
            Ok(()) if is_duplicate => self.replace(field),
            Ok(()) => {}
            Err(ReadError::Mismatch) => outcome = self.mismatch(field, is_duplicate, reader, start),
            Err(_) => {}
        }
        if outcome.is_ok() {
            match first {
                Some(b'n') => self.object.extra_mut().push_null(field, self.shape.field_name(field)),
                Some(b'"') if reader.was_number_text(start) => self.number_text(field, reader, start),
                Some(b'[') => {
                    if let Some(items) = reader.left_out_of(start) {
                        self.left_out(field, items);
                    }
                }
                _ => {}
            }
        }
        reader.add_step(start, || Step::Field(self.shape.field_name(field)));
        outcome
    }

    /// Keeps in `extra` a value that did not fit its field, unless an earlier value of the same key did fit.
    #[cold]
    fn mismatch(
        &mut self,
        field: usize,
        is_duplicate: bool,
        reader: &mut Reader<'_>,
        start: Start,
    ) -> Result<(), ReadError> {
        let raw = reader.set_aside(start)?;
        if is_duplicate {
            if self.is_set(field) {
                return Ok(());
            }
            self.replace(field);
        }
        if raw == "null" {
            // The caller records it as null.
            return Ok(());
        }
        if let Some(value) = reader.keep(start) {
            self.object.extra_mut().push(self.shape.field_name(field), value);
            // Of several values with this key, the last one is kept.
            self.replaced &= !bit(field);
        }
        Ok(())
    }

    /// Removes what was recorded for an earlier value of a key.
    #[cold]
    fn replace(&mut self, field: usize) {
        self.object.extra_mut().remove_records(field);
        self.replaced |= bit(field);
    }

    fn is_set(&self, field: usize) -> bool {
        !self::field(self.object, field).is_unset()
    }

    #[cold]
    fn number_text(&mut self, field: usize, reader: &Reader<'_>, start: Start) {
        let text = reader.since(start.at()).trim_matches('"');
        self.object.extra_mut().push_number_text(field, text);
    }

    #[cold]
    fn left_out(&mut self, field: usize, items: Vec<(usize, Value)>) {
        let length = self::field(self.object, field).list_length();
        self.object.extra_mut().push_left_out(field, length, items);
    }

    /// Keeps the value of an unknown key in `extra`.
    fn other(&mut self, key: Cow<'_, str>, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        let start = reader.start();
        let outcome = match reader.charge(2 * size_of::<(Box<str>, Value)>() + key.len()).and_then(|()| reader.value())
        {
            Ok(value) => {
                self.object.extra_mut().push(key, value);
                return Ok(());
            }
            Err(ReadError::Mismatch) => reader.set_aside(start).map(drop),
            Err(error) => Err(error),
        };
        reader.add_step(start, || Step::Key((&*key).into()));
        outcome
    }

    /// Skips the value of a key that is not valid Unicode, and reports it as a mismatch.
    #[cold]
    fn unpaired_key(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        let raw = reader.raw()?;
        reader.mismatches.add(
            || "expected a key of valid Unicode, found one with an unpaired surrogate such as `\\ud83d`".into(),
            Some(raw),
        )
    }

    /// Tidies `extra`, and reports the required fields that are missing.
    fn finish(self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        let extra = self.object.extra_mut();
        extra.sort_keys();
        let mut replaced = self.replaced;
        while replaced != 0 {
            extra.remove(self.shape.field_name(replaced.trailing_zeros() as usize));
            replaced &= replaced - 1;
        }
        let mut missing = self.shape.required & !self.seen;
        if missing != 0 && reader.clears() {
            // This object is the `{}` with which `clear` clears a field, so nothing is missing. The value that is read afterwards sets bits
            // of `Extra::missing` and clears none, so a bit that is set here would stay.
            return Ok(());
        }
        while missing != 0 {
            let field = missing.trailing_zeros() as usize;
            missing &= missing - 1;
            extra.set_missing(field);
            let start = reader.start();
            let added = reader.mismatches.add(|| "expected a value, but the field is missing".into(), None);
            reader.add_step(start, || Step::Field(self.shape.field_name(field)));
            added?;
        }
        Ok(())
    }
}
