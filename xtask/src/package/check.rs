//! Checks of a package before it is published.

use serde_json::Value;

use super::Member;

/// What is missing in the manifest, and whether crates.io rejects the keywords for their number or length.
pub(super) fn metadata(member: &Member) -> Vec<String> {
    const TEXTS: &[&str] =
        &["description", "repository", "homepage", "documentation", "readme", "license", "rust_version"];
    const LISTS: &[&str] = &["authors", "keywords", "categories"];
    let manifest = &member.manifest;
    let mut wrong: Vec<String> = Vec::new();
    let mut lacks = |what: &str| wrong.push(format!("{}: Cargo.toml has no {}", member.name, what.replace('_', "-")));
    TEXTS.iter().filter(|key| manifest[**key].as_str().is_none_or(str::is_empty)).for_each(|key| lacks(key));
    LISTS.iter().filter(|key| manifest[**key].as_array().is_none_or(Vec::is_empty)).for_each(|key| lacks(key));
    let docs_rs = &manifest["metadata"]["docs"]["rs"];
    if docs_rs["all-features"] != true || docs_rs["rustdoc-args"] != serde_json::json!(["--cfg", "docsrs"]) {
        lacks("[package.metadata.docs.rs] with all-features and --cfg docsrs");
    }
    // Limits of crates.io.
    let keywords: Vec<&str> = manifest["keywords"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    if keywords.len() > 5 || keywords.iter().any(|keyword| keyword.len() > 20) {
        wrong.push(format!("{}: crates.io accepts at most five keywords of at most twenty characters", member.name));
    }
    wrong
}

/// The needed files that are missing, and the files that users do not need.
pub(super) fn files(member: &Member, files: &[String]) -> Vec<String> {
    const NEEDED: &[&str] = &["Cargo.toml", "README.md", "LICENSE-APACHE", "LICENSE-MIT"];
    const UNWANTED: &[&str] = &["tests", "benches", "examples", "snapshots", "fixtures"];
    let missing = NEEDED.iter().filter(|name| !files.iter().any(|file| file == *name));
    let missing = missing.map(|name| format!("{}: the package has no {name}", member.name));
    // Modules in src may have these names.
    let unwanted = files.iter().filter(|file| {
        let folders: Vec<&str> = file.split('/').collect();
        let rust = file.starts_with("src/") && file.ends_with(".rs");
        !rust && folders.iter().any(|folder| UNWANTED.contains(folder))
    });
    let unwanted = unwanted.map(|file| format!("{}: the package has {file}, which users do not need", member.name));
    missing.chain(unwanted).collect()
}

/// What crates.io would display incorrectly: hidden lines of examples, and links that are not https URLs, such
/// as those to files of the repository.
pub(super) fn readme(member: &Member, text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut code = None;
    for (index, line) in text.lines().enumerate() {
        let place = format!("{}: README.md:{}", member.name, index + 1);
        if let Some(language) = line.strip_prefix("```") {
            code = if code.is_some() { None } else { Some(language) };
            continue;
        }
        match code {
            Some(language) => {
                let rust = language.is_empty() || language.starts_with("rust") || language.starts_with("no_run");
                if rust && (line == "#" || line.starts_with("# ")) {
                    wrong.push(format!("{place} hides a line of an example, which crates.io shows"));
                }
            }
            None => {
                let links = line.split("](").skip(1).filter_map(|rest| rest.split(')').next());
                wrong.extend(
                    links
                        .filter(|link| !link.starts_with("https://") && !link.starts_with('#'))
                        .map(|link| format!("{place} links to {link}, which is not an https URL")),
                );
            }
        }
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(manifest: Value) -> Member {
        let empty = std::collections::BTreeSet::new();
        Member { name: "a".to_owned(), version: "1.0.0".to_owned(), folder: "a".into(), needs: empty, manifest }
    }

    #[test]
    fn incomplete_packages_are_reported() {
        let member = member(serde_json::json!({ "description": "A", "keywords": ["a-very-long-keyword-of-many"] }));
        let wrong = metadata(&member).join("\n");
        assert!(
            wrong.contains("no homepage") && wrong.contains("no rust-version") && wrong.contains("five keywords"),
            "{wrong}"
        );
        let wrong = files(&member, &["Cargo.toml", "src/tests.rs", "data/tests/a.json"].map(str::to_owned)).join("\n");
        assert!(wrong.contains("no LICENSE-MIT") && wrong.contains("data/tests/a.json"), "{wrong}");
        assert!(!wrong.contains("src/tests.rs"), "{wrong}");
        let text = "# A\n[b](../b.md) [c](https://c.example)\n```rust\n# hidden\n```\n```sh\n# comment\n```\n";
        assert_eq!(
            readme(&member, text),
            [
                "a: README.md:2 links to ../b.md, which is not an https URL",
                "a: README.md:4 hides a line of an example, which crates.io shows"
            ]
        );
    }
}
