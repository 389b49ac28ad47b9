//! The text of a pull request.

use std::fmt::Write as _;

use intercom_codegen::diff::rules::SemverLevel;
use intercom_codegen::lint::DEFECTS;
use intercom_codegen::plural::counted;

use super::release::{self, CurrentVersion};
use crate::import::Commit;
use crate::review::Review;

/// How many places of each kind are shown at most.
const SHOWN: usize = 5;

/// The length in bytes beyond which a text is cut. GitHub accepts 65,536 characters.
const LIMIT: usize = 60_000;

/// The title: the new version, or the versions that changed and the date.
pub(super) fn title(reviews: &[&Review], date: &str) -> String {
    match reviews {
        [new] if new.is_new() => format!("Version {}", new.version),
        _ => {
            let versions: Vec<String> = reviews.iter().map(|review| review.version.to_string()).collect();
            format!("Descriptions of {date}: {}", versions.join(", "))
        }
    }
}

/// The body, in Markdown.
pub(super) fn body(
    reviews: &[&Review],
    commit: &Commit,
    current: &CurrentVersion,
    changelog: &[String],
    not_imported: &[String],
) -> String {
    let short = commit.sha.get(..7).unwrap_or(&commit.sha);
    let mut out = format!(
        "Upstream commit [`{short}`](https://github.com/intercom/Intercom-OpenAPI/commit/{short}) of {}.\n\n",
        commit.date
    );
    verdicts(&mut out, reviews);
    if !not_imported.is_empty() {
        out.push_str("## Not imported\n\n");
        for reason in not_imported {
            let _ = writeln!(out, "- {reason}");
        }
        out.push('\n');
    }
    manual_steps(&mut out, reviews);
    to_review(&mut out, reviews);
    required_release(&mut out, reviews, current);
    out.push_str("## Changelog\n\n");
    for line in changelog {
        let _ = writeln!(out, "- {line}");
    }
    out.push('\n');
    for review in reviews {
        match &review.diff {
            Some(diff) => out.push_str(&demoted(&diff.markdown())),
            None if review.before.is_none() => {
                let _ = writeln!(out, "## {}\n\nThe first version.\n", review.version);
            }
            None => {
                let _ = writeln!(
                    out,
                    "## {}\n\nNot compared, since one of the two descriptions cannot be read. Errors of the new one are listed under \"To do before merging\".\n",
                    review.version
                );
            }
        }
    }
    cut(out, reviews)
}

/// A table with the verdict on each version.
fn verdicts(out: &mut String, reviews: &[&Review]) {
    out.push_str("| version | operations | on the wire | in Rust |\n|---|---|---|---|\n");
    for review in reviews {
        let _ = match &review.diff {
            Some(diff) => {
                writeln!(out, "| {} | {} | {} | {} |", review.version, diff.balance(), diff.wire(), diff.rust())
            }
            None => writeln!(out, "| {} | | unknown | unknown |", review.version),
        };
    }
    out.push('\n');
}

/// What has to be done by hand before the pull request can be merged.
fn manual_steps(out: &mut String, reviews: &[&Review]) {
    out.push_str("## To do before merging\n\n");
    let before = out.len();
    for review in reviews {
        let version = review.version;
        if review.is_new() && review.before.is_some() {
            let _ = writeln!(out, "- [ ] {version}: the steps of \"A new version\" in CONTRIBUTING.md, from step 2 on");
        }
        for error in &review.new_errors {
            let _ = writeln!(out, "- [ ] {version}: correct {}", error.to_string().replace("\n  hint: ", "; "));
        }
        if review.known_errors > 0 {
            let count = counted(review.known_errors, "error");
            let _ = writeln!(
                out,
                "- [ ] {version}: correct {count} that the description it is compared with has, too; see `cargo xtask generate`"
            );
        }
        let missing = &review.undocumented;
        let pointers: Vec<String> = missing.operations.iter().chain(&missing.arguments).cloned().collect();
        places(out, &format!("- [ ] {version}: add a sentence to descriptions/docs/operations for"), &pointers);
    }
    if out.len() == before {
        out.push_str("Nothing. Merge if the checks pass.\n");
    }
    out.push('\n');
}

/// What a maintainer should review. It need not be changed before the merge.
fn to_review(out: &mut String, reviews: &[&Review]) {
    let before = out.len();
    out.push_str("## To review\n\n");
    let start = out.len();
    for review in reviews {
        let version = review.version;
        if let Some((file, kept)) = &review.kept {
            let names: Vec<String> = kept.operations.iter().chain(&kept.fields).cloned().collect();
            places(out, &format!("- {version}: `{file}` keeps these for one release, marked deprecated:"), &names);
        }
        for action in &review.actions_to_extend {
            let before = review.before.map_or_else(|| "another version".to_owned(), |before| before.to_string());
            let _ = writeln!(out, "- {version}: this overlay action is for {before}, but not for {version}: {action}");
        }
        for defect in DEFECTS {
            let found = review.findings.iter().filter(|finding| finding.defect.id == defect.id);
            let pointers: Vec<String> = found.map(|finding| finding.pointer.clone()).collect();
            places(out, &format!("- {version}: {} (`{}`):", defect.about, defect.id), &pointers);
        }
        places(
            out,
            &format!("- {version}: fields without a sentence in descriptions/docs/types:"),
            &review.undocumented.fields,
        );
        for warning in &review.warnings {
            let _ = writeln!(out, "- {version}: warning of the generator: {warning}");
        }
    }
    if out.len() == start {
        out.truncate(before);
    } else {
        out.push('\n');
    }
}

/// Writes a line with some of the places and the number of the others; nothing if there are no places.
fn places(out: &mut String, title: &str, pointers: &[String]) {
    if pointers.is_empty() {
        return;
    }
    let shown: Vec<String> = pointers.iter().take(SHOWN).map(|pointer| format!("`{pointer}`")).collect();
    let more = pointers.len() - shown.len();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let _ = writeln!(out, "{title} {}{more}", shown.join(", "));
}

/// The kind of release that the changes require.
fn required_release(out: &mut String, reviews: &[&Review], current: &CurrentVersion) {
    let kind = release::kind(reviews);
    let next = current.next(kind);
    let breaks =
        reviews.iter().any(|review| review.diff.as_ref().is_some_and(|diff| diff.rust() == SemverLevel::Major));
    out.push_str("## Release\n\n");
    let _ = match current.released {
        true => write!(out, "A {kind} change by docs/versions.md: the release after {current} is at least {next}."),
        false => write!(
            out,
            "A {kind} change by docs/versions.md. {current} is not released yet, so the next release is still {next}."
        ),
    };
    if breaks && kind != SemverLevel::Major {
        out.push_str(
            " The breaking changes are in Preview, which has no stability promise, or in a new crate, which nobody uses yet.",
);
    }
    out.push_str("\n\n");
}

/// Moves headings one level down.
fn demoted(markdown: &str) -> String {
    markdown.lines().fold(String::new(), |mut text, line| {
        if line.starts_with('#') {
            text.push('#');
        }
        text.push_str(line);
        text.push('\n');
        text
    }) + "\n"
}

/// Cuts a text that is too long, and adds the commands that show the rest.
fn cut(mut out: String, reviews: &[&Review]) -> String {
    while out.ends_with("\n\n") {
        out.pop();
    }
    if out.len() <= LIMIT {
        return out;
    }
    let end = out.char_indices().map(|(index, _)| index).take_while(|index| *index < LIMIT).last().unwrap_or_default();
    out.truncate(out[..end].rfind('\n').unwrap_or_default());
    let commands: Vec<String> = reviews
        .iter()
        .filter_map(|review| {
            let (old, new) = (review.before?, review.version);
            Some(if review.is_new() {
                format!("`cargo xtask diff {old} {new}`")
            } else {
                format!("`cargo xtask diff main:{old} {new}`")
            })
        })
        .collect();
    // An unclosed block would hide the last line.
    if out.matches("<details>").count() > out.matches("</details>").count() {
        out.push_str("\n\n</details>");
    }
    let _ = write!(out, "\n\nThe rest is too long for a pull request; see {}.\n", commands.join(", ").to_lowercase());
    out
}
