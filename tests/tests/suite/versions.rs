//! Every version with a description is in the lists of this package, which cannot be computed.

use std::fs;
use std::path::{Path, PathBuf};

use intercom_codegen::version::Version;
use intercom_tests::versions::described;

/// The version that a plain `cargo test` covers.
const ALWAYS: &str = "2.15";

/// The beginning of a line that a file must have for each version.
struct Needed {
    file: &'static str,
    line: String,
}

fn needed(version: Version) -> Vec<Needed> {
    let (package, name) = (version.crate_name(), version.to_string().to_lowercase());
    let always = name == ALWAYS;
    let module = package.replace('-', "_");
    let test = module.trim_start_matches("intercom_");
    let line = |file, line| Needed { file, line };
    let mut needed = vec![
        line("tests/Cargo.toml", format!("{package} = {{ path = \"../generated/{package}\",")),
        line("tests/src/versions.rs", format!("            {test} \"{name}\" {module};")),
    ];
    if !always {
        needed.push(line("tests/Cargo.toml", format!("    \"dep:{package}\",")));
    }
    needed
}

/// The lines that are missing, each with the file that needs it.
fn missing(descriptions: &Path, root: &Path) -> Vec<String> {
    let mut missing = Vec::new();
    for needed in described(descriptions).into_iter().flat_map(needed) {
        let text = fs::read_to_string(root.join(needed.file)).unwrap();
        if !text.lines().any(|line| line.starts_with(&needed.line)) {
            missing.push(format!("{} lacks a line that begins with `{}`", needed.file, needed.line.trim()));
        }
    }
    missing
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[test]
fn every_version_is_tested() {
    let missing = missing(&root().join("descriptions"), &root());
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

/// The lists must not have versions without a description.
#[test]
fn every_tested_version_has_a_description() {
    let known = described(&root().join("descriptions"));
    let lists = [("tests/Cargo.toml", "intercom-"), ("tests/src/versions.rs", "\" intercom_")];
    for (file, start) in lists {
        let text = fs::read_to_string(root().join(file)).unwrap();
        let versions = text.lines().filter(|line| {
            line.contains(start) && (line.contains("path = \"../generated/") || line.trim_end().ends_with(';'))
        });
        assert_eq!(versions.count(), known.len(), "{file} has other versions than descriptions/");
    }
}

/// For a version that was imported and is not in the lists, the error names the files to edit.
#[test]
fn a_version_that_is_listed_nowhere_is_noticed() {
    let folder = std::env::temp_dir().join(format!("intercom-versions-{}", std::process::id()));
    fs::create_dir_all(folder.join("2.99")).unwrap();
    fs::write(folder.join("2.99/api.intercom.io.yaml"), "openapi: 3.0.1\n").unwrap();
    let missing = missing(&folder, &root());
    fs::remove_dir_all(&folder).unwrap();
    assert_eq!(
        missing,
        [
            "tests/Cargo.toml lacks a line that begins with `intercom-v2-99 = { path = \"../generated/intercom-v2-99\",`",
            "tests/src/versions.rs lacks a line that begins with `v2_99 \"2.99\" intercom_v2_99;`",
            "tests/Cargo.toml lacks a line that begins with `\"dep:intercom-v2-99\",`",
        ]
    );
}
