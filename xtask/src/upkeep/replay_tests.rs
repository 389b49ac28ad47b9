//! Replays past revisions of the upstream descriptions, and tests the pull requests that follow from each.
//!
//! The full history is not part of the project, so its test runs only if `UPKEEP_HISTORY` names a folder with it: files such as
//! `2.15-2026-05-26-652678a.yaml`. The texts of the pull requests are snapshots.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;

use intercom_codegen::version::Version;

use super::*;
use crate::changes::{acknowledged, added_lines, breaks};
use crate::test_folder::TestFolder;

/// Past revisions of the upstream descriptions: by date and commit, the file of each version that changed.
type Revisions = BTreeMap<(String, String), BTreeMap<Version, PathBuf>>;

fn revisions(folder: &Path) -> Revisions {
    let mut all = Revisions::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let (version, rest) = name.split_once('-').unwrap();
        let (date, commit) = rest.rsplit_once('-').unwrap();
        // File names have seven digits of the commit, which is what texts show.
        let commit = format!("{commit:0<40}");
        all.entry((date.to_owned(), commit)).or_default().insert(version.parse().unwrap(), path);
    }
    all
}

/// Writes the revisions of one commit to the paths that upstream uses.
fn publish(upstream: &TestFolder, files: &BTreeMap<Version, PathBuf>) {
    for (version, path) in files {
        upstream.put(&format!("{}/api.intercom.io.yaml", version.folder()), &read(path).unwrap());
    }
}

/// Counts of a replay.
#[derive(Debug, PartialEq, Eq)]
struct Counts {
    requests: usize,
    not_imported: usize,
}

/// Publishes one revision after the other in a simulated upstream repository, and makes the changes of each pull request.
/// The project begins with the first revisions of the versions in `begin`; the others are new versions.
fn replay(history: &Path, begin: &[Version], root: &TestFolder, project: &Project, name: &str) -> Counts {
    let revisions = revisions(history);
    let upstream = TestFolder::new(&format!("{name}-upstream"));
    let mut first: BTreeMap<Version, PathBuf> = BTreeMap::new();
    for (version, path) in revisions.values().flatten().filter(|(version, _)| begin.contains(version)) {
        first.entry(*version).or_insert_with(|| path.clone());
    }
    publish(&upstream, &first);
    let start = Commit { sha: "0".repeat(40), date: "2026-01-01".to_owned() };
    let found = import::find(upstream.path()).unwrap();
    let imports =
        found.iter().map(|(version, path)| import::VersionImport::read(*version, path, &start, project).unwrap());
    import::write(&imports.collect::<Vec<_>>(), &start, project).unwrap();

    let mut seen = Counts { requests: 0, not_imported: 0 };
    for ((date, sha), files) in &revisions {
        publish(&upstream, files);
        if files.iter().all(|(version, path)| first.get(version) == Some(path)) {
            continue;
        }
        let plan = plan(upstream.path(), Some((sha, date)), project).unwrap();
        seen.not_imported += plan.not_imported.len();
        if plan.requests.is_empty() {
            insta::assert_snapshot!(format!("{name}-{date}-left-out"), plan.not_imported.join("\n"));
        }
        for request in &plan.requests {
            seen.requests += 1;
            let text = format!("{}\n\n{}", request.title, request.body);
            insta::assert_snapshot!(format!("{name}-{date}-{}", request.name), text);
            let before = root.text("CHANGELOG.md");
            request.write(&plan.commit, project).unwrap();
            check(request, &before, root, project);
        }
    }
    seen
}

/// Extracts of the revisions of 2.14 and 2.15: operations are added and removed, and a response changes its type. 2.15 is a
/// new version, and one revision of Preview is not valid YAML, as once happened upstream.
#[test]
fn pull_requests_for_extracts_of_past_revisions() {
    let root = TestFolder::new("extract-project");
    root.put("CHANGELOG.md", "# Changelog\n\n## Unreleased\n\n");
    let history = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/upkeep");
    let seen = replay(&history, &[Version::Released(2, 14)], &root, &Project::at(root.path()), "extract");
    // No later revision corrects Preview, so it is left out both times.
    assert_eq!(seen, Counts { requests: 4, not_imported: 2 });
    insta::assert_snapshot!("extract-changelog", root.text("CHANGELOG.md"));
}

/// A description with a type that has no operation.
fn description(of: &str) -> String {
    format!("openapi: 3.0.1\ninfo: {{title: T, version: '1'}}\npaths: {{}}\ncomponents: {{schemas: {{tag: {of}}}}}\n")
}

/// An upstream repository with the given descriptions, and a project that has another description of 2.9.
fn changed(name: &str, upstream: &[(&str, String)]) -> (TestFolder, TestFolder) {
    let (from, root) = (TestFolder::new(&format!("{name}-upstream")), TestFolder::new(&format!("{name}-project")));
    root.put("CHANGELOG.md", "# Changelog\n\n## Unreleased\n\n");
    root.put("descriptions/2.9/api.intercom.io.yaml", &description("{type: string}"));
    let source = format!(
        "[\"2.9\"]\nrepository = \"r\"\ncommit = \"{0}\"\ndate = \"2026-01-01\"\nlicence = \"MIT\"\npath = \"p\"\nsha256 = \"{0}\"\n",
        "0".repeat(40)
    );
    root.put("descriptions/SOURCES.toml", &source);
    for (version, text) in upstream {
        from.put(&format!("{version}/api.intercom.io.yaml"), text);
    }
    (from, root)
}

#[test]
fn the_text_of_a_new_version_has_the_whole_version_in_its_name() {
    let new = ["2.10", "2.11"].map(|version| (version, description("{type: string}")));
    let (from, root) = changed("texts", &new);
    let args = Upkeep {
        from: from.path().to_owned(),
        commit: Some("0".repeat(40)),
        date: Some("2026-01-02".to_owned()),
        texts: "texts".into(),
        apply: None,
    };
    assert!(run(&args, &Project::at(root.path())).unwrap());
    for version in ["2.10", "2.11"] {
        assert!(root.text(&format!("texts/{version}.md")).starts_with(&format!("Version {version}\n")));
    }
}

#[test]
fn a_breaking_change_of_a_whole_type_is_in_the_changelog() {
    let (from, root) = changed("types", &[("2.9", description("{type: integer}"))]);
    let (sha, project) = ("0".repeat(40), Project::at(root.path()));
    let plan = plan(from.path(), Some((&sha, "2026-01-02")), &project).unwrap();
    let lines = &plan.requests[0].changelog;
    assert!(lines.len() == 1 && lines[0].starts_with("**Breaking** in 2.9") && lines[0].contains("`Tag`"), "{lines:?}");
}

#[test]
fn pull_requests_for_all_past_revisions() {
    let Some(history) = std::env::var_os("UPKEEP_HISTORY") else {
        // `eprintln!` would be captured by the test harness.
        let reason = "UPKEEP_HISTORY names no folder of past upstream descriptions, which are not part of the project";
        writeln!(std::io::stderr(), "left out: the replay of {} pull requests: {reason}", PAST.requests).unwrap();
        return;
    };
    let (root, project) = TestFolder::copied("replay-project");
    for version in ["2.14", "2.15", "preview"] {
        fs::remove_file(project.description_path(version.parse().unwrap())).unwrap();
    }
    let begin = [Version::Released(2, 14), Version::Released(2, 15)];
    assert_eq!(replay(Path::new(&history), &begin, &root, &project, "past"), PAST);
    // The last revisions are those that the project has.
    let here = Project::here().unwrap();
    for version in here.versions().unwrap() {
        assert!(here.description(version).unwrap() == project.description(version).unwrap(), "{version}");
    }
}

/// The counts for the twelve files from April to August 2026. The project begins with two of them, and three of the others have the
/// same commit and lead to one pull request.
const PAST: Counts = Counts { requests: 7, not_imported: 1 };

/// Checks that a pull request either passes the checks on descriptions or lists the necessary manual steps.
fn check(request: &PullRequest, changelog: &str, root: &TestFolder, project: &Project) {
    let overlays = project.overlays().unwrap();
    let after = root.text("CHANGELOG.md");
    let new_lines = added_lines(changelog, &after);
    for import in &request.imports {
        let review = &import.review;
        let Some(diff) = &review.diff else { panic!("{}: {:?}", import.version, review.new_errors) };
        if !review.is_new() && breaks(import.version, diff) {
            assert!(acknowledged(import.version, &new_lines), "{}: {new_lines:?}", import.version);
        }
        let (version, text) = (import.version, project.description(import.version).unwrap());
        let lenient = intercom_codegen::read_lenient(&text, &overlays, version).unwrap();
        let new_errors = review.new_errors.len() + review.known_errors;
        assert_eq!(lenient.left_out.len(), new_errors, "{version}: {:?}", lenient.left_out);
        let missing = review.undocumented.operations.len() + review.undocumented.arguments.len();
        let by_hand = request.body.contains("- [ ]");
        assert!(by_hand || review.new_errors.is_empty() && missing == 0, "{version}");
    }
}
