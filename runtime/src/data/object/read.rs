//! Decoding an object, key by key.
//!
//! What depends on the type is a few lines of [`ObjectVisitor::visit_map`]; everything else is compiled once for all types
//! of a program.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use super::Shape;
use crate::data::context::{Context, Step};
use crate::data::decode::{Decode, Kind, Seed, fits, in_place, raw_to_value};
use crate::data::extra::{Extra, bit};
use crate::data::field_index::FieldIndex;
use crate::data::fields::FieldsMut;

/// What became of a field's value. Kept as small as it is so that it comes back in a register.
#[derive(Clone, Copy, Debug)]
pub enum Outcome {
    /// It is in the field.
    Set,
    /// It was null.
    Null,
    /// It did not fit; the context holds it.
    Aside,
}

/// The value of one key, still to be read.
#[derive(Debug)]
pub struct Slot<'c, A> {
    map: &'c mut A,
    context: &'c mut Context,
}

impl<'de, A: MapAccess<'de>> Slot<'_, A> {
    /// Reads the value into a field.
    ///
    /// # Errors
    /// Where the value does not fit and the context is strict.
    pub fn read<T: Decode>(self, field: &mut T) -> Result<Outcome, A::Error> {
        if self.context.tolerant {
            let raw = self.map.next_value::<&RawValue>()?;
            return Ok(read_raw(raw, field, self.context));
        }
        self.map.next_value_seed(Seed { target: &mut *field, context: self.context })?;
        Ok(if T::OPTIONAL && field.is_unset() { Outcome::Null } else { Outcome::Set })
    }

    /// Passes over a value; for field numbers that cannot occur.
    ///
    /// # Errors
    /// Where the input is broken.
    pub fn skip(self) -> Result<Outcome, A::Error> {
        self.map.next_value::<IgnoredAny>().map(|_| Outcome::Set)
    }
}

#[cold]
fn read_raw<T: Decode>(raw: &RawValue, field: &mut T, context: &mut Context) -> Outcome {
    let mut value = T::default();
    if fits(raw, T::Kind::shape(), context, &mut in_place(&mut value)) {
        let null = T::OPTIONAL && value.is_unset();
        *field = value;
        return if null { Outcome::Null } else { Outcome::Set };
    }
    unfit(raw, context)
}

fn unfit(raw: &RawValue, context: &mut Context) -> Outcome {
    if raw.get() == "null" {
        return Outcome::Null;
    }
    context.aside = raw_to_value(raw);
    Outcome::Aside
}

/// Decodes an object.
///
/// # Errors
/// Where the value is no object, or, in a strict context, where a field does not fit or one that is always present is
/// missing.
pub(super) fn object<'de, F: FieldsMut, D: Deserializer<'de>>(
    fields: &mut F,
    extra: &mut Extra,
    shape: &'static Shape,
    index: &'static FieldIndex,
    deserializer: D,
    context: &mut Context,
) -> Result<(), D::Error> {
    let reading = Reading { shape, index, seen: 0, other: Box::default(), extra };
    deserializer.deserialize_map(ObjectVisitor { fields, reading, context })
}

struct ObjectVisitor<'o, F> {
    fields: &'o mut F,
    reading: Reading<'o>,
    context: &'o mut Context,
}

impl<'de, F: FieldsMut> Visitor<'de> for ObjectVisitor<'_, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.reading.expecting(f)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { fields, mut reading, context } = self;
        loop {
            let field = reading.next(&mut map, context)?;
            if field == END {
                return reading.finish(context);
            }
            match fields.read(field, Slot { map: &mut map, context }) {
                Ok(Outcome::Set) if !context.tolerant => {}
                Ok(Outcome::Null) if !context.tolerant && reading.extra.note_null(field) => {}
                outcome => reading.keep(field, outcome, context)?,
            }
        }
    }
}

/// How far the reading of an object is.
struct Reading<'o> {
    shape: &'static Shape,
    index: &'static FieldIndex,
    /// Bit i: field i was there. Fields past 63 are not counted.
    seen: u64,
    /// A key that no field has.
    other: Box<str>,
    extra: &'o mut Extra,
}

impl Reading<'_> {
    #[cold]
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object ({})", self.shape.name)
    }

    /// The number of the next field, or [`END`], which unlike an option comes back in a register. The keys on the way that
    /// no field has are kept.
    fn next<'de, A: MapAccess<'de>>(&mut self, map: &mut A, context: &mut Context) -> Result<usize, A::Error> {
        loop {
            let Some(field) = map.next_key_seed(Key { index: self.index, other: &mut self.other })? else {
                return Ok(END);
            };
            if field == OTHER {
                self.other(map, context)?;
                continue;
            }
            let bit = bit(field);
            if self.seen & bit != 0 && !context.tolerant {
                // Read in place, the second value would be poured over the first. The tolerant reading replaces it.
                let name = self.name(field);
                context.failed_in(Step::Field(name));
                return Err(A::Error::duplicate_field(name));
            }
            self.seen |= bit;
            if context.tolerant {
                context.enter(Step::Field(self.name(field)));
            }
            return Ok(field);
        }
    }

    /// Notes what became of a field's value.
    fn keep<E>(&mut self, field: usize, outcome: Result<Outcome, E>, context: &mut Context) -> Result<(), E> {
        if context.tolerant {
            context.leave();
        }
        match outcome {
            Ok(Outcome::Set) => {}
            Ok(Outcome::Null) => self.extra.push_null(field, self.name(field)),
            Ok(Outcome::Aside) => {
                if let Some(value) = context.aside.take() {
                    self.extra.push(self.name(field), value);
                }
            }
            Err(error) => {
                // A tolerant path is kept on the way in, a strict one on the way out.
                if !context.tolerant {
                    context.failed_in(Step::Field(self.name(field)));
                }
                return Err(error);
            }
        }
        Ok(())
    }

    fn finish<E: Error>(self, context: &mut Context) -> Result<(), E> {
        self.extra.settle();
        for &field in self.shape.required {
            if field >= 64 || self.seen & bit(field) != 0 {
                continue;
            }
            let name = self.name(field);
            if !context.tolerant {
                return Err(E::missing_field(name));
            }
            context.enter(Step::Field(name));
            context.set_aside("missing, though always present by declaration".to_owned(), None);
            context.leave();
            self.extra.set_missing(field);
        }
        Ok(())
    }

    /// Keeps a key that the type does not name.
    fn other<'de, A: MapAccess<'de>>(&mut self, map: &mut A, context: &mut Context) -> Result<(), A::Error> {
        let name = std::mem::take(&mut self.other);
        if !context.tolerant {
            self.extra.push(name, map.next_value::<Value>()?);
            return Ok(());
        }
        let raw = map.next_value::<&RawValue>()?;
        context.enter(Step::Key(name.to_string()));
        match raw_to_value(raw) {
            Some(value) => self.extra.push(name, value),
            None => context.set_aside("a number beyond what can be kept, or nested too deep".to_owned(), Some(raw)),
        }
        context.leave();
        Ok(())
    }

    fn name(&self, field: usize) -> &'static str {
        self.shape.fields.get(field).copied().unwrap_or_default()
    }
}

/// The number that stands for a key which no field has.
const OTHER: usize = usize::MAX;

/// The number that stands for the end of the object.
const END: usize = OTHER - 1;

/// A key. It becomes the number of its field, or [`OTHER`], with the key itself put into `other`.
struct Key<'o> {
    index: &'static FieldIndex,
    other: &'o mut Box<str>,
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = usize;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    #[inline]
    fn visit_str<E>(self, key: &str) -> Result<usize, E> {
        Ok(self.index.find(key).unwrap_or_else(|| {
            *self.other = key.into();
            OTHER
        }))
    }
}
