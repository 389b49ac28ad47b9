//! The reference pages name what the code has: variables of the environment, cargo features, targets and fields of logs, limits.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn page(name: &str) -> String {
    fs::read_to_string(root().join("docs/reference").join(name)).unwrap()
}

/// The Rust sources below a folder, as one text.
fn sources(folder: &Path) -> String {
    let mut text = String::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            text.push_str(&sources(&path));
        } else {
            text.push_str(&fs::read_to_string(path).unwrap());
        }
    }
    text
}

/// The texts between a start and an end mark.
fn between<'t>(text: &'t str, start: &str, end: &str) -> BTreeSet<&'t str> {
    text.split(start).skip(1).filter_map(|rest| rest.split(end).next()).collect()
}

#[test]
fn every_variable_is_in_the_page() {
    let runtime = sources(&root().join("runtime/src"));
    let variables = between(&runtime, "get(\"INTERCOM_", "\"");
    assert_eq!(variables.len(), 3, "{variables:?}");
    let page = page("environment.md");
    for variable in variables {
        assert!(page.contains(&format!("| `INTERCOM_{variable}` |")), "INTERCOM_{variable}");
    }
}

#[test]
fn every_feature_is_in_the_page() {
    let manifest = fs::read_to_string(root().join("generated/intercom-v2-15/Cargo.toml")).unwrap();
    let features = manifest.split("\n[features]\n").nth(1).unwrap();
    let page = page("features.md");
    let mut seen = 0;
    for feature in
        features.lines().filter_map(|line| Some(line.split_once(" = [")?.0)).filter(|name| *name != "default")
    {
        assert!(page.contains(&format!("`{feature}`")), "`{feature}`");
        seen += 1;
    }
    assert!(seen > 40, "only {seen} features were found");
}

#[test]
fn every_target_and_field_of_logs_is_in_the_page() {
    let trace = fs::read_to_string(root().join("runtime/src/trace.rs")).unwrap();
    let page = page("logs.md");
    let targets = between(&trace, "target: \"", "\"");
    assert_eq!(targets.len(), 3, "{targets:?}");
    let throttle = sources(&root().join("throttle-redis/src"));
    for target in targets.union(&between(&throttle, "target: \"", "\"")) {
        assert!(page.contains(&format!("| `{target}` |")), "{target}");
    }
    let mut fields = between(&trace, "record(\"", "\"");
    let span = trace.split("\"intercom.call\",").nth(1).unwrap().split("))").next().unwrap();
    fields.extend(span.lines().filter_map(|line| Some(line.trim().split_once(" = ")?.0)));
    assert!(fields.len() >= 8, "{fields:?}");
    for field in fields {
        assert!(page.contains(&format!("`{field}`")), "`{field}`");
    }
}

#[test]
fn the_defaults_of_the_client_are_those_of_the_page() {
    let page = page("limits.md");
    let runtime = sources(&root().join("runtime/src"));
    for (code, row) in [
        ("connect_timeout: Some(Duration::from_secs(10))", "| 10 s | `connect_timeout` |"),
        ("attempt_timeout: Some(Duration::from_secs(60))", "| 60 s | `attempt_timeout` |"),
        ("timeout: Some(Duration::from_secs(180))", "| 3 min | `timeout` |"),
        ("max_body: 64 << 20", "| 64 MiB, after decompression | `max_body` |"),
        ("max_error_body: 64 << 10", "| 64 KiB; longer ones are truncated | `max_error_body` |"),
        ("max_in_flight: Some(100)", "| 100 | `max_in_flight` |"),
        ("MAX_FILTERS: usize = 15", "| Filters in a group of a search | 15 |"),
        ("MAX_EMPTY_PAGES: u32 = 10", "| Consecutive empty pages, or failed requests, of a list | 10 |"),
        ("MAX_REDIRECTS: usize = 5", "| Redirects | 5;"),
    ] {
        assert!(runtime.contains(code), "the code has no `{code}` any more: correct the page and this test");
        assert!(page.contains(row), "the page has no `{row}`");
    }
}
