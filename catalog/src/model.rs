//! The catalog of a version: its groups, operations and types.

use serde::{Deserialize, Serialize};

use crate::operation::Operation;
use crate::schema::{Schema, Shape, Type};
use crate::shorthand::Shorthand;

/// One version of the API.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Catalog {
    /// The value of the `Intercom-Version` header: `2.15`, `Preview`.
    pub version: String,
    /// The title of the description.
    pub title: String,
    /// The groups of operations, sorted by name.
    pub groups: Vec<Group>,
    /// The operations, sorted by [`Operation::id`].
    pub operations: Vec<Operation>,
    /// The types that operations use, sorted by name.
    pub types: Vec<Type>,
}

/// A group of operations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Its name in snake case: `contacts`.
    pub name: String,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
}

impl Catalog {
    /// The operation with this id, such as `contacts.update`, or with this alias, such as `contacts.merge_lead_in_user`.
    pub fn operation(&self, id: &str) -> Option<&Operation> {
        let index = self.operations.binary_search_by(|operation| operation.id.as_str().cmp(id));
        let named = || self.operations.iter().find(|operation| operation.aliases.iter().any(|alias| alias == id));
        index.ok().and_then(|index| self.operations.get(index)).or_else(named)
    }

    /// The shorthand with this id, such as `conversations.close`, and the operation that it sends.
    pub fn shorthand(&self, id: &str) -> Option<(&Operation, &Shorthand)> {
        let (group, method) = id.split_once('.')?;
        self.operations.iter().filter(|operation| operation.group == group).find_map(|operation| {
            let shorthand = operation.shorthands.iter().find(|shorthand| shorthand.method == method)?;
            Some((operation, shorthand))
        })
    }

    /// The operations of a group, sorted by method.
    pub fn operations_of<'a>(&'a self, group: &'a str) -> impl Iterator<Item = &'a Operation> {
        self.operations.iter().filter(move |operation| operation.group == group)
    }

    /// The type with this name, such as `Contact`.
    pub fn type_named(&self, name: &str) -> Option<&Type> {
        let index = self.types.binary_search_by(|ty| ty.name.as_str().cmp(name)).ok()?;
        self.types.get(index)
    }

    /// The type that a schema refers to by name; `None` where it is not a reference, or the catalog has no such type.
    pub fn definition(&self, schema: &Schema) -> Option<&Type> {
        match &schema.shape {
            Shape::Type(name) => self.type_named(name),
            _ => None,
        }
    }
}
