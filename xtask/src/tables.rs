//! Tables of the documentation that follow from the descriptions of all versions.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use intercom_codegen::ir::Api;
use intercom_codegen::version::Version;

/// Each version, its crate and the number of its operations.
pub fn versions(versions: &[Version], apis: &[Api]) -> String {
    let mut table = String::from("| API version | Crate | Operations |\n|---|---|---|\n");
    for (version, api) in versions.iter().zip(apis) {
        let package = version.crate_name();
        let operations = api.operations().count();
        let _ = writeln!(table, "| {version} | [`{package}`](generated/{package}) | {operations} |");
    }
    table
}

/// The kinds of pagination: style, whether the position is in the body, and the column's heading.
const PAGING_KINDS: [(&str, bool, &str); 5] = [
    ("cursor", false, "cursor in query"),
    ("cursor", true, "cursor in body"),
    ("page", false, "page in query"),
    ("page", true, "page in body"),
    ("scroll", false, "scroll"),
];

/// The number of operations with each kind of pagination. Consecutive versions with the same numbers share a row.
pub fn paging(versions: &[Version], apis: &[Api]) -> String {
    let mut rows: Vec<(String, Vec<usize>)> = Vec::new();
    for (version, api) in versions.iter().zip(apis) {
        let paged = || api.operations().filter_map(|one| one.paging.as_ref());
        let count = |style: &str, body: bool| paged().filter(|one| one.style == style && one.in_body == body).count();
        let mut counts: Vec<usize> = PAGING_KINDS.iter().map(|(style, body, _)| count(style, *body)).collect();
        counts.push(paged().count());
        match rows.last_mut().filter(|(_, known)| *known == counts) {
            Some((names, _)) => {
                let _ = write!(names, ", {version}");
            }
            None => rows.push((version.to_string(), counts)),
        }
    }
    let columns: Vec<&str> = PAGING_KINDS.iter().map(|(_, _, name)| *name).collect();
    let mut table =
        format!("| Version | {} | all |\n|---|{}---|\n", columns.join(" | "), "---|".repeat(PAGING_KINDS.len()));
    for (names, counts) in rows {
        let cell = |count: &usize| if *count == 0 { String::new() } else { count.to_string() };
        let cells: Vec<String> = counts.iter().map(cell).collect();
        let _ = writeln!(table, "| {names} | {} |", cells.join(" | "));
    }
    table
}

/// Each group, which is a cargo feature, and the versions that have it.
pub fn groups(versions: &[Version], apis: &[Api]) -> String {
    let mut rows: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, api) in apis.iter().enumerate() {
        for group in &api.groups {
            rows.entry(&group.name).or_default().push(at);
        }
    }
    let mut table = String::from("| Feature | Versions |\n|---|---|\n");
    for (group, at) in rows {
        let _ = writeln!(table, "| `{group}` | {} |", span(versions, &at));
    }
    table
}

/// Each limit of the page size, and the operations that have it. Operations without a known limit are left out.
pub fn page_sizes(versions: &[Version], apis: &[Api]) -> String {
    let mut rows: BTreeMap<u32, BTreeMap<&str, Vec<usize>>> = BTreeMap::new();
    for (at, api) in apis.iter().enumerate() {
        for operation in api.operations() {
            if let Some(max) = operation.paging.as_ref().and_then(|paging| paging.max_per_page) {
                rows.entry(max).or_default().entry(&operation.id).or_default().push(at);
            }
        }
    }
    let mut table = String::from("| Most items in a page | Operations |\n|---|---|\n");
    for (max, operations) in rows.into_iter().rev() {
        let operation = |(id, at): (&str, Vec<usize>)| match at.len() == versions.len() {
            true => format!("`{id}`"),
            false => format!("`{id}` ({})", span(versions, &at)),
        };
        let operations: Vec<String> = operations.into_iter().map(operation).collect();
        let _ = writeln!(table, "| {max} | {} |", operations.join(", "));
    }
    table
}

/// The versions at these indexes, which are sorted, as text such as `up to 2.10`.
fn span(versions: &[Version], indexes: &[usize]) -> String {
    let (Some(first), Some(last)) = (indexes.first(), indexes.last()) else { return String::new() };
    match (*first, *last == versions.len() - 1) {
        _ if last - first + 1 != indexes.len() => {
            indexes.iter().map(|index| versions[*index].to_string()).collect::<Vec<_>>().join(", ")
        }
        (0, true) => "all".to_owned(),
        (_, true) if first == last => format!("{} only", versions[*first]),
        (first, true) => format!("from {}", versions[first]),
        (0, false) => format!("up to {}", versions[*last]),
        (first, false) if first == *last => format!("{} only", versions[first]),
        (first, false) => format!("{} to {}", versions[first], versions[*last]),
    }
}
