//! The constructors of a struct other than `new`, which follow from the fields that the alternatives of its schema require.

use super::{Field, RustName, Struct, WireName};
use crate::names;

/// The fields that one alternative of a schema requires.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequiredSet {
    /// The keys of the fields.
    pub required: Vec<WireName>,
    /// Those of them to which the alternative gives one fixed value, with that value.
    pub constants: Vec<(WireName, String)>,
}

/// A constructor other than `new`.
#[derive(Clone, Debug)]
pub struct Constructor<'a> {
    /// Made from the values in `constants`, such as `email`; if there are none, from `with_` and the fields that
    /// `distinguishing_fields` returns, such as `with_email`.
    pub name: RustName,
    /// The fields that are arguments: those that `new` takes or the alternative requires, except constants.
    pub arguments: Vec<&'a Field>,
    /// The fields that it fills in because the alternative allows one value only.
    pub constants: Vec<(&'a Field, &'a str)>,
}

impl Constructor<'_> {
    fn makes_same(&self, other: &Self) -> bool {
        let keys = |made: &Self| -> (Vec<WireName>, Vec<(WireName, String)>) {
            let constants = made.constants.iter().map(|(field, value)| (field.wire.clone(), (*value).to_owned()));
            (made.arguments.iter().map(|field| field.wire.clone()).collect(), constants.collect())
        };
        keys(self) == keys(other)
    }
}

impl Struct {
    /// The constructors other than `new`. If two would have the same name, only the first is kept.
    pub fn constructors(&self) -> Vec<Constructor<'_>> {
        let mut all: Vec<Constructor<'_>> = Vec::new();
        for constructor in self.all_constructors() {
            if !all.iter().any(|other| other.name == constructor.name) {
                all.push(constructor);
            }
        }
        all
    }

    /// The names of constructors that are left out, because another one with other arguments or values has the name.
    pub fn constructors_left_out(&self) -> Vec<RustName> {
        let kept = self.constructors();
        let other = |made: &Constructor<'_>| kept.iter().any(|kept| kept.name == made.name && !kept.makes_same(made));
        self.all_constructors().into_iter().filter(other).map(|made| made.name).collect()
    }

    fn all_constructors(&self) -> Vec<Constructor<'_>> {
        let mut all: Vec<Constructor<'_>> = Vec::new();
        for set in &self.required_sets {
            let field = |wire: &WireName| self.fields.iter().find(|field| field.wire == *wire);
            let constants: Vec<(&Field, &str)> = set
                .constants
                .iter()
                .filter_map(|(wire, value)| Some((field(wire)?, value.as_str())))
                .filter(|(field, _)| field.constant.is_none())
                .collect();
            let is_constant = |field: &Field| constants.iter().any(|(other, _)| other.wire == field.wire);
            let requires = |field: &Field| field.required || set.required.contains(&field.wire);
            let arguments: Vec<&Field> = self
                .fields
                .iter()
                .filter(|field| requires(field) && field.constant.is_none() && !is_constant(field))
                .collect();
            let words: Vec<&str> = match &constants[..] {
                [] => self.distinguishing_fields(set),
                constants => constants.iter().map(|(_, value)| *value).collect(),
            };
            let before = if constants.is_empty() { "with " } else { "" };
            let name = names::snake(&format!("{before}{}", words.join(" and ")));
            if !words.is_empty() {
                all.push(Constructor { name, arguments, constants });
            }
        }
        all
    }

    /// The fields in the name of an alternative's constructor. Candidates are the fields that the alternative requires, without constants
    /// and without those that `new` takes. The name has the candidates that some other alternative does not require; if there are none, all
    /// candidates.
    fn distinguishing_fields<'a>(&self, set: &'a RequiredSet) -> Vec<&'a str> {
        let by_new = |wire: &WireName| self.constructor_fields().any(|field| field.wire == *wire);
        let constant =
            |wire: &WireName| self.fields.iter().any(|field| field.wire == *wire && field.constant.is_some());
        let everywhere = |wire: &WireName| self.required_sets.iter().all(|other| other.required.contains(wire));
        let own: Vec<_> = set.required.iter().filter(|wire| !by_new(wire) && !constant(wire)).collect();
        let differ: Vec<_> = own.iter().copied().filter(|wire| !everywhere(wire)).collect();
        let told = if differ.is_empty() { own } else { differ };
        told.into_iter().map(|wire| wire.0.as_str()).collect()
    }
}
