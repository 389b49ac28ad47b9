//! Tests of `lint`: for each kind of defect an edit of a small description without defects, and the project's descriptions.

use std::collections::BTreeSet;

use crate::edit::{Edit, edit};
use crate::project;
use intercom_codegen::lint::{DEFECTS, Finding, Severity, lint};
use intercom_codegen::overlay::YamlFile;
use intercom_codegen::version::Version;
use intercom_codegen::yaml;

const SOUND: &str = "
openapi: 3.0.1
info: {title: Things, version: '2.15'}
paths:
  /things/{id}:
    get:
      operationId: getThings
      x-sdk-group: things
      x-sdk-method: find
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        '200':
          description: OK
          content:
            application/json:
              schema: {$ref: '#/components/schemas/things'}
              example: {data: [{id: a, size: 1, state: open, owner: {name: b}}]}
    delete:
      operationId: deleteThing
      x-sdk-group: things
      x-sdk-method: delete
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'204': {description: No Content}}
components:
  schemas:
    things: {type: object, properties: {data: {type: array, items: {$ref: '#/components/schemas/thing'}}}}
    thing:
      allOf: [{$ref: '#/components/schemas/named'}]
      required: [size]
      properties:
        size: {type: integer}
        state: {type: string, enum: [open, closed]}
        color: {type: string, nullable: true, example: red}
        owner: {oneOf: [{type: object, properties: {name: {type: string}}}, {type: string}]}
    named: {type: object, properties: {id: {type: string}}}
";

const EXAMPLE: &str = "/paths/~1things~1{id}/get/responses/200/content/application~1json/example/data/0";

/// Edits, each with the expected defect, the end of its pointer, and its detail.
const CASES: &[(Edit, &str, &str, &str)] = &[
    (
        ("/components/schemas/thing/allOf/0/$ref", "'#/components/schemas/none'"),
        "dangling-reference",
        "/thing/allOf/0",
        "#/components/schemas/none",
    ),
    (("/paths/~1things~1{id}/get/parameters", "[]"), "path-parameter-mismatch", "/get", "`id` is not declared"),
    (
        ("/paths/~1things~1{id}/get/parameters/-", "{name: other, in: path, required: true, schema: {type: string}}"),
        "path-parameter-mismatch",
        "/get",
        "`other` is declared, but the path does not contain it",
    ),
    (
        ("/paths/~1things~1{id}/get/parameters/0/in", "query"),
        "path-parameter-elsewhere",
        "/get",
        "`id` is declared for the query",
    ),
    (
        ("/paths/~1things~1{id}/get/parameters/0/in", "header"),
        "path-parameter-mismatch",
        "/get",
        "`id` is declared for the header only",
    ),
    (
        ("/paths/~1things~1{id}/delete/operationId", "getThings"),
        "duplicate-operation-id",
        "/delete",
        "`getThings` is also the id of /paths/~1things~1{id}/get",
    ),
    (("/paths/~1things~1{id}/delete/operationId", ""), "missing-operation-id", "/delete", ""),
    (("/paths/~1things~1{id}/delete/x-sdk-group", ""), "unnamed-operation", "/delete", ""),
    (
        ("/components/schemas/things/properties/pages", "{type: object}"),
        "list-without-paging",
        "/get",
        "`pages` is beside the list `data`",
    ),
    (
        ("/paths/~1things~1{id}/get/parameters/-", "{name: per_page, in: query, schema: {type: integer}}"),
        "list-without-paging",
        "/get",
        "the parameter `per_page` selects a page of the list `data`",
    ),
    (
        ("/paths/~1things~1{id}/get/responses/200/content/application~1json/schema", ""),
        "response-without-schema",
        "/get",
        "200",
    ),
    (
        ("/components/schemas/thing/properties/color/example", "1"),
        "example-wrong-type",
        "/color/example",
        "the example: integer, not string",
    ),
    (
        ("/components/schemas/thing/properties/size/type", "string"),
        "example-wrong-type",
        "/example",
        "data[].size: integer, not string",
    ),
    (
        ("/components/schemas/thing/properties/owner/oneOf/0/properties/name/type", "integer"),
        "example-wrong-type",
        "/example",
        "data[].owner.name: string, not integer",
    ),
    (
        ("/components/schemas/thing/properties/state/enum", "[shut]"),
        "example-not-in-enum",
        "/example",
        "data[].state: \"open\"",
    ),
    (("/components/schemas/thing/required/-", "color"), "example-lacks-required", "/example", "data[].color"),
    (("/components/schemas/thing/properties/owner", ""), "example-undeclared", "/example", "data[].owner"),
];

/// The open defects of a document, the most serious first.
fn findings(document: &serde_json::Value, overlays: &[YamlFile]) -> Vec<Finding> {
    lint(&yaml::write(document), overlays, Version::Released(2, 15)).unwrap().open
}

#[test]
fn each_defect_is_found_at_its_place() {
    let sound = yaml::read(SOUND).unwrap();
    assert_eq!(findings(&sound, &[]), []);
    for ((pointer, value), id, place, detail) in CASES {
        let mut document = sound.clone();
        edit(&mut document, pointer, value);
        let found = findings(&document, &[]);
        let found: Vec<_> = found
            .iter()
            .map(|finding| (finding.defect.id, finding.pointer.as_str(), finding.detail.as_str()))
            .collect();
        assert!(
            matches!(found[..], [(other, at, what), ..] if other == *id && at.ends_with(place) && what == *detail),
            "{pointer}: {found:?}"
        );
    }
}

#[test]
fn null_is_a_defect_unless_the_schema_is_nullable() {
    for (key, expected) in [("color", None), ("state", Some("data[].state")), ("owner", Some("data[].owner"))] {
        let mut document = yaml::read(SOUND).unwrap();
        document.pointer_mut(EXAMPLE).unwrap()[key] = serde_json::Value::Null;
        let found = findings(&document, &[]);
        let found: Vec<_> = found.iter().map(|finding| (finding.defect.id, finding.detail.as_str())).collect();
        assert_eq!(found, expected.map(|path| ("example-null", path)).into_iter().collect::<Vec<_>>());
    }
}

#[test]
fn defects_can_be_corrected_by_overlays_and_caused_by_them() {
    let overlay = |actions: &str| {
        let text = format!("overlay: 1.0.0\ninfo: {{title: T, version: 1.0.0}}\nactions:\n{actions}");
        vec![YamlFile { name: "a.yaml".to_owned(), text }]
    };
    let mut document = yaml::read(SOUND).unwrap();
    edit(&mut document, "/paths/~1things~1{id}/delete/operationId", "");
    let fix = overlay("- {target: \"$.paths['/things/{id}'].delete\", update: {operationId: a}}");
    let report = lint(&yaml::write(&document), &fix, Version::Released(2, 15)).unwrap();
    assert_eq!((report.open.len(), report.corrected.len(), report.worst()), (0, 1, None));

    let stale = overlay("- {target: $.paths, update: {}}\n- {target: $.none, remove: true}");
    let report = lint(SOUND, &stale, Version::Released(2, 15)).unwrap();
    let found: Vec<_> = report.open.iter().map(|finding| (finding.defect.id, finding.pointer.as_str())).collect();
    assert_eq!((found, report.worst()), (vec![("overlay-not-applied", "a.yaml#/actions/1")], Some(Severity::Error)));
}

#[test]
fn every_defect_has_a_case() {
    let tested: BTreeSet<&str> =
        CASES.iter().map(|(_, id, ..)| *id).chain(["overlay-not-applied", "example-null"]).collect();
    assert_eq!(tested, DEFECTS.iter().map(|defect| defect.id).collect());
}

/// Counts among the examples of successful responses in 2.15. A program that shares no code with this project counts the same, with one
/// exception: 47 examples with undeclared keys instead of 46, because it also counts the example of
/// `POST /ticket_types/{ticket_type_id}/attributes`, whose `input_options` have a schema without any keys.
#[test]
fn known_defects_of_the_examples_of_2_15_are_found() {
    let report = lint(&project::text("2.15"), &[], Version::Released(2, 15)).unwrap();
    let success = |finding: &&Finding| finding.pointer.contains("/responses/2");
    let count = |id: &str| report.open.iter().filter(success).filter(|finding| finding.defect.id == id).count();
    assert_eq!((count("example-undeclared"), count("example-null")), (46, 14));
}

#[test]
fn no_description_has_an_error_after_its_overlays() {
    let overlays = project::overlays();
    for version in &project::versions() {
        let report = lint(&project::text(version), &overlays, version.parse().unwrap()).unwrap();
        let errors: Vec<_> = report.open.iter().filter(|finding| finding.defect.severity == Severity::Error).collect();
        assert!(errors.is_empty(), "{version}: {errors:?}");
    }
}

/// Every operation with pagination is reported when its pagination entry is removed.
#[test]
fn a_list_without_its_pagination_entry_is_found() {
    let mut document = project::document("2.16");
    let (mut entries, mut missed) = (0, Vec::new());
    for (path, item) in document.pointer_mut("/paths").unwrap().as_object_mut().unwrap() {
        for (method, operation) in item.as_object_mut().unwrap() {
            if operation.as_object_mut().is_some_and(|operation| operation.shift_remove("x-sdk-pagination").is_some()) {
                entries += 1;
                missed.push(format!("/paths/{}/{method}", path.replace('/', "~1")));
            }
        }
    }
    let found = findings(&document, &[]);
    missed.retain(|pointer| {
        !found.iter().any(|finding| finding.defect.id == "list-without-paging" && finding.pointer == *pointer)
    });
    assert!(entries > 40 && missed.is_empty(), "{} of {entries}: {missed:?}", missed.len());
}
