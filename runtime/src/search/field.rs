//! The fields of a search, a type for each kind of value, with the operators that fit it.

use std::borrow::Cow;

use serde_json::{Number, Value};

use super::{Filter, Node, Query};
use crate::data::Timestamp;

/// Declares the operators, their text and the list of all.
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
    /// The value is the same.
    Equals = "=",
    /// The value is another.
    NotEquals = "!=",
    /// The value is one of a list.
    In = "IN",
    /// The value is none of a list.
    NotIn = "NIN",
    /// The value is less.
    Less = "<",
    /// The value is less or the same.
    LessOrEqual = "<=",
    /// The value is greater.
    Greater = ">",
    /// The value is greater or the same.
    GreaterOrEqual = ">=",
    /// The text has this in it.
    Contains = "~",
    /// The text does not have this in it.
    NotContains = "!~",
    /// The text begins with this.
    StartsWith = "^",
    /// The text ends with this.
    EndsWith = "$",
}

/// A field by its name, and the operators that the API allows for it where those are fewer than fit its type.
#[derive(Clone, Debug)]
struct Field {
    name: Cow<'static, str>,
    only: Option<&'static [Operator]>,
}

impl Field {
    fn filter(&self, operator: Operator, value: Operand) -> Query {
        let mut mistake = value.mistake;
        if let Some(only) = self.only.filter(|only| !only.contains(&operator)) {
            let allowed: Vec<String> = only.iter().map(|operator| format!("`{}`", operator.as_str())).collect();
            mistake = Some(format!("it does not take `{}`; it takes {}", operator.as_str(), allowed.join(", ")));
        }
        Query(Node::Filter(Filter { field: self.name.to_string(), operator, value: value.value, mistake }))
    }

    fn list(&self, operator: Operator, values: impl Iterator<Item = Operand>) -> Query {
        let (mut list, mut mistake) = (Vec::new(), None);
        for value in values {
            mistake = mistake.or(value.mistake);
            list.push(value.value);
        }
        self.filter(operator, Operand { value: Value::Array(list), mistake })
    }
}

/// A value that a field is compared with.
#[derive(Clone, Debug, PartialEq)]
pub struct Operand {
    value: Value,
    mistake: Option<String>,
}

impl From<Value> for Operand {
    fn from(value: Value) -> Self {
        Self { value, mistake: None }
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
            None => Self { value: Value::Null, mistake: Some(format!("{value} is no number of JSON")) },
        }
    }
}

/// A time as it is sent: the seconds, or the text that it came as.
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

    /// The value, where it can be less or greater than another.
    fn ordered(mut self) -> Self {
        if matches!(self.value, Value::Bool(_) | Value::Null | Value::Array(_) | Value::Object(_)) {
            self.mistake = Some(format!("{} is not ordered: nothing is less or greater than it", self.value));
        }
        self
    }
}

/// Declares a kind of field: `$value` is what its values may be given as, `$into` makes an operand of one.
macro_rules! field {
    ($(#[$doc:meta])* $kind:ident, [$($accepts:tt)*], $into:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $kind(Field);

        impl $kind {
            /// A field by the name that is sent.
            pub const fn new(name: &'static str) -> Self {
                Self(Field { name: Cow::Borrowed(name), only: None })
            }

            /// A field whose name is known at run time only.
            pub fn named(name: impl Into<String>) -> Self {
                Self(Field { name: Cow::Owned(name.into()), only: None })
            }

            /// The same field with only these operators; another is an error when the search is sent.
            pub const fn only(mut self, operators: &'static [Operator]) -> Self {
                self.0.only = Some(operators);
                self
            }

            /// The value is this one: `=`.
            pub fn eq(&self, value: $($accepts)*) -> Query {
                self.0.filter(Operator::Equals, $into(value))
            }

            /// The value is another: `!=`.
            pub fn ne(&self, value: $($accepts)*) -> Query {
                self.0.filter(Operator::NotEquals, $into(value))
            }

            /// There is no value: `=` null.
            pub fn is_null(&self) -> Query {
                self.0.filter(Operator::Equals, Value::Null.into())
            }

            /// There is a value: `!=` null.
            pub fn is_not_null(&self) -> Query {
                self.0.filter(Operator::NotEquals, Value::Null.into())
            }
        }
    };
}

macro_rules! lists {
    ($kind:ident, [$($accepts:tt)*], $into:expr) => {
        impl $kind {
            /// The value is one of these: `IN`.
            pub fn is_in(&self, values: impl IntoIterator<Item = $($accepts)*>) -> Query {
                self.0.list(Operator::In, values.into_iter().map($into))
            }

            /// The value is none of these: `NIN`.
            pub fn not_in(&self, values: impl IntoIterator<Item = $($accepts)*>) -> Query {
                self.0.list(Operator::NotIn, values.into_iter().map($into))
            }
        }
    };
}

macro_rules! ordered {
    ($kind:ident, [$($accepts:tt)*], $into:expr) => {
        impl $kind {
            /// The value is greater, a time later: `>`.
            pub fn gt(&self, value: $($accepts)*) -> Query {
                self.0.filter(Operator::Greater, $into(value).ordered())
            }

            /// The value is less, a time earlier: `<`.
            pub fn lt(&self, value: $($accepts)*) -> Query {
                self.0.filter(Operator::Less, $into(value).ordered())
            }

            /// The value is greater or the same: `>=`.
            pub fn ge(&self, value: $($accepts)*) -> Query {
                self.0.filter(Operator::GreaterOrEqual, $into(value).ordered())
            }

            /// The value is less or the same: `<=`.
            pub fn le(&self, value: $($accepts)*) -> Query {
                self.0.filter(Operator::LessOrEqual, $into(value).ordered())
            }
        }
    };
}

macro_rules! texts {
    ($kind:ident) => {
        impl $kind {
            /// The text has this in it: `~`.
            pub fn contains(&self, text: impl AsRef<str>) -> Query {
                self.0.filter(Operator::Contains, Operand::text(text))
            }

            /// The text does not have this in it: `!~`.
            pub fn not_contains(&self, text: impl AsRef<str>) -> Query {
                self.0.filter(Operator::NotContains, Operand::text(text))
            }

            /// The text begins with this: `^`.
            pub fn starts_with(&self, text: impl AsRef<str>) -> Query {
                self.0.filter(Operator::StartsWith, Operand::text(text))
            }

            /// The text ends with this: `$`.
            pub fn ends_with(&self, text: impl AsRef<str>) -> Query {
                self.0.filter(Operator::EndsWith, Operand::text(text))
            }
        }
    };
}

field! {
    /// A field of text, or an identifier that is sent as text.
    TextField, [impl AsRef<str>], Operand::text
}
lists!(TextField, [impl AsRef<str>], Operand::text);
texts!(TextField);

field! {
    /// A field that is true or false.
    BoolField, [bool], Operand::from
}

fn integer(value: impl Into<i64>) -> Operand {
    value.into().into()
}

field! {
    /// A field of an integer.
    IntField, [impl Into<i64>], integer
}
lists!(IntField, [impl Into<i64>], integer);
ordered!(IntField, [impl Into<i64>], integer);

fn time(value: impl Into<Timestamp>) -> Operand {
    value.into().into()
}

field! {
    /// A field of a point in time. Some operations compare whole days only.
    DateField, [impl Into<Timestamp>], time
}
lists!(DateField, [impl Into<Timestamp>], time);
ordered!(DateField, [impl Into<Timestamp>], time);

fn operand(value: impl Into<Operand>) -> Operand {
    value.into()
}

field! {
    /// A field whose type the user of the workspace chose, such as a custom attribute: all operators and values.
    AnyField, [impl Into<Operand>], operand
}
lists!(AnyField, [impl Into<Operand>], operand);
ordered!(AnyField, [impl Into<Operand>], operand);
texts!(AnyField);
