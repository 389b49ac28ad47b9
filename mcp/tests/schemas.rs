//! The schemas of all tools of all versions: valid JSON Schema 2020-12, which most of the descriptions' own examples fit.

#![allow(clippy::unwrap_used, reason = "a test panics")]

use std::sync::Arc;

use intercom_catalog::{VERSIONS, load};
use intercom_mcp::{Access, Options};
use serde_json::{Map, Value, json};

mod common;
use common::Api;

fn options(tools: &str) -> Options {
    Options { tools: tools.parse().unwrap(), access: Access::Delete, ..Options::default() }
}

#[test]
fn every_schema_is_valid() {
    let mut schemas = 0;
    for version in VERSIONS {
        let server = Api::always(Value::Null).server(version, options("default,all"));
        for tool in server.tools() {
            let schema = Value::Object(Arc::unwrap_or_clone(tool.input_schema));
            assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", "{version} {}", tool.name);
            assert_eq!(schema["type"], "object", "{version} {}", tool.name);
            if let Err(error) = jsonschema::draft202012::meta::validate(&schema) {
                panic!("{version} {}: {error} at {}", tool.name, error.instance_path());
            }
            schemas += 1;
        }
    }
    println!("{schemas} schemas of tools");
    assert!(schemas > 1800, "only {schemas} schemas");
}

/// Bodies that descriptions show for an operation are arguments of its tool. The snapshot lists the examples that do not
/// fit, most of which show errors.
#[test]
fn examples_fit_the_schemas() {
    let (mut fit, mut odd) = (0, Vec::new());
    for version in ["2.15", "Preview"] {
        let catalog = load(version).unwrap();
        for operation in &catalog.operations {
            let Some(body) = operation.body.as_ref().filter(|body| body.schema.is_some()) else { continue };
            let schema = intercom_catalog::json_schema::arguments(&catalog, operation);
            let validator = jsonschema::draft202012::new(&schema).unwrap();
            for example in &body.examples {
                let mut arguments = Map::new();
                for parameter in operation.parameters.iter().filter(|parameter| parameter.required) {
                    arguments.insert(parameter.name.clone(), parameter.example.clone().unwrap_or(json!("1")));
                }
                arguments.insert("body".to_owned(), Value::clone(&example.value));
                match validator.validate(&Value::Object(arguments)) {
                    Ok(()) => fit += 1,
                    Err(error) => {
                        let name = example.name.as_deref().unwrap_or("example");
                        odd.push(format!("{version} {} {name}: {}", operation.id, error.instance_path()));
                    }
                }
            }
        }
    }
    println!("{fit} examples fit");
    assert!(fit > 300, "only {fit} examples fit");
    insta::assert_snapshot!(odd.join("\n"));
}

#[test]
fn names_of_tools_suit_clients() {
    for version in VERSIONS {
        let tools = Api::always(Value::Null).server(version, options("default,all")).tools();
        let mut names: Vec<&str> = tools.iter().map(|tool| &*tool.name).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count, "{version}: names are unique");
        for name in names {
            let suits =
                name.len() <= 60 && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
            assert!(suits, "{version}: {name}");
        }
    }
}

/// The snapshot lists what the default tools of each version lack of those of 2.16.
#[test]
fn the_default_tools_of_each_version() {
    let mut lines = Vec::new();
    let mut newest: Vec<String> = Vec::new();
    for version in ["2.16", "Preview", "2.15", "2.14", "2.13", "2.12", "2.11", "2.10", "2.9", "2.8", "2.7"] {
        let tools = Api::always(Value::Null).server(version, options("default")).tools();
        let arguments: Vec<String> = tools
            .iter()
            .flat_map(|tool| {
                let properties = tool.input_schema["properties"].as_object().unwrap().keys();
                std::iter::once(tool.name.to_string()).chain(properties.map(|name| format!("{}({name})", tool.name)))
            })
            .collect();
        if newest.is_empty() {
            newest.clone_from(&arguments);
        }
        // The arguments of a tool that is left out are not listed.
        let tool =
            |name: &str| arguments.iter().any(|known| name.split_once('(').is_none_or(|(tool, _)| tool == known));
        let missing: Vec<&str> =
            newest.iter().filter(|name| !arguments.contains(name) && tool(name)).map(String::as_str).collect();
        let chars: usize = tools.iter().map(|tool| serde_json::to_string(tool).unwrap().len()).sum();
        lines.push(format!("{version}: {} tools, {} kB; without {}", tools.len(), chars / 1000, missing.join(" ")));
    }
    insta::assert_snapshot!(lines.join("\n"));
}
