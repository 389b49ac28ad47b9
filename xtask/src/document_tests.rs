//! Tests of the documents for contributors.

use std::path::Path;

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

/// The table exists and was not renamed or emptied. It is to cover the ten most frequent kinds of changes at least.
#[test]
fn architecture_lists_typical_changes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let text = std::fs::read_to_string(root.join("ARCHITECTURE.md")).unwrap();
    let section = text.split("\n## ").find(|section| section.starts_with("Where to make a typical change")).unwrap();
    let rows = section.lines().filter(|line| line.starts_with("| ") && line.contains('`')).count();
    assert!(rows >= 10, "{rows} rows");
}
