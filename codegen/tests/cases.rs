//! Snapshot tests: each small description shows one behaviour of the generator. Tests what is emitted, and that it compiles.
//!
//! A snapshot holds the files that show the behaviour: the types and the requests, and the warnings. The client and the
//! manifest hardly differ between crates, so one case's snapshot has them. After an intended change, update the snapshots
//! with `INSTA_UPDATE=always cargo test -p intercom-codegen --test cases` and review the difference.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use intercom_codegen::overlay::Overlays;
use intercom_codegen::version::Version;
use intercom_codegen::{CrateInfo, Output, generate};

/// As in xtask.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A test for each case, and the list of all of them.
macro_rules! cases {
    ($($name:ident)*) => {
        const CASES: &[&str] = &[$(stringify!($name)),*];

        mod emitted {
            $(#[test] fn $name() { super::emitted(stringify!($name)); })*
        }
    };
}

/// A test for each description that is rejected.
macro_rules! rejected {
    ($($name:ident)*) => {
        const REJECTED: &[&str] = &[$(stringify!($name)),*];

        mod rejected {
            $(#[test] fn $name() { super::rejected(stringify!($name)); })*
        }
    };
}

cases! {
    additional_properties aliases all_of_merged_with_siblings all_of_with_choices argument_names array_parameters array_without_items
    body_of_a_union_or_list delete_with_body discriminator download enums_of_other_types exploded_query fixed_version_header formats
    inline_objects jobs_and_lists media_types missing_operation_id multipart nullable one_of_objects
    open_enums overlay_types paging parameters_of_a_path_item path_parameter_in_query pinned_presence prose recursion_beside_inline_types recursion_boxed
    required_alternatives reserved_groups response_without_schema scalar_or_array search servers_and_security
    setters_of_reserved_names several_error_types shorthands statuses string_with_properties text_plain times_and_unions
    unions_with_keys unused_schema unusual_names
}

rejected! {
    alias_of_itself alias_taken all_of_scalars alternative_of_itself any_of_beside_one_of broken_yaml cookie_parameter
    dangling_reference deep_object_query discriminator_of_no_alternative endless_value form_that_is_urlencoded job_of_another_group
    keys_of_unions_multiply merge_of_itself no_openapi openapi_31 paging_without_items parameter_declared_twice
    parameter_without_text_form part_without_text_form path_style same_name_twice several_media_types shorthand_that_fits_nothing
    too_many_argument_names undeclared_path_parameter unknown_search_kind unknown_type unsupported_keyword
    unsupported_media_type
}

/// The case whose snapshot includes the client and the manifest.
const WHOLE: &str = "unused_schema";

fn folder(below: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(below)
}

fn version() -> Version {
    "2.15".parse().unwrap_or_else(|error| panic!("{error}"))
}

fn output(path: &Path, crate_name: &str, runtime_path: &str) -> Result<Output, intercom_codegen::diag::Errors> {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let info = CrateInfo {
        crate_name: crate_name.to_owned(),
        crate_version: env!("CARGO_PKG_VERSION").to_owned(),
        command: "cargo xtask generate".to_owned(),
        description: name.clone(),
        sha256: "0".repeat(64),
        runtime_path: runtime_path.to_owned(),
    };
    generate(&text, &Overlays::default(), version(), &info).map_err(|error| error.in_file(name))
}

fn snapshot(name: &str, text: &str) {
    insta::with_settings!({
        snapshot_path => folder("snapshots"),
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, { insta::assert_snapshot!(name, text) });
}

fn emitted(name: &str) {
    let path = folder("cases").join(format!("{name}.yaml"));
    let output = output(&path, "case", "runtime").unwrap_or_else(|error| panic!("{error}"));
    let mut text = String::new();
    for warning in &output.warnings {
        let _ = writeln!(text, "warning: {warning}");
    }
    for (file, content) in &output.files {
        let about_the_case = ["src/api/", "src/search", "src/types/"].iter().any(|start| file.starts_with(start));
        if about_the_case || name == WHOLE {
            // Comments at the beginning of a line, such as the first two lines of a file, are left out.
            let content: Vec<&str> = content.lines().filter(|line| !line.starts_with("// ")).collect();
            let _ = writeln!(text, "===== {file} =====\n{}\n", content.join("\n").trim());
        }
    }
    snapshot(name, &text);
}

fn rejected(name: &str) {
    match output(&folder("cases/rejected").join(format!("{name}.yaml")), "case", "runtime") {
        Ok(_) => panic!("{name} is accepted"),
        Err(errors) => {
            assert!(errors.iter().all(|error| !error.hint_text().is_empty() && error.line().is_some()), "{errors}");
            snapshot(&format!("rejected_{name}"), &errors.to_string());
        }
    }
}

/// The names of the descriptions in a folder.
fn stems(below: &str) -> Vec<String> {
    let path = folder(below);
    let entries = fs::read_dir(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let paths = entries.map(|entry| entry.unwrap_or_else(|error| panic!("{error}")).path());
    let mut names: Vec<String> = paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
        .map(|path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn every_case_has_a_test() {
    assert_eq!(stems("cases"), CASES);
    assert_eq!(stems("cases/rejected"), REJECTED);
}

/// The emitted crates are in one scratch workspace, which takes the versions of the dependencies from the project's lock file.
#[test]
fn every_emitted_case_compiles_without_a_warning() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cases");
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let runtime = project.join("runtime");
    let mut members = String::new();
    let mut files: BTreeMap<PathBuf, String> = BTreeMap::new();
    for name in CASES {
        let path = folder("cases").join(format!("{name}.yaml"));
        let output = output(&path, &format!("case-{name}"), &runtime.display().to_string());
        let output = output.unwrap_or_else(|error| panic!("{error}"));
        let _ = writeln!(members, "    \"{name}\",");
        files.extend(output.files.into_iter().map(|(file, content)| (Path::new(name).join(file), content)));
    }
    files.insert("Cargo.toml".into(), format!("[workspace]\nresolver = \"3\"\nmembers = [\n{members}]\n"));
    let lock = fs::read_to_string(project.join("Cargo.lock")).unwrap_or_else(|error| panic!("Cargo.lock: {error}"));
    files.insert("Cargo.lock".into(), lock);
    for (file, content) in files {
        write(&root.join(file), &content);
    }
    // `features` leaves out those that do not affect the emitted code, because most of them would compile a TLS stack.
    let features: Vec<String> = CASES.iter().flat_map(|name| features(&root.join(name))).collect();
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["check", "--offline", "--workspace", "--no-default-features", "--features", &features.join(",")])
        .current_dir(&root)
        .env("CARGO_TARGET_DIR", root.join("target"))
        .env_remove("RUSTFLAGS")
        .output()
        .unwrap_or_else(|error| panic!("cargo: {error}"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let warned = said.lines().any(|line| line.starts_with("warning: `case-"));
    assert!(!warned, "{said}");
}

/// The features of an emitted crate that affect the emitted code, as `crate/feature`.
fn features(path: &Path) -> Vec<String> {
    let manifest = fs::read_to_string(path.join("Cargo.toml")).unwrap_or_else(|error| panic!("{error}"));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let features = manifest.split("[features]").nth(1).unwrap_or_default();
    features
        .lines()
        .filter_map(|line| line.split_once(" = [")?.0.trim().to_owned().into())
        .filter(|feature| !["default", "http2", "rustls", "native-tls", "tracing"].contains(&feature.as_str()))
        .map(|feature| format!("case-{name}/{feature}"))
        .collect()
}

/// Writes a file unless it has this content already, so that cargo does not compile an unchanged crate again.
fn write(path: &Path, content: &str) {
    if fs::read_to_string(path).is_ok_and(|old| old == content) {
        return;
    }
    let folder = path.parent().unwrap_or(path);
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(path, content));
    written.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}
