//! The fields that a search accepts, and their operators.

use serde::{Deserialize, Serialize};

/// The operators of searches.
pub const SEARCH_OPERATORS: &[&str] = &["=", "!=", "IN", "NIN", "<", "<=", ">", ">=", "~", "!~", "^", "$"];

/// The operators that a field accepts: those that are listed for it or, if none are, those of its type (see [`SearchField::kind`]).
pub fn accepted_operators<'a>(kind: &str, listed: &'a [String]) -> Vec<&'a str> {
    match (listed, kind) {
        ([], "string") => vec!["=", "!=", "IN", "NIN", "~", "!~", "^", "$"],
        ([], "boolean") => vec!["=", "!=", "IN", "NIN"],
        ([], "integer" | "date") => vec!["=", "!=", "IN", "NIN", "<", "<=", ">", ">="],
        ([], _) => SEARCH_OPERATORS.to_vec(),
        (listed, _) => listed.iter().map(String::as_str).collect(),
    }
}

/// A field that a search accepts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchField {
    /// The name as it is sent: `created_at`.
    pub name: String,
    /// The type of its values: `string`, `integer`, `boolean`, `date`, or `any`.
    pub kind: String,
    /// The operators, if it accepts fewer than its type; otherwise empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub operators: Vec<String>,
}

impl SearchField {
    /// The operators that it accepts.
    pub fn accepted_operators(&self) -> Vec<&str> {
        accepted_operators(&self.kind, &self.operators)
    }
}
