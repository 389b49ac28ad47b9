//! Finds what an import changes, before anything is written.

use std::collections::BTreeSet;

use anyhow::Result;
use intercom_codegen::diag::{Error, Warning};
use intercom_codegen::diff::{Diff, Kept, diff, keep_removed};
use intercom_codegen::documentation::Coverage;
use intercom_codegen::lint::{Finding, OVERLAY_NOT_APPLIED, Severity, lint};
use intercom_codegen::overlay::{Overlays, YamlFile};
use intercom_codegen::version::Version;
use intercom_codegen::{read_lenient, yaml};

use crate::project::{Project, read};

/// The prefix of the paths of overlays that keep removed items.
const KEPT: &str = "descriptions/overlays/05-kept-";

/// A version that is about to be imported, compared with its present description, or with the previous version if it is new.
#[derive(Debug)]
pub struct Review {
    pub version: Version,
    /// What it is compared with: the same version, or the one before it; `None` if the project has neither.
    pub before: Option<Version>,
    /// What changes; `None` if one of the two descriptions cannot be read, or if there is nothing to compare with.
    pub diff: Option<Diff>,
    /// The overlay that keeps removed items, and the name of its file.
    pub kept: Option<(String, Kept)>,
    /// New errors: overlay actions, tables and platform features that do not apply, and errors of the description itself. They have to be
    /// corrected by hand.
    pub new_errors: Vec<Error>,
    /// How many errors of the new description are not new: the description that it is compared with has them, too.
    pub known_errors: usize,
    /// If the version is new: the overlay actions that are for the version before it, but not for this one.
    pub actions_to_extend: Vec<String>,
    /// New defects, without notes and overlay actions that do not apply.
    pub findings: Vec<Finding>,
    /// New warnings of the generator.
    pub warnings: Vec<Warning>,
    /// New items without documentation in `descriptions/docs`.
    pub undocumented: Coverage,
}

/// The IR of a description, if it can be read, with its errors, defects, warnings and missing documentation.
struct State {
    api: Option<intercom_codegen::ir::Api>,
    errors: Vec<Error>,
    findings: Vec<Finding>,
    warnings: Vec<Warning>,
    coverage: Coverage,
}

impl State {
    fn of(text: &str, overlays: &[YamlFile], version: Version) -> Result<Self> {
        let name = Project::description_name(version);
        let mut findings =
            lint(text, overlays, version).map(|report| report.open).map_err(|error| error.in_file(&name))?;
        findings
            .retain(|finding| finding.defect.severity > Severity::Note && finding.defect.id != OVERLAY_NOT_APPLIED.id);
        let mut document = yaml::read(text)?;
        let parsed = Overlays::parse(overlays)?;
        parsed.apply_fitting(&mut document, version);
        let coverage = parsed.documentation().coverage(&document);
        let (api, errors, warnings) = match read_lenient(text, overlays, version) {
            Ok(read) => (Some(read.api), read.left_out, read.warnings),
            Err(errors) => (None, errors.in_file(name).iter().cloned().collect(), Vec::new()),
        };
        Ok(Self { api, errors, findings, warnings, coverage })
    }
}

impl Review {
    /// Compares a description that is to be imported with the project. `date` is that of the new description.
    pub fn new(version: Version, new: &str, date: &str, project: &Project) -> Result<Self> {
        let overlays = project.overlays()?;
        let path = project.description_path(version);
        let old = if path.is_file() { Some(read(&path)?) } else { None };
        let kept = match old.as_deref() {
            Some(old) => keep_removed(old, new, version, date)?,
            None => None,
        };
        let kept = kept.map(|kept| (format!("{KEPT}{}-{date}.yaml", version.folder()), kept));
        let mut overlays_after = overlays.clone();
        if let Some((name, kept)) = &kept {
            // This overlay comes before the others, which may refer to what it restores.
            overlays_after.insert(0, YamlFile { name: name.clone(), text: kept.yaml.clone() });
        }
        let before = match &old {
            Some(_) => Some(version),
            None => project.versions().unwrap_or_default().into_iter().filter(|known| *known < version).max(),
        };
        let after = State::of(new, &overlays_after, version)?;
        let previous = match (before, old) {
            (Some(before), Some(old)) => Some(State::of(&old, &overlays, before)?),
            (Some(before), None) => Some(State::of(&project.description(before)?, &overlays, before)?),
            (None, _) => None,
        };
        let actions_to_extend = match before {
            Some(before) if before != version => {
                let mut actions = Overlays::parse(&overlays)?.actions_not_for(before, version);
                // An overlay that keeps the removed items of one version is not for another version.
                actions.retain(|action| !action.starts_with(KEPT));
                actions
            }
            _ => Vec::new(),
        };
        Ok(Self::compared(version, before, &previous, after, kept, actions_to_extend))
    }

    fn compared(
        version: Version,
        before: Option<Version>,
        previous: &Option<State>,
        after: State,
        kept: Option<(String, Kept)>,
        actions_to_extend: Vec<String>,
    ) -> Self {
        let apis = previous.as_ref().and_then(|state| state.api.as_ref()).zip(after.api.as_ref());
        let mut diff = apis.map(|(old, new)| diff(old, new));
        if let Some(diff) = diff.as_mut().filter(|_| before == Some(version)) {
            (diff.old, diff.new) = (format!("the present {version}"), format!("the new {version}"));
        }
        let place = |error: &Error| (error.file().to_owned(), error.pointer().to_owned(), error.message().to_owned());
        let known: BTreeSet<_> = previous.iter().flat_map(|state| &state.errors).map(place).collect();
        let (known_errors, new_errors): (Vec<_>, Vec<_>) =
            after.errors.into_iter().partition(|error| known.contains(&place(error)));
        let fresh = |new: Vec<String>, old: fn(&Coverage) -> &Vec<String>| -> Vec<String> {
            let known = previous.as_ref().map(|state| old(&state.coverage));
            new.into_iter().filter(|pointer| !known.is_some_and(|known| known.contains(pointer))).collect()
        };
        let undocumented = Coverage {
            operations: fresh(after.coverage.operations, |coverage| &coverage.operations),
            arguments: fresh(after.coverage.arguments, |coverage| &coverage.arguments),
            fields: fresh(after.coverage.fields, |coverage| &coverage.fields),
        };
        let seen = previous.as_ref();
        let findings = after.findings.into_iter().filter(|new| !seen.is_some_and(|old| old.findings.contains(new)));
        let warnings = after.warnings.into_iter().filter(|new| !seen.is_some_and(|old| old.warnings.contains(new)));
        Self {
            version,
            before,
            diff,
            kept,
            new_errors,
            known_errors: known_errors.len(),
            actions_to_extend,
            findings: findings.collect(),
            warnings: warnings.collect(),
            undocumented,
        }
    }

    /// Whether the version is new to the project.
    pub fn is_new(&self) -> bool {
        self.before != Some(self.version)
    }

    /// Prints what is kept, what changes and what has to be corrected.
    pub fn print(&self) {
        if let Some((file, kept)) = &self.kept {
            println!("  {file} keeps these for one release, marked deprecated:");
            kept.operations.iter().chain(&kept.fields).for_each(|name| println!("    {name}"));
            kept.components.iter().for_each(|name| println!("    {name}, which they refer to"));
        }
        match self.before {
            None => println!("  the first version: there is nothing to compare it with"),
            Some(before) if self.is_new() => {
                for action in &self.actions_to_extend {
                    println!("  this overlay action is for {before}, but not for {}: {action}", self.version);
                }
                println!("  new version; compared with {before}:");
            }
            Some(_) => {}
        }
        if let Some(diff) = &self.diff {
            diff.text().lines().for_each(|line| println!("  {line}"));
        }
        for error in &self.new_errors {
            println!("  to correct: {error}");
        }
    }
}
