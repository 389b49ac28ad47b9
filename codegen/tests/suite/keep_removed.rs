//! Tests of `keep_removed`: the overlay that keeps what a newer description of a version lacks.

use intercom_codegen::diff::keep_removed;
use intercom_codegen::version::Version;
use intercom_codegen::yaml;
use serde_json::Value;

/// The actions of the proposed overlay.
fn actions(old: &str, new: &str) -> Vec<Value> {
    let kept = keep_removed(old, new, Version::Released(2, 15), "2026-01-02").unwrap().unwrap();
    yaml::read(&kept.yaml).unwrap()["actions"].as_array().unwrap().clone()
}

#[test]
fn an_operation_or_field_that_is_not_an_object_is_kept_unchanged() {
    let actions = actions("paths: {/a: {get: 1}}", "paths: {}");
    assert_eq!(actions[0]["update"], serde_json::json!({"/a": {"get": 1}}));
    let (old, new) =
        ("components: {schemas: {a: {properties: {b: true}}}}", "components: {schemas: {a: {properties: {}}}}");
    assert_eq!(self::actions(old, new)[0]["update"], serde_json::json!({"b": true}));
}

#[test]
fn a_parameter_of_the_operation_replaces_that_of_the_path() {
    let old = "
paths:
  /a/{id}:
    parameters: [{name: id, in: path, required: true}, {name: x, in: query}, {$ref: '#/components/parameters/y'}]
    get: {parameters: [{name: x, in: query, required: true}, {name: y, in: header}], responses: {}}
components: {parameters: {y: {name: y, in: header}}}
";
    let update = &actions(old, "paths: {}")[0]["update"];
    let names: Vec<&str> = update["/a/{id}"]["get"]["parameters"]
        .as_array()
        .unwrap()
        .iter()
        .map(|parameter| parameter["name"].as_str().unwrap_or("a reference"))
        .collect();
    assert_eq!(names, ["x", "y", "id"]);
}

#[test]
fn a_field_of_a_default_response_is_kept() {
    let description = |properties: &str| {
        format!(
            "paths: {{/a: {{get: {{responses: {{default: {{content: {{application/json: {{schema: {{properties: {properties}}}}}}}}}}}}}}}}}"
        )
    };
    let actions = actions(&description("{x: {}, y: {}}"), &description("{x: {}}"));
    assert_eq!(actions[0]["update"], serde_json::json!({"y": {"deprecated": true}}));
}
