//! Operators that do not fit the type of a field. They cannot be called, since no type implements the trait of their
//! argument; they exist so that the compiler's error says what to write instead.

use super::Query;
use super::field::{BoolField, DateField, IntField, TextField};

/// What an operator for order would take: nothing, for a field without order.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "the values of a `{Field}` have no order: it has no `gt`, `lt`, `ge` and `le`",
    label = "there is nothing to compare this with",
    note = "use `eq`, `ne`, `is_null` or `is_not_null`; for a list of texts `is_in` and `not_in`"
)]
pub trait OrderedOperand<Field> {
    /// Never called.
    fn never(self) -> Query;
}

/// What an operator for texts would take: nothing, for a field that is no text.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "the values of a `{Field}` are no texts: it has no `contains`, `not_contains`, `starts_with` and `ends_with`",
    label = "there is no text to look for this in",
    note = "use `eq`, `ne`, `is_null` or `is_not_null`; for integers and times also `gt`, `lt`, `ge`, `le` and `is_in`"
)]
pub trait TextOperand<Field> {
    /// Never called.
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
