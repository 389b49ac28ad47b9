//! What an object is written as: its fields in order, then the keys that no field holds.

use serde_json::Value;

use super::{IdForm, Object, Shape, field, views};
use crate::extra::{Extra, bit};
use crate::place::View;

/// A key of an object.
#[derive(Clone, Copy)]
pub(crate) enum Key<'a> {
    /// A declared one, as JSON text with the colon.
    Quoted(&'static str),
    /// Any other.
    Plain(&'a str),
}

impl<'a> Key<'a> {
    pub(crate) fn as_str(self) -> &'a str {
        match self {
            Self::Quoted(key) => super::unquoted(key),
            Self::Plain(key) => key,
        }
    }
}

static NULL: Value = Value::Null;

/// Calls the function for every member of an object: its key, its value, and how ids in it are declared. Returns what the
/// fields do not hold.
#[inline]
pub(crate) fn members<'a>(
    object: &'a dyn Object,
    shape: &'static Shape,
    mut each: impl FnMut(Key<'a>, &View<'a>, IdForm),
) -> &'a Extra {
    static NONE: Extra = Extra::new();
    let (mut extra, mut plain, mut next) = (&NONE, true, 0);
    // Bit i: field i is set, which hides what `extra` has under its key.
    let mut set = 0;
    views(object, &mut |view| {
        if let View::Extra(found) = view {
            (extra, plain) = (found, found.is_plain());
            return;
        }
        let number = next;
        next += 1;
        let changed;
        // A reference: copying a value right after its fields were written one by one stalls the processor (store
        // forwarding).
        let view = match view {
            View::Absent if extra.is_null(number) => &View::Json(&NULL),
            View::Absent => return,
            _ if plain => &view,
            _ => {
                set |= if view.is_unset() { 0 } else { bit(number) };
                match with_extra(extra, shape, number, view) {
                    Some(view) => {
                        changed = view;
                        &changed
                    }
                    None => return,
                }
            }
        };
        let key = match shape.quoted_key(number) {
            Some(key) => Key::Quoted(key),
            None => Key::Plain(shape.field_name(number)),
        };
        each(key, view, shape.id_form(number));
    });
    for (key, value) in extra.keys() {
        let hidden = shape.find(key).is_some_and(|number| match bit(number) {
            0 => !field(object, number).is_unset(),
            bit => set & bit != 0,
        });
        if !hidden {
            each(Key::Plain(key), &View::Json(value), IdForm::AsIs);
        }
    }
    extra
}

/// The value of a field as it is written, given what `extra` says of it; `None` where the field is left out.
fn with_extra<'a>(extra: &'a Extra, shape: &Shape, field: usize, view: View<'a>) -> Option<View<'a>> {
    if view.is_unset() {
        if extra.is_null(field) {
            return Some(View::Json(&NULL));
        }
        if extra.is_missing(field) || extra.is_null_body() || extra.get(shape.field_name(field)).is_some() {
            return None;
        }
    }
    Some(match (view, extra.quoted(field)) {
        (View::Integer(number), Some(text)) if text.parse() == Ok(number) => View::Quoted(text),
        (View::Number(number), Some(text)) if text.parse() == Ok(number) => View::Quoted(text),
        (View::List(list, _), _) => View::List(list, extra.list_nulls(field, list.len())),
        (view, _) => view,
    })
}
