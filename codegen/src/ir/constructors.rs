//! The constructors of a struct beside `new`: one for each set of fields that an alternative of its schema asks for.

use super::{Field, RustName, Struct, WireName};
use crate::names;

/// One of several ways to make a struct.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alternative {
    /// The fields that it asks for.
    pub asked: Vec<WireName>,
    /// Those of them that have only one value in it, with that value.
    pub constants: Vec<(WireName, String)>,
}

/// A constructor beside `new`.
#[derive(Clone, Debug)]
pub struct Constructor<'a> {
    /// The value that tells it apart, `email`; else the fields that it asks for and others do not, `with_email`.
    pub name: RustName,
    /// The fields that are arguments, those that `new` asks for among them.
    pub arguments: Vec<&'a Field>,
    /// The fields that it fills in.
    pub constants: Vec<(&'a Field, &'a str)>,
}

impl Struct {
    /// The constructors beside `new`. Of two with one name the first counts.
    pub fn constructors(&self) -> Vec<Constructor<'_>> {
        let mut all: Vec<Constructor<'_>> = Vec::new();
        for alternative in &self.alternatives {
            let field = |wire: &WireName| self.fields.iter().find(|field| field.wire == *wire);
            let constants: Vec<(&Field, &str)> = alternative
                .constants
                .iter()
                .filter_map(|(wire, value)| Some((field(wire)?, value.as_str())))
                .filter(|(field, _)| field.constant.is_none())
                .collect();
            let is_constant = |field: &Field| constants.iter().any(|(other, _)| other.wire == field.wire);
            let asks = |field: &Field| field.required || alternative.asked.contains(&field.wire);
            let arguments: Vec<&Field> = self
                .fields
                .iter()
                .filter(|field| asks(field) && field.constant.is_none() && !is_constant(field))
                .collect();
            let words: Vec<&str> = match &constants[..] {
                [] => self.told_apart_by(alternative),
                constants => constants.iter().map(|(_, value)| *value).collect(),
            };
            let before = if constants.is_empty() { "with " } else { "" };
            let name = names::snake(&format!("{before}{}", words.join(" and ")));
            if !words.is_empty() && !all.iter().any(|other| other.name == name) {
                all.push(Constructor { name, arguments, constants });
            }
        }
        all
    }

    /// The fields that an alternative asks for and not all of them do; where there are none, all that it asks for
    /// beside those that `new` does.
    fn told_apart_by<'a>(&self, alternative: &'a Alternative) -> Vec<&'a str> {
        let by_new = |wire: &WireName| self.constructor_fields().any(|field| field.wire == *wire);
        let constant =
            |wire: &WireName| self.fields.iter().any(|field| field.wire == *wire && field.constant.is_some());
        let everywhere = |wire: &WireName| self.alternatives.iter().all(|other| other.asked.contains(wire));
        let own: Vec<_> = alternative.asked.iter().filter(|wire| !by_new(wire) && !constant(wire)).collect();
        let differ: Vec<_> = own.iter().copied().filter(|wire| !everywhere(wire)).collect();
        let told = if differ.is_empty() { own } else { differ };
        told.into_iter().map(|wire| wire.0.as_str()).collect()
    }
}
