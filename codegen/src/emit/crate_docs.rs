//! Writes the part of the front page of a crate's documentation that follows the README: the sections of `crate_docs.md`. A section is left
//! out if the version lacks an operation that the comment at its beginning lists.

use super::CrateInfo;
use super::package_files::REPOSITORY;
use crate::ir::Api;

/// A section begins with a comment that lists the operations that it needs. The text before the first section is not emitted.
const SECTIONS: &str = include_str!("crate_docs.md");

/// The sections, as Markdown.
pub(super) fn sections(api: &Api, info: &CrateInfo) -> String {
    let has = |id: &str| api.operations().any(|operation| operation.id == id);
    let sections = SECTIONS.split("<!-- needs ").skip(1).filter_map(|section| section.split_once("-->\n"));
    let fitting = sections.filter(|(needs, _)| needs.split_whitespace().all(has)).map(|(_, text)| text);
    fitting
        .collect::<String>()
        .replace("CRATE", &info.crate_name.replace('-', "_"))
        .replace("GUIDE", &format!("{REPOSITORY}/blob/main/docs/guide"))
}
