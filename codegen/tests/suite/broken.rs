//! The generator does not panic: each description of `cases`, broken at every place in two ways, is generated or rejected with a
//! hint.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use intercom_codegen::diag::Error;
use intercom_codegen::overlay::Overlays;
use intercom_codegen::version::Version;
use intercom_codegen::{CrateInfo, generate, yaml};
use serde_json::{Value, json};

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap_or_else(|error| panic!("{error}")).path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    paths.sort();
    paths
}

/// The JSON pointers of all values of a document.
fn pointers(value: &Value, pointer: &str, all: &mut Vec<String>) {
    let mut inside = |key: &str, value: &Value| {
        let pointer = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
        all.push(pointer.clone());
        pointers(value, &pointer, all);
    };
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| inside(key, value)),
        Value::Array(items) => items.iter().enumerate().for_each(|(index, value)| inside(&index.to_string(), value)),
        _ => {}
    }
}

/// A document without the value at a pointer.
fn without(document: &Value, pointer: &str) -> Value {
    let mut document = document.clone();
    if let Some((parent, key)) = pointer.rsplit_once('/') {
        match document.pointer_mut(parent) {
            Some(Value::Object(map)) => drop(map.remove(&key.replace("~1", "/").replace("~0", "~"))),
            Some(Value::Array(items)) => drop(key.parse().map(|index: usize| items.remove(index))),
            _ => {}
        }
    }
    document
}

/// A document with another value at a pointer.
fn with(document: &Value, pointer: &str, value: Value) -> Value {
    let mut document = document.clone();
    if let Some(place) = document.pointer_mut(pointer) {
        *place = value;
    }
    document
}

fn has_place_and_hint(error: &Error) -> bool {
    error.line().is_some() && !error.hint_text().is_empty() && !error.hint_text().contains("defect")
}

#[test]
fn a_broken_description_is_generated_or_rejected_with_a_hint() {
    let version: Version = "2.15".parse().unwrap_or_else(|error| panic!("{error}"));
    let info = CrateInfo {
        crate_name: "case".to_owned(),
        crate_version: "0.1.0".to_owned(),
        command: "cargo xtask generate".to_owned(),
        description: "case.yaml".to_owned(),
        sha256: "0".repeat(64),
        runtime_path: "runtime".to_owned(),
    };
    let (mut generated, mut refused, mut wrong) = (0, 0, Vec::new());
    for path in cases() {
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let document = yaml::read(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut all = Vec::new();
        pointers(&document, "", &mut all);
        for (index, pointer) in all.into_iter().enumerate() {
            let broken = [
                ("removed", without(&document, &pointer)),
                ("null", with(&document, &pointer, Value::Null)),
                ("text", with(&document, &pointer, json!("a/{b} \"c\" \u{1F600}"))),
                ("a number", with(&document, &pointer, json!(-1.5))),
                ("a list", with(&document, &pointer, json!([{"$ref": "#/components/schemas/nowhere"}]))),
                ("an object", with(&document, &pointer, json!({"": {"type": "object", "properties": {"": {}}}}))),
            ];
            // Each place is broken in two of the ways, not the same two everywhere; all ways would take a minute.
            for (how, document) in broken.into_iter().skip(index % 3).step_by(3) {
                let text = yaml::write(&document);
                match catch_unwind(AssertUnwindSafe(|| generate(&text, &Overlays::default(), version, &info))) {
                    Ok(Ok(_)) => generated += 1,
                    Ok(Err(errors)) if errors.iter().all(has_place_and_hint) => refused += 1,
                    Ok(Err(error)) => wrong.push(format!("{}#{pointer} {how}: {error}", path.display())),
                    Err(_) => wrong.push(format!("{}#{pointer} {how}: panicked", path.display())),
                }
            }
        }
    }
    println!("{generated} broken descriptions are generated, {refused} are rejected with a hint");
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), wrong.len() + generated + refused, wrong.join("\n"));
}
