//! Compares JSON values with the schemas of a catalog.
//!
//! ```
//! use intercom_catalog::check::{Rules, check};
//!
//! let catalog = intercom_catalog::load("2.15")?;
//! let body = catalog.operation("tags.tag_contact").and_then(|operation| operation.body.as_ref()).unwrap();
//! let problems = check(&catalog, body.schema.as_ref().unwrap(), &serde_json::json!({"id": true}), Rules::REQUEST);
//! assert_eq!(problems[0].to_string(), "/id: expected a text or a whole number, found true");
//! # Ok::<(), intercom_catalog::LoadError>(())
//! ```

mod bounds;
mod found;
mod parameter;
mod walk;

pub use parameter::{check_parameter, value_of_text};

use std::fmt;

use serde_json::Value;

use crate::model::Catalog;
use crate::schema::Schema;
use walk::{Place, Walk};

/// What counts as a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Whether the value is sent by a client. If so, required properties must be present, and null is allowed for an optional
    /// property, because it clears a field. In a response any property may be missing or null.
    pub request: bool,
    /// Whether a value that is not among the listed ones is a problem, or a property that differs from its constant. The API adds values
    /// without notice.
    pub closed_enums: bool,
    /// Whether a key that an object does not declare is a problem. The API ignores such keys.
    pub unknown_keys: bool,
}

impl Rules {
    /// A request as the API accepts it: enums are closed, unknown keys are ignored.
    pub const REQUEST: Self = Self { request: true, closed_enums: true, unknown_keys: false };
    /// A request that a person or a program writes: unknown keys are problems, too.
    pub const STRICT_REQUEST: Self = Self { request: true, closed_enums: true, unknown_keys: true };
    /// A response: enums are open, unknown keys are ignored.
    pub const RESPONSE: Self = Self { request: false, closed_enums: false, unknown_keys: false };
}

/// A place where a value differs from its schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// A JSON pointer into the value; empty for the value itself.
    pub pointer: String,
    /// What kind of difference it is.
    pub kind: ProblemKind,
    /// What the schema expects: `a whole number`, `one of "user", "lead"`; for an unknown key, which keys there are.
    pub expected: String,
    /// What was found, shortened: `"abc"`, `an object`; empty if something is missing or unknown.
    pub found: String,
}

/// The kinds of [`Problem`]s.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProblemKind {
    /// A required value is missing.
    Missing,
    /// The value has another JSON type.
    Type,
    /// The value is not one of those that are listed.
    Value,
    /// The value is outside of its bounds.
    Bounds,
    /// The key is not declared.
    UnknownKey,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.pointer.is_empty() {
            write!(f, "{}: ", self.pointer)?;
        }
        match self.kind {
            ProblemKind::Missing => write!(f, "is missing; expected {}", self.expected),
            ProblemKind::UnknownKey => write!(f, "is unknown; {}", self.expected),
            _ => write!(f, "expected {}, found {}", self.expected, self.found),
        }
    }
}

/// Compares a value with a schema and returns the differences.
///
/// For a union, it returns the differences from the alternative that matches best.
pub fn check(catalog: &Catalog, schema: &Schema, value: &Value, rules: Rules) -> Vec<Problem> {
    check_at(catalog, schema, value, "", rules)
}

/// [`check`] for a value inside of a larger one, at `pointer`.
pub fn check_at(catalog: &Catalog, schema: &Schema, value: &Value, pointer: &str, rules: Rules) -> Vec<Problem> {
    let mut walk = Walk { catalog, rules, problems: Vec::new() };
    walk.schema(schema, value, &Place::Root(pointer));
    walk.problems
}
