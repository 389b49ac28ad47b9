//! Properties of the public interface: types are extensible, and tests of programs can build responses and errors.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use intercom_runtime::data::{Attributes, Id, Timestamp};
use intercom_runtime::transport::TransportError;
use intercom_runtime::{Error, ErrorCode, Region, Response, http};

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
}

/// The public types of a file to which adding a field or variant would be a breaking change: enums and structs with only public fields
/// that are not `#[non_exhaustive]`.
fn closed(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let mut closed = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let is_enum = line.starts_with("pub enum ");
        if !line.ends_with('{') || !is_enum && !line.starts_with("pub struct ") {
            continue;
        }
        let body = lines[at + 1..].iter().take_while(|line| **line != "}");
        // A private field prevents other crates from building and matching a struct.
        let mut fields =
            body.filter(|line| line.starts_with("    ") && !line.starts_with("    /") && !line.starts_with("    #"));
        let open = is_enum || fields.all(|line| line.starts_with("    pub "));
        let attributes = lines[..at].iter().rev().take_while(|line| line.starts_with("#[") || line.starts_with("///"));
        if open && !attributes.clone().any(|line| *line == "#[non_exhaustive]") {
            closed.push((*line).to_owned());
        }
    }
    closed
}

#[test]
fn public_types_are_non_exhaustive() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut looked_at = 0;
    for path in sources(&root.join("src")).iter().chain(&sources(&root.join("../data/src"))) {
        let found = closed(&fs::read_to_string(path).unwrap());
        assert!(found.is_empty(), "{}: {found:?}", path.display());
        looked_at += 1;
    }
    assert!(looked_at > 80);
    assert_eq!(closed("pub struct A {\n    pub b: u8,\n}\n#[non_exhaustive]\npub enum C {\n}\n"), ["pub struct A {"]);
}

#[test]
fn generated_crates_pin_the_runtime() {
    let generated = Path::new(env!("CARGO_MANIFEST_DIR")).join("../generated");
    let mut crates = 0;
    for folder in fs::read_dir(generated).unwrap() {
        let manifest = fs::read_to_string(folder.unwrap().path().join("Cargo.toml")).unwrap();
        let runtime = manifest.lines().find(|line| line.starts_with("intercom-runtime = ")).unwrap();
        assert!(runtime.contains(concat!("version = \"=", env!("CARGO_PKG_VERSION"), "\"")), "{runtime}");
        crates += 1;
    }
    assert!(crates >= 11);
}

#[test]
fn responses_and_errors_can_be_built_in_tests() {
    let answer = http::Response::builder().status(201).header("x-request-id", "r1").header("x-ratelimit-remaining", 7);
    let response = Response::for_test(answer.body("Joe".to_owned()).unwrap());
    assert_eq!((response.as_str(), response.status().as_u16(), response.request_id()), ("Joe", 201, Some("r1")));
    assert_eq!(response.rate_limit().unwrap().remaining, Some(7));

    let body = r#"{"errors":[{"code":"rate_limit_exceeded"}]}"#;
    let answer = http::Response::builder().status(429).header("retry-after", 3);
    let error = Error::for_test(answer.body(body).unwrap());
    assert!(error.is_rate_limited());
    assert_eq!(error.code(), Some(&ErrorCode::RateLimitExceeded));
    assert_eq!((error.body(), error.retry_after().unwrap().as_secs()), (body.as_bytes(), 3));
    assert!(Error::for_test(http::Response::new("<html>")).is_decode());

    assert!(Error::from(TransportError::connect("refused")).is_connect());
    assert!(Error::from(TransportError::timeout("late")).is_timeout());
    let error = Error::from(TransportError::lost("reset"));
    assert!(error.is_connection_lost());
    assert_eq!(error.to_string(), "the connection was lost: reset");
}

#[test]
fn conversions_keep_the_value_or_saturate_or_fail() {
    assert_eq!((Id::from(7_u64), Id::from(u64::MAX)), (Id::from(7_i64), Id::from("18446744073709551615")));
    assert_eq!(Timestamp::from(7_u64).as_seconds(), 7);
    assert_eq!(Timestamp::from(u64::MAX).as_seconds(), i64::MAX);
    let attributes = Attributes::try_from(serde_json::json!({ "plan": "pro" })).unwrap();
    assert_eq!(serde_json::to_value(attributes).unwrap()["plan"], "pro");
    let refused = Attributes::try_from(serde_json::json!(["pro"])).unwrap_err();
    assert_eq!(refused.to_string(), "attributes must be a JSON object, not an array");
    assert_eq!(" EU ".parse::<Region>().unwrap(), Region::Eu);
    let refused = "mars".parse::<Region>().unwrap_err();
    assert!(refused.is_config() && refused.to_string().contains("`mars` is not a region; expected us, eu or au"));
}

/// The files that a file imports by `crate::name`, without those in tests and comments.
fn imports(root: &Path, text: &str) -> BTreeSet<PathBuf> {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default().lines();
    let code: Vec<&str> = code.filter(|line| !line.trim_start().starts_with("//")).collect();
    let names = code.iter().flat_map(|line| line.split("crate::").skip(1));
    let names = names.map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default());
    names.map(|name| root.join(format!("{name}.rs"))).filter(|file| file.is_file()).collect()
}

#[test]
fn files_of_the_runtime_have_no_import_cycles() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = sources(&root).into_iter().filter(|path| !path.ends_with("src/lib.rs"));
    let mut left: BTreeMap<PathBuf, BTreeSet<PathBuf>> = files
        .map(|path| {
            let mut imported = imports(&root, &fs::read_to_string(&path).unwrap());
            imported.remove(&path);
            (path, imported)
        })
        .collect();
    assert!(left.len() > 60);
    // Repeatedly removes the files that import none of the remaining ones. What remains are cycles.
    while let Some(free) = left.iter().find(|(_, imported)| imported.is_empty()).map(|(path, _)| path.clone()) {
        left.remove(&free);
        for imported in left.values_mut() {
            imported.remove(&free);
        }
    }
    assert!(left.is_empty(), "these files are in an import cycle, or import one that is: {:#?}", left.keys());
}
