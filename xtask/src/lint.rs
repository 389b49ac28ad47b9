//! `cargo xtask lint`: lists the defects of the descriptions.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::Result;
use clap::Args;
use intercom_codegen::lint::{DEFECTS, Finding, Report, Severity, lint};
use intercom_codegen::version::Version;

use crate::diff::show;
use crate::project::Project;

/// Lists the defects that overlays do not correct, of a description or of all descriptions. Exits with 1 if one of them is an
/// error.
#[derive(Debug, Args)]
pub struct Lint {
    /// Only this version
    #[arg(long, value_name = "V")]
    version: Option<String>,
    /// Also show defects that overlays correct
    #[arg(long)]
    all: bool,
    /// Show only the counts
    #[arg(long)]
    counts: bool,
}

/// Runs the command. `Ok(false)` means that overlays leave an error uncorrected.
pub fn run(args: &Lint, project: &Project) -> Result<bool> {
    let versions = match &args.version {
        Some(version) => vec![version.parse::<Version>()?],
        None => project.versions()?,
    };
    let overlays = project.overlays()?;
    let mut worst = None;
    let mut out = String::new();
    for version in versions {
        let name = Project::description_name(version);
        let text = project.description(version)?;
        let report = lint(&text, &overlays, version).map_err(|error| error.in_file(&name))?;
        worst = worst.max(report.worst());
        let _ = writeln!(out, "{name}");
        if !args.counts {
            table(&mut out, &report.open, "");
            if args.all {
                table(&mut out, &report.corrected, "corrected ");
            }
        }
        counts(&mut out, &report);
    }
    show(&out)?;
    Ok(worst < Some(Severity::Error))
}

/// A line for each finding: severity, kind, place, details.
fn table(out: &mut String, findings: &[Finding], state: &str) {
    let width = findings.iter().map(|finding| finding.defect.id.len()).max().unwrap_or_default();
    let pointer = findings
        .iter()
        .map(|finding| finding.pointer.chars().count())
        .filter(|width| *width < 100)
        .max()
        .unwrap_or_default();
    for finding in findings {
        let (severity, id) = (finding.defect.severity, finding.defect.id);
        let line = format!("  {state}{severity:7}  {id:width$}  {:pointer$}  {}", finding.pointer, finding.detail);
        let _ = writeln!(out, "{}", line.trim_end());
    }
}

/// A line for each kind of defect that was found, with its counts.
fn counts(out: &mut String, report: &Report) {
    let count = |findings: &[Finding]| {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        findings.iter().for_each(|finding| *counts.entry(finding.defect.id).or_default() += 1);
        counts
    };
    let (open, corrected) = (count(&report.open), count(&report.corrected));
    for defect in DEFECTS {
        let number = |counts: &BTreeMap<&str, usize>| counts.get(defect.id).copied().unwrap_or_default();
        let (open, corrected) = (number(&open), number(&corrected));
        if open + corrected > 0 {
            let _ = writeln!(
                out,
                "  {open:4} {:7} {:24} {corrected:3} more corrected by overlays",
                defect.severity, defect.id
            );
        }
    }
}
