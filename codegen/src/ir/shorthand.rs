//! Shorthands: methods for common uses of an operation, which fill in fields of the body or take them as arguments.

use super::{ArgumentTarget, Doc, Operation, RustName, Struct, TypeId, TypeTable, WireName};

/// A method for a common use of an operation, from `x-sdk-shorthands`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shorthand {
    /// The name of the method, which is in the operation's group.
    pub method: RustName,
    /// Its operation type, in the module of the group.
    pub type_name: RustName,
    /// The name of the struct that takes the ids of the range of [`ids_in_struct`](super::ids_in_struct), if there is one.
    pub ids_type: Option<RustName>,
    /// The struct that is sent: the operation's body, or one of its alternatives.
    pub body: TypeId,
    /// The fields that are filled in, each with its value as text.
    pub sets: Vec<(Vec<WireName>, String)>,
    /// The arguments for the body in their order, each with the field that it goes to.
    pub takes: Vec<(RustName, Vec<WireName>)>,
    /// What it does.
    pub doc: Doc,
}

impl Shorthand {
    /// Whether a field of the body is filled in or taken as an argument, in whole or in part.
    pub fn has_field(&self, field: &WireName) -> bool {
        let sets = self.sets.iter().map(|(path, _)| path);
        sets.chain(self.takes.iter().map(|(_, path)| path)).any(|path| path.first() == Some(field))
    }

    /// Whether an argument goes to a field of the body, or to a field nested in that one.
    pub fn takes_field(&self, field: &WireName) -> bool {
        self.takes.iter().any(|(_, path)| path.first() == Some(field))
    }

    /// The arguments in their order: the required parameters of the operation, then the fields that the shorthand takes.
    pub fn arguments<'a>(
        &'a self,
        operation: &'a Operation,
        types: &'a TypeTable,
    ) -> Vec<(RustName, ArgumentTarget<'a>)> {
        let all = operation.arguments(types).into_iter();
        let params = all.filter(|(_, target)| matches!(target, ArgumentTarget::Param(_)));
        let taken = self
            .takes
            .iter()
            .filter_map(|(name, path)| Some((name.clone(), ArgumentTarget::Field(types.field_at(self.body, path)?))));
        params.chain(taken).collect()
    }

    /// Whether the keys of a struct allow it as the body: it has every field of the shorthand, none of them is a constant with another
    /// value, and of the other fields it requires constants only. The types of the fields are not looked at.
    pub fn has_keys_in(&self, structure: &Struct) -> bool {
        let field = |path: &[WireName]| structure.fields.iter().find(|field| path.first() == Some(&field.wire));
        self.takes.iter().all(|(_, path)| field(path).is_some_and(|field| field.constant.is_none()))
            && self.sets.iter().all(|(path, value)| {
                field(path).is_some_and(|field| field.constant.as_ref().is_none_or(|constant| constant == value))
            })
            && structure
                .fields
                .iter()
                .all(|field| !field.required || field.constant.is_some() || self.has_field(&field.wire))
    }
}

/// A path of keys as text: `assignee.id`.
pub fn dotted(path: &[WireName]) -> String {
    path.iter().map(|name| name.0.as_str()).collect::<Vec<_>>().join(".")
}
