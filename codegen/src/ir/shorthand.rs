//! Shorthands: methods for common uses of an operation, which fill in fields of the body or take them as arguments.

use super::{ArgumentTarget, Doc, Operation, RustName, TypeId, TypeTable, WireName};

/// A method for a common use of an operation, from `x-sdk-shorthands`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shorthand {
    /// The name of the method, which is in the operation's group.
    pub method: RustName,
    /// Its operation type, in the module of the group.
    pub type_name: RustName,
    /// If three or more of the arguments in a row are ids: the name of the struct that takes those after the first (see
    /// [`ids_in_struct`](super::ids_in_struct)).
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
}

/// A path of keys as text: `assignee.id`.
pub fn dotted(path: &[WireName]) -> String {
    path.iter().map(|name| name.0.as_str()).collect::<Vec<_>>().join(".")
}
