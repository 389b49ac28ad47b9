//! serde's `Serialize` and `Deserialize` for the types of the API, with any self-describing format. The code that does the work is not
//! generic over these types, so it is compiled once for each format that a program uses.

use std::cell::RefCell;
use std::fmt;

use serde::de::{
    Deserialize, DeserializeOwned, DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor,
};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::decode::{DecodeOptions, Decoded, Decoding, read_slice};
use crate::encode::ListItem;
use crate::object::members;
use crate::place::{Decode, Encode, Place};
use crate::view::View;
use crate::{DecodeError, Map, Mismatch, encode};

impl Serialize for View<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Absent => serializer.serialize_none(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Integer(value) => serializer.serialize_i64(*value),
            Self::Number(value) => serializer.serialize_f64(*value),
            Self::NumberText(text) | Self::Text(text) => serializer.serialize_str(text),
            Self::Id(id) => id.serialize(serializer),
            Self::Time(time) => time.serialize(serializer),
            Self::Json(value) => value.serialize(serializer),
            Self::Attributes(map) => map.serialize(serializer),
            Self::Extra(_) => serializer.serialize_unit(),
            Self::Object(object, shape) => {
                let mut all = Vec::new();
                let extra = members(*object, shape, |key, value, _| all.push((key.as_str(), *value)));
                if all.is_empty() && extra.is_null_body() {
                    return serializer.serialize_unit();
                }
                let mut map = serializer.serialize_map(Some(all.len()))?;
                for (key, value) in &all {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
            Self::List(list, left_out) => {
                let mut sequence = serializer.serialize_seq(Some(list.len() + left_out.len()))?;
                for item in encode::items(list.len(), left_out) {
                    sequence.serialize_element(&match item {
                        ListItem::Decoded(index) => list.item(index),
                        ListItem::LeftOut(value) => Self::Json(value),
                    })?;
                }
                sequence.end()
            }
            Self::Map(entries) => {
                let mut map = serializer.serialize_map(Some(entries.count()))?;
                for (key, value) in entries.entries() {
                    map.serialize_entry(key, &value)?;
                }
                map.end()
            }
        }
    }
}

/// Implements `Serialize` for a type of the API.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<S: Serializer>(value: &dyn Encode, serializer: S) -> Result<S::Ok, S::Error> {
    value.view().serialize(serializer)
}

impl<T: Encode> Serialize for Map<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.view().serialize(serializer)
    }
}

impl<'de, T: Decode> Deserialize<'de> for Map<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        self::deserialize(deserializer)
    }
}

/// Implements `Deserialize` for a type of the API. Decoding is strict, except in a call of [`from_slice_as`], whose options apply. The
/// value is converted to JSON text, which the reader then reads, so that most of the code that is compiled for a format does not depend
/// on the type.
///
/// # Errors
/// If the value does not fit.
pub fn deserialize<'de, T: Decode, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let text = transcode(deserializer)?;
    let mut value = T::default();
    match read(&text, &mut value) {
        Ok(()) => Ok(value),
        Err(error) => Err(D::Error::custom(error)),
    }
}

fn read(text: &[u8], place: &mut dyn Place) -> Result<(), DecodeError> {
    let options = CURRENT.with_borrow(|current| current.as_ref().map(|current| current.options));
    let (mismatches, omitted) =
        read_slice(text, options.unwrap_or(Decoding::Strict.into()), &mut |reader| place.read(reader))?;
    CURRENT.with_borrow_mut(|current| {
        if let Some(current) = current {
            let room = current.options.max_mismatches.saturating_sub(current.mismatches.len());
            current.omitted_mismatches += omitted + mismatches.len().saturating_sub(room);
            current.mismatches.extend(mismatches.into_iter().take(room));
        }
    });
    Ok(())
}

thread_local! {
    /// The options and mismatches of the running call of [`from_slice_as`]. serde's traits have no other way to pass them to
    /// the types of the API.
    static CURRENT: RefCell<Option<Context>> = const { RefCell::new(None) };
}

struct Context {
    options: DecodeOptions,
    mismatches: Vec<Mismatch>,
    omitted_mismatches: usize,
}

/// Restores the context of the call around this one, also if a `Deserialize` of the application panics.
struct Restore(Option<Context>);

impl Drop for Restore {
    fn drop(&mut self) {
        CURRENT.set(self.0.take());
    }
}

/// Decodes a JSON body into any type that implements serde's `Deserialize`. Types of the API in it are decoded as by
/// [`from_slice`](crate::from_slice). The paths of their mismatches begin at the type of the API, not at the body.
///
/// # Errors
/// If the text is not JSON or does not fit.
pub fn from_slice_as<T: DeserializeOwned>(
    body: &[u8],
    options: impl Into<DecodeOptions>,
) -> Result<Decoded<T>, DecodeError> {
    let context = Context { options: options.into(), mismatches: Vec::new(), omitted_mismatches: 0 };
    let restore = Restore(CURRENT.replace(Some(context)));
    let result = serde_json::from_slice(body);
    let context = CURRENT.take();
    drop(restore);
    let value = result?;
    let (mismatches, omitted_mismatches) =
        context.map_or_else(Default::default, |context| (context.mismatches, context.omitted_mismatches));
    Ok(Decoded { value, mismatches, omitted_mismatches })
}

/// Converts the next value of a deserializer to JSON text.
fn transcode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let mut text = Vec::new();
    deserializer.deserialize_any(Transcoder(&mut text))?;
    Ok(text)
}

struct Transcoder<'t>(&'t mut Vec<u8>);

impl Transcoder<'_> {
    fn view(&mut self, view: View<'_>) {
        encode::append(self.0, view);
    }

    fn raw(&mut self, text: &[u8]) {
        self.0.extend_from_slice(text);
    }
}

impl<'de> DeserializeSeed<'de> for Transcoder<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Transcoder<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value that JSON can represent")
    }

    fn visit_bool<E>(mut self, value: bool) -> Result<(), E> {
        self.view(View::Bool(value));
        Ok(())
    }

    fn visit_i64<E>(mut self, value: i64) -> Result<(), E> {
        self.view(View::Integer(value));
        Ok(())
    }

    fn visit_u64<E>(mut self, value: u64) -> Result<(), E> {
        self.view(View::Json(&value.into()));
        Ok(())
    }

    fn visit_f64<E>(mut self, value: f64) -> Result<(), E> {
        self.view(View::Number(value));
        Ok(())
    }

    fn visit_str<E>(mut self, value: &str) -> Result<(), E> {
        self.view(View::Text(value));
        Ok(())
    }

    fn visit_none<E>(mut self) -> Result<(), E> {
        self.view(View::Absent);
        Ok(())
    }

    fn visit_unit<E>(mut self) -> Result<(), E> {
        self.view(View::Absent);
        Ok(())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        self.raw(b"[");
        let mut first = true;
        loop {
            let before = self.0.len();
            if !std::mem::take(&mut first) {
                self.raw(b",");
            }
            if items.next_element_seed(Transcoder(self.0))?.is_none() {
                self.0.truncate(before);
                break;
            }
        }
        self.raw(b"]");
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<(), A::Error> {
        self.raw(b"{");
        let mut first = true;
        while let Some(key) = members.next_key::<String>()? {
            if !std::mem::take(&mut first) {
                self.raw(b",");
            }
            self.view(View::Text(&key));
            self.raw(b":");
            members.next_value_seed(Transcoder(self.0))?;
        }
        self.raw(b"}");
        Ok(())
    }
}
