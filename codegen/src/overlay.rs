//! Applies overlays, which correct and extend descriptions.
//!
//! An overlay is an OpenAPI Overlay document of version 1.0 or 1.1: a list of actions. The target of an action is a JSONPath
//! (RFC 9535), and the action updates or removes everything that the target selects; a scalar can be selected only in 1.1.
//! Tables are a second kind of overlay file, for many entries of one kind. `x-versions`, on a document or an action, restricts it to
//! some API versions. An action that selects nothing in one of its versions is an error, so that actions for
//! places that upstream has removed or renamed are noticed.

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

/// A file that is applied to a description: an overlay, a table, a platform feature, or documentation.
#[derive(Clone, Debug)]
pub struct YamlFile {
    /// The path: its name in errors. The folders at its end decide how it is read, see [`FOLDERS`].
    pub name: String,
    /// Its text, YAML or JSON.
    pub text: String,
}

/// The folders below `descriptions` whose YAML files are applied to a description: platform features, then overlays and
/// tables, then the project's own documentation. The order of the files given to [`Overlays::parse`] does not change that.
pub const FOLDERS: &[&str] = &["platform", "overlays", "docs", "docs/operations", "docs/types"];

/// Statistics of applied overlays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// The number of actions for this version, and of the operations and schemas that tables changed.
    pub changes: usize,
    /// The number of places that actions and tables changed, and of pagination parameters that were added.
    pub places: usize,
    /// The number of actions that are only for other versions, and of table entries that changed nothing in this one.
    pub unused: usize,
    /// The entries of the documentation that were applied.
    pub documented: Used,
}

/// Applies the overlays to a document: platform features first, then overlays and tables in the order in which they are given, and
/// documentation last.
///
/// # Errors
/// Where a file is malformed, an action selects nothing or something that it cannot change, or a platform feature has a schema
/// that the document has already. When a step fails, the others are applied nevertheless, and the first error is returned.
pub fn apply(document: &mut Value, overlays: &[YamlFile], version: Version) -> Result<Applied> {
    Overlays::parse(overlays)?.apply(document, version)
}

/// Parsed files, which can be applied to several versions. The name stands for all kinds of files: overlays, tables, platform features
/// and documentation. The default has none.
#[derive(Clone, Debug, Default)]
pub struct Overlays {
    files: Vec<YamlFile>,
    steps: Vec<Step>,
    documentation: Documentation,
}

/// A step of applying the files. `LeftOut` and `Origin` refer to steps by index.
#[derive(Clone, Debug)]
enum Step {
    Platform(Box<PlatformFeature>),
    Action(Action),
    /// A table, with the name of its file.
    Table(String, Table),
}

#[derive(Clone, Debug)]
struct Action {
    file: String,
    pointer: String,
    target: String,
    path: JsonPath,
    change: Change,
    /// Whether the document is of Overlay 1.1, where the target may select scalars, and a list may be appended to a selected list.
    is_1_1: bool,
    /// The `x-versions` of the document and of the action: the action is for the versions that are in all of them.
    versions: Vec<Versions>,
}

#[derive(Clone, Debug)]
enum Change {
    Update(Value),
    Remove,
}

/// The steps that were left out because they fail or lead to an error, by index, with the error.
pub(crate) type LeftOut = BTreeMap<usize, Error>;

/// Which of [`FOLDERS`] a file is in. Only the end of its path is compared: the project itself may be in a folder `docs`.
fn folder(file: &YamlFile) -> Option<&'static str> {
    let (parent, _) = file.name.rsplit_once('/')?;
    let ends_with =
        |folder: &&&str| parent.strip_suffix(**folder).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'));
    FOLDERS.iter().filter(ends_with).max_by_key(|folder| folder.len()).copied()
}

impl Overlays {
    /// Parses files. A file that is in none of [`FOLDERS`] is parsed as an overlay or a table.
    ///
    /// # Errors
    /// Where a file is not a valid overlay, table, platform feature or documentation file.
    pub fn parse(files: &[YamlFile]) -> Result<Self> {
        let is_in =
            |names: &'static [&'static str]| move |file: &&YamlFile| folder(file).is_some_and(|f| names.contains(&f));
        let (platform, others): (Vec<_>, Vec<_>) = files.iter().partition(is_in(&["platform"]));
        let (docs, overlays): (Vec<_>, Vec<_>) =
            others.into_iter().partition(is_in(&["docs", "docs/operations", "docs/types"]));
        let documentation = Documentation::parse(docs)?;
        let mut all = Self { files: files.to_vec(), steps: Vec::new(), documentation };
        for file in platform {
            all.steps.push(Step::Platform(Box::new(PlatformFeature::parse(file)?)));
        }
        for overlay in overlays {
            let parsed = parse::parse_overlay(overlay, &mut all.steps);
            parsed.map_err(|error| all.at_line(error.in_file(&overlay.name)))?;
        }
        Ok(all)
    }

    /// Applies the files to a document, in the order that [`FOLDERS`] describes.
    ///
    /// # Errors
    /// As for [`apply`].
    pub fn apply(&self, document: &mut Value, version: Version) -> Result<Applied> {
        let mut left_out = LeftOut::new();
        let applied = self.apply_except(document, version, &mut left_out);
        left_out.into_values().next().map_or(Ok(applied), Err)
    }

    /// The actions that are for the version `before` and not for `after`: file, place and target.
    pub fn actions_not_for(&self, before: Version, after: Version) -> Vec<String> {
        let actions = self.steps.iter().filter_map(|step| match step {
            Step::Action(action) => Some(action),
            Step::Table(..) | Step::Platform(_) => None,
        });
        let limited = actions.filter(|action| action.is_for(before) && !action.is_for(after));
        limited.map(|action| format!("{}#{}: `{}`", action.file, action.pointer, action.target)).collect()
    }

    /// Applies the steps that can be applied, and returns the errors of the others.
    pub fn apply_fitting(&self, document: &mut Value, version: Version) -> Vec<Error> {
        let mut left_out = LeftOut::new();
        self.apply_except(document, version, &mut left_out);
        left_out.into_values().collect()
    }

    /// Applies all steps except those in `left_out`. A step that fails changes nothing, and is added to `left_out` with its error.
    pub(crate) fn apply_except(&self, document: &mut Value, version: Version, left_out: &mut LeftOut) -> Applied {
        let mut applied = Applied::default();
        for (index, step) in self.steps.iter().enumerate() {
            if left_out.contains_key(&index) {
                continue;
            }
            match step {
                Step::Action(action) if action.is_for(version) => {
                    applied.changes += 1;
                    match action.apply(document, version) {
                        Ok(places) => applied.places += places,
                        Err(error) => drop(left_out.insert(index, self.at_line(error))),
                    }
                }
                Step::Action(_) => applied.unused += 1,
                Step::Platform(feature) => {
                    if let Err(error) = feature.apply(document, version) {
                        left_out.insert(index, self.at_line(error));
                    }
                }
                Step::Table(_, table) => {
                    let (changed, unused) = table.apply(document);
                    applied.changes += changed;
                    applied.places += changed;
                    applied.unused += unused;
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

    /// The operations for which the tables have an entry, by operation id or by method and path.
    pub fn table_operations(&self) -> impl Iterator<Item = &str> {
        self.steps.iter().flat_map(|step| -> Vec<&str> {
            match step {
                Step::Table(_, Table::Names(names)) => names.keys().collect(),
                Step::Table(_, Table::Resources(resources)) => resources.keys().collect(),
                Step::Table(..) | Step::Action(_) | Step::Platform(_) => Vec::new(),
            }
        })
    }
}
