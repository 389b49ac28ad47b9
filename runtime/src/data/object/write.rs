//! Encoding an object: its fields in order, then what they do not hold.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::Object;
use crate::data::decode::Decode;
use crate::data::extra::Extra;
use crate::data::field_index::FieldIndex;
use crate::data::fields::Fields;

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
