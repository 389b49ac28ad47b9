//! Tables of the documentation that have a row for each version.

use std::fmt::Write as _;

use intercom_codegen::ir::Api;
use intercom_codegen::version::Version;

/// Each version, its crate and the number of its operations.
pub fn versions(versions: &[Version], apis: &[Api]) -> String {
    let mut table = String::from("| API version | Crate | Operations |\n|---|---|---|\n");
    for (version, api) in versions.iter().zip(apis) {
        let package = version.crate_name();
        let operations: usize = api.groups.iter().map(|group| group.operations.len()).sum();
        let _ = writeln!(table, "| {version} | [`{package}`](generated/{package}) | {operations} |");
    }
    table
}

/// Ways to page: style, whether by the body, and what the column is called.
const WAYS: [(&str, bool, &str); 5] = [
    ("cursor", false, "cursor in query"),
    ("cursor", true, "cursor in body"),
    ("page", false, "page in query"),
    ("page", true, "page in body"),
    ("scroll", false, "scroll"),
];

/// How many operations page in each way; versions with the same numbers share a row.
pub fn paging(versions: &[Version], apis: &[Api]) -> String {
    let mut rows: Vec<(String, Vec<usize>)> = Vec::new();
    for (version, api) in versions.iter().zip(apis) {
        let paged = || api.groups.iter().flat_map(|group| &group.operations).filter_map(|one| one.paging.as_ref());
        let count = |style: &str, body: bool| paged().filter(|one| one.style == style && one.in_body == body).count();
        let mut counts: Vec<usize> = WAYS.iter().map(|(style, body, _)| count(style, *body)).collect();
        counts.push(paged().count());
        match rows.last_mut().filter(|(_, known)| *known == counts) {
            Some((names, _)) => {
                let _ = write!(names, ", {version}");
            }
            None => rows.push((version.to_string(), counts)),
        }
    }
    let columns: Vec<&str> = WAYS.iter().map(|(_, _, name)| *name).collect();
    let mut table = format!("| Version | {} | all |\n|---|{}---|\n", columns.join(" | "), "---|".repeat(WAYS.len()));
    for (names, counts) in rows {
        let cell = |count: &usize| if *count == 0 { String::new() } else { count.to_string() };
        let cells: Vec<String> = counts.iter().map(cell).collect();
        let _ = writeln!(table, "| {names} | {} |", cells.join(" | "));
    }
    table
}
