//! The vocabulary of `x-sdk-…`: what overlays say that OpenAPI has no word for.
//!
//! docs/overlays.md describes each key for the people who write overlays; a test compares the two.

use super::grammar::{Field, Holds, Kind, may, must};
use Holds::{Choice, Choices, Count, Flag, List, One, Text, Texts};

/// What every key of the vocabulary begins with.
pub(crate) const PREFIX: &str = "x-sdk-";

const OPERATION: &[Field] = &[
    may("x-sdk-group", Text),
    may("x-sdk-method", Text),
    may("x-sdk-idempotent", Flag),
    may("x-sdk-download", Flag),
    may("x-sdk-reference", Flag),
    may("x-sdk-pagination", One(Kind::Paging)),
    may("x-sdk-search", One(Kind::Search)),
];

const SCHEMA: &[Field] = &[
    may("x-sdk-name", Text),
    may("x-sdk-required", Texts),
    may("x-sdk-type", Choice(&["id", "timestamp", "string", "integer", "number", "boolean", "any"])),
];

pub(super) const PAGING: &[Field] = &[
    must("style", Choice(&["cursor", "page", "scroll"])),
    must("in", Choice(&["query", "body"])),
    must("cursor", Text),
    may("per_page", Text),
    may("max_per_page", Count),
    must("items", Texts),
    may("next", Text),
    may("last", Text),
    may("more", Text),
    may("total", Text),
];

pub(super) const SEARCH: &[Field] = &[must("fields", List(Kind::SearchField))];

pub(super) const SEARCH_FIELD: &[Field] = &[
    must("name", Text),
    must("type", Choice(&["string", "integer", "boolean", "date", "any"])),
    may("operators", Choices(&["=", "!=", "IN", "NIN", "<", "<=", ">", ">=", "~", "!~", "^", "$"])),
];

/// The kinds of objects that take keys of the vocabulary, with those keys.
pub(crate) const TABLE: &[(Kind, &[Field])] = &[(Kind::Operation, OPERATION), (Kind::Schema, SCHEMA)];

/// A key of the vocabulary, where it may stand.
pub(super) fn field(kind: Kind, name: &str) -> Option<&'static Field> {
    fields(kind).iter().find(|field| field.name == name)
}

/// The keys of the vocabulary that an object of this kind takes.
pub(crate) fn fields(kind: Kind) -> &'static [Field] {
    TABLE.iter().find(|(other, _)| *other == kind).map_or(&[], |(_, fields)| fields)
}
