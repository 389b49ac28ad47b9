//! The members of an object in the order of encoding: its fields, then the keys in its `Extra`.

use serde_json::Value;

use super::{IdForm, Object, Shape, field, views};
use crate::extra::{Extra, bit};
use crate::view::View;

/// A key of an object.
#[derive(Clone, Copy)]
pub(crate) enum Key<'a> {
    /// The key of a declared field, as JSON text with the colon.
    Encoded(&'static str),
    /// The key as plain text.
    Plain(&'a str),
}

impl<'a> Key<'a> {
    pub(crate) fn as_str(self) -> &'a str {
        match self {
            Self::Encoded(key) => super::key_of(key),
            Self::Plain(key) => key,
        }
    }
}

static NULL: Value = Value::Null;

/// Calls `each` for every member that is encoded, with its key, its value, and the declared form of ids in it. Returns the [`Extra`] of
/// the object.
#[inline]
pub(crate) fn members<'a>(
    object: &'a dyn Object,
    shape: &'static Shape,
    mut each: impl FnMut(Key<'a>, &View<'a>, IdForm),
) -> &'a Extra {
    static NONE: Extra = Extra::new();
    let (mut extra, mut extra_is_default, mut next) = (&NONE, true, 0);
    // Bit i: field i is set, which takes precedence over a value of `extra` with the same key.
    let mut set = 0;
    // Bit i: `extra` has a value with the key of field i, which takes precedence over a null.
    let mut kept = 0;
    views(object, &mut |view| {
        if let View::Extra(found) = view {
            (extra, extra_is_default) = (found, found.is_default());
            if !extra_is_default {
                kept = fields_of(extra, shape);
            }
            return;
        }
        let number = next;
        next += 1;
        let changed;
        // A reference and no copy: a copy of a value whose fields were just written one by one stalls the processor (failed
        // store-to-load forwarding).
        let view = match view {
            View::Absent if extra.is_null(number) && kept & bit(number) == 0 => &View::Json(&NULL),
            View::Absent => return,
            _ if extra_is_default => view,
            _ => {
                set |= if view.is_unset() { 0 } else { bit(number) };
                match with_extra(extra, shape, number, *view) {
                    Some(view) => {
                        changed = view;
                        &changed
                    }
                    None => return,
                }
            }
        };
        let key = match shape.encoded_key(number) {
            Some(key) => Key::Encoded(key),
            None => Key::Plain(shape.field_name(number)),
        };
        each(key, view, shape.id_form(number));
    });
    // A key of `extra` is hidden only if it is the key of a field that is set. The bits record no fields from index 64 on.
    let may_hide = kept & set != 0 || shape.field_count() > 64;
    for (key, value) in extra.entries() {
        let field_of_key = if may_hide { shape.find(key) } else { None };
        let hidden = field_of_key.is_some_and(|number| match bit(number) {
            0 => !field(object, number).is_unset(),
            bit => set & bit != 0,
        });
        if !hidden {
            each(Key::Plain(key), &View::Json(value), IdForm::AsIs);
        }
    }
    extra
}

/// Bit i: `extra` has a value with the key of field i.
fn fields_of(extra: &Extra, shape: &Shape) -> u64 {
    extra.entries().iter().filter_map(|(key, _)| shape.find(key)).fold(0, |bits, field| bits | bit(field))
}

/// The value of a field as it is encoded, with what `extra` has recorded for the field; `None` if the field is not written.
fn with_extra<'a>(extra: &'a Extra, shape: &Shape, field: usize, view: View<'a>) -> Option<View<'a>> {
    if view.is_unset() {
        if extra.get(shape.field_name(field)).is_some() {
            return None;
        }
        if extra.is_null(field) {
            return Some(View::Json(&NULL));
        }
        if extra.is_missing(field) || extra.is_null_body() {
            return None;
        }
    }
    Some(match (view, extra.number_text(field)) {
        (View::Integer(number), Some(text)) if text.parse() == Ok(number) => View::NumberText(text),
        (View::Number(number), Some(text)) if text.parse() == Ok(number) => View::NumberText(text),
        (View::List(list, _), _) => View::List(list, extra.left_out(field, list.len())),
        (view, _) => view,
    })
}
