//! Tests of single places of the emitted code, which need no snapshot.

use std::collections::BTreeMap;

use intercom_codegen::overlay::Overlays;
use intercom_codegen::version::Version;
use intercom_codegen::{CrateInfo, Output, generate};

fn output(description: &str) -> Output {
    let info = CrateInfo {
        crate_name: "things".to_owned(),
        crate_version: "0.1.0".to_owned(),
        command: String::new(),
        description: String::new(),
        sha256: String::new(),
        runtime_path: "../runtime".to_owned(),
    };
    let text = format!("openapi: 3.0.1\ninfo: {{title: T, version: '2.15'}}\n{description}");
    generate(&text, &Overlays::default(), Version::Released(2, 15), &info).unwrap_or_else(|error| panic!("{error}"))
}

fn text<'a>(files: &'a BTreeMap<String, String>, start: &str) -> &'a str {
    files.iter().find(|(name, _)| name.starts_with(start)).map_or("", |(_, text)| text)
}

#[test]
fn a_readme_has_an_example_only_if_the_api_has_its_operation() {
    let description = |id: &str| {
        format!(
            "paths: {{/me: {{get: {{x-sdk-group: admins, x-sdk-method: {id}, responses: {{'204': {{description: D}}}}}}}}}}"
        )
    };
    assert!(text(&output(&description("identify")).files, "README.md").contains("client.admins().identify()"));
    let other = output(&description("list"));
    assert!(!text(&other.files, "README.md").contains("```"), "{}", text(&other.files, "README.md"));
}

#[test]
fn a_manifest_has_the_authors_and_the_rust_version_of_the_workspace() {
    let output = output("paths: {}");
    let workspace = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml")).unwrap();
    for key in ["rust-version = ", "authors = "] {
        let line = workspace.lines().find(|line| line.starts_with(key)).unwrap();
        assert!(text(&output.files, "Cargo.toml").lines().any(|other| other == line), "{line}");
    }
}

#[test]
fn limits_and_formats_are_documented() {
    let output = output(
        "paths: {}
components:
  schemas:
    a:
      type: object
      properties:
        some: {type: integer, minimum: 1, maximum: 9}
        between: {type: integer, minimum: 1, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: true}
        number: {type: integer, format: date}
        day: {type: string, format: date}
",
    );
    let emitted = text(&output.files, "src/types/a.rs");
    for (field, expected) in [
        ("some", "At least 1. At most 9."),
        ("between", "More than 1. Less than 9."),
        ("day", "A date, `YYYY-MM-DD`."),
        ("number", "`number`."),
    ] {
        let doc =
            emitted.lines().zip(emitted.lines().skip(1)).find(|(_, line)| line.contains(&format!("pub {field}: ")));
        let (doc, _) = doc.unwrap_or_else(|| panic!("no {field} in {emitted}"));
        assert!(doc.ends_with(expected), "{doc}");
    }
}

#[test]
fn a_missing_group_or_method_is_derived_with_a_warning() {
    let output = output(
        "paths:
  /a: {get: {operationId: listThings, tags: [Things], x-sdk-group: items, responses: {'204': {description: D}}}}
  /b: {get: {operationId: otherThings, tags: [Things], x-sdk-method: others, responses: {'204': {description: D}}}}
",
    );
    let warnings: Vec<String> = output.warnings.iter().map(ToString::to_string).collect();
    for expected in [
        "the operation lacks x-sdk-method; it is named items.list_things",
        "the operation lacks x-sdk-group; it is named things.others",
    ] {
        assert!(warnings.iter().any(|warning| warning.contains(expected)), "{warnings:?}");
    }
}

#[test]
fn an_id_is_named_after_the_segment_before_it() {
    for (segment, expected) in
        [("things", "thing_id"), ("fin", "fin_id"), ("status", "status_id"), ("companies", "company_id")]
    {
        let output = output(&format!(
            "paths: {{'/{segment}/{{id}}': {{get: {{tags: [a], operationId: b, parameters: [{{name: id, in: path, required: true, schema: {{type: string}}}}], responses: {{'204': {{description: D}}}}}}}}}}"
        ));
        assert!(text(&output.files, "src/api/a.rs").contains(&format!("{expected}: impl Into<Id>")), "{segment}");
    }
}
