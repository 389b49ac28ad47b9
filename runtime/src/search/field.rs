//! The fields of a search. There is a type for each type of value, with the operators that it supports.

use std::borrow::Cow;

use serde_json::{Number, Value};

use super::{Filter, Node, Query};
use crate::data::Timestamp;

/// Declares the operators and their texts.
macro_rules! operators {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// An operator of a filter.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Operator {
            $($(#[$doc])* $name,)*
        }

        impl Operator {
            /// The operator as it is sent.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

operators! {
    /// Equal.
    Equals = "=",
    /// Not equal.
    NotEquals = "!=",
    /// Equal to one of a list.
    In = "IN",
    /// Equal to none of a list.
    NotIn = "NIN",
    /// Less than.
    Less = "<",
    /// Less than or equal.
    LessOrEqual = "<=",
    /// Greater than.
    Greater = ">",
    /// Greater than or equal.
    GreaterOrEqual = ">=",
    /// The text contains this.
    Contains = "~",
    /// The text does not contain this.
    NotContains = "!~",
    /// The text starts with this.
    StartsWith = "^",
    /// The text ends with this.
    EndsWith = "$",
}

/// The name of a field, and its operators, if the API supports fewer of them than the type has.
#[derive(Clone, Debug)]
struct Field {
    name: Cow<'static, str>,
    only: Option<&'static [Operator]>,
}

impl Field {
    fn filter(&self, operator: Operator, value: Operand) -> Query {
        let mut error = value.error;
        if let Some(only) = self.only.filter(|only| !only.contains(&operator)) {
            let allowed: Vec<String> = only.iter().map(|operator| format!("`{}`", operator.as_str())).collect();
            error = Some(format!("it does not support `{}`; it supports {}", operator.as_str(), allowed.join(", ")));
        }
        Query(Node::Filter(Filter { field: self.name.to_string(), operator, value: value.value, error }))
    }

    fn list(&self, operator: Operator, values: impl Iterator<Item = Operand>) -> Query {
        let (mut list, mut error) = (Vec::new(), None);
        for value in values {
            error = error.or(value.error);
            list.push(value.value);
        }
        self.filter(operator, Operand { value: Value::Array(list), error })
    }
}

/// A value to compare a field with.
#[derive(Clone, Debug, PartialEq)]
pub struct Operand {
    value: Value,
    error: Option<String>,
}

impl From<Value> for Operand {
    fn from(value: Value) -> Self {
        Self { value, error: None }
    }
}

macro_rules! operand {
    ($($type:ty),*) => {
        $(impl From<$type> for Operand {
            fn from(value: $type) -> Self {
                Value::from(value).into()
            }
        })*
    };
}

operand!(&str, String, i32, i64, u32, bool);

impl From<f64> for Operand {
    fn from(value: f64) -> Self {
        match Number::from_f64(value) {
            Some(number) => Value::Number(number).into(),
            None => Self { value: Value::Null, error: Some(format!("{value} is not a JSON number")) },
        }
    }
}

/// A time is sent in its original form: Unix seconds, or the text that it was read from.
impl From<Timestamp> for Operand {
    fn from(time: Timestamp) -> Self {
        match time.as_text() {
            Some(text) => text.into(),
            None => time.as_seconds().into(),
        }
    }
}

impl Operand {
    fn text(text: impl AsRef<str>) -> Self {
        text.as_ref().into()
    }

    /// Sets an error if the value does not have an ordered type.
    fn ordered(mut self) -> Self {
        if matches!(self.value, Value::Bool(_) | Value::Null | Value::Array(_) | Value::Object(_)) {
            self.error = Some(format!("{} is not ordered, so it cannot be compared by `<` or `>`", self.value));
        }
        self
    }
}

/// Declares a type of field. `$accepts` is the type of its values, `$into` converts a value to an operand.
macro_rules! field {
    ($(#[$doc:meta])* $kind:ident, [$($accepts:tt)*], $into:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $kind(Field);

        impl $kind {
            /// Makes a field with this name.
            pub const fn new(name: &'static str) -> Self {
                Self(Field { name: Cow::Borrowed(name), only: None })
            }

            /// Makes a field whose name is only known at run time.
            pub fn dynamic(name: impl Into<String>) -> Self {
                Self(Field { name: Cow::Owned(name.into()), only: None })
            }

            /// Restricts the field to these operators. Another operator is an error when the search is sent.
            pub const fn only(mut self, operators: &'static [Operator]) -> Self {
                self.0.only = Some(operators);
                self
            }

            /// The field equals the value: `=`.
            pub fn eq(&self, value: $($accepts)*) -> Query {
                self.0.filter(Operator::Equals, $into(value))
            }

            /// The field does not equal the value: `!=`.
            pub fn ne(&self, value: $($accepts)*) -> Query {
                self.0.filter(Operator::NotEquals, $into(value))
            }

            /// The field has no value: `=` null.
            pub fn is_null(&self) -> Query {
                self.0.filter(Operator::Equals, Value::Null.into())
            }

            /// The field has a value: `!=` null.
            pub fn is_not_null(&self) -> Query {
                self.0.filter(Operator::NotEquals, Value::Null.into())
            }
        }
    };
}

macro_rules! lists {
    ($kind:ident, [$($accepts:tt)*], $into:expr) => {
        impl $kind {
            /// The field equals one of the values: `IN`.
            pub fn is_in(&self, values: impl IntoIterator<Item = $($accepts)*>) -> Query {
                self.0.list(Operator::In, values.into_iter().map($into))
            }

            /// The field equals none of the values: `NIN`.
            pub fn not_in(&self, values: impl IntoIterator<Item = $($accepts)*>) -> Query {
                self.0.list(Operator::NotIn, values.into_iter().map($into))
            }
        }
    };
}

macro_rules! ordered {
    ($kind:ident, [$($accepts:tt)*], $into:expr) => {
        impl $kind {
            /// The field is greater than the value, or a later time: `>`.
            pub fn gt(&self, value: $($accepts)*) -> Query {
                self.0.filter(Operator::Greater, $into(value).ordered())
            }

            /// The field is less than the value, or an earlier time: `<`.
            pub fn lt(&self, value: $($accepts)*) -> Query {
                self.0.filter(Operator::Less, $into(value).ordered())
            }

            /// The field is greater than or equal to the value: `>=`.
            pub fn ge(&self, value: $($accepts)*) -> Query {
                self.0.filter(Operator::GreaterOrEqual, $into(value).ordered())
            }

            /// The field is less than or equal to the value: `<=`.
            pub fn le(&self, value: $($accepts)*) -> Query {
                self.0.filter(Operator::LessOrEqual, $into(value).ordered())
            }
        }
    };
}

macro_rules! texts {
    ($kind:ident) => {
        impl $kind {
            /// The field contains the text: `~`.
            pub fn contains(&self, text: impl AsRef<str>) -> Query {
                self.0.filter(Operator::Contains, Operand::text(text))
            }

            /// The field does not contain the text: `!~`.
            pub fn not_contains(&self, text: impl AsRef<str>) -> Query {
                self.0.filter(Operator::NotContains, Operand::text(text))
            }

            /// The field starts with the text: `^`.
            pub fn starts_with(&self, text: impl AsRef<str>) -> Query {
                self.0.filter(Operator::StartsWith, Operand::text(text))
            }

            /// The field ends with the text: `$`.
            pub fn ends_with(&self, text: impl AsRef<str>) -> Query {
                self.0.filter(Operator::EndsWith, Operand::text(text))
            }
        }
    };
}

field! {
    /// A text field, or an id that is sent as text.
    TextField, [impl AsRef<str>], Operand::text
}
lists!(TextField, [impl AsRef<str>], Operand::text);
texts!(TextField);

field! {
    /// A boolean field.
    BoolField, [bool], Operand::from
}

fn integer(value: impl Into<i64>) -> Operand {
    value.into().into()
}

field! {
    /// An integer field.
    IntField, [impl Into<i64>], integer
}
lists!(IntField, [impl Into<i64>], integer);
ordered!(IntField, [impl Into<i64>], integer);

fn time(value: impl Into<Timestamp>) -> Operand {
    value.into().into()
}

field! {
    /// A field with a time. Some operations only compare whole days.
    DateField, [impl Into<Timestamp>], time
}
lists!(DateField, [impl Into<Timestamp>], time);
ordered!(DateField, [impl Into<Timestamp>], time);

fn operand(value: impl Into<Operand>) -> Operand {
    value.into()
}

field! {
    /// A field whose type depends on the workspace, such as a custom attribute. It has all operators and takes all values.
    AnyField, [impl Into<Operand>], operand
}
lists!(AnyField, [impl Into<Operand>], operand);
ordered!(AnyField, [impl Into<Operand>], operand);
texts!(AnyField);
