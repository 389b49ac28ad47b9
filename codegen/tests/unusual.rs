//! Tests descriptions with one unusual property each: the outcome is the expected one, and what is generated compiles.
//!
//! The files of `unusual` contain the descriptions, by theme. A description begins with `## title`, followed by what must
//! happen: `# rejected POINTER: MESSAGE` (there is an error at this place or below it, whose message contains the text), `# hint TEXT` and
//! `# line N` (of one of the errors), `# generates`, `# warns CODE`, `# has TEXT` (in the generated code) and `# 3 × TEXT` (at least
//! three times in it). Every error must have a line and a hint. `# file json` and `# file crlf` select another format of the file. The
//! rest is an OpenAPI document. YAML without `openapi` gets this key and `info`, and `paths` if it has none.

mod one_crate;
mod worker;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use intercom_codegen::version::Version;
use worker::{Outcome, Refusal, Task};

const THEMES: [&str; 10] =
    ["bodies", "enums", "merges", "names", "parameters", "recursion", "structure", "text", "unions", "vocabulary"];

const LIMIT: Duration = Duration::from_secs(5);

struct Case {
    name: String,
    text: String,
    expected: Vec<Expected>,
}

enum Expected {
    Rejected(String, String),
    Hint(String),
    Line(u64),
    Generates,
    Warns(String),
    /// At least this many times in all files together.
    Has(usize, String),
}

/// Does nothing, except in the processes that `worker::run` starts.
#[test]
fn entry_point_of_worker_processes() {
    worker::work();
}

/// The descriptions of a theme.
fn cases(theme: &str) -> Vec<Case> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/unusual").join(format!("{theme}.txt"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    format!("\n{text}").split("\n## ").skip(1).map(|case| parse(theme, case)).collect()
}

fn parse(theme: &str, case: &str) -> Case {
    let (title, rest) = case.split_once('\n').unwrap_or((case, ""));
    let mut expected = Vec::new();
    let mut file = "yaml";
    let mut body = rest;
    while let Some(line) = body.strip_prefix("# ") {
        let (line, after) = line.split_once('\n').unwrap_or((line, ""));
        body = after;
        let (word, value) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "rejected" => {
                let (pointer, message) = value.split_once(": ").unwrap_or_else(|| panic!("{title}: {line}"));
                expected.push(Expected::Rejected(pointer.to_owned(), message.to_owned()));
            }
            "hint" => expected.push(Expected::Hint(value.to_owned())),
            "line" => expected.push(Expected::Line(value.parse().unwrap_or_else(|_| panic!("{title}: {line}")))),
            "generates" => expected.push(Expected::Generates),
            "warns" => expected.push(Expected::Warns(value.to_owned())),
            "has" => expected.push(Expected::Has(1, value.to_owned())),
            "file" => file = value,
            count => match (count.parse(), value.strip_prefix("× ")) {
                (Ok(count), Some(text)) => expected.push(Expected::Has(count, text.to_owned())),
                _ => panic!("{title}: `{line}` says nothing"),
            },
        }
    }
    assert!(!expected.is_empty(), "{title}: nothing is expected");
    let text = match file {
        "json" => body.trim_end().to_owned(),
        "crlf" => with_head(body).replace('\n', "\r\n"),
        _ => with_head(body),
    };
    let words = title.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let name = std::iter::once(theme).chain(words).collect::<Vec<_>>().join("_").to_lowercase();
    Case { name, text, expected }
}

/// Adds the lines that all descriptions begin with, unless the description has its own.
fn with_head(body: &str) -> String {
    let has = |key: &str| body.lines().any(|line| line.starts_with(key));
    let whole = has("openapi:") || has("swagger:") || body.starts_with('-') || body.trim().is_empty();
    match (whole, has("paths:")) {
        (true, _) => body.to_owned(),
        (false, true) => format!("openapi: 3.0.1\ninfo: {{title: T, version: '1'}}\n{body}"),
        (false, false) => format!("openapi: 3.0.1\ninfo: {{title: T, version: '1'}}\npaths: {{}}\n{body}"),
    }
}

/// The outcome of a case as text, if it is not the expected one.
fn judge(case: &Case, outcome: &Outcome) -> Option<String> {
    let refusals: &[Refusal] = match outcome {
        Outcome::Refused(refusals) => refusals,
        _ => &[],
    };
    let fits = |expected: &Expected| match (expected, outcome) {
        (Expected::Rejected(pointer, message), _) => refusals.iter().any(|refusal| {
            let place = refusal.pointer == *pointer || !pointer.is_empty() && refusal.pointer.starts_with(pointer);
            place && refusal.message.contains(message)
        }),
        (Expected::Hint(hint), _) => refusals.iter().any(|refusal| refusal.hint.contains(hint)),
        (Expected::Line(line), _) => refusals.iter().any(|refusal| refusal.line == Some(*line)),
        (Expected::Generates, Outcome::Generated { .. }) => true,
        (Expected::Warns(code), Outcome::Generated { warnings, .. }) => warnings.contains(code),
        (Expected::Has(count, text), Outcome::Generated { files, .. }) => {
            files.values().map(|file| file.matches(text).count()).sum::<usize>() >= *count
        }
        _ => false,
    };
    let placed = refusals.iter().all(|refusal| refusal.line.is_some() && !refusal.hint.is_empty());
    let own = refusals.iter().all(|refusal| !refusal.message.contains("internal error"));
    (!(case.expected.iter().all(fits) && placed && own)).then(|| match outcome {
        Outcome::Generated { warnings, .. } => format!("{}: generated, with warnings {warnings:?}", case.name),
        other => format!("{}: {other:?}", case.name),
    })
}

#[test]
fn each_description_has_the_expected_outcome_and_generated_code_compiles() {
    let version: Version = "2.15".parse().unwrap_or_else(|error| panic!("{error}"));
    let cases: Vec<Case> = THEMES.into_iter().flat_map(cases).collect();
    let (mut wrong, mut crates, mut rejected) = (Vec::new(), BTreeMap::new(), 0);
    for case in &cases {
        let task = Task { text: &case.text, crate_name: "case", version, overlays: &[], files: true };
        let outcome = worker::run(&case.name, &task, LIMIT);
        wrong.extend(judge(case, &outcome));
        match outcome {
            Outcome::Generated { files, .. } => drop(crates.insert(case.name.clone(), files)),
            _ => rejected += 1,
        }
    }
    println!("{} descriptions: {rejected} are rejected, {} generate", cases.len(), crates.len());
    let generated = crates.len();
    assert_eq!(generated + rejected, cases.len(), "two cases have one name");
    if let Err(said) = one_crate::check("unusual", &crates, true) {
        wrong.push(said);
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(cases.len() >= 120);
}
