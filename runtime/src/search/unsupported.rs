//! Operators that the type of a field does not support. They cannot be called, since no type implements the trait of their argument.
//! They exist because the compiler error for the missing trait can say what to write instead; an error for a missing method cannot.

use super::Query;
use super::field::{BoolField, DateField, IntField, TextField};

/// The argument of a comparison, for fields whose values are not ordered. No type implements it.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "the values of a `{Field}` are not ordered: it does not support `gt`, `lt`, `ge` and `le`",
    label = "this value cannot be compared with the field",
    note = "use `eq`, `ne`, `is_null` or `is_not_null`; a `TextField` also has `is_in` and `not_in`"
)]
pub trait OrderedOperand<Field> {
    /// Cannot be called, since no type implements the trait.
    fn never(self) -> Query;
}

/// The argument of a text operator, for fields that are not text. No type implements it.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "the values of a `{Field}` are not text: it does not support `contains`, `not_contains`, `starts_with` and `ends_with`",
    label = "this text cannot be searched for in the field",
    note = "use `eq`, `ne`, `is_null` or `is_not_null`; an `IntField` or `DateField` also has `gt`, `lt`, `ge`, `le`, `is_in` and `not_in`"
)]
pub trait TextOperand<Field> {
    /// Cannot be called, since no type implements the trait.
    fn never(self) -> Query;
}

macro_rules! refuse {
    ($($kind:ident: $operand:ident, [$($operator:ident),*];)*) => {
        $(impl $kind {
            $(
                #[doc(hidden)]
                pub fn $operator(&self, value: impl $operand<Self>) -> Query {
                    value.never()
                }
            )*
        })*
    };
}

refuse! {
    BoolField: OrderedOperand, [gt, lt, ge, le];
    TextField: OrderedOperand, [gt, lt, ge, le];
    BoolField: TextOperand, [contains, not_contains, starts_with, ends_with];
    IntField: TextOperand, [contains, not_contains, starts_with, ends_with];
    DateField: TextOperand, [contains, not_contains, starts_with, ends_with];
}
