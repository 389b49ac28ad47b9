//! The table in `docs/faults.md` has a row for each test, and no other rows.

/// The files with fault tests: of this suite and of other packages.
const FILES: &[(&str, &str)] = &[
    ("connect", include_str!("connect.rs")),
    ("statuses", include_str!("statuses.rs")),
    ("errors", include_str!("errors.rs")),
    ("bodies", include_str!("bodies.rs")),
    ("http_syntax", include_str!("http_syntax.rs")),
    ("json", include_str!("json.rs")),
    ("redirects", include_str!("redirects.rs")),
    ("timeouts", include_str!("timeouts.rs")),
    ("tls", include_str!("tls.rs")),
    ("transport", include_str!("transport.rs")),
    ("runtime::blocking", include_str!("../../../runtime/tests/suite/blocking.rs")),
    ("cancel", include_str!("cancel.rs")),
    ("downloads", include_str!("downloads.rs")),
    ("uploads", include_str!("uploads.rs")),
    ("load", include_str!("load.rs")),
    ("runtime::throttle", include_str!("../../../runtime/tests/suite/throttle.rs")),
    ("runtime::overload", include_str!("../../../runtime/tests/suite/throttle/overload.rs")),
    ("properties", include_str!("properties.rs")),
    ("smoke", include_str!("smoke.rs")),
    ("runtime::fin_events", include_str!("../../../runtime/tests/suite/fin_events.rs")),
    ("runtime::interface", include_str!("../../../runtime/tests/suite/interface.rs")),
    ("runtime::oauth", include_str!("../../../runtime/tests/suite/oauth.rs")),
    ("runtime::token", include_str!("../../../runtime/tests/suite/token.rs")),
    ("runtime::tracing", include_str!("../../../runtime/tests/tracing.rs")),
    ("pagination::cut_off", include_str!("../pagination/cut_off.rs")),
];

#[test]
fn every_test_is_in_the_docs_and_the_docs_name_no_other() {
    let docs = include_str!("../../../docs/faults.md");
    let mut tests = Vec::new();
    for (file, source) in FILES {
        let mut is_test = false;
        for line in source.lines().map(str::trim) {
            if line.starts_with("#[tokio::test") || line == "#[test]" {
                is_test = true;
            } else if is_test && let Some(rest) = line.split("fn ").nth(1) {
                let name = rest.split(['(', '<']).next().unwrap_or_default();
                tests.push(format!("`{file}::{name}`"));
                is_test = false;
            }
        }
    }
    // This test program has its own list of tests.
    let processes = include_str!("../../../throttle-redis/tests/processes/main.rs").lines();
    let listed = processes.filter_map(|line| line.trim().strip_prefix("(\"")?.split('"').next());
    tests.extend(listed.map(|name| format!("`processes::{name}`")));
    let missing: Vec<_> = tests.iter().filter(|test| !docs.contains(test.as_str())).collect();
    assert!(missing.is_empty(), "not in docs/faults.md: {missing:#?}");
    // A row ends with the name of its test. The table of the folders also has names with `::`, but not in its last cell.
    let rows =
        docs.lines().filter(|line| line.starts_with("| ") && line.contains("::") && line.ends_with("` |")).count();
    assert_eq!(rows, tests.len(), "docs/faults.md has rows for tests that do not exist");
    assert!(tests.len() >= 60);
    println!("faults: {} scenarios", tests.len());
}
