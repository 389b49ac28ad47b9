//! JSON Schemas: the shape of each kind of schema, and that every document of every version refers to what it defines.

use std::collections::BTreeSet;

use intercom_catalog::json_schema::{DIALECT, Direction, arguments, type_schema};
use intercom_catalog::{VERSIONS, load};
use serde_json::{Value, json};

#[test]
fn arguments_are_parameters_by_name_and_the_body() {
    let catalog = load("2.15").unwrap();
    let schema = arguments(&catalog, catalog.operation("tags.tag_contact").unwrap());
    assert_eq!(schema["$schema"], DIALECT);
    assert_eq!(schema["required"], json!(["contact_id", "body"]));
    assert_eq!(schema["additionalProperties"], false);
    assert_eq!(schema["properties"]["contact_id"]["type"], json!(["string", "integer"]));
    assert!(schema["$defs"].is_object(), "the body's type is defined");
}

#[test]
fn enums_are_open() {
    let catalog = load("2.15").unwrap();
    let state = type_schema(&catalog, "CreateArticleRequestState", Direction::Request).unwrap();
    assert_eq!(state["anyOf"][0]["enum"], json!(["published", "draft"]));
    assert_eq!(state["anyOf"][1], json!({"type": "string"}));
}

#[test]
fn one_set_of_alternatives_has_to_be_there() {
    let catalog = load("2.15").unwrap();
    let contact = type_schema(&catalog, "CreateContactRequest", Direction::Request).unwrap();
    assert_eq!(
        contact["anyOf"],
        json!([{"required": ["email"]}, {"required": ["external_id"]}, {"required": ["role"]}])
    );
}

#[test]
fn what_is_only_received_is_not_an_argument() {
    let (mut received, mut sent) = (0, 0);
    for version in VERSIONS {
        let catalog = load(version).unwrap();
        for ty in &catalog.types {
            let intercom_catalog::Definition::Object { properties, .. } = &ty.definition else { continue };
            let request = type_schema(&catalog, &ty.name, Direction::Request).unwrap();
            let response = type_schema(&catalog, &ty.name, Direction::Response).unwrap();
            for property in properties {
                received += usize::from(property.read_only);
                sent += usize::from(property.write_only);
                assert_eq!(
                    has(&request, &property.name),
                    !property.read_only,
                    "{version} {} {}",
                    ty.name,
                    property.name
                );
                assert_eq!(
                    has(&response, &property.name),
                    !property.write_only,
                    "{version} {} {}",
                    ty.name,
                    property.name
                );
            }
        }
    }
    println!("{received} properties are only received, {sent} only sent");
}

fn has(schema: &Value, property: &str) -> bool {
    // The schema of an object that may be null is `anyOf` of the object and null.
    let object = if schema["properties"].is_object() { schema } else { &schema["anyOf"][0] };
    object["properties"].get(property).is_some()
}

#[test]
fn every_reference_is_defined_and_every_definition_is_referred_to() {
    let mut documents = 0;
    for version in VERSIONS {
        let catalog = load(version).unwrap();
        let of_operations =
            catalog.operations.iter().map(|operation| (operation.id.as_str(), arguments(&catalog, operation)));
        let of_types = catalog.types.iter().flat_map(|ty| {
            [Direction::Request, Direction::Response]
                .map(|direction| (ty.name.as_str(), type_schema(&catalog, &ty.name, direction).unwrap()))
        });
        for (name, document) in of_operations.chain(of_types) {
            documents += 1;
            let mut references = BTreeSet::new();
            collect(&document, &mut references);
            let defined: BTreeSet<String> = document
                .get("$defs")
                .and_then(Value::as_object)
                .into_iter()
                .flatten()
                .map(|(key, _)| key.clone())
                .collect();
            assert_eq!(references, defined, "{version} {name}");
        }
    }
    println!("{documents} documents");
    assert!(documents > 9_000, "only {documents} documents");
}

fn collect(value: &Value, references: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            if let Some(target) = map.get("$ref").and_then(Value::as_str) {
                references.insert(target.strip_prefix("#/$defs/").expect("references stay in the document").to_owned());
            }
            map.values().for_each(|value| collect(value, references));
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, references)),
        _ => {}
    }
}
