//! Tests of the documents for contributors.

use std::path::{Path, PathBuf};

/// The paths with a slash inside that a Markdown text names in backticks.
fn paths(text: &str) -> impl Iterator<Item = &str> {
    let spans = text.split('`').skip(1).step_by(2);
    spans.filter(|span| {
        let path = span.trim_end_matches('/');
        // Paths of URLs, and keys such as `x-sdk-…`, are not paths of files.
        let other = path.starts_with('/') || path.starts_with("x-");
        path.contains('/') && !path.contains([' ', '<', '…', '*', '{', ':']) && !other
    })
}

#[test]
fn documents_name_files_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for document in ["ARCHITECTURE.md", "CONTRIBUTING.md"] {
        let text = std::fs::read_to_string(root.join(document)).unwrap();
        let named: Vec<&str> = paths(&text).collect();
        assert!(named.len() >= 3, "{document} names {} paths only", named.len());
        for path in named {
            // A module is named by its folder or by its file.
            let module = root.join(path.trim_end_matches('/')).with_extension("rs");
            assert!(root.join(path).exists() || module.exists(), "{document} names {path}, which does not exist");
        }
    }
}

/// The targets of the links of a Markdown text, without anchors. Links to other sites, links within the page, and those of
/// codegen/src/emit/crate_docs.md, in which `GUIDE` stands for an address, are left out.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let paths = targets.map(|target| target.split('#').next().unwrap_or_default());
    paths.filter(|path| !path.is_empty() && !path.contains([' ', ':', '`']) && !path.starts_with("GUIDE/"))
}

/// The Markdown files in a folder and below it, without those of crates that are generated or built.
fn markdown_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() && !name.starts_with('.') && !["generated", "target"].contains(&name.as_str()) {
            files.extend(markdown_files(&path));
        } else if name.ends_with(".md") {
            files.push(path);
        }
    }
    files
}

#[test]
fn links_between_documents_lead_to_files() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut checked = 0;
    for document in markdown_files(root) {
        let text = std::fs::read_to_string(&document).unwrap();
        for link in links(&text) {
            let target = document.parent().unwrap().join(link);
            assert!(target.exists(), "{} has a link to {link}, which does not exist", document.display());
            checked += 1;
        }
    }
    assert!(checked >= 100, "{checked} links only");
}

/// The table exists and was not renamed or emptied. It is to cover the ten most frequent kinds of changes at least.
#[test]
fn architecture_lists_typical_changes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let text = std::fs::read_to_string(root.join("ARCHITECTURE.md")).unwrap();
    let section = text.split("\n## ").find(|section| section.starts_with("Where to make a typical change")).unwrap();
    let rows = section.lines().filter(|line| line.starts_with("| ") && line.contains('`')).count();
    assert!(rows >= 10, "{rows} rows");
}
