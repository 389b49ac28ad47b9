//! What fields are made of beside generated types: texts, numbers, and options, boxes and lists of anything.

use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use super::context::{Context, Step};
use super::decode::{Decode, Kind, decode_or_set_aside};
use super::object::Shape;
use super::union::Fit;

/// Leaf types decode as serde decodes them; the last list is what JSON kinds they take.
macro_rules! leaf {
    ($type:ty, $unset:expr, $fits:pat $(if $guard:expr)?) => {
        impl Decode for $type {
            type Kind = Self;
        }

        impl Kind<Self> for $type {
            fn decode_into<'de, D: Deserializer<'de>>(
                target: &mut Self,
                deserializer: D,
                _: &mut Context,
            ) -> Result<(), D::Error> {
                *target = Self::deserialize(deserializer)?;
                Ok(())
            }

            fn is_unset(value: &Self) -> bool {
                let unset: fn(&Self) -> bool = $unset;
                unset(value)
            }

            fn fit(value: &Value) -> Fit {
                if matches!(value, $fits $(if $guard)?) { Fit::Possible(1) } else { Fit::Impossible }
            }
        }
    };
}

leaf!(String, String::is_empty, Value::String(_));
leaf!(bool, |value| !value, Value::Bool(_));
leaf!(i64, |value| *value == 0, Value::Number(number) if number.is_i64());
leaf!(f64, |value| *value == 0.0, Value::Number(_));
leaf!(Value, Value::is_null, _);
leaf!(super::Id, super::Id::is_empty, Value::String(_) | Value::Number(_));
leaf!(super::Timestamp, |value| *value == super::Timestamp::default(), Value::String(_) | Value::Number(_));
leaf!(super::Attributes, super::Attributes::is_empty, Value::Object(_));

impl<T: Decode> Decode for Option<T> {
    type Kind = Self;
}

impl<T: Decode> Kind<Self> for Option<T> {
    const OPTIONAL: bool = true;

    fn decode_into<'de, D: Deserializer<'de>>(
        target: &mut Self,
        deserializer: D,
        context: &mut Context,
    ) -> Result<(), D::Error> {
        struct OptionVisitor<'t, 'c, T>(&'t mut Option<T>, &'c mut Context);

        impl<'de, T: Decode> Visitor<'de> for OptionVisitor<'_, '_, T> {
            type Value = ();

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value or null")
            }

            fn visit_none<E>(self) -> Result<(), E> {
                *self.0 = None;
                Ok(())
            }

            fn visit_unit<E>(self) -> Result<(), E> {
                *self.0 = None;
                Ok(())
            }

            fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
                self.0.insert(T::default()).decode_into(deserializer, self.1)
            }
        }

        deserializer.deserialize_option(OptionVisitor(target, context))
    }

    fn is_unset(value: &Self) -> bool {
        value.is_none()
    }

    fn fit(value: &Value) -> Fit {
        if value.is_null() { Fit::Possible(0) } else { T::fit(value) }
    }

    fn shape() -> Option<&'static Shape> {
        T::Kind::shape()
    }
}

impl<T: Decode> Decode for Box<T> {
    type Kind = Self;
}

impl<T: Decode> Kind<Self> for Box<T> {
    const OPTIONAL: bool = T::OPTIONAL;

    fn decode_into<'de, D: Deserializer<'de>>(
        target: &mut Self,
        deserializer: D,
        context: &mut Context,
    ) -> Result<(), D::Error> {
        (**target).decode_into(deserializer, context)
    }

    fn is_unset(value: &Self) -> bool {
        (**value).is_unset()
    }

    fn fit(value: &Value) -> Fit {
        T::fit(value)
    }

    fn shape() -> Option<&'static Shape> {
        T::Kind::shape()
    }
}

impl<T: Decode> Decode for Vec<T> {
    type Kind = Self;
}

impl<T: Decode> Kind<Self> for Vec<T> {
    fn decode_into<'de, D: Deserializer<'de>>(
        target: &mut Self,
        deserializer: D,
        context: &mut Context,
    ) -> Result<(), D::Error> {
        struct ListVisitor<'t, 'c, T>(&'t mut Vec<T>, &'c mut Context);

        impl<'de, T: Decode> Visitor<'de> for ListVisitor<'_, '_, T> {
            type Value = ();

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
                list_items(self.0, &mut items, self.1)
            }
        }

        deserializer.deserialize_seq(ListVisitor(target, context))
    }

    fn is_unset(value: &Self) -> bool {
        value.is_empty()
    }

    fn fit(value: &Value) -> Fit {
        match value {
            Value::Array(items) => match items.first() {
                Some(first) => T::fit(first),
                None => Fit::Possible(0),
            },
            _ => Fit::Impossible,
        }
    }
}

/// The items of an array; in a tolerant context those that do not fit are set aside one by one.
fn list_items<'de, T: Decode, A: SeqAccess<'de>>(
    list: &mut Vec<T>,
    items: &mut A,
    context: &mut Context,
) -> Result<(), A::Error> {
    list.clear();
    if context.tolerant {
        let mut index = 0;
        while let Some(raw) = items.next_element::<&RawValue>()? {
            context.enter(Step::Index(index));
            list.extend(decode_or_set_aside::<T>(raw, context));
            context.leave();
            index += 1;
        }
        return Ok(());
    }
    loop {
        let index = list.len();
        match items.next_element_seed(Push { list, context }) {
            Ok(Some(())) => {}
            Ok(None) => return Ok(()),
            Err(error) => {
                context.failed_in(Step::Index(index));
                return Err(error);
            }
        }
    }
}

/// Fills an item where it will stay. Only an item that is there calls it, so an empty array allocates nothing.
struct Push<'l, 'c, T> {
    list: &'l mut Vec<T>,
    context: &'c mut Context,
}

impl<'de, T: Decode> DeserializeSeed<'de> for Push<'_, '_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.list.push(T::default());
        match self.list.last_mut() {
            Some(target) => target.decode_into(deserializer, self.context),
            None => Ok(()),
        }
    }
}
