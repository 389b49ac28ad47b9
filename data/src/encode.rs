//! Encoding as JSON text. It is not generic, so it is compiled once for all types.

use std::io::Write as _;

use serde_json::Value;

use crate::object::{IdForm, Key, Object, Shape, members};
use crate::place::Encode;
use crate::view::View;
use crate::{Id, Timestamp};

/// Encodes a value as JSON. Ids and timestamps are written in the form in which they were received or created.
pub fn to_vec(value: &dyn Encode) -> Vec<u8> {
    let mut writer = Writer { text: Vec::new(), declared: false };
    writer.value(&value.view(), IdForm::AsIs);
    writer.text
}

/// Encodes a value as the JSON body of a request. Unlike [`to_vec`], it writes ids in their declared form (string or number), if one is
/// declared and they can be converted to it.
pub fn to_request(value: &dyn Encode) -> Vec<u8> {
    let mut writer = Writer { text: Vec::new(), declared: true };
    writer.value(&value.view(), IdForm::AsIs);
    writer.text
}

/// Appends a value to JSON text.
pub(crate) fn append(text: &mut Vec<u8>, view: View<'_>) {
    let mut writer = Writer { text: std::mem::take(text), declared: false };
    writer.value(&view, IdForm::AsIs);
    *text = writer.text;
}

struct Writer {
    text: Vec<u8>,
    /// Whether ids are written in the declared form.
    declared: bool,
}

impl Writer {
    fn value(&mut self, view: &View<'_>, ids: IdForm) {
        match *view {
            View::Absent => self.raw(b"null"),
            View::Bool(value) => self.raw(if value { b"true" } else { b"false" }),
            View::Integer(value) => self.integer(value),
            View::Number(value) => self.json(&value.into()),
            View::NumberText(text) | View::Text(text) => self.string(text),
            View::Id(id) => self.id(id, ids),
            View::Time(time) => self.time(time),
            View::Json(value) => self.json(value),
            View::Attributes(map) => {
                // Writing to memory cannot fail, and all keys are strings.
                let _ = serde_json::to_writer(&mut self.text, map);
            }
            // Written by the object that it belongs to.
            View::Extra(_) => {}
            View::Object(object, shape) => self.object(object, shape),
            View::List(list, left_out) => {
                self.raw(b"[");
                for (index, item) in items(list.len(), left_out).enumerate() {
                    if index > 0 {
                        self.raw(b",");
                    }
                    match item {
                        ListItem::Decoded(index) => self.value(&list.item(index), ids),
                        ListItem::LeftOut(value) => self.json(value),
                    }
                }
                self.raw(b"]");
            }
            View::Map(map) => {
                self.raw(b"{");
                let mut first = true;
                for (key, value) in map.entries() {
                    self.key(key, &mut first);
                    self.value(&value, ids);
                }
                self.raw(b"}");
            }
        }
    }

    fn object(&mut self, object: &dyn Object, shape: &'static Shape) {
        let start = self.text.len();
        self.raw(b"{");
        let mut first = true;
        let extra = members(object, shape, |key, value, ids| {
            match key {
                Key::Encoded(key) => {
                    if !std::mem::take(&mut first) {
                        self.raw(b",");
                    }
                    self.raw(key.as_bytes());
                }
                Key::Plain(key) => self.key(key, &mut first),
            }
            self.value(value, ids);
        });
        if first && extra.is_null_body() {
            self.text.truncate(start);
            self.raw(b"null");
        } else {
            self.raw(b"}");
        }
    }

    fn key(&mut self, key: &str, first: &mut bool) {
        if !std::mem::take(first) {
            self.raw(b",");
        }
        self.string(key);
        self.raw(b":");
    }

    fn id(&mut self, id: &Id, form: IdForm) {
        if id.is_number_as(if self.declared { form } else { IdForm::AsIs }) {
            self.raw(id.as_bytes());
        } else {
            self.quoted(id.as_bytes());
        }
    }

    fn time(&mut self, time: &Timestamp) {
        match time.as_text() {
            Some(text) => self.string(text),
            None => self.integer(time.as_seconds()),
        }
    }

    fn integer(&mut self, value: i64) {
        self.raw(itoa::Buffer::new().format(value).as_bytes());
    }

    fn json(&mut self, value: &Value) {
        // Writing to memory cannot fail.
        let _ = serde_json::to_writer(&mut self.text, value);
    }

    fn raw(&mut self, text: &[u8]) {
        self.text.extend_from_slice(text);
    }

    fn string(&mut self, text: &str) {
        self.quoted(text.as_bytes());
    }

    fn quoted(&mut self, text: &[u8]) {
        self.text.reserve(text.len() + 2);
        self.raw(b"\"");
        let mut rest = text;
        loop {
            let (before, after) = rest.split_at(crate::reader::unescaped_length(rest));
            self.raw(before);
            let Some((special, after)) = after.split_first() else { break };
            match special {
                b'"' => self.raw(b"\\\""),
                b'\\' => self.raw(b"\\\\"),
                b'\n' => self.raw(b"\\n"),
                b'\r' => self.raw(b"\\r"),
                b'\t' => self.raw(b"\\t"),
                0x8 => self.raw(b"\\b"),
                0xc => self.raw(b"\\f"),
                control => {
                    let _ = write!(self.text, "\\u{control:04x}");
                }
            }
            rest = after;
        }
        self.raw(b"\"");
    }
}

/// An item of a list: a decoded one, or one that did not fit.
pub(crate) enum ListItem<'a> {
    /// The item with this index in the decoded list.
    Decoded(usize),
    /// An item that did not fit the item type.
    LeftOut(&'a Value),
}

/// The items of a list in the order in which they were received.
pub(crate) fn items(length: usize, left_out: &[(usize, Value)]) -> impl Iterator<Item = ListItem<'_>> {
    let mut left_out = left_out.iter().peekable();
    let mut next = 0;
    (0..length + left_out.len()).map(move |position| {
        if let Some((_, value)) = left_out.next_if(|(at, _)| *at == position) {
            return ListItem::LeftOut(value);
        }
        next += 1;
        ListItem::Decoded(next - 1)
    })
}
