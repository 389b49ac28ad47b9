//! The descriptions of this project are unedited imports, and its overlays, names and documentation match them.
//!
//! Nobody edits a description by hand: every correction is an overlay action with a reason.

use std::collections::BTreeSet;

use crate::project;
use intercom_codegen::import::import;
use intercom_codegen::yaml;
use serde_json::Value;

/// The methods that an operation may have, as keys of a path item.
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// The operations of a document: method, path and the operation object.
fn operations(document: &Value) -> impl Iterator<Item = (String, &Value)> {
    let paths = document["paths"].as_object().unwrap().iter();
    paths.flat_map(|(path, item)| {
        let operations = item.as_object().unwrap().iter().filter(|(method, _)| METHODS.contains(&method.as_str()));
        operations.map(move |(method, operation)| (format!("{} {path}", method.to_uppercase()), operation))
    })
}

/// The number of examples of successful responses, which the tests of the crates decode.
fn count_examples_of_success(document: &Value) -> usize {
    let responses = operations(document).flat_map(|(_, operation)| operation["responses"].as_object().unwrap());
    let successes = responses.filter(|(status, _)| status.starts_with('2'));
    let media = successes.filter_map(|(_, response)| response["content"].get("application/json"));
    media
        .map(|media| {
            media["examples"].as_object().map_or(0, |all| all.len()) + usize::from(media.get("example").is_some())
        })
        .sum()
}

#[test]
fn importing_a_description_of_the_project_changes_nothing() {
    for version in &project::versions() {
        let text = project::text(version);
        let imported = import(&text).unwrap_or_else(|error| panic!("{version}: {error}"));
        assert!(
            imported.yaml == text,
            "importing the description of {version} changes it: it was edited by hand, or the import has changed; run `cargo xtask import`"
        );
        let examples = count_examples_of_success(&yaml::read(&text).unwrap());
        assert_eq!(imported.counts.get("examples of success"), examples, "{version}");
        assert!(examples > operations(&yaml::read(&text).unwrap()).count() / 2, "{version}: {examples} examples");
        assert!(imported.warnings.is_empty(), "{:?}", imported.warnings);
    }
}

#[test]
fn every_overlay_applies_to_every_version_that_it_names_and_gives_valid_openapi() {
    for version in &project::versions() {
        let (document, applied) = project::overlaid(version);
        assert!(applied.changes > 0 && applied.places >= applied.changes);
        let parsed = serde_json::from_value::<openapiv3::OpenAPI>(document.clone());
        assert!(parsed.is_ok(), "{version}: {parsed:?}");
    }
}

/// A reference to a schema that no version has would silently become untyped JSON.
#[test]
fn every_schema_that_a_platform_feature_names_is_in_some_version() {
    let (mut schemas, mut documents) = (BTreeSet::new(), String::new());
    for version in &project::versions() {
        let (document, _) = project::overlaid(version);
        schemas.extend(document["components"]["schemas"].as_object().unwrap().keys().cloned());
        documents.push_str(&document["paths"].to_string());
    }
    let mut named = 0;
    for file in project::overlays().iter().filter(|file| file.name.contains("platform/")) {
        let part = yaml::read(&file.text).unwrap_or_else(|error| panic!("{}: {error}", file.name));
        let topics = part["topics"].as_object().into_iter().flat_map(|topics| topics.values());
        let items = topics.flat_map(|topic| {
            let wrapped = topic["wrapped"].as_object().into_iter().flat_map(|wrapped| wrapped.values());
            topic.get("item").into_iter().chain(wrapped)
        });
        let listed = ["received", "sent"].into_iter().flat_map(|key| part[key].as_array().into_iter().flatten());
        let newest = part["newest"].as_object().into_iter().flat_map(|newest| newest.keys().map(String::as_str));
        for name in items.chain(listed).filter_map(Value::as_str).chain(newest) {
            assert!(schemas.contains(name), "{}: no version has a schema `{name}`", file.name);
            named += 1;
        }
        if let Some(field) = part["stream_url_field"].as_str() {
            let key = format!("\"{field}\":{{");
            assert!(documents.contains(&key), "{}: no response has a field `{field}`", file.name);
        }
    }
    assert!(named > 120, "{named} schemas are named");
}

/// Finds entries of the tables of names and resources whose operation is in no version, because they are outdated or misspelt.
#[test]
fn every_operation_in_the_tables_of_the_overlays_is_in_some_version() {
    let overlays = project::parsed_overlays();
    let mut known = BTreeSet::new();
    for version in &project::versions() {
        for (key, operation) in operations(&project::overlaid(version).0) {
            known.extend(operation["operationId"].as_str().map(str::to_owned));
            known.insert(key);
        }
    }
    let stale: Vec<&str> = overlays.table_operations().filter(|key| !known.contains(*key)).collect();
    assert!(stale.is_empty(), "no version has {stale:?}: remove them from the tables in descriptions/overlays");
    assert!(overlays.table_operations().count() > 200);
}

/// Methods are named alike: a method does not repeat its group, and a read is not called `get`, `fetch` or the like, but `find`, `list`
/// or `search`. Other names that users may know, such as those of the official SDKs, are aliases.
#[test]
fn method_names_follow_the_conventions() {
    const OTHER_READS: [&str; 5] = ["get", "retrieve", "show", "fetch", "collect"];
    let (mut seen, mut wrong) = (BTreeSet::new(), BTreeSet::new());
    for version in &project::versions() {
        for (_, operation) in operations(&project::overlaid(version).0) {
            let text = |key: &str| operation[key].as_str().unwrap_or_default().to_owned();
            let (group, method) = (text("x-sdk-group"), text("x-sdk-method"));
            let one = group.strip_suffix('s').unwrap_or(&group);
            let (verb, rest) = method.split_once('_').unwrap_or((&method, ""));
            // `fin_agent.collect_procedure_input` is a POST: it sends a user's answers to Fin.
            if rest.starts_with(one) || OTHER_READS.contains(&verb) && method != "collect_procedure_input" {
                wrong.insert(format!("{group}.{method}"));
            }
            seen.insert(method);
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}: rename them in descriptions/overlays/10-names.yaml");
    assert!(["list", "find", "create", "update", "delete", "search"].iter().all(|name| seen.contains(*name)));
}

/// Every operation and every argument of every version has a sentence of the project's own, and no sentence is about
/// something that no version has.
#[test]
fn every_operation_and_argument_is_documented_and_no_sentence_is_unused() {
    let documentation = project::parsed_overlays().documentation();
    let mut used = BTreeSet::new();
    for version in &project::versions() {
        let (document, applied) = project::overlaid(version);
        used.extend(applied.documented.iter().cloned());
        let coverage = documentation.coverage(document);
        println!("{version}: {} fields without a sentence", coverage.fields.len());
        let missing: Vec<&String> = coverage.operations.iter().chain(&coverage.arguments).collect();
        assert!(missing.is_empty(), "{version}: no sentence for {missing:?}; add it in descriptions/docs/operations");
    }
    let unused: Vec<String> = documentation.unused(&used).iter().map(ToString::to_string).collect();
    assert!(unused.is_empty(), "{} entries:\n{}", unused.len(), unused.join("\n"));
    assert!(used.len() > 1_000);
}
