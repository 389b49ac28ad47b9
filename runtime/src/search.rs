//! Search queries: filters on typed fields, combined with `&` and `|`.
//!
//! The module `search` of a generated crate has a function for each field that an operation can search by. A field has methods for the
//! operators that its type supports:
//!
//! ```
//! use intercom_runtime::search::{BoolField, DateField, TextField};
//!
//! let open = BoolField::new("open");
//! let created_at = DateField::new("created_at");
//! let subject = TextField::new("source.subject");
//! let query = open.eq(true) & created_at.gt(1_700_000_000) & (subject.contains("refund") | subject.starts_with("Re:"));
//! assert_eq!(
//!     query.to_json(),
//!     serde_json::json!({"operator": "AND", "value": [
//!         {"field": "open", "operator": "=", "value": true},
//!         {"field": "created_at", "operator": ">", "value": 1_700_000_000},
//!         {"operator": "OR", "value": [
//!             {"field": "source.subject", "operator": "~", "value": "refund"},
//!             {"field": "source.subject", "operator": "^", "value": "Re:"},
//!         ]},
//!     ]})
//! );
//! ```
//!
//! An operator that the type of a field does not support is a compile error. For comparisons and text operators, its message says what to
//! use instead:
//!
//! ```compile_fail,E0277
//! let query = intercom_runtime::search::BoolField::new("open").gt(true);
//! ```
//!
//! ```compile_fail,E0277
//! let query = intercom_runtime::search::DateField::new("created_at").contains("2024");
//! ```
//!
//! Other errors that the API would return are detected before a query is sent ([`Error::is_request`](crate::Error::is_request)): a group
//! without filters, more than 15 filters in a group, groups nested more than two levels deep, an empty list, a value that is not ordered
//! for `<` or `>`, a number that JSON does not have, and an operator that the API does not support for the field. A query of raw JSON
//! ([`Query::raw`]) is not checked.

mod check;
mod field;
mod unsupported;

pub use field::{AnyField, BoolField, DateField, IntField, Operand, Operator, TextField};

use std::fmt;
use std::ops::{BitAnd, BitOr};

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::call::Call;

/// A query: a filter, queries that are combined with `&` and `|`, or raw JSON.
#[derive(Clone, PartialEq)]
pub struct Query(Node);

#[derive(Clone, Debug, PartialEq)]
enum Node {
    Filter(Filter),
    Group(Join, Vec<Node>),
    Raw(Value),
}

#[derive(Clone, Debug, PartialEq)]
struct Filter {
    field: String,
    operator: Operator,
    value: Value,
    /// Why the filter is not valid; `None` if it is valid.
    error: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Join {
    And,
    Or,
}

impl Join {
    /// The operator of a group as it is sent.
    fn as_str(self) -> &'static str {
        match self {
            Self::And => "AND",
            Self::Or => "OR",
        }
    }
}

impl Query {
    /// Matches all of the queries, like `&`. Inside another `all` or `any` the result stays a group of its own. With `&` it does not:
    /// its filters are then members of the larger group.
    ///
    /// A group has at most 15 filters. For more filters use two levels: `Query::all([Query::all(these), Query::all(those)])`.
    pub fn all(queries: impl IntoIterator<Item = impl Into<Self>>) -> Self {
        Self(Node::Group(Join::And, queries.into_iter().map(|query| query.into().0).collect()))
    }

    /// Matches any of the queries, like `|`. Inside another `all` or `any` the result stays a group of its own. With `|` it does not:
    /// its filters are then members of the larger group.
    pub fn any(queries: impl IntoIterator<Item = impl Into<Self>>) -> Self {
        Self(Node::Group(Join::Or, queries.into_iter().map(|query| query.into().0).collect()))
    }

    /// Makes a query of raw JSON, for queries that this type does not support. It is not checked.
    pub fn raw(json: impl Into<Value>) -> Self {
        Self(Node::Raw(json.into()))
    }

    /// Makes a query from a value of the query types of the API. Called by generated code.
    #[doc(hidden)]
    pub fn typed<T: Serialize>(query: &T) -> Self {
        Self(match serde_json::to_value(query) {
            Ok(value) => Node::Raw(value),
            Err(error) => Node::Filter(Filter {
                field: "query".to_owned(),
                operator: Operator::Equals,
                value: Value::Null,
                error: Some(error.to_string()),
            }),
        })
    }

    /// The query as JSON.
    pub fn to_json(&self) -> Value {
        self.0.to_json()
    }

    /// Why the API would refuse the query; `None` if no error is found.
    pub fn validation_error(&self) -> Option<String> {
        check::validation_error(&self.0)
    }

    /// Makes a call fail if the API would refuse the query. Called by generated code.
    #[doc(hidden)]
    pub fn check(&self, call: &mut Call) {
        if let Some(error) = self.validation_error() {
            call.fail(error);
        }
    }

    /// Combines two queries. If a query is a group with the same operator, its filters are added to the new group.
    fn join(self, join: Join, other: Self) -> Self {
        let mut parts = self.parts(join);
        parts.append(&mut other.parts(join));
        Self(Node::Group(join, parts))
    }

    fn parts(self, join: Join) -> Vec<Node> {
        match self.0 {
            Node::Group(of, parts) if of == join => parts,
            node => vec![node],
        }
    }
}

impl Node {
    fn to_json(&self) -> Value {
        match self {
            Self::Filter(filter) => {
                json!({"field": filter.field, "operator": filter.operator.as_str(), "value": filter.value})
            }
            Self::Group(join, parts) => {
                json!({"operator": join.as_str(), "value": parts.iter().map(Self::to_json).collect::<Vec<_>>()})
            }
            Self::Raw(value) => value.clone(),
        }
    }
}

impl BitAnd for Query {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        self.join(Join::And, other)
    }
}

impl BitOr for Query {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.join(Join::Or, other)
    }
}

impl From<Value> for Query {
    fn from(json: Value) -> Self {
        Self::raw(json)
    }
}

impl From<&Self> for Query {
    fn from(query: &Self) -> Self {
        query.clone()
    }
}

impl Serialize for Query {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

impl fmt::Debug for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Query {}", self.to_json())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(name: &'static str) -> TextField {
        TextField::new(name)
    }

    #[test]
    fn groups_with_the_same_operator_are_merged() {
        let filter = |field: &str| json!({"field": field, "operator": "=", "value": "x"});
        let query = (text("a").eq("x") & text("b").eq("x")) & (text("c").eq("x") & text("d").eq("x"));
        assert_eq!(
            query.to_json(),
            json!({"operator": "AND", "value": [filter("a"), filter("b"), filter("c"), filter("d")]})
        );
        let query = text("a").eq("x") & text("b").eq("x") | text("c").eq("x");
        assert_eq!(
            query.to_json(),
            json!({"operator": "OR", "value": [{"operator": "AND", "value": [filter("a"), filter("b")]}, filter("c")]})
        );
        assert_eq!(text("a").eq("x").to_json(), filter("a"));
        assert_eq!(Query::all([text("a").eq("x")]).to_json(), json!({"operator": "AND", "value": [filter("a")]}));
    }

    #[test]
    fn every_operator_is_written_as_documented() {
        let (number, date, any) = (IntField::new("n"), DateField::new("d"), AnyField::new("x"));
        let cases = [
            (text("t").eq("a"), "=", json!("a")),
            (text("t").ne("a"), "!=", json!("a")),
            (text("t").is_in(["a", "b"]), "IN", json!(["a", "b"])),
            (text("t").not_in(["a"]), "NIN", json!(["a"])),
            (text("t").contains("a"), "~", json!("a")),
            (text("t").not_contains("a"), "!~", json!("a")),
            (text("t").starts_with("a"), "^", json!("a")),
            (text("t").ends_with("a"), "$", json!("a")),
            (text("t").is_null(), "=", json!(null)),
            (text("t").is_not_null(), "!=", json!(null)),
            (number.gt(1), ">", json!(1)),
            (number.lt(1), "<", json!(1)),
            (number.ge(1), ">=", json!(1)),
            (number.le(1), "<=", json!(1)),
            (number.is_in([1, 2]), "IN", json!([1, 2])),
            (date.gt(1_560_436_650), ">", json!(1_560_436_650)),
            (date.lt("1560436650".parse::<crate::data::Timestamp>().unwrap()), "<", json!("1560436650")),
            (any.eq(true), "=", json!(true)),
            (any.gt(1.5), ">", json!(1.5)),
            (any.is_in([Operand::from(1), "a".into()]), "IN", json!([1, "a"])),
        ];
        for (query, operator, value) in cases {
            let json = query.to_json();
            assert_eq!((&json["operator"], &json["value"]), (&json!(operator), &value), "{query:?}");
            assert_eq!(query.validation_error(), None, "{query:?}");
        }
    }
}
