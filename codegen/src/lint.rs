//! Finds the defects of a description, with and without its overlays.
//!
//! The generator reports what it cannot translate exactly. Lint is for authors of overlays and for reports to upstream; many defects
//! that it lists are handled by the generated crates. A defect that the overlays correct is listed as corrected, unless it
//! is about names or pagination, which only overlays declare.

mod examples;
mod operations;
mod references;
mod value;

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

use crate::diag::Result;
use crate::overlay::{Overlays, YamlFile};
use crate::version::Version;
use crate::yaml;

/// How bad a defect is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The generated crate handles it.
    Note,
    /// The generated crate handles it, but users see something unexpected.
    Warning,
    /// The generator stops, or the generated crate is wrong.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// A kind of defect.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Defect {
    /// Its name, in kebab case.
    pub id: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What it is.
    pub about: &'static str,
}

macro_rules! defects {
    ($($name:ident $id:literal $severity:ident $about:literal;)*) => {
        $(
            #[doc = $about]
            pub static $name: Defect = Defect { id: $id, severity: Severity::$severity, about: $about };
        )*

        /// All kinds of defects, most serious first.
        pub static DEFECTS: &[&Defect] = &[$(&$name),*];
    };
}

defects! {
    OVERLAY_NOT_APPLIED "overlay-not-applied" Error "an overlay action that selects nothing, or an action or a platform feature that cannot be applied";
    DANGLING_REFERENCE "dangling-reference" Error "a reference that has no target";
    PATH_PARAMETER_MISMATCH "path-parameter-mismatch" Error "a placeholder of the path that is declared for neither path nor query, or a path parameter that the path does not contain";
    DUPLICATE_OPERATION_ID "duplicate-operation-id" Error "an operation id that several operations have";
    PATH_PARAMETER_ELSEWHERE "path-parameter-elsewhere" Warning "a path parameter that is declared for the query; the crate sends it in the path";
    MISSING_OPERATION_ID "missing-operation-id" Warning "an operation without an operation id; its documentation has no link to the reference";
    UNNAMED_OPERATION "unnamed-operation" Warning "an operation for which the overlays do not declare both a group and a method";
    LIST_WITHOUT_PAGING "list-without-paging" Warning "a successful response that looks like a page of a list, where no overlay declares pagination";
    RESPONSE_WITHOUT_SCHEMA "response-without-schema" Warning "a successful JSON response without a schema";
    EXAMPLE_WRONG_TYPE "example-wrong-type" Warning "an example with a value whose type differs from its schema";
    EXAMPLE_NULL "example-null" Warning "an example with a null that its schema does not allow";
    EXAMPLE_NOT_IN_ENUM "example-not-in-enum" Warning "an example with a value that the enum does not list";
    EXAMPLE_LACKS_REQUIRED "example-lacks-required" Warning "an example without a required field";
    EXAMPLE_UNDECLARED "example-undeclared" Note "an example with a field that the schema does not declare";
}

/// A defect at a place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// What is wrong.
    pub defect: &'static Defect,
    /// The place: a JSON pointer into the description, or the file of an overlay with a pointer into it.
    pub pointer: String,
    /// The details; empty if there are none.
    pub detail: String,
}

/// The defects of a description.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The defects that remain with the overlays applied, most serious first.
    pub open: Vec<Finding>,
    /// The defects that the overlays correct, without those that are about names or pagination.
    pub corrected: Vec<Finding>,
}

impl Report {
    /// The severity of the worst open defect; `None` if there is none.
    pub fn worst(&self) -> Option<Severity> {
        self.open.iter().map(|finding| finding.defect.severity).max()
    }
}

/// The kinds of defects as a Markdown table, for the documentation.
pub fn table() -> String {
    let rows = DEFECTS.iter().map(|defect| format!("| `{}` | {} | {} |\n", defect.id, defect.severity, defect.about));
    format!("| defect | severity | what it is |\n|---|---|---|\n{}", rows.collect::<String>())
}

/// Finds the defects of a description.
///
/// # Errors
/// Where the description or an overlay cannot be read at all.
pub fn lint(description: &str, overlays: &[YamlFile], version: Version) -> Result<Report> {
    let raw = yaml::read(description)?;
    let mut document = raw.clone();
    let unmatched = Overlays::parse(overlays)?.apply_fitting(&mut document, version);
    let mut open = findings(&document);
    open.extend(unmatched.into_iter().map(|error| Finding {
        defect: &OVERLAY_NOT_APPLIED,
        pointer: format!("{}#{}", error.file(), error.pointer()),
        detail: error.message().to_owned(),
    }));
    // Names and pagination always come from overlays, so their absence in a description is not a defect.
    let mut corrected: Vec<Finding> = findings(&raw).difference(&open).cloned().collect();
    corrected.retain(|finding| finding.defect != &UNNAMED_OPERATION && finding.defect != &LIST_WITHOUT_PAGING);
    let mut open: Vec<Finding> = open.into_iter().collect();
    for list in [&mut open, &mut corrected] {
        list.sort_by(|left, right| {
            let rank = |finding: &Finding| DEFECTS.iter().position(|defect| defect.id == finding.defect.id);
            (rank(left), &left.pointer, &left.detail).cmp(&(rank(right), &right.pointer, &right.detail))
        });
    }
    Ok(Report { open, corrected })
}

fn findings(document: &Value) -> BTreeSet<Finding> {
    let mut findings = BTreeSet::new();
    references::find(document, &mut findings);
    operations::find(document, &mut findings);
    examples::find(document, &mut findings);
    findings
}

/// How many problems a value has with a schema: those above the severity of a note, and all.
pub(crate) fn count_defects(document: &Value, schema: &Value, value: &Value) -> (usize, usize) {
    value::count(&value::check(document, schema, value))
}
