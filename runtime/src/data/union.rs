//! Unions that stay open: a value that fits no member is kept as raw JSON and written back.

use serde::Deserialize;
use serde::de::Deserializer;
use serde_json::Value;
use serde_json::value::to_raw_value;

use super::context::{Context, DecodeError};
use super::decode::{Decode, Kind, decode_text, without_position};

/// How well a JSON value fits a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// Another kind of JSON, or another tag.
    Impossible,
    /// The kind fits, and so many keys are shared; 0 where a required one is missing.
    Possible(u32),
    /// A tag names the type, and so many keys are shared.
    Tagged(u32),
}

/// One alternative of a union.
#[derive(Debug)]
pub struct Member<T> {
    /// The alternative's name, for error messages.
    pub name: &'static str,
    /// How well a value fits it.
    pub fit: fn(&Value) -> Fit,
    /// Decodes JSON text into it.
    pub decode: fn(&str, &mut Context) -> Result<T, serde_json::Error>,
}

/// An enum of a generated crate whose variants hold the alternatives of a `oneOf` or `anyOf`.
pub trait Union: Decode + PartialEq + 'static {
    /// The type's name, for error messages.
    const NAME: &'static str;
    /// The alternatives.
    const MEMBERS: &'static [Member<Self>];

    /// A value that fits none of them.
    fn unknown(value: Value) -> Self;
}

/// Decodes JSON text into the type of one member; emitted code maps the result into its variant.
///
/// # Errors
/// Where the text does not fit.
pub fn decode_member<T: Decode>(text: &str, context: &mut Context) -> Result<T, serde_json::Error> {
    decode_text(text, context)
}

/// How values fit the type that a variant holds.
pub const fn fit_of<T: Decode, U>(_: fn(T) -> U) -> fn(&Value) -> Fit {
    T::fit
}

/// The kind of the types that are a [`Union`].
#[derive(Debug)]
pub enum UnionKind {}

impl<T: Union> Kind<T> for UnionKind {
    fn decode_into<'de, D: Deserializer<'de>>(
        target: &mut T,
        deserializer: D,
        context: &mut Context,
    ) -> Result<(), D::Error> {
        let value = Value::deserialize(deserializer)?;
        let text = value.to_string();
        *target = decode_value(value, &text, context);
        Ok(())
    }

    fn is_unset(value: &T) -> bool {
        *value == T::default()
    }

    /// That of the best member.
    fn fit(value: &Value) -> Fit {
        T::MEMBERS.iter().map(|member| (member.fit)(value)).max().unwrap_or(Fit::Impossible)
    }
}

/// The members that fit are tried, best first. A value that fits none becomes the unknown one, and a mismatch says what was
/// tried.
fn decode_value<T: Union>(value: Value, text: &str, context: &mut Context) -> T {
    let mut candidates: Vec<(Fit, &Member<T>)> =
        T::MEMBERS.iter().map(|member| ((member.fit)(&value), member)).collect();
    // A stable sort: of equals, the one that the description names first.
    candidates.sort_by_key(|(fit, _)| std::cmp::Reverse(*fit));
    let mut tried = Vec::new();
    // The first member that fits but for a union further in, which knows no member.
    let mut almost = None;
    for (fit, member) in &candidates {
        if *fit == Fit::Impossible {
            tried.push(format!("{}: another kind or tag", member.name));
            continue;
        }
        let mut strict = Context::strict();
        match (member.decode)(text, &mut strict) {
            Ok(decoded) if !strict.fell_short() => return decoded,
            Ok(decoded) => almost = almost.or(Some((member, decoded))),
            Err(source) => tried.push(format!("{}: {}", member.name, describe(&strict, source))),
        }
    }
    if let Some((member, decoded)) = almost {
        if !context.tolerant {
            context.fall_short();
            return decoded;
        }
        // Once more, to say where.
        if let Ok(decoded) = (member.decode)(text, context) {
            return decoded;
        }
    }
    // Nothing fits as a whole. Where the tag or the keys point to a member, its parts that do not fit are set aside.
    let pointed_to = candidates.first().filter(|(fit, _)| context.tolerant && *fit > Fit::Possible(0));
    if let Some(Ok(decoded)) = pointed_to.map(|(_, member)| (member.decode)(text, context)) {
        return decoded;
    }
    context.set_aside(
        format!("fits no member of {} ({})", T::NAME, tried.join("; ")),
        to_raw_value(&value).ok().as_deref(),
    );
    T::unknown(value)
}

fn describe(context: &Context, source: serde_json::Error) -> String {
    let message = without_position(&source);
    let error = DecodeError { path: context.failed_path(), source };
    if error.path().is_empty() { message } else { format!("{}: {message}", error.path()) }
}
