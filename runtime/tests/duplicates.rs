//! A key that comes twice in an object: the last one counts as a whole, nothing of the first is left in it.

#![allow(clippy::unwrap_used, reason = "a test panics")]

use intercom_runtime::data::{Decoding, Extra, Fields, Object, Outcome, Slot, from_slice};
use intercom_runtime::serde::de::MapAccess;
use intercom_runtime::serde::ser::SerializeMap;

#[derive(Clone, Default, PartialEq)]
struct Author {
    name: Option<String>,
    author: Option<Box<Author>>,
    extra: Extra,
}

impl Object for Author {
    const NAME: &'static str = "Author";
    const FIELDS: &'static [&'static str] = &["name", "author"];

    fn read<'de, A: MapAccess<'de>>(&mut self, field: usize, slot: Slot<'_, A>) -> Result<Outcome, A::Error> {
        match field {
            0 => slot.read(&mut self.name),
            1 => slot.read(&mut self.author),
            _ => slot.skip(),
        }
    }

    fn write<M: SerializeMap>(&self, fields: &mut Fields<'_, M>) -> Result<(), M::Error> {
        fields.write(0, &self.name)?;
        fields.write(1, &self.author)
    }
}

intercom_runtime::object!(Author);

const TWICE: &[u8] = br#"{"author":{"name":"first","more":1},"author":{"other":2}}"#;

#[test]
fn the_last_one_replaces_the_first() {
    let author = from_slice::<Author>(TWICE, Decoding::Tolerant).unwrap().value;
    assert_eq!(serde_json::to_string(&author).unwrap(), r#"{"author":{"other":2}}"#);
}

#[test]
fn strict_decoding_refuses_it() {
    let error = from_slice::<Author>(TWICE, Decoding::Strict).map(|_| ()).unwrap_err();
    assert!(error.to_string().contains("duplicate field `author`"), "{error}");
}
