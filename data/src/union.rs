//! Unions (`oneOf`, `anyOf`). A value that fits no alternative is kept as JSON in the variant `Unknown` and written back.
//!
//! First, the JSON type and the keys of the value are compared with the alternatives, which gives each alternative a score (`Fit`). If a
//! tag selects one, or only one may fit and its score is above 0, the value is read into it. Otherwise the alternatives that may fit are
//! tried, the best candidate first, and the first that fits completely is used. If none does, the value is read into the best candidate.
//! If no candidate is selected by a tag or has a score above 0, or the best one does not accept the value, the value becomes `Unknown`.

use std::borrow::Cow;

use serde_json::Value;

use crate::mismatch::Mismatches;
use crate::object::Shape;
use crate::place::{Accepts, Place};
use crate::reader::{ReadError, Reader};

/// An enum of a generated crate whose variants hold the alternatives of a `oneOf` or `anyOf`.
pub trait Union {
    /// The alternatives, in the order of the variants.
    fn alternatives() -> &'static [Alternative]
    where
        Self: Sized;

    /// Sets the variant with this number, with the default value, and returns the value as a place to read into.
    fn choose(&mut self, alternative: usize) -> &mut dyn Place;

    /// Sets the variant `Unknown`, for a value that fits no alternative.
    fn set_unknown(&mut self, value: Value);
}

/// One alternative of a union.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Alternative {
    /// The name, for error messages.
    pub name: &'static str,
    /// The JSON that the alternative accepts.
    pub accepts: fn() -> Accepts,
    /// The key of the tag, and the texts of the tag that select this alternative; empty if the description declares no tag.
    pub tags: (&'static str, &'static [&'static str]),
}

impl Alternative {
    /// An alternative with these properties.
    pub const fn new(
        name: &'static str,
        accepts: fn() -> Accepts,
        tags: (&'static str, &'static [&'static str]),
    ) -> Self {
        Self { name, accepts, tags }
    }
}

/// The JSON that an alternative accepts. Generated code passes the constructor of the variant instead of the type, since it does
/// not know the type by name.
pub const fn accepts_of<T: Place, U>(_: fn(T) -> U) -> fn() -> Accepts {
    T::accepts
}

/// How well a value fits an alternative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// Another JSON type, or another tag.
    Impossible,
    /// The JSON type fits. The number is a score. For an alternative that declares fields, it is the number of keys that are its fields, or
    /// 0 if a required field is missing or null. If the alternative may be null, null has the score 0. An empty list has the score 0, and
    /// another list that of its first item. A nested union has the score of its best alternative. Everything else has 1.
    Possible(u32),
    /// A tag selects the alternative. There are two kinds of tags: a constant string of an object (`Shape::tags`), for which the number
    /// is the score of the object, as for `Possible`, and the tag that the description declares for the union
    /// (`Alternative::tags`), for which it is `u32::MAX`.
    Tagged(u32),
}

/// Up to this depth of nested unions, the alternatives are tried one after the other. A union at a greater depth uses its best
/// candidate without trying others: otherwise the time would grow exponentially with the depth.
const MAX_TRIAL_DEPTH: u32 = 4;

/// The maximum number of keys of an object that are compared with the alternatives. No type of the API has so many.
const MAX_KEYS: usize = 256;

/// Reads the value of a union.
///
/// # Errors
/// If the text is not JSON, the value is nested too deep, or decoding is strict and the value or a part of it does not fit.
pub fn read(
    union: &mut dyn Union,
    name: &'static str,
    alternatives: &[Alternative],
    reader: &mut Reader<'_>,
) -> Result<(), ReadError> {
    let start = reader.start();
    let survey = Survey::of(reader)?;
    reader.rewind(start);
    let mut candidates: Vec<(Fit, usize)> = alternatives.iter().map(|one| survey.fit_of(one)).zip(0..).collect();
    // The sort is stable: equal candidates are tried in the order of the variants.
    candidates.sort_by_key(|(fit, _)| std::cmp::Reverse(*fit));
    candidates.retain(|(fit, _)| *fit != Fit::Impossible);
    let best = candidates.first().copied();
    let alone = candidates.len() == 1 && best.is_some_and(|(fit, _)| fit > Fit::Possible(0));
    let tagged = matches!((best, candidates.get(1)), (Some((Fit::Tagged(_), _)), None | Some((Fit::Possible(_), _))));
    let mut tried = Vec::new();
    if !alone && !tagged && reader.trial_depth < MAX_TRIAL_DEPTH {
        for (_, alternative) in &candidates {
            match trial(reader, union.choose(*alternative))? {
                Ok(()) => return Ok(()),
                Err(why) => tried.push(format!("{}: {why}", alternatives[*alternative].name)),
            }
            reader.rewind(start);
        }
    }
    // Either the alternative is chosen without a trial, or none fits completely. If the tag or the keys select one, the parts
    // that do not fit it become mismatches.
    if let Some((_, alternative)) = best.filter(|(fit, _)| *fit > Fit::Possible(0)) {
        match union.choose(alternative).read(reader) {
            Err(ReadError::Mismatch) => reader.rewind(start),
            outcome => return outcome,
        }
    }
    let raw = reader.raw_from(start)?;
    let other = |one: &Alternative| format!("{}: different JSON type or tag", one.name);
    let impossible = (0..).zip(alternatives).filter(|(at, _)| !candidates.iter().any(|(_, known)| known == at));
    let tried: Vec<String> = impossible.map(|(_, one)| other(one)).chain(tried).collect();
    reader
        .mismatches
        .add(|| format!("expected {name}, but no alternative fits ({})", tried.join("; ")).into(), Some(raw))?;
    union.set_unknown(reader.keep(start).unwrap_or_default());
    Ok(())
}

/// Reads a value as an alternative in strict mode. The inner error says why it does not fit.
fn trial(reader: &mut Reader<'_>, place: &mut dyn Place) -> Result<Result<(), String>, ReadError> {
    let start = reader.start();
    let outer = std::mem::replace(&mut reader.mismatches, Mismatches::strict());
    reader.trial_depth += 1;
    let outcome = place.read(reader);
    reader.trial_depth -= 1;
    let mismatches = std::mem::replace(&mut reader.mismatches, outer);
    match outcome {
        Ok(()) => Ok(Ok(())),
        Err(ReadError::Syntax) => Err(ReadError::Syntax),
        Err(ReadError::Mismatch) => {
            Ok(Err(reader.mismatch_message(reader.text().get(start.at()..).unwrap_or_default())))
        }
        Err(ReadError::Stopped) => {
            let first = mismatches.into_kept().0.into_iter().next();
            Ok(Err(first.map_or_else(String::new, |mismatch| mismatch.to_string())))
        }
    }
}

/// What is needed to compare a value with the alternatives, found without decoding it.
enum Survey<'a> {
    Null,
    Bool,
    Text,
    Integer,
    Number,
    /// For each key: the raw text between the quotes where the value is a string, and whether the value is null.
    Object(Vec<(Cow<'a, str>, Option<&'a str>, bool)>),
    /// The first item, if there is one.
    List(Option<Box<Survey<'a>>>),
}

impl<'a> Survey<'a> {
    fn of(reader: &mut Reader<'a>) -> Result<Self, ReadError> {
        Ok(match reader.peek() {
            Some(b'n') => Self::Null,
            Some(b't' | b'f') => Self::Bool,
            Some(b'"') => Self::Text,
            Some(b'{') => {
                let mut keys = Vec::new();
                reader.members(&mut |reader, key| {
                    let raw = reader.raw()?;
                    let text = raw.strip_prefix('"').and_then(|raw| raw.strip_suffix('"'));
                    if keys.len() < MAX_KEYS {
                        keys.push((key, text, raw == "null"));
                    }
                    Ok(())
                })?;
                Self::Object(keys)
            }
            Some(b'[') => {
                let mut first = None;
                reader.items(&mut |reader, index| {
                    let start = reader.start();
                    if index == 0 {
                        first = Some(Box::new(Self::of(reader)?));
                    }
                    reader.rewind(start);
                    reader.skip()
                })?;
                Self::List(first)
            }
            Some(_) => match reader.number()?.1 {
                true => Self::Integer,
                false => Self::Number,
            },
            None => return reader.syntax_error("expected a value"),
        })
    }

    fn fit_of(&self, alternative: &Alternative) -> Fit {
        let (key, texts) = alternative.tags;
        if self.text(key).is_some_and(|text| texts.contains(&text)) {
            return Fit::Tagged(u32::MAX);
        }
        self.fit((alternative.accepts)())
    }

    fn fit(&self, accepts: Accepts) -> Fit {
        let fits = match (accepts, self) {
            (Accepts::Nullable(_), Self::Null) | (Accepts::List(_), Self::List(None)) => return Fit::Possible(0),
            (Accepts::Nullable(inner), _) => return self.fit(inner()),
            (Accepts::List(item), Self::List(Some(first))) => return first.fit(item()),
            (Accepts::Union(alternatives), _) => {
                return alternatives.iter().map(|one| self.fit_of(one)).max().unwrap_or(Fit::Impossible);
            }
            (Accepts::Object(shape), Self::Object(_)) => return self.object(shape),
            (Accepts::Anything, _)
            | (Accepts::Text, Self::Text)
            | (Accepts::Bool, Self::Bool)
            | (Accepts::Integer, Self::Integer)
            | (Accepts::Number, Self::Integer | Self::Number)
            | (Accepts::Id | Accepts::Time, Self::Text | Self::Integer)
            | (Accepts::AnyObject, Self::Object(_)) => true,
            _ => false,
        };
        if fits { Fit::Possible(1) } else { Fit::Impossible }
    }

    fn text(&self, key: &str) -> Option<&str> {
        let Self::Object(keys) = self else { return None };
        keys.iter().rev().find(|(known, _, _)| known == key).and_then(|(_, text, _)| *text)
    }

    /// Compares the tags, and counts the keys that are declared fields.
    fn object(&self, shape: &Shape) -> Fit {
        let Self::Object(keys) = self else { return Fit::Impossible };
        let mut tagged = false;
        for (key, text) in shape.tags {
            match self.text(key) {
                Some(found) if found == *text => tagged = true,
                Some(_) => return Fit::Impossible,
                None => {}
            }
        }
        let mut seen = 0;
        let mut shared = 0;
        for (key, _, null) in keys {
            if let Some(field) = shape.find(key) {
                shared += 1;
                seen |= if *null { 0 } else { crate::extra::bit(field) };
            }
        }
        let score = if shape.required & !seen == 0 { shared } else { 0 };
        if tagged { Fit::Tagged(score) } else { Fit::Possible(score) }
    }
}
