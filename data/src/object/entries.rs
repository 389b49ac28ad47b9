//! What an object is written as: its fields in order, then what they do not hold.

use serde_json::Value;

use super::{IdForm, Object, Shape, extra};
use crate::extra::Extra;
use crate::place::View;

/// The members of an object, one after the other.
pub(crate) struct EntriesOf<'a> {
    object: &'a dyn Object,
    shape: &'static Shape,
    extra: &'a Extra,
    /// Whether `extra` has nothing to say of any field.
    plain: bool,
    field: usize,
    key: usize,
}

/// A member: its key, its value, and how ids in it are declared.
pub(crate) type Entry<'a> = (Key<'a>, View<'a>, IdForm);

/// A key of an object.
#[derive(Clone, Copy)]
pub(crate) enum Key<'a> {
    /// One that the description names, which has nothing to escape.
    Field(&'static str),
    Other(&'a str),
}

impl<'a> Key<'a> {
    pub(crate) fn as_str(self) -> &'a str {
        match self {
            Self::Field(name) => name,
            Self::Other(key) => key,
        }
    }
}

static NULL: Value = Value::Null;

/// The members of an object.
pub(crate) fn entries<'a>(object: &'a dyn Object, shape: &'static Shape) -> EntriesOf<'a> {
    let extra = extra(object);
    EntriesOf { object, shape, extra, plain: extra.is_plain(), field: 0, key: 0 }
}

impl<'a> Iterator for EntriesOf<'a> {
    type Item = Entry<'a>;

    fn next(&mut self) -> Option<Entry<'a>> {
        while let Some(name) = self.shape.fields.get(self.field) {
            let field = self.field;
            self.field += 1;
            let view = match self.object.field(field).view() {
                View::Absent if self.extra.is_null(field) => View::Json(&NULL),
                View::Absent => continue,
                view if self.plain => view,
                view => match self.with_extra(field, name, view) {
                    Some(view) => view,
                    None => continue,
                },
            };
            let key = if self.shape.plain_keys { Key::Field(name) } else { Key::Other(name) };
            return Some((key, view, self.shape.id_form(field)));
        }
        while let Some((key, value)) = self.extra.keys().get(self.key) {
            self.key += 1;
            if !self.is_written(key) {
                return Some((Key::Other(key), View::Json(value), IdForm::AsIs));
            }
        }
        None
    }
}

impl<'a> EntriesOf<'a> {
    /// A field that holds a value, seen with what `extra` says of it; `None` where the field is not written.
    fn with_extra(&self, field: usize, name: &str, view: View<'a>) -> Option<View<'a>> {
        if view.is_unset() {
            if self.extra.is_null(field) {
                return Some(View::Json(&NULL));
            }
            if self.extra.is_missing(field) || self.extra.get(name).is_some() {
                return None;
            }
        }
        Some(match (view, self.extra.quoted(field)) {
            (View::Integer(number), Some(text)) if text.parse() == Ok(number) => View::Quoted(text),
            (View::Number(number), Some(text)) if text.parse() == Ok(number) => View::Quoted(text),
            (View::List(list, _), _) => View::List(list, self.extra.list_nulls(field, list.len())),
            (view, _) => view,
        })
    }

    /// Whether a key of `extra` is that of a field that is set, and was written.
    fn is_written(&self, key: &str) -> bool {
        self.shape.find(key).is_some_and(|field| !self.object.field(field).view().is_unset())
    }
}
