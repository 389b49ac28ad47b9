//! Objects with declared fields: decoding, encoding, and printing, from one list of fields.

use std::fmt;

use serde::Serialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor};
use serde::ser::{SerializeMap, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use super::context::{Context, Step};
use super::decode::{Decode, Kind, Seed, decode_or_set_aside, decode_text, raw_to_value};
use super::extra::Extra;
use super::field_index::FieldIndex;
use super::fields::{Fields, FieldsMut};
use super::union::Fit;

/// A struct of a generated crate: it keeps what its declared fields do not hold.
pub trait Object: Decode + PartialEq {
    /// What is declared. The order of its fields numbers them for the functions.
    const SHAPE: Shape;

    /// The fields in order, and what they do not hold.
    fn fields(&self) -> (impl Fields, &Extra);

    /// The fields in order, to be filled, and what they do not hold.
    fn fields_mut(&mut self) -> (impl FieldsMut, &mut Extra);
}

/// What is declared of an object.
#[derive(Debug)]
pub struct Shape {
    name: &'static str,
    fields: &'static [&'static str],
    required: &'static [usize],
    tags: &'static [(&'static str, &'static [&'static str])],
    list: Option<usize>,
}

impl Shape {
    /// The type's name, for error messages, and the JSON keys.
    pub const fn new(name: &'static str, fields: &'static [&'static str]) -> Self {
        Self { name, fields, required: &[], tags: &[], list: None }
    }

    /// The fields that are always present.
    pub const fn required(mut self, required: &'static [usize]) -> Self {
        self.required = required;
        self
    }

    /// Fields that hold one of a few fixed texts, which tells this type from others in a union.
    pub const fn tags(mut self, tags: &'static [(&'static str, &'static [&'static str])]) -> Self {
        self.tags = tags;
        self
    }

    /// The field that takes the items where a bare array stands in place of the object.
    pub const fn list(mut self, list: usize) -> Self {
        self.list = Some(list);
        self
    }
}

/// The kind of the types that are an [`Object`].
#[derive(Debug)]
pub enum ObjectKind {}

impl<T: Object> Kind<T> for ObjectKind {
    #[inline]
    fn decode_into<'de, D: Deserializer<'de>>(
        target: &mut T,
        deserializer: D,
        context: &mut Context,
    ) -> Result<(), D::Error> {
        decode_into(target, deserializer, context)
    }

    // Else an object that is missing, though always present by declaration, would be written as an empty one.
    fn is_unset(value: &T) -> bool {
        *value == T::default()
    }

    fn fit(value: &Value) -> Fit {
        fit(value, &T::SHAPE)
    }
}

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

    /// Passes over a value; emitted for field numbers that cannot occur.
    ///
    /// # Errors
    /// Where the input is broken.
    pub fn skip(self) -> Result<Outcome, A::Error> {
        self.map.next_value::<IgnoredAny>().map(|_| Outcome::Set)
    }
}

#[cold]
fn read_raw<T: Decode>(raw: &RawValue, field: &mut T, context: &mut Context) -> Outcome {
    match decode_or_set_aside::<T>(raw, context) {
        Some(value) => {
            *field = value;
            if T::OPTIONAL && field.is_unset() { Outcome::Null } else { Outcome::Set }
        }
        None if raw.get() == "null" => Outcome::Null,
        None => {
            context.aside = raw_to_value(raw);
            Outcome::Aside
        }
    }
}

/// Where the fields of an object are written.
#[derive(Debug)]
pub struct Writer<'a, M> {
    map: &'a mut M,
    index: &'static FieldIndex,
    extra: &'a Extra,
    /// Fields whose keys stand in `extra` too: values that did not fit, mostly none.
    aside: Vec<usize>,
    /// Those of them that are set by now, and were written from their fields.
    shadowed: Vec<usize>,
}

impl<M: SerializeMap> Writer<'_, M> {
    /// Writes one field, unless it is unset: then null if it was null, nothing if it was absent.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn write<T: Decode + Serialize>(&mut self, field: usize, value: &T) -> Result<(), M::Error> {
        let Some(name) = self.index.name(field) else { return Ok(()) };
        let aside = self.aside.contains(&field);
        if value.is_unset() {
            if self.extra.is_null(field) {
                return self.map.serialize_entry(name, &());
            }
            if T::OPTIONAL || aside || self.extra.is_missing(field) {
                return Ok(());
            }
        }
        if aside {
            self.shadowed.push(field);
        }
        self.map.serialize_entry(name, value)
    }
}

/// `Serialize` of an object.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<T: Object, S: Serializer>(object: &T, serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(None)?;
    let index = const { &FieldIndex::of(T::SHAPE.fields) };
    let (fields, extra) = object.fields();
    let aside = extra.iter().filter_map(|(key, _)| index.find(key)).collect();
    let mut writer = Writer { map: &mut map, index, extra, aside, shadowed: Vec::new() };
    fields.write(0, &mut writer)?;
    let shadowed = writer.shadowed;
    for (key, value) in extra.iter() {
        let written = !shadowed.is_empty() && index.find(key).is_some_and(|field| shadowed.contains(&field));
        if !written {
            map.serialize_entry(key, value)?;
        }
    }
    map.end()
}

/// `PartialEq` of an object.
pub fn equal<T: Object>(left: &T, right: &T) -> bool {
    let ((left, left_extra), (right, right_extra)) = (left.fields(), right.fields());
    left.same(right) && left_extra == right_extra
}

/// `Deserialize` of an object, which fails where a value does not fit.
///
/// # Errors
/// Where the value does not fit.
pub fn deserialize<'de, T: Decode, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let mut value = T::default();
    value.decode_into(deserializer, &mut Context::strict())?;
    Ok(value)
}

/// `Debug` of an object: its name and the JSON it would be sent as.
///
/// # Errors
/// Those of the formatter.
pub fn debug<T: Object + Serialize>(object: &T, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let json = serde_json::to_string(object).map_err(|_| fmt::Error)?;
    write!(f, "{} {json}", T::SHAPE.name)
}

/// How well a JSON value fits an object: by its tags, then by the keys that it shares with the declared fields.
fn fit(value: &Value, shape: &Shape) -> Fit {
    let Value::Object(map) = value else { return Fit::Impossible };
    let mut tagged = false;
    for (key, texts) in shape.tags {
        match map.get(*key).and_then(Value::as_str) {
            Some(text) if texts.contains(&text) => tagged = true,
            Some(_) => return Fit::Impossible,
            None => {}
        }
    }
    let complete =
        shape.required.iter().all(|&field| map.get(shape.fields[field]).is_some_and(|value| !value.is_null()));
    let shared = map.keys().filter(|key| shape.fields.contains(&key.as_str())).count();
    let score = if complete { u32::try_from(shared).unwrap_or(u32::MAX) } else { 0 };
    if tagged { Fit::Tagged(score) } else { Fit::Possible(score) }
}

/// `Decode` of an object.
///
/// # Errors
/// Where the value is no object, or, in a strict context, where a field does not fit or one that is always present is
/// missing.
fn decode_into<'de, T: Object, D: Deserializer<'de>>(
    object: &mut T,
    deserializer: D,
    context: &mut Context,
) -> Result<(), D::Error> {
    // A tolerant context also takes a bare array, which only `deserialize_any` can deliver.
    if context.tolerant && T::SHAPE.list.is_some() {
        deserializer.deserialize_any(ObjectVisitor { object, context })
    } else {
        deserializer.deserialize_map(ObjectVisitor { object, context })
    }
}

struct ObjectVisitor<'t, 'c, T> {
    object: &'t mut T,
    context: &'c mut Context,
}

impl<'de, T: Object> Visitor<'de> for ObjectVisitor<'_, '_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object ({})", T::SHAPE.name)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { object, context } = self;
        let (mut fields, extra) = object.fields_mut();
        let index = const { &FieldIndex::of(T::SHAPE.fields) };
        let mut seen = 0u64;
        let mut other = Box::default();
        while let Some(field) = map.next_key_seed(Key { index, other: &mut other })? {
            let Some(name) = T::SHAPE.fields.get(field) else {
                read_other(std::mem::take(&mut other), &mut map, extra, context)?;
                continue;
            };
            let bit = if field < 64 { 1 << field } else { 0 };
            if seen & bit != 0 && !context.tolerant {
                // Read in place, the second value would be poured over the first. The tolerant reading replaces it.
                context.failed_in(Step::Field(name));
                return Err(A::Error::duplicate_field(name));
            }
            seen |= bit;
            match read_field(&mut fields, field, name, &mut map, context)? {
                Outcome::Set => {}
                Outcome::Null => extra.push_null(field, name),
                Outcome::Aside => {
                    if let Some(value) = context.aside.take() {
                        extra.push(*name, value);
                    }
                }
            }
        }
        extra.settle();
        for &field in T::SHAPE.required {
            if field < 64 && seen >> field & 1 == 0 {
                missing::<A::Error>(T::SHAPE.fields[field], field, extra, context)?;
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let (Some(list), true) = (T::SHAPE.list, self.context.tolerant) else {
            return Err(A::Error::invalid_type(Unexpected::Seq, &self));
        };
        let name = T::SHAPE.fields[list];
        let mut raw = Vec::new();
        while let Some(item) = items.next_element::<&RawValue>()? {
            raw.push(item.get());
        }
        let object = format!("{{\"{name}\":[{}]}}", raw.join(","));
        self.context.set_aside(
            format!("a bare array where an object ({}) is declared; taken as its `{name}`", T::SHAPE.name),
            None,
        );
        *self.object = decode_text(&object, self.context).map_err(A::Error::custom)?;
        Ok(())
    }
}

/// Reads one field with its name on the path: on the way in where a tolerant decoding may set the value aside, on the way
/// out where a strict one fails.
#[inline]
fn read_field<'de, F: FieldsMut, A: MapAccess<'de>>(
    fields: &mut F,
    field: usize,
    name: &'static str,
    map: &mut A,
    context: &mut Context,
) -> Result<Outcome, A::Error> {
    if context.tolerant {
        context.enter(Step::Field(name));
        let outcome = fields.read(field, Slot { map, context });
        context.leave();
        return outcome;
    }
    fields.read(field, Slot { map, context }).inspect_err(|_| context.failed_in(Step::Field(name)))
}

fn missing<E: serde::de::Error>(
    name: &'static str,
    field: usize,
    extra: &mut Extra,
    context: &mut Context,
) -> Result<(), E> {
    if !context.tolerant {
        return Err(E::missing_field(name));
    }
    context.enter(Step::Field(name));
    context.set_aside("missing, though always present by declaration".to_owned(), None);
    context.leave();
    extra.set_missing(field);
    Ok(())
}

/// Keeps a key that the type does not name.
fn read_other<'de, A: MapAccess<'de>>(
    name: Box<str>,
    map: &mut A,
    extra: &mut Extra,
    context: &mut Context,
) -> Result<(), A::Error> {
    if !context.tolerant {
        extra.push(name, map.next_value::<Value>()?);
        return Ok(());
    }
    let raw = map.next_value::<&RawValue>()?;
    context.enter(Step::Key(name.to_string()));
    match raw_to_value(raw) {
        Some(value) => extra.push(name, value),
        None => context.set_aside("a number beyond what can be kept, or nested too deep".to_owned(), Some(raw)),
    }
    context.leave();
    Ok(())
}

/// A key. It becomes the number of its field, or, with the key itself put into `other`, a number that no field has.
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
            usize::MAX
        }))
    }
}
