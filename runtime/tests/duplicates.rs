//! A key that comes twice in an object: the last one counts as a whole, nothing of the first is left in it.

#![allow(clippy::unwrap_used, reason = "a test panics")]

use intercom_runtime::data::{Decoding, Extra, Fields, FieldsMut, Object, Shape, from_slice};

#[derive(Clone, Default)]
struct Author {
    name: Option<String>,
    author: Option<Box<Author>>,
    extra: Extra,
}

impl Object for Author {
    const SHAPE: Shape = Shape::new("Author", &["name", "author"]);

    fn fields(&self) -> (impl Fields, &Extra) {
        ((&self.name, &self.author), &self.extra)
    }

    fn fields_mut(&mut self) -> (impl FieldsMut, &mut Extra) {
        ((&mut self.name, &mut self.author), &mut self.extra)
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
