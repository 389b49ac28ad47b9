//! Imports into temporary folders.

use intercom_codegen::diff::rules::{FIELD_DEPRECATED, OPERATION_ADDED, OPERATION_DEPRECATED, SemverLevel, Wire};
use intercom_codegen::lint::lint;

use super::*;
use crate::diff::compare;
use crate::generate::Generate;
use crate::test_folder::TestFolder;

const DESCRIPTION: &str = "openapi: 3.0.1\ninfo: {title: A, version: '1', description: Theirs}\npaths: {}\n";

fn args(from: &TestFolder, version: Option<Version>) -> Import {
    Import {
        from: from.path().to_owned(),
        version,
        all: false,
        commit: Some("0".repeat(40)),
        date: Some("2026-01-02".to_owned()),
        no_generate: true,
    }
}

#[test]
fn importing_one_version_keeps_the_entries_of_the_others() {
    let (from, root) = (TestFolder::new("from-one"), TestFolder::new("root-one"));
    from.put("descriptions/2.9/api.intercom.io.yaml", DESCRIPTION);
    from.put("descriptions/2.10/api.intercom.io.yaml", DESCRIPTION);
    from.put("descriptions/0/api.intercom.io.yaml", DESCRIPTION);
    run(&args(&from, None), &Project::at(root.path())).unwrap();
    let sources = root.text("descriptions/SOURCES.toml");
    let headers: Vec<_> = sources.lines().filter(|line| line.starts_with('[')).collect();
    assert_eq!(headers, ["[\"2.9\"]", "[\"2.10\"]", "[\"0\"]"]);
    assert!(!root.text("descriptions/0/api.intercom.io.yaml").contains("Theirs"));

    let mut again = args(&from, Some(Version::Preview));
    again.date = Some("2026-01-03".to_owned());
    run(&again, &Project::at(root.path())).unwrap();
    let changed = root.text("descriptions/SOURCES.toml");
    assert_eq!((changed.matches("2026-01-02").count(), changed.matches("2026-01-03").count()), (2, 1));

    // Importing an imported file again would record its checksum instead of the upstream file's.
    let error = run(&args(&root, None), &Project::at(root.path())).unwrap_err().to_string();
    assert!(error.contains("is the output of an import"), "{error}");
}

#[test]
fn a_file_that_cannot_be_imported_changes_nothing() {
    let (from, root) = (TestFolder::new("from-error"), TestFolder::new("root-error"));
    from.put("2.9/api.intercom.io.yaml", DESCRIPTION);
    from.put("2.10/api.intercom.io.yaml", "openapi: 3.0.1\n");
    let error = run(&args(&from, None), &Project::at(root.path())).unwrap_err().to_string();
    assert!(error.contains("2.10") && error.contains("`info` is missing") && error.contains("hint"), "{error}");
    assert!(!root.path().join("descriptions").exists());

    let error = run(&args(&from, Some(Version::Released(2, 8))), &Project::at(root.path())).unwrap_err().to_string();
    assert!(error.contains("no description of 2.8; it has 2.9, 2.10"), "{error}");
    let error = run(&args(&root, None), &Project::at(root.path())).unwrap_err().to_string();
    assert!(error.contains("expected files such as 2.15/api.intercom.io.yaml"), "{error}");
}

#[test]
fn the_commit_is_that_of_the_checkout_or_must_be_given() {
    let (from, root) = (TestFolder::new("from-git"), TestFolder::new("root-git"));
    from.put("descriptions/2.9/api.intercom.io.yaml", DESCRIPTION);
    let unknown = Import { commit: None, date: None, ..args(&from, None) };
    let project = Project::at(root.path());
    let error = run(&unknown, &project).unwrap_err().to_string();
    assert!(error.contains("--commit and --date") && !root.path().join("descriptions").exists(), "{error}");

    let git = |arguments: &[&str]| {
        let output = std::process::Command::new("git")
            .args(["-c", "user.name=A", "-c", "user.email=a@example.com", "-C"])
            .arg(from.path())
            .args(arguments)
            .env("GIT_COMMITTER_DATE", "2026-02-03T12:00:00Z")
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    git(&["init", "-q"]);
    assert!(run(&unknown, &project).unwrap_err().to_string().contains("--commit and --date"), "not added");
    git(&["add", "."]);
    git(&["commit", "-qm", "A"]);
    run(&unknown, &project).unwrap();
    let sources = root.text("descriptions/SOURCES.toml");
    let head = git(&["rev-parse", "HEAD"]);
    assert!(sources.contains(&format!("commit = \"{head}\"\ndate = \"2026-02-03\"")), "{sources}");

    let error = run(&args(&from, None), &project).unwrap_err().to_string();
    assert!(error.contains(&format!("the checkout is at {head}")), "{error}");
    from.put("descriptions/2.9/api.intercom.io.yaml", &format!("{DESCRIPTION}\n"));
    let error = run(&unknown, &project).unwrap_err().to_string();
    assert!(error.contains("differs from the commit"), "{error}");
    for (commit, date) in [("0", "2026-01-02"), (&*"0".repeat(40), "2026-1-02"), (&*"0".repeat(40), "----------")] {
        let odd = Import { commit: Some(commit.to_owned()), date: Some(date.to_owned()), ..args(&from, None) };
        let error = run(&odd, &project).unwrap_err().to_string();
        assert!(error.contains(" takes "), "{error}");
    }
}

/// A description like those of upstream: with prose, so that it is not an imported one.
fn with_prose(text: &str) -> String {
    text.replacen("\ninfo:\n", "\ninfo:\n  description: prose\n", 1)
}

/// Follows the first four steps of CONTRIBUTING.md for a new version, with one that does not exist.
#[test]
fn a_new_version_needs_an_import_and_names() {
    const NEW: &str = "\npaths:\n  /weather:\n    get:\n      tags: [Weather]\n      operationId: getWeather\n      responses:\n        \
                       '200': {description: OK, content: {application/json: {schema: {type: object, properties: {sunny: {type: boolean}}}}}}\n";
    let (from, (root, project)) = (TestFolder::new("from-new"), TestFolder::copied("root-new"));
    let upstream = with_prose(&root.text("descriptions/2.16/api.intercom.io.yaml"));
    from.put(
        "descriptions/2.17/api.intercom.io.yaml",
        &upstream.replacen("\npaths:\n", NEW, 1).replace("2.16", "2.17"),
    );

    // 1. Import: 2.17 gets the overlays that are not limited to earlier versions, and a crate.
    let version = Version::Released(2, 17);
    let import = Import { no_generate: false, ..args(&from, Some(version)) };
    run(&import, &project).unwrap();
    assert!(root.text("descriptions/SOURCES.toml").contains("[\"2.17\"]"));
    // 2. Extend overlays that end with `..2.16`.
    for overlay in project.overlays().unwrap() {
        root.put(&overlay.name, &overlay.text.replace("..2.16'", "..2.17'"));
    }
    let diff = compare("2.16", "2.17", &project).unwrap();
    assert_eq!(diff.count(&OPERATION_ADDED), 1, "{}", diff.text());

    // 3. Lint reports that the new operation has no name; an overlay names it.
    let unnamed = |root: &TestFolder| {
        let text = root.text("descriptions/2.17/api.intercom.io.yaml");
        let report = lint(&text, &project.overlays().unwrap(), version).unwrap();
        report.open.iter().filter(|finding| finding.defect.id == "unnamed-operation").count()
    };
    assert_eq!(unnamed(&root), 1);

    let names = root.text("descriptions/overlays/10-names.yaml");
    let names = names.replacen("    names:\n", "    names:\n      getWeather: weather.today\n", 1);
    root.put("descriptions/overlays/10-names.yaml", &names);
    assert_eq!(unnamed(&root), 0);

    // 4. Generate again.
    assert!(crate::generate::run(&Generate::one(version), &project).unwrap());
    assert!(root.text("generated/intercom-v2-17/Cargo.toml").contains("name = \"intercom-v2-17\""));
    assert!(root.text("generated/intercom-v2-17/src/api/weather.rs").contains("pub fn today"));
}

#[test]
fn removed_items_are_kept_for_one_release() {
    let (from, (root, project)) = (TestFolder::new("from-gone"), TestFolder::copied("root-gone"));
    let text = root.text("descriptions/2.15/api.intercom.io.yaml");
    let mut document = intercom_codegen::yaml::read(&text).unwrap();
    let mut remove = |parent: &str, key: &str| {
        let parent = document.pointer_mut(parent).and_then(|parent| parent.as_object_mut()).unwrap();
        parent.shift_remove(key).unwrap();
    };
    remove("/paths/~1tags~1{tag_id}", "delete");
    remove("/paths", "/visitors");
    remove("/components/schemas", "visitor");
    remove("/components/schemas/segment/properties", "count");
    from.put("2.15/api.intercom.io.yaml", &with_prose(&intercom_codegen::yaml::write(&document)));

    let version = Version::Released(2, 15);
    let overlays = project.overlays().unwrap();
    run(&Import { no_generate: false, ..args(&from, Some(version)) }, &project).unwrap();
    let kept = root.text("descriptions/overlays/05-kept-2.15-2026-01-02.yaml");
    assert!(kept.contains("x-versions: \"2.15\"") && kept.contains("Delete this file"), "{kept}");
    let imported = root.text("descriptions/2.15/api.intercom.io.yaml");
    assert!(intercom_codegen::yaml::read(&imported).unwrap().pointer("/components/schemas/visitor").is_none());

    // Users of the crate keep the removed items, with a deprecation warning.
    let api = |text: &str, overlays: &[_]| intercom_codegen::read(text, overlays, version).unwrap().0;
    let diff = intercom_codegen::diff::diff(&api(&text, &overlays), &api(&imported, &project.overlays().unwrap()));
    assert_eq!((diff.count(&OPERATION_DEPRECATED), diff.count(&FIELD_DEPRECATED)), (3, 1), "{}", diff.text());
    assert_eq!(
        (diff.changes.len(), diff.wire(), diff.rust()),
        (4, Wire::Compatible, SemverLevel::Minor),
        "{}",
        diff.text()
    );
    assert!(root.text("generated/intercom-v2-15/src/types/segment.rs").contains("#[deprecated"));
    assert!(root.text("generated/intercom-v2-15/src/api/tags.rs").contains("#[deprecated"));
}

/// What `cargo xtask generate --check` rejects.
#[test]
fn outdated_or_edited_files_fail_the_check() {
    let root = TestFolder::new("root-fresh");
    let project = Project::at(root.path());
    let version = Version::Released(2, 15);
    let check = || crate::generate::run(&Generate::check_one(version), &project);
    root.put("descriptions/2.15/api.intercom.io.yaml", DESCRIPTION);
    assert!(!check().unwrap(), "there is no crate yet");
    crate::generate::run(&Generate::one(version), &project).unwrap();
    assert!(check().unwrap());

    let client = root.text("generated/intercom-v2-15/src/client.rs");
    root.put("generated/intercom-v2-15/src/client.rs", &client.replacen("pub fn new", "pub fn make", 1));
    assert!(!check().unwrap(), "a file was edited");
    root.put("generated/intercom-v2-15/src/client.rs", &client);
    root.put("generated/intercom-v2-15/src/more.rs", "");
    assert!(!check().unwrap(), "a file is not generated");
    fs::remove_file(root.path().join("generated/intercom-v2-15/src/more.rs")).unwrap();
    root.put("descriptions/2.15/api.intercom.io.yaml", &DESCRIPTION.replace("title: A", "title: B"));
    assert!(!check().unwrap(), "the description is newer");

    let stale = "overlay: 1.0.0\ninfo: {title: T, version: 1.0.0}\nactions: [{target: $.none, remove: true}]\n";
    root.put("descriptions/overlays/a.yaml", stale);
    let error = check().unwrap_err().to_string();
    assert!(error.contains("overlays/a.yaml:3#/actions/0") && error.contains("cargo xtask lint"), "{error}");
}
