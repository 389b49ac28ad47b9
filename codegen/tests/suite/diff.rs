//! Tests of `diff` on the project's descriptions: known differences between versions, and single edits of one version.

use std::collections::BTreeSet;

use crate::edit::{Edit, edit, read_document};
use crate::project;
use intercom_codegen::diff::rules::{OPERATION_ADDED, OPERATION_REMOVED, SemverLevel, Wire};
use intercom_codegen::diff::{Diff, diff};

/// The operations of a description, found independently of the code under test: method and path, without the names of the
/// path parameters.
fn operations(version: &str) -> BTreeSet<String> {
    const METHODS: [&str; 5] = ["get", "put", "post", "delete", "patch"];
    let document = intercom_codegen::yaml::read(&project::text(version)).unwrap();
    let mut found = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let parts = path.split('{').map(|part| part.split_once('}').map_or(part, |(_, rest)| rest));
        let path = parts.collect::<Vec<_>>().join("{}");
        found.extend(
            METHODS.iter().filter(|method| item.get(method).is_some()).map(|method| format!("{method} {path}")),
        );
    }
    found
}

#[test]
fn added_and_removed_operations_are_found() {
    let versions = project::versions();
    for versions in versions.windows(2) {
        let [before, after] = [&versions[0], &versions[1]].map(|version| operations(version));
        let (added, removed) = (after.difference(&before).count(), before.difference(&after).count());
        let [old, new] = [&versions[0], &versions[1]].map(|version| project::api(version));
        let diff = diff(old, new);
        let counts = (diff.count(&OPERATION_ADDED), diff.count(&OPERATION_REMOVED));
        assert_eq!(counts, (added, removed), "{} to {}", versions[0], versions[1]);
        assert_eq!(diff.operations, (before.len(), after.len()), "{} to {}", versions[0], versions[1]);
        assert!(self::diff(new, new).is_empty(), "{} differs from itself", versions[1]);
    }
}

#[test]
fn the_reverse_diff_has_as_many_changes() {
    let (old, new) = (project::api("2.14"), project::api("2.15"));
    let (there, back) = (diff(old, new), diff(new, old));
    assert_eq!(there.count(&OPERATION_ADDED), back.count(&OPERATION_REMOVED));
    assert_eq!(there.changes.len(), back.changes.len());
    assert_eq!((there.wire(), back.wire(), back.rust()), (Wire::Compatible, Wire::Breaking, SemverLevel::Major));
}

/// One edit of 2.15, the rule that it falls under, and the verdicts.
struct Single {
    what: &'static str,
    edit: Edit,
    rule: &'static str,
    verdicts: (Wire, SemverLevel),
}

const fn single(what: &'static str, edit: Edit, rule: &'static str, verdicts: (Wire, SemverLevel)) -> Single {
    Single { what, edit, rule, verdicts }
}

const SAFE: Wire = Wire::Compatible;
const BREAKS: Wire = Wire::Breaking;

const SINGLES: &[Single] = &[
    single(
        "an operation is removed",
        ("/paths/~1tags~1{tag_id}/delete", ""),
        "operation-removed",
        (BREAKS, SemverLevel::Major),
    ),
    single(
        "an operation is added",
        (
            "/paths/~1tags~1{id}~1merge/post",
            "{operationId: mergeTag, x-sdk-group: tags, x-sdk-method: merge, tags: [Tags], parameters: [{name: id, in: path, required: true, schema: {type: string}}], responses: {'204': {description: No Content}}}",
        ),
        "operation-added",
        (SAFE, SemverLevel::Minor),
    ),
    single(
        "an operation is deprecated",
        ("/paths/~1tags/get/deprecated", "true"),
        "operation-deprecated",
        (SAFE, SemverLevel::Minor),
    ),
    single(
        "an optional query parameter is added",
        ("/paths/~1tags/get/parameters/-", "{name: color, in: query, schema: {type: string}}"),
        "parameter-added",
        (SAFE, SemverLevel::Minor),
    ),
    single(
        "a required query parameter is added",
        ("/paths/~1tags/get/parameters/-", "{name: color, in: query, required: true, schema: {type: string}}"),
        "parameter-added-required",
        (BREAKS, SemverLevel::Major),
    ),
    single(
        "an optional request field is added",
        ("/components/schemas/create_contact_request/properties/color", "{type: string}"),
        "request-field-added",
        (SAFE, SemverLevel::Minor),
    ),
    single(
        "a request field becomes required",
        ("/components/schemas/create_data_attribute_request/required/-", "options"),
        "request-field-now-required",
        (BREAKS, SemverLevel::Major),
    ),
    single(
        "a required request field becomes optional",
        ("/components/schemas/create_data_attribute_request/required/1", ""),
        "request-field-now-optional",
        (SAFE, SemverLevel::Major),
    ),
    single(
        "a request field changes its type",
        ("/components/schemas/create_contact_request/properties/unsubscribed_from_emails/type", "string"),
        "request-field-type-changed",
        (BREAKS, SemverLevel::Major),
    ),
    single(
        "a request field becomes nullable",
        ("/components/schemas/create_or_update_company_request/properties/name/nullable", "true"),
        "request-field-now-nullable",
        (SAFE, SemverLevel::Minor),
    ),
    single(
        "a request field is removed",
        ("/components/schemas/create_contact_request/properties/avatar", ""),
        "request-field-removed",
        (BREAKS, SemverLevel::Major),
    ),
    single(
        "a response field is added",
        ("/components/schemas/tag_list/properties/color", "{type: string}"),
        "response-field-added",
        (SAFE, SemverLevel::Minor),
    ),
    single(
        "an id in responses changes its type",
        ("/components/schemas/tag/properties/id/type", "integer"),
        "response-json-type-changed",
        (SAFE, SemverLevel::Patch),
    ),
    single(
        "a response field is removed",
        ("/components/schemas/segment/properties/count", ""),
        "response-field-removed",
        (BREAKS, SemverLevel::Major),
    ),
    single(
        "a response field changes its type",
        ("/components/schemas/segment/properties/count/type", "string"),
        "response-field-type-changed",
        (BREAKS, SemverLevel::Major),
    ),
    single(
        "a required response field becomes nullable",
        ("/components/schemas/segment/properties/name/nullable", "true"),
        "response-field-now-optional",
        (BREAKS, SemverLevel::Major),
    ),
    single(
        "a response field becomes nullable",
        ("/components/schemas/data_attribute/properties/archived/nullable", "true"),
        "response-field-presence",
        (SAFE, SemverLevel::Patch),
    ),
    single(
        "a value is added to a response enum",
        ("/components/schemas/segment/properties/person_type/enum/-", "lead"),
        "response-value-added",
        (SAFE, SemverLevel::Minor),
    ),
    single(
        "a value is removed from a request enum",
        ("/components/schemas/create_data_attribute_request/properties/model/enum", "[company, lead]"),
        "request-value-removed",
        (BREAKS, SemverLevel::Major),
    ),
    single(
        "a value is added to the enum of a reply's part type",
        ("/components/schemas/ticket_reply/properties/part_type/enum/-", "whisper"),
        "response-value-added",
        (SAFE, SemverLevel::Minor),
    ),
    single(
        "a list is no longer paginated",
        ("/paths/~1contacts/get/x-sdk-pagination", ""),
        "paging-removed",
        (BREAKS, SemverLevel::Major),
    ),
    single(
        "an operation is renamed",
        ("/paths/~1tags/get/x-sdk-method", "all"),
        "operation-renamed",
        (SAFE, SemverLevel::Major),
    ),
    single(
        "a response changes its type",
        (
            "/paths/~1tags/get/responses/200/content/application~1json/schema/$ref",
            "'#/components/schemas/segment_list'",
        ),
        "response-changed",
        (BREAKS, SemverLevel::Major),
    ),
    single(
        "a schema is added",
        ("/components/schemas/color", "{type: object, properties: {red: {type: integer}}}"),
        "type-added",
        (SAFE, SemverLevel::Minor),
    ),
];

#[test]
fn single_edits_have_the_expected_rule_and_verdicts() {
    let document = project::document("2.15");
    let before = read_document(&document);
    let mut wrong = Vec::new();
    for Single { what, edit: (pointer, value), rule, verdicts } in SINGLES {
        let mut edited = document.clone();
        edit(&mut edited, pointer, value);
        let diff = diff(&before, &read_document(&edited));
        let found = diff.changes.iter().any(|change| change.rules().any(|other| other.id == *rule));
        if !found || (diff.wire(), diff.rust()) != *verdicts {
            wrong.push(format!("{what}: expected {rule} {verdicts:?}, found\n{}", diff.text()));
        }
    }
    assert!(SINGLES.len() >= 20 && wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_renamed_path_parameter_is_one_change() {
    let document = project::document("2.15");
    let mut edited = document.clone();
    let path = edited.pointer_mut("/paths").unwrap().as_object_mut().unwrap();
    let mut item = path.shift_remove("/tags/{tag_id}").unwrap();
    for method in ["get", "delete"] {
        let list = item[method]["parameters"].as_array_mut().unwrap();
        let param = list.iter_mut().find(|param| param["in"] == "path").unwrap();
        param["name"] = "identifier".into();
    }
    path.insert("/tags/{identifier}".to_owned(), item);
    let diff = diff(&read_document(&document), &read_document(&edited));
    let rules: Vec<_> = diff.changes.iter().map(|change| change.rust().1.id).collect();
    assert_eq!(rules, ["path-parameter-renamed", "path-parameter-renamed"], "one for each of its two operations");
    assert_eq!((diff.wire(), diff.rust()), (SAFE, SemverLevel::Patch));
}

/// Prose and examples are not part of the interface.
#[test]
fn an_edit_of_prose_or_examples_is_not_a_change() {
    let document = project::document("2.15");
    let mut edited = document.clone();
    let mut count = 0;
    prose(&mut edited, &mut count);
    assert!(count > 2_000, "{count}");
    assert!(diff(&read_document(&document), &read_document(&edited)).is_empty());
}

/// Writes a `description` into schemas, parameters and operations, and removes their examples.
fn prose(value: &mut serde_json::Value, count: &mut usize) {
    match value {
        serde_json::Value::Object(map) => {
            let is_node = ["type", "operationId", "in", "$ref"]
                .iter()
                .any(|key| map.get(*key).is_some_and(|value| value.is_string()));
            if is_node && !map.contains_key("$ref") {
                *count += 1;
                map.insert("description".to_owned(), "Some other words.".into());
                map.shift_remove("example");
                map.shift_remove("examples");
            }
            // The keys of `properties`, `schemas` and `paths` are names of the API, not keywords of OpenAPI.
            for (key, value) in map.iter_mut() {
                match (key.as_str(), value) {
                    ("example" | "examples" | "enum" | "default" | "required", _) => {}
                    (key, _) if key.starts_with("x-sdk-") => {}
                    ("properties" | "schemas" | "paths", serde_json::Value::Object(map)) => {
                        map.values_mut().for_each(|value| prose(value, count))
                    }
                    (_, value) => prose(value, count),
                }
            }
        }
        serde_json::Value::Array(list) => list.iter_mut().for_each(|value| prose(value, count)),
        _ => {}
    }
}

#[test]
fn each_report_format_has_the_counts_and_the_changes() {
    let diff: Diff = diff(project::api("2.14"), project::api("2.15"));
    let (text, markdown, json) = (diff.text(), diff.markdown(), diff.json());
    assert!(text.starts_with("2.14 → 2.15: operations 150 → 162 (+12)"), "{text}");
    assert!(text.contains("+ brands.list (GET /brands)  [compatible, minor]"), "{text}");
    assert!(markdown.starts_with("# From 2.14 to 2.15\n"), "{markdown}");
    assert!(markdown.contains("| `brands.list` | `GET /brands` |"), "{markdown}");
    assert_eq!(json["format"], 1);
    assert_eq!(json["operations"], serde_json::json!({ "old": 150, "new": 162, "added": 12, "removed": 0 }));
    assert_eq!(json["changes"].as_array().map(Vec::len), Some(diff.changes.len()));
    for change in json["changes"].as_array().unwrap() {
        let keys: Vec<&String> = change.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["subject", "part", "before", "after", "wire", "rust", "rules", "text"]);
    }
}
