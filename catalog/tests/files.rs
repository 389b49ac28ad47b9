//! The files of all versions: each is read, refers to nothing that it lacks, and is written back as it was.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use intercom_catalog::{Catalog, Definition, Index, Operation, Schema, Shape, VERSIONS, load};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("versions")
}

#[test]
fn every_file_is_compiled_in() {
    let files: BTreeSet<String> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .map(|name| name.strip_suffix(".json").expect("only catalogs are in the folder").to_owned())
        .collect();
    let versions: BTreeSet<String> = VERSIONS.iter().map(|version| version.to_lowercase()).collect();
    assert_eq!(files, versions, "list the versions in src/embedded.rs and their features in Cargo.toml");
}

/// Tools offer these where a user allows reading only. A new one has to be looked at before it is added here: it must change nothing.
#[test]
fn each_post_that_reads_is_known() {
    let mut found = BTreeSet::new();
    for version in VERSIONS {
        let catalog = load(version).unwrap();
        let posts = catalog.operations.iter().filter(|operation| operation.http_method == "POST" && operation.reads());
        found.extend(posts.map(|operation| operation.id.clone()));
    }
    let known = [
        "admins.search_activity_logs",
        "calls.list_with_transcripts",
        "companies.list",
        "companies.search",
        "contacts.preview_merge",
        "contacts.search",
        "conversations.search",
        "fin_agent.list_capabilities",
        "tickets.search",
    ];
    assert!(found.iter().map(String::as_str).eq(known), "{found:?}");
}

#[test]
fn a_catalog_is_written_as_it_was_read() {
    for version in VERSIONS {
        let text = std::fs::read_to_string(folder().join(format!("{}.json", version.to_lowercase()))).unwrap();
        assert!(*load(version).unwrap().to_text().unwrap() == text, "{version} changes when it is written again");
    }
}

#[test]
fn a_part_of_a_catalog_has_what_its_operations_use() {
    for version in VERSIONS {
        let whole = load(version).unwrap();
        let index = Index::of_version(version).unwrap();
        assert!(index.operations().eq(whole.operations.iter().map(|operation| operation.id.as_str())));
        assert!(index.select(|_| true).unwrap() == *whole, "{version}: all of it");
        let nothing = index.select(|_| false).unwrap();
        assert_eq!((&nothing.groups, nothing.operations.len(), nothing.types.len()), (&whole.groups, 0, 0));
        for operation in whole.operations.iter().step_by(9) {
            let part = index.select(|id| id == operation.id).unwrap();
            assert_eq!(part.operations, std::slice::from_ref(operation));
            let mut used = BTreeSet::new();
            follow_operation(&whole, operation, &mut used);
            let types: Vec<_> = used.iter().map(|name| whole.type_named(name).unwrap()).collect();
            assert!(part.types.iter().eq(types), "{version} {}", operation.id);
        }
    }
    let text = include_str!("../versions/2.15.json");
    for end in (0..text.len()).step_by(9_973) {
        let Ok(index) = Index::new(text.get(..end).unwrap_or_default()) else { continue };
        let _ = index.select(|_| true);
    }
    assert!(Index::new("{}").is_err() && Index::of_version("1.4").is_err());
}

#[test]
fn every_name_of_a_type_is_defined_and_every_type_is_used() {
    let mut operations = 0;
    for version in VERSIONS {
        let catalog = load(version).unwrap();
        let mut used = BTreeSet::new();
        for operation in &catalog.operations {
            operations += 1;
            assert_eq!(catalog.operation(&operation.id), Some(operation), "operations are sorted by id");
            follow_operation(&catalog, operation, &mut used);
        }
        for ty in &catalog.types {
            assert!(used.contains(&ty.name), "{version}: nothing uses {}", ty.name);
        }
    }
    println!("{operations} operations in {} versions", VERSIONS.len());
    assert!(operations > 1500, "only {operations} operations");
}

fn follow_operation(catalog: &Catalog, operation: &Operation, used: &mut BTreeSet<String>) {
    let parameters = operation.parameters.iter().map(|parameter| &parameter.schema);
    let body = operation.body.iter().flat_map(|body| body.schema.iter());
    let parts = operation.body.iter().flat_map(|body| body.parts.iter().map(|part| &part.schema));
    let responses = operation.responses.iter().filter_map(|response| response.schema.as_ref());
    for schema in parameters.chain(body).chain(parts).chain(responses) {
        follow(catalog, schema, used);
    }
    for item in operation.pagination.iter().filter_map(|pagination| pagination.item.as_deref()) {
        follow_type(catalog, item, used);
    }
}

fn follow(catalog: &Catalog, schema: &Schema, used: &mut BTreeSet<String>) {
    match &schema.shape {
        Shape::List(inner) | Shape::Map(inner) | Shape::Nullable(inner) => follow(catalog, inner, used),
        Shape::Type(name) => follow_type(catalog, name, used),
        _ => {}
    }
}

fn follow_type(catalog: &Catalog, name: &str, used: &mut BTreeSet<String>) {
    if !used.insert(name.to_owned()) {
        return;
    }
    let ty = catalog.type_named(name).unwrap_or_else(|| panic!("{}: {name} is not defined", catalog.version));
    match &ty.definition {
        Definition::Object { properties, .. } => {
            properties.iter().for_each(|property| follow(catalog, &property.schema, used));
        }
        Definition::Union { alternatives, .. } => {
            alternatives.iter().for_each(|alternative| follow(catalog, &alternative.schema, used));
        }
        Definition::Alias(schema) => follow(catalog, schema, used),
        Definition::Enum(_) => {}
    }
}

#[test]
fn a_version_that_does_not_exist_is_an_error_that_names_those_that_do() {
    let error = load("1.0").unwrap_err().to_string();
    assert!(error.contains("1.0") && error.contains("2.15") && error.contains("Preview"), "{error}");
    assert_eq!(load("preview").unwrap().version, "Preview");
}

#[test]
fn every_operation_that_another_one_carries_out_exists_and_has_a_resource() {
    let mut checked = 0;
    for version in VERSIONS {
        let catalog = load(version).unwrap();
        for operation in &catalog.operations {
            for also in operation.resource.iter().flat_map(|resource| &resource.also) {
                let other = catalog.operations.iter().find(|other| other.operation_id == also.operation);
                assert!(
                    other.is_some_and(|other| other.resource.is_some()),
                    "{version}: {} carries out {}, which is not an operation with `x-sdk-resource`",
                    operation.id,
                    also.operation
                );
                checked += 1;
            }
        }
    }
    assert!(checked > 0, "no operation carries out another one");
}
