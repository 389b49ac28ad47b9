//! A description with its prose gives the same API as one without: prose only adds doc comments.
//!
//! The project's descriptions have no prose, so the test writes some into the places that may have a `description` or a
//! `summary`, adds unknown extensions, and compares what is emitted.

use std::collections::BTreeMap;

use crate::project;
use intercom_codegen::overlay::Overlays;
use intercom_codegen::version::Version;
use intercom_codegen::{CrateInfo, generate, yaml};
use serde_json::{Map, Value};

/// Text with characters that are special in Markdown, HTML, rustdoc or Rust.
const PROSE: &str = "Zebra `prose` <b>bold</b> [link](x) */ \"quoted\" \\ {brace}\n\n* a list\n\n    let indented = code;\n\n```json\n{}\n```\n| a | table |\n# heading";

/// Writes prose into a document.
struct Writer {
    /// How many texts were written.
    texts: usize,
}

impl Writer {
    fn prose(&mut self, map: &mut Map<String, Value>, key: &str) {
        map.insert(key.to_owned(), PROSE.into());
        map.insert("x-prose-of-the-test".to_owned(), PROSE.into());
        self.texts += 1;
    }

    fn document(&mut self, document: &mut Value) {
        for tag in document["tags"].as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
            self.prose(tag, "description");
        }
        for (_, item) in members(&mut document["paths"]) {
            for (key, operation) in members(item) {
                match (key.as_str(), operation) {
                    ("parameters", parameters) => self.parameters(parameters),
                    (_, Value::Object(operation)) => self.operation(operation),
                    _ => {}
                }
            }
        }
        let Some(components) = document.get_mut("components") else { return };
        for (_, schema) in components.get_mut("schemas").into_iter().flat_map(members) {
            self.schema(schema);
        }
        for (_, response) in components.get_mut("responses").into_iter().flat_map(members) {
            self.content(response);
        }
    }

    fn operation(&mut self, operation: &mut Map<String, Value>) {
        self.prose(operation, "summary");
        self.prose(operation, "description");
        if let Some(parameters) = operation.get_mut("parameters") {
            self.parameters(parameters);
        }
        if let Some(body) = operation.get_mut("requestBody") {
            self.content(body);
        }
        for (_, response) in operation.get_mut("responses").into_iter().flat_map(members) {
            self.content(response);
        }
    }

    fn parameters(&mut self, parameters: &mut Value) {
        for parameter in parameters.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
            self.prose(parameter, "description");
            if let Some(schema) = parameter.get_mut("schema") {
                self.schema(schema);
            }
        }
    }

    /// A request body or a response.
    fn content(&mut self, holder: &mut Value) {
        let Value::Object(map) = holder else { return };
        self.prose(map, "description");
        for (_, media) in map.get_mut("content").into_iter().flat_map(members) {
            if let Some(schema) = media.get_mut("schema") {
                self.schema(schema);
            }
            for (_, example) in media.get_mut("examples").into_iter().flat_map(members) {
                example.as_object_mut().into_iter().for_each(|example| self.prose(example, "summary"));
            }
        }
    }

    fn schema(&mut self, schema: &mut Value) {
        let Value::Object(map) = schema else { return };
        self.prose(map, "description");
        for (key, value) in map.iter_mut() {
            match key.as_str() {
                "properties" => members(value).for_each(|(_, property)| self.schema(property)),
                "items" | "additionalProperties" => self.schema(value),
                "allOf" | "oneOf" | "anyOf" => {
                    value.as_array_mut().into_iter().flatten().for_each(|member| self.schema(member));
                }
                _ => {}
            }
        }
    }
}

fn members(value: &mut Value) -> impl Iterator<Item = (&String, &mut Value)> {
    value.as_object_mut().into_iter().flatten()
}

/// The Rust files that are generated from a text.
fn files(text: &str, overlays: &Overlays, version: Version) -> BTreeMap<String, String> {
    let info = CrateInfo {
        crate_name: version.crate_name(),
        crate_version: "0.1.0".to_owned(),
        command: "cargo xtask generate".to_owned(),
        description: "case.yaml".to_owned(),
        sha256: "0".repeat(64),
        runtime_path: "runtime".to_owned(),
    };
    let output = generate(text, overlays, version, &info).unwrap_or_else(|error| panic!("{version}: {error}"));
    output.files.into_iter().filter(|(file, _)| file.ends_with(".rs")).collect()
}

/// The code without comments, empty lines and the hash of the description.
fn code(text: &str) -> Vec<&str> {
    let lines = text.lines().filter(|line| !line.trim().is_empty() && !line.contains("DESCRIPTION_SHA256"));
    lines.filter(|line| !line.trim_start().starts_with("//")).collect()
}

#[test]
fn prose_adds_nothing_but_doc_comments() {
    let overlays = project::parsed_overlays();
    std::thread::scope(|scope| {
        for version in project::versions() {
            scope.spawn(move || check_version(&version, overlays));
        }
    });
}

fn check_version(name: &str, overlays: &Overlays) {
    let version: Version = name.parse().unwrap_or_else(|error| panic!("{error}"));
    let bare = project::text(name);
    let mut document = yaml::read(&bare).unwrap_or_else(|error| panic!("{error}"));
    let mut writer = Writer { texts: 0 };
    writer.document(&mut document);
    let with_prose = files(&yaml::write(&document), overlays, version);
    let without = project::crate_files(name);
    assert!(with_prose.keys().eq(without.keys()), "{name}: not the same files");
    let mut comments = 0;
    for (file, text) in &with_prose {
        let (with, without) = (code(text), code(&without[file]));
        let differs = with.iter().zip(&without).find(|(with, without)| with != without);
        assert_eq!(differs, None, "{name}: {file} differs in more than comments");
        assert_eq!(with.len(), without.len(), "{name}: {file}");
        comments += text.matches("Zebra").count();
    }
    println!("{name}: prose in {} places, shown in {comments}", writer.texts);
    assert!(comments > writer.texts / 4, "{name}: the prose of {} places is shown in {comments} only", writer.texts);
}
