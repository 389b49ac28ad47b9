//! Applies overlays: the quirks of the API as data.
//!
//! An overlay is an OpenAPI Overlay document, version 1.0 or 1.1: actions with a target (a JSONPath, RFC 9535) that
//! update or remove what it selects; only 1.1 allows scalars to be selected. Beside overlays there are tables, which
//! hold many facts of one kind. The key `x-versions`, on a document or on an action, restricts it to certain versions.
//! An action that selects nothing in a version that it is for is an error, so that overlays of corrected quirks are
//! removed.

mod action;
mod blame;
mod names;
mod paging;
mod parse;
mod presence;
mod resources;
mod table;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json_path::JsonPath;

use crate::diag::{Error, Result};
use crate::documentation::{Documentation, Used};
use crate::platform::PlatformFeature;
use crate::version::{Version, Versions};
use table::Table;

/// A YAML file below `descriptions`, as it was read: an overlay, a table, a part of the platform, or documentation.
#[derive(Clone, Debug)]
pub struct OverlayFile {
    /// What errors call it.
    pub name: String,
    /// Its text, YAML or JSON.
    pub text: String,
}

/// The folders below `descriptions` whose YAML files are applied to a description: parts of the platform, overlays and
/// tables, and the project's own documentation. They are applied in this order, whatever the order of the files.
pub const FOLDERS: &[&str] = &["platform", "overlays", "docs", "docs/operations", "docs/types"];

/// Statistics of applied overlays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// The number of actions for this version, and of facts that tables gave.
    pub actions: usize,
    /// The number of places that they changed.
    pub places: usize,
    /// The number of actions for other versions only, and of facts of tables about what this version does not have.
    pub other_versions: usize,
    /// The entries of the documentation that found their place.
    pub documented: Used,
}

/// Applies the overlays to a document, in the order in which they are given.
///
/// # Errors
/// Where an overlay is malformed, an action does not fit what it selects, or selects nothing. The document may have
/// been changed in part then.
pub fn apply(document: &mut Value, overlays: &[OverlayFile], version: Version) -> Result<Applied> {
    Overlays::parse(overlays)?.apply(document, version)
}

/// Parsed overlays, to be applied to several versions; by default none.
#[derive(Clone, Debug, Default)]
pub struct Overlays {
    files: Vec<OverlayFile>,
    steps: Vec<Step>,
    documentation: Documentation,
}

/// What is applied to a description at once, in the order of the files. `LeftOut` and `Origin` refer to it by index.
#[derive(Clone, Debug)]
enum Step {
    Platform(Box<PlatformFeature>),
    Action(Action),
    /// With the name of its file.
    Table(String, Table),
}

#[derive(Clone, Debug)]
struct Action {
    file: String,
    pointer: String,
    target: String,
    path: JsonPath,
    change: Change,
    /// Whether the target may select plain values, as of Overlay 1.1.
    plain_values: bool,
    /// Of the document and of the action: it is for the versions that are in all of them.
    versions: Vec<Versions>,
}

#[derive(Clone, Debug)]
enum Change {
    Update(Value),
    Remove,
}

/// The overlay steps that were left out, by their index, with the reason.
pub(crate) type LeftOut = BTreeMap<usize, Error>;

/// Which of [`FOLDERS`] a file is in. Only the end of its path counts: the project itself may lie in a folder `docs`.
fn folder(file: &OverlayFile) -> Option<&'static str> {
    let (parent, _) = file.name.rsplit_once('/')?;
    let ends_with =
        |folder: &&&str| parent.strip_suffix(**folder).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'));
    FOLDERS.iter().filter(ends_with).max_by_key(|folder| folder.len()).copied()
}

impl Overlays {
    /// Reads overlays.
    ///
    /// # Errors
    /// Where a text is neither an Overlay document (1.0 or 1.1) nor, in its folder, a table, a part or documentation.
    pub fn parse(overlays: &[OverlayFile]) -> Result<Self> {
        let below = |names: &'static [&'static str]| {
            move |file: &&OverlayFile| folder(file).is_some_and(|f| names.contains(&f))
        };
        let (platform, overlays_alone): (Vec<_>, Vec<_>) = overlays.iter().partition(below(&["platform"]));
        let (docs, overlays_alone): (Vec<_>, Vec<_>) =
            overlays_alone.into_iter().partition(below(&["docs", "docs/operations", "docs/types"]));
        let documentation = Documentation::parse(docs)?;
        let mut all = Self { files: overlays.to_vec(), steps: Vec::new(), documentation };
        for file in platform {
            all.steps.push(Step::Platform(Box::new(PlatformFeature::parse(file)?)));
        }
        for overlay in overlays_alone {
            let parsed = parse::parse_overlay(overlay, &mut all.steps);
            parsed.map_err(|error| all.at_line(error.in_file(&overlay.name)))?;
        }
        Ok(all)
    }

    /// Applies them to a document in their order.
    ///
    /// # Errors
    /// As for [`apply`].
    pub fn apply(&self, document: &mut Value, version: Version) -> Result<Applied> {
        let mut left_out = LeftOut::new();
        let applied = self.apply_except(document, version, &mut left_out);
        left_out.into_values().next().map_or(Ok(applied), Err)
    }

    /// The actions that are for one version and not for another: file, place and target.
    pub fn not_for(&self, version: Version, other: Version) -> Vec<String> {
        let actions = self.steps.iter().filter_map(|step| match step {
            Step::Action(action) => Some(action),
            Step::Table(..) | Step::Platform(_) => None,
        });
        let between = actions.filter(|action| action.is_for(other) && !action.is_for(version));
        between.map(|action| format!("{}#{}: `{}`", action.file, action.pointer, action.target)).collect()
    }

    /// Applies those that fit, and gives the errors of the others: for a description that the overlays were not yet
    /// made for.
    pub fn apply_fitting(&self, document: &mut Value, version: Version) -> Vec<Error> {
        let mut left_out = LeftOut::new();
        self.apply_except(document, version, &mut left_out);
        left_out.into_values().collect()
    }

    /// Applies those that fit, except for the ones that are left out already; adds those that do not fit.
    pub(crate) fn apply_except(&self, document: &mut Value, version: Version, left_out: &mut LeftOut) -> Applied {
        let mut applied = Applied::default();
        for (number, step) in self.steps.iter().enumerate() {
            if left_out.contains_key(&number) {
                continue;
            }
            match step {
                Step::Action(action) if action.is_for(version) => {
                    applied.actions += 1;
                    match action.apply(document, version) {
                        Ok(places) => applied.places += places,
                        Err(error) => drop(left_out.insert(number, self.at_line(error))),
                    }
                }
                Step::Action(_) => applied.other_versions += 1,
                Step::Platform(feature) => {
                    if let Err(error) = feature.apply(document, version) {
                        left_out.insert(number, self.at_line(error));
                    }
                }
                Step::Table(_, table) => {
                    let (facts, others) = table.apply(document);
                    applied.actions += facts;
                    applied.places += facts;
                    applied.other_versions += others;
                }
            }
        }
        applied.places += paging::declare(document);
        self.documentation.apply(document, version, &mut applied.documented);
        applied
    }

    /// The project's own documentation.
    pub fn documentation(&self) -> &Documentation {
        &self.documentation
    }

    /// The operations that the tables say something about, by operation id or by method and path.
    pub fn named(&self) -> impl Iterator<Item = &str> {
        self.steps.iter().flat_map(|step| -> Vec<&str> {
            match step {
                Step::Table(_, Table::Names(names)) => names.keys().collect(),
                Step::Table(_, Table::Resources(resources)) => resources.keys().collect(),
                Step::Table(..) | Step::Action(_) | Step::Platform(_) => Vec::new(),
            }
        })
    }
}
