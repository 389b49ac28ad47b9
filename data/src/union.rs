//! Unions that stay open: a value that fits no member is kept as raw JSON and written back.
//!
//! The members are told apart on the text that the reader holds. Where a tag names one, the value is read into it at once.
//! Else the members that may fit are tried, best first, and the first that fits as a whole is taken.

use std::borrow::Cow;

use serde_json::Value;

use crate::note::Notes;
use crate::object::Shape;
use crate::place::{Accepts, Place};
use crate::reader::{Fault, Reader};

/// An enum of a generated crate whose variants hold the alternatives of a `oneOf` or `anyOf`.
pub trait Union {
    /// The alternatives, in the order of the variants.
    fn alternatives() -> &'static [Alternative]
    where
        Self: Sized;

    /// Makes it the variant with this number, and returns what the variant holds, with nothing set.
    fn choose(&mut self, alternative: usize) -> &mut dyn Place;

    /// Makes it a value that fits no alternative.
    fn set_unknown(&mut self, value: Value);
}

/// One alternative of a union.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Alternative {
    /// Its name, for error messages.
    pub name: &'static str,
    /// What it takes.
    pub accepts: fn() -> Accepts,
    /// The key whose text names it, and the texts that do; none where the description has no such key.
    pub tags: (&'static str, &'static [&'static str]),
}

impl Alternative {
    /// An alternative with these facts.
    pub const fn new(
        name: &'static str,
        accepts: fn() -> Accepts,
        tags: (&'static str, &'static [&'static str]),
    ) -> Self {
        Self { name, accepts, tags }
    }
}

/// What an alternative takes, for emitted code, which knows the type only by its variant.
pub const fn accepts_of<T: Place, U>(_: fn(T) -> U) -> fn() -> Accepts {
    T::accepts
}

/// How well a value fits an alternative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// Another kind of JSON, or another tag.
    Impossible,
    /// The kind fits. The number is that of shared keys, 0 where a required one is missing; 1 for a scalar.
    Possible(u32),
    /// A tag names the type. The number is that of shared keys.
    Tagged(u32),
}

/// Up to this depth of nested unions, the members are tried one after the other. A union further in takes its best
/// candidate untried: otherwise the work would multiply with each level.
const MOST_TRIALS: u32 = 4;

/// At most this many keys of an object are looked at. No type of the API has as many.
const MOST_KEYS: usize = 256;

/// Reads the value of a union.
///
/// # Errors
/// Where the text is not JSON, or decoding is strict and the value fits no member.
pub fn read(
    union: &mut dyn Union,
    name: &'static str,
    alternatives: &[Alternative],
    reader: &mut Reader<'_>,
) -> Result<(), Fault> {
    let start = reader.start();
    let survey = Survey::of(reader)?;
    reader.rewind(start);
    let mut candidates: Vec<(Fit, usize)> = alternatives.iter().map(|one| survey.alternative(one)).zip(0..).collect();
    // A stable sort: of equals, the one that the description names first.
    candidates.sort_by_key(|(fit, _)| std::cmp::Reverse(*fit));
    candidates.retain(|(fit, _)| *fit != Fit::Impossible);
    let best = candidates.first().copied();
    let alone = candidates.len() == 1 && best.is_some_and(|(fit, _)| fit > Fit::Possible(0));
    let tagged = matches!((best, candidates.get(1)), (Some((Fit::Tagged(_), _)), None | Some((Fit::Possible(_), _))));
    let mut tried = Vec::new();
    if !alone && !tagged && reader.trials < MOST_TRIALS {
        for (_, alternative) in &candidates {
            match trial(reader, union.choose(*alternative))? {
                Ok(()) => return Ok(()),
                Err(why) => tried.push(format!("{}: {why}", alternatives[*alternative].name)),
            }
            reader.rewind(start);
        }
    }
    // Where the tag or the keys point to a member, its parts that do not fit are set aside.
    if let Some((_, alternative)) = best.filter(|(fit, _)| *fit > Fit::Possible(0)) {
        match union.choose(alternative).read(reader) {
            Err(Fault::Unfit) => reader.rewind(start),
            outcome => return outcome,
        }
    }
    let raw = reader.raw_from(start)?;
    let other = |one: &Alternative| format!("{}: another kind or tag", one.name);
    let impossible = (0..).zip(alternatives).filter(|(at, _)| !candidates.iter().any(|(_, known)| known == at));
    let tried: Vec<String> = impossible.map(|(_, one)| other(one)).chain(tried).collect();
    reader.notes.add(|| format!("fits no member of {name} ({})", tried.join("; ")).into(), Some(raw))?;
    union.set_unknown(reader.keep(start).unwrap_or_default());
    Ok(())
}

/// Reads an alternative strictly; the answer says why it does not fit.
fn trial(reader: &mut Reader<'_>, place: &mut dyn Place) -> Result<Result<(), String>, Fault> {
    let start = reader.start();
    let outer = std::mem::replace(&mut reader.notes, Notes::strict());
    reader.trials += 1;
    let outcome = place.read(reader);
    reader.trials -= 1;
    let notes = std::mem::replace(&mut reader.notes, outer);
    match outcome {
        Ok(()) => Ok(Ok(())),
        Err(Fault::Broken) => Err(Fault::Broken),
        Err(Fault::Unfit) => Ok(Err(reader.refusal(reader.text().get(start.at()..).unwrap_or_default()))),
        Err(Fault::Stopped) => {
            let first = notes.into_mismatches().0.into_iter().next();
            Ok(Err(first.map_or_else(String::new, |mismatch| mismatch.to_string())))
        }
    }
}

/// What is seen of a value without reading it.
enum Survey<'a> {
    Null,
    Bool,
    Text,
    Integer,
    Number,
    /// For each key: the raw text between the quotes where the value is a string, and whether the value is null.
    Object(Vec<(Cow<'a, str>, Option<&'a str>, bool)>),
    /// With the first item.
    List(Option<Box<Survey<'a>>>),
}

impl<'a> Survey<'a> {
    fn of(reader: &mut Reader<'a>) -> Result<Self, Fault> {
        Ok(match reader.peek() {
            Some(b'n') => Self::Null,
            Some(b't' | b'f') => Self::Bool,
            Some(b'"') => Self::Text,
            Some(b'{') => {
                let mut keys = Vec::new();
                reader.members(&mut |reader, key| {
                    let raw = reader.raw()?;
                    let text = raw.strip_prefix('"').and_then(|raw| raw.strip_suffix('"'));
                    if keys.len() < MOST_KEYS {
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
            None => return reader.broken("a value is expected"),
        })
    }

    fn alternative(&self, alternative: &Alternative) -> Fit {
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
            (Accepts::Union(members), _) => {
                return members.iter().map(|member| self.alternative(member)).max().unwrap_or(Fit::Impossible);
            }
            (Accepts::Object(shape), Self::Object(_)) => return self.object(shape()),
            (Accepts::Anything, _)
            | (Accepts::Text, Self::Text)
            | (Accepts::Bool, Self::Bool)
            | (Accepts::Integer, Self::Integer)
            | (Accepts::Number, Self::Integer | Self::Number)
            | (Accepts::Id | Accepts::Time, Self::Text | Self::Integer)
            | (Accepts::Free, Self::Object(_)) => true,
            _ => false,
        };
        if fits { Fit::Possible(1) } else { Fit::Impossible }
    }

    fn text(&self, key: &str) -> Option<&str> {
        let Self::Object(keys) = self else { return None };
        keys.iter().rev().find(|(known, _, _)| known == key).and_then(|(_, text, _)| *text)
    }

    /// By the tags, then by the keys that are shared with the declared fields.
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
