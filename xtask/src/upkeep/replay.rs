//! The pull requests that the past would have brought: revisions of the upstream descriptions, one after the other.
//!
//! The descriptions are not part of the project, so this runs where `UPKEEP_HISTORY` names their folder: files such as
//! `2.15-2026-05-26-652678a.yaml`. The texts of the pull requests are snapshots.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;

use intercom_codegen::version::Version;

use super::*;
use crate::changes::{acknowledged, added_lines, breaks};
use crate::folder::Folder;

/// A revision of an upstream description: date and commit, then its version and file.
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

/// Puts the revisions of one commit where upstream has them.
fn publish(upstream: &Folder, files: &BTreeMap<Version, PathBuf>) {
    for (version, path) in files {
        upstream.put(&format!("{}/api.intercom.io.yaml", version.folder()), &read(path).unwrap());
    }
}

/// What a replay came upon.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    requests: usize,
    unreadable: usize,
}

/// Lets upstream publish one revision after the other, and merges each pull request. The project begins with the first
/// revisions of some versions; the others are new to it.
fn replay(history: &Path, begin: &[Version], root: &Folder, project: &Project, name: &str) -> Seen {
    let revisions = revisions(history);
    let upstream = Folder::new(&format!("{name}-upstream"));
    let mut first: BTreeMap<Version, PathBuf> = BTreeMap::new();
    for (version, path) in revisions.values().flatten().filter(|(version, _)| begin.contains(version)) {
        first.entry(*version).or_insert_with(|| path.clone());
    }
    publish(&upstream, &first);
    let start = Commit { sha: "0".repeat(40), date: "2026-01-01".to_owned() };
    let found = import::find(upstream.path()).unwrap();
    let steps = found.iter().map(|(version, path)| import::Step::read(*version, path, &start, project).unwrap());
    import::write(&steps.collect::<Vec<_>>(), &start, project).unwrap();

    let mut seen = Seen { requests: 0, unreadable: 0 };
    for ((date, sha), files) in &revisions {
        publish(&upstream, files);
        if files.iter().all(|(version, path)| first.get(version) == Some(path)) {
            continue;
        }
        let news = news(upstream.path(), Some((sha, date)), project).unwrap();
        seen.unreadable += news.unreadable.len();
        if news.requests.is_empty() {
            insta::assert_snapshot!(format!("{name}-{date}-left-out"), news.unreadable.join("\n"));
        }
        for request in &news.requests {
            seen.requests += 1;
            let text = format!("{}\n\n{}", request.title, request.body);
            insta::assert_snapshot!(format!("{name}-{date}-{}", request.name), text);
            let before = root.text("CHANGELOG.md");
            request.write(&news.commit, project).unwrap();
            check(request, &before, root, project);
        }
    }
    seen
}

/// Parts of the revisions of 2.14 and 2.15: operations that come and go, an answer that becomes another type. The folder
/// of 2.15 is new, and one revision of Preview is not YAML, as one upstream was.
#[test]
fn an_extract_of_the_past_as_pull_requests() {
    let root = Folder::new("extract-project");
    root.put("CHANGELOG.md", "# Changelog\n\n## Unreleased\n\n");
    let history = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/upkeep/extract");
    let seen = replay(&history, &[Version::Released(2, 14)], &root, &Project::at(root.path()), "extract");
    // Preview stays as it is published until somebody corrects it, and is left out each time.
    assert_eq!(seen, Seen { requests: 4, unreadable: 2 });
    insta::assert_snapshot!("extract-changelog", root.text("CHANGELOG.md"));
}

#[test]
fn the_past_as_pull_requests() {
    let Some(history) = std::env::var_os("UPKEEP_HISTORY") else {
        // Not by `eprintln!`, which tests that pass do not show.
        let reason = "UPKEEP_HISTORY names no folder of past upstream descriptions, which are not part of the project";
        writeln!(std::io::stderr(), "left out: the replay of {} pull requests: {reason}", PAST.requests).unwrap();
        return;
    };
    let (root, project) = Folder::copied("replay-project");
    for version in ["2.14", "2.15", "preview"] {
        fs::remove_file(project.description_path(version.parse().unwrap())).unwrap();
    }
    let begin = [Version::Released(2, 14), Version::Released(2, 15)];
    assert_eq!(replay(Path::new(&history), &begin, &root, &project, "past"), PAST);
    // The last revisions are those of the project.
    let here = Project::here().unwrap();
    for version in here.versions().unwrap() {
        assert!(here.description(version).unwrap() == project.description(version).unwrap(), "{version}");
    }
}

/// What the twelve revisions from April to August 2026 bring; two of them are where the project begins.
const PAST: Seen = Seen { requests: 7, unreadable: 1 };

/// What is merged as it is passes the checks that concern descriptions; what does not says so in its text.
fn check(request: &Request, changelog: &str, root: &Folder, project: &Project) {
    let overlays = project.overlays().unwrap();
    let after = root.text("CHANGELOG.md");
    let news = added_lines(changelog, &after);
    for step in &request.steps {
        let review = &step.review;
        let Some(diff) = &review.diff else { panic!("{}: {:?}", step.version, review.unfit) };
        if !review.is_new() && breaks(step.version, diff) {
            assert!(acknowledged(step.version, &news), "{}: {news:?}", step.version);
        }
        let (version, text) = (step.version, project.description(step.version).unwrap());
        let fitting = intercom_codegen::read_fitting(&text, &overlays, version).unwrap();
        let unfit = review.unfit.len() + review.unfit_before;
        assert_eq!(fitting.left_out.len(), unfit, "{version}: {:?}", fitting.left_out);
        let missing = review.undocumented.operations.len() + review.undocumented.arguments.len();
        let by_hand = request.body.contains("- [ ]");
        assert!(by_hand || review.unfit.is_empty() && missing == 0, "{version}");
    }
}
