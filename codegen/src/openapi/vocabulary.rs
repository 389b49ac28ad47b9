//! The vocabulary: the `x-sdk-…` keys, with which this project declares what OpenAPI has no keyword for.
//!
//! docs/overlays.md documents each key; a test compares the two.

use intercom_catalog::SEARCH_OPERATORS;

use super::grammar::{Field, Holds, Kind, may, must};
use Holds::{Anything, Choice, Choices, Count, Flag, Json, List, One, Pairs, Text, Texts};

/// The prefix of the keys that the vocabulary adds to objects of OpenAPI.
pub(crate) const PREFIX: &str = "x-sdk-";

const DOCUMENT: &[Field] = &[may("x-sdk-groups", Pairs), may("x-sdk-platform", Anything)];

const OPERATION: &[Field] = &[
    may("x-sdk-group", Text),
    may("x-sdk-method", Text),
    may("x-sdk-aliases", Texts),
    may("x-sdk-arguments", Texts),
    may("x-sdk-safe", Flag),
    may("x-sdk-deletes", Flag),
    may("x-sdk-destructive", Flag),
    may("x-sdk-download", Flag),
    may("x-sdk-reference", Flag),
    may("x-sdk-pagination", One(Kind::Paging)),
    may("x-sdk-search", One(Kind::Search)),
    may("x-sdk-job", One(Kind::Job)),
    may("x-sdk-shorthands", List(Kind::Shorthand)),
    may("x-sdk-resource", One(Kind::Resource)),
];

const SCHEMA: &[Field] = &[
    may("x-sdk-name", Text),
    may("x-sdk-required", Texts),
    may("x-sdk-type", Choice(&["id", "timestamp", "string", "integer", "number", "boolean", "any"])),
    may("x-sdk-values", Pairs),
    may("x-sdk-platform-feature", Text),
];

pub(super) const PAGING: &[Field] = &[
    must("style", Choice(&["cursor", "page", "scroll"])),
    must("in", Choice(&["query", "body"])),
    must("position", Text),
    may("per_page", Text),
    may("max_per_page", Count),
    must("items", Texts),
    may("next", Text),
    may("last", Text),
    may("more", Text),
    may("total", Text),
];

pub(super) const SHORTHAND: &[Field] =
    &[must("method", Text), must("summary", Text), may("details", Text), may("sets", Pairs), may("takes", Pairs)];

pub(super) const JOB: &[Field] = &[may("poll", Text), may("id", Text), must("state", Text)];

pub(super) const RESOURCE: &[Field] = &[
    must("collection", Text),
    must("action", Choice(&["create", "upsert", "find", "list", "search", "update", "delete"])),
    may("find", Pairs),
    may("with", One(Kind::Related)),
    may("at", Text),
    may("filter", Pairs),
    may("without", Json),
    may("single", Texts),
    may("phrase", Texts),
    may("fields", Pairs),
    may("after", Pairs),
    may("per_page", Count),
    may("unique", List(Kind::Unique)),
    may("defined", List(Kind::Defined)),
    may("counted", One(Kind::Counted)),
    may("also", List(Kind::Also)),
    may("seeded", Flag),
    may("keep", Texts),
    may("ignore", Texts),
    may("changes", One(Kind::Changes)),
    may("cases", List(Kind::Case)),
    may("fill", Flag),
    may("drop", Flag),
    may("answer", Json),
];

pub(super) const RELATED: &[Field] = &[must("collection", Text), may("find", Pairs), may("optional", Flag)];

pub(super) const UNIQUE: &[Field] = &[must("place", Text), may("among", Json)];

pub(super) const DEFINED: &[Field] = &[must("place", Text), must("collection", Text), may("among", Json)];

pub(super) const COUNTED: &[Field] = &[must("place", Text), must("collection", Text), must("at", Text)];

pub(super) const ALSO: &[Field] = &[must("operation", Text), may("each", Text)];

pub(super) const CHANGES: &[Field] = &[
    may("set", Json),
    may("push", Json),
    may("edit", Json),
    may("remove", Pairs),
    may("add", Json),
    may("topic", Text),
    may("notice", Json),
];

pub(super) const CASE: &[Field] = &[must("of", Text), must("is", Json), may("changes", One(Kind::Changes))];

pub(super) const SEARCH: &[Field] = &[must("fields", List(Kind::SearchField))];

pub(super) const SEARCH_FIELD: &[Field] = &[
    must("name", Text),
    must("type", Choice(&["string", "integer", "boolean", "date", "any"])),
    may("operators", Choices(SEARCH_OPERATORS)),
];

/// The kinds of objects of OpenAPI that accept keys of the vocabulary, with those keys.
pub(crate) const TABLE: &[(Kind, &[Field])] =
    &[(Kind::Document, DOCUMENT), (Kind::Operation, OPERATION), (Kind::Schema, SCHEMA)];

/// The key of the vocabulary with this name, if an object of this kind accepts it.
pub(super) fn field(kind: Kind, name: &str) -> Option<&'static Field> {
    fields(kind).iter().find(|field| field.name == name)
}

/// The keys of the vocabulary that an object of this kind accepts.
pub(crate) fn fields(kind: Kind) -> &'static [Field] {
    TABLE.iter().find(|(other, _)| *other == kind).map_or(&[], |(_, fields)| fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The kind of value of a key, in the words of docs/overlays.md.
    fn holds(field: &Field) -> String {
        let listed = |words: &[&str]| words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" ");
        let text = match field.holds {
            Flag => "`true` or `false`".to_owned(),
            Text => "text".to_owned(),
            Texts => "a list of texts".to_owned(),
            Count => "a number".to_owned(),
            Pairs => "a mapping of names to texts".to_owned(),
            Anything => "written by the generator".to_owned(),
            Json => "JSON".to_owned(),
            Choice(words) => format!("one of {}", listed(words)),
            Choices(words) => format!("a list of {}", listed(words)),
            One(_) => "a mapping, see its section".to_owned(),
            List(_) => "a list of mappings, see its section".to_owned(),
            other => panic!("docs/overlays.md has no words for {other:?}"),
        };
        if field.required { format!("{text}; required") } else { text }
    }

    /// The rows of the tables below a heading of docs/overlays.md: a key and what it holds.
    fn rows(page: &str, heading: &str) -> Vec<(String, String)> {
        let below = page.split(&format!("\n### {heading}\n")).nth(1).unwrap_or_default();
        let section = below.split("\n#").next().unwrap_or_default();
        let rows = section.lines().filter(|line| line.starts_with("| `"));
        rows.map(|row| {
            let cells: Vec<&str> = row.split('|').map(str::trim).collect();
            assert!(cells.len() == 5 && cells[3].ends_with('.'), "{row}");
            (cells[1].trim_matches('`').to_owned(), cells[2].to_owned())
        })
        .collect()
    }

    #[test]
    fn every_key_is_documented() {
        let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/overlays.md")).unwrap();
        for (heading, fields) in [
            ("At the root of the document", DOCUMENT),
            ("In an operation", OPERATION),
            ("In a schema", SCHEMA),
            ("In `x-sdk-pagination`", PAGING),
            ("In `x-sdk-job`", JOB),
            ("In a shorthand of `x-sdk-shorthands`", SHORTHAND),
            ("In `x-sdk-resource`", RESOURCE),
            ("In `with` of `x-sdk-resource`", RELATED),
            ("In `unique` of `x-sdk-resource`", UNIQUE),
            ("In `defined` of `x-sdk-resource`", DEFINED),
            ("In `counted` of `x-sdk-resource`", COUNTED),
            ("In `also` of `x-sdk-resource`", ALSO),
            ("In `changes` of `x-sdk-resource`", CHANGES),
            ("In `cases` of `x-sdk-resource`", CASE),
            ("In `x-sdk-search`", SEARCH),
            ("In a field of `x-sdk-search`", SEARCH_FIELD),
        ] {
            let known: Vec<_> = fields.iter().map(|field| (field.name.to_owned(), holds(field))).collect();
            assert_eq!(rows(&page, heading), known, "{heading}");
        }
        assert_eq!(page.matches("\n### In ").count() + page.matches("\n### At ").count(), 16);
    }
}
