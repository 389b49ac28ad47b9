//! Applies overlays: the quirks of the API as data.
//!
//! An overlay is an OpenAPI Overlay document, version 1.0 or 1.1: actions with a target (a JSONPath, RFC 9535) that update or
//! remove what it selects; only 1.1 lets them select plain values. Beside overlays there are tables, which state many facts
//! of one kind. The key `x-versions`, on a document or on an action, says which versions it is for. An action that
//! is for a version and selects nothing in it is an error: a quirk that is gone must not stay in the books.

mod names;
mod paging;
mod presence;
mod table;

use std::cmp::Reverse;

use serde_json::{Map, Value};
use serde_json_path::JsonPath;

use crate::diag::{Error, Result, join};
use crate::version::{Version, Versions};
use crate::yaml;
use table::Table;

/// An overlay as it was read.
#[derive(Clone, Debug)]
pub struct OverlayFile {
    /// What errors call it.
    pub name: String,
    /// Its text, YAML or JSON.
    pub text: String,
}

/// What was done to a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// Actions that were for the version; each selected something.
    pub actions: usize,
    /// Places that they changed.
    pub places: usize,
    /// Actions that were for other versions only.
    pub other_versions: usize,
}

/// Applies the overlays to a document, in the order in which they are given.
///
/// # Errors
/// Where an overlay is malformed, an action does not fit what it selects, or selects nothing. The document may have been
/// changed in part then.
pub fn apply(document: &mut Value, overlays: &[OverlayFile], version: Version) -> Result<Applied> {
    Overlays::parse(overlays)?.apply(document, version)
}

/// Overlays that have been read, to be applied to several versions.
#[derive(Clone, Debug)]
pub struct Overlays(Vec<Step>);

#[derive(Clone, Debug)]
enum Step {
    Action(Action),
    Table(Table),
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

impl Overlays {
    /// Reads overlays.
    ///
    /// # Errors
    /// Where a text is not an Overlay 1.0 document.
    pub fn parse(overlays: &[OverlayFile]) -> Result<Self> {
        let mut steps = Vec::new();
        for overlay in overlays {
            parse_overlay(overlay, &mut steps).map_err(|error| error.in_file(&overlay.name))?;
        }
        Ok(Self(steps))
    }

    /// Applies them to a document in their order.
    ///
    /// # Errors
    /// As for [`apply`].
    pub fn apply(&self, document: &mut Value, version: Version) -> Result<Applied> {
        let mut applied = Applied::default();
        for step in &self.0 {
            match step {
                Step::Action(action) if action.is_for(version) => {
                    applied.actions += 1;
                    applied.places += action.apply(document, version)?;
                }
                Step::Action(_) => applied.other_versions += 1,
                Step::Table(table) => {
                    let (facts, others) = table.apply(document);
                    applied.actions += facts;
                    applied.places += facts;
                    applied.other_versions += others;
                }
            }
        }
        applied.places += paging::declare(document);
        Ok(applied)
    }

    /// The actions that are for one version and not for another: file, place and target.
    pub fn not_for(&self, version: Version, other: Version) -> Vec<String> {
        let actions = self.0.iter().filter_map(|step| match step {
            Step::Action(action) => Some(action),
            Step::Table(_) => None,
        });
        let between = actions.filter(|action| action.is_for(other) && !action.is_for(version));
        between.map(|action| format!("{}#{}: `{}`", action.file, action.pointer, action.target)).collect()
    }

    /// Applies those that fit, and gives the errors of the others: for a description that the overlays were not yet
    /// made for.
    pub fn apply_fitting(&self, document: &mut Value, version: Version) -> Vec<Error> {
        let mut errors = Vec::new();
        for step in &self.0 {
            match step {
                Step::Action(action) if action.is_for(version) => {
                    errors.extend(action.apply(document, version).err());
                }
                Step::Action(_) => {}
                Step::Table(table) => {
                    table.apply(document);
                }
            }
        }
        paging::declare(document);
        errors
    }

    /// The operations that a table gives a name, by operation id or by method and path.
    pub fn named(&self) -> impl Iterator<Item = &str> {
        let tables = self.0.iter().filter_map(|step| match step {
            Step::Table(Table::Names(names)) => Some(names),
            Step::Table(_) | Step::Action(_) => None,
        });
        tables.flat_map(names::Names::keys)
    }
}

impl Action {
    fn is_for(&self, version: Version) -> bool {
        self.versions.iter().all(|versions| versions.contains(version))
    }

    /// Changes what the target selects; gives the number of places.
    fn apply(&self, document: &mut Value, version: Version) -> Result<usize> {
        let nodes = self.path.query_located(document).dedup();
        let mut places: Vec<String> = nodes.locations().map(|location| location.to_json_pointer()).collect();
        if places.is_empty() {
            return Err(self.error(format!("`{}` selects nothing in {version}", self.target)).hint(
                "correct the target, leave the version out of `x-versions`, or remove the action if the quirk is gone; \
                 `cargo xtask lint` lists all of them",
            ));
        }
        if matches!(self.change, Change::Remove) {
            // From the end of a list to its beginning, so that the places of the others stay true.
            places.sort_by_cached_key(|place| Reverse(steps(place)));
        }
        for place in &places {
            let plain = document.pointer(place).is_some_and(|value| !value.is_object() && !value.is_array());
            if plain && !self.plain_values {
                return Err(self
                    .error(format!("the target {place} is a plain value, which Overlay 1.0 does not select"))
                    .hint("begin the document with `overlay: 1.1.0`, or target the object that holds the value"));
            }
            match &self.change {
                Change::Update(update) => {
                    let target = document.pointer_mut(place).ok_or_else(|| self.error("a place is gone"))?;
                    self.update(target, update, place)?;
                }
                Change::Remove => self.remove(document, place)?,
            }
        }
        Ok(places.len())
    }

    fn update(&self, target: &mut Value, update: &Value, place: &str) -> Result<()> {
        match (target, update) {
            (Value::Object(target), Value::Object(update)) => merge(target, update),
            (Value::Array(target), Value::Array(update)) if self.plain_values => target.extend(update.iter().cloned()),
            (Value::Array(target), entry) if !entry.is_array() => target.push(entry.clone()),
            (Value::Array(_), _) => {
                return Err(self
                    .error(format!("the target is the list {place}, and so is the update"))
                    .hint("begin the document with `overlay: 1.1.0`, or give one entry"));
            }
            (Value::Object(_), _) => {
                return Err(self
                    .error(format!("the target is the object {place}, but the update is none"))
                    .hint("write `update: {key: value}`"));
            }
            (_, Value::Object(_) | Value::Array(_)) => {
                return Err(self
                    .error(format!("the target {place} is a plain value, but the update is none"))
                    .hint("target the object that holds it, and write `update: {key: value}`"));
            }
            (target, update) => *target = update.clone(),
        }
        Ok(())
    }

    fn remove(&self, document: &mut Value, place: &str) -> Result<()> {
        let (parent, key) = place.rsplit_once('/').ok_or_else(|| {
            self.error("the target is the whole document").hint("a document cannot be removed from anything")
        })?;
        match document.pointer_mut(parent) {
            Some(Value::Object(parent)) => {
                // Not `remove`, which would move the last key into the gap.
                parent.shift_remove(&key.replace("~1", "/").replace("~0", "~"));
            }
            Some(Value::Array(parent)) => {
                if let Some(index) = key.parse().ok().filter(|index| *index < parent.len()) {
                    parent.remove(index);
                }
            }
            // A place inside of one that the same action has removed.
            _ => {}
        }
        Ok(())
    }

    fn error(&self, message: impl Into<String>) -> Error {
        Error::new(&self.file, &self.pointer, message)
    }
}

/// The steps of a JSON pointer, so that entry 10 of a list comes after entry 9.
fn steps(pointer: &str) -> Vec<(Option<usize>, String)> {
    pointer.split('/').map(|step| (step.parse().ok(), step.to_owned())).collect()
}

/// Merges as the Overlay specification says: objects key by key, lists one after the other, plain values replaced.
fn merge(target: &mut Map<String, Value>, update: &Map<String, Value>) {
    for (key, update) in update {
        match (target.get_mut(key), update) {
            (Some(Value::Object(target)), Value::Object(update)) => merge(target, update),
            (Some(Value::Array(target)), Value::Array(update)) => target.extend(update.iter().cloned()),
            (Some(target), update) => *target = update.clone(),
            (None, update) => {
                target.insert(key.clone(), update.clone());
            }
        }
    }
}

fn parse_overlay(overlay: &OverlayFile, steps: &mut Vec<Step>) -> Result<()> {
    let document = yaml::read(&overlay.text)?;
    if document.get("table").is_some() {
        steps.push(Step::Table(Table::parse(&document)?));
        return Ok(());
    }
    let root = fields(&document, "", &["overlay", "info", "extends", "actions"])?;
    match root.get("overlay").and_then(Value::as_str) {
        Some(version) if ["1.0", "1.1"].iter().any(|known| version.strip_prefix(known).is_some_and(is_patch)) => {}
        _ => {
            return Err(
                Error::new("", "/overlay", "is not an Overlay 1.0 or 1.1 document").hint("begin with `overlay: 1.1.0`")
            );
        }
    }
    let plain_values = root["overlay"].as_str().is_some_and(|version| version.starts_with("1.1"));
    let info = root.get("info").unwrap_or(&Value::Null);
    for key in ["title", "version"] {
        if !info.get(key).is_some_and(Value::is_string) {
            return Err(
                Error::new("", "/info", format!("`{key}` is missing")).hint("write `info: {title: …, version: 1.0.0}`")
            );
        }
    }
    let versions = versions(root, "")?;
    let list = root.get("actions").and_then(Value::as_array).filter(|list| !list.is_empty());
    let list = list.ok_or_else(|| {
        Error::new("", "/actions", "there are no actions")
            .hint("write a list of `{target, description, update or remove}`")
    })?;
    for (index, action) in list.iter().enumerate() {
        let action = parse_action(&overlay.name, &join("/actions", index), action, plain_values, versions.as_ref())?;
        steps.push(Step::Action(action));
    }
    Ok(())
}

/// What follows `1.1` in the version of an overlay: nothing, or `.0`.
fn is_patch(rest: &str) -> bool {
    rest.is_empty() || rest.strip_prefix('.').is_some_and(|patch| patch.parse::<u32>().is_ok())
}

fn parse_action(
    file: &str,
    pointer: &str,
    action: &Value,
    plain_values: bool,
    outer: Option<&Versions>,
) -> Result<Action> {
    let action = fields(action, pointer, &["target", "description", "update", "remove"])?;
    let target = action.get("target").and_then(Value::as_str).ok_or_else(|| {
        Error::new("", pointer, "there is no target").hint("write `target: $.paths.*[?@.operationId == 'listTags']`")
    })?;
    let path = JsonPath::parse(target).map_err(|error| {
        Error::new("", join(pointer, "target"), format!("`{target}` is not a JSONPath: {error}"))
            .hint("targets follow RFC 9535; quote keys that are not words: `$.paths['/me'].get`")
    })?;
    let change = match (action.get("update"), action.get("remove")) {
        (Some(update), None | Some(Value::Bool(false))) => Change::Update(update.clone()),
        (None, Some(Value::Bool(true))) => Change::Remove,
        (None, Some(value)) => {
            return Err(Error::new("", join(pointer, "remove"), format!("`remove: {value}` does nothing"))
                .hint("write `remove: true`"));
        }
        (None, None) => {
            return Err(Error::new("", pointer, "the action does nothing").hint("give it `update` or `remove: true`"));
        }
        (Some(_), Some(_)) => {
            return Err(
                Error::new("", pointer, "the action has both `update` and `remove`").hint("make it two actions")
            );
        }
    };
    let versions = outer.cloned().into_iter().chain(versions(action, pointer)?).collect();
    Ok(Action {
        file: file.to_owned(),
        pointer: pointer.to_owned(),
        target: target.to_owned(),
        path,
        change,
        plain_values,
        versions,
    })
}

/// The fields of an object, none of them but the known ones and extensions.
fn fields<'a>(value: &'a Value, pointer: &str, known: &[&str]) -> Result<&'a Map<String, Value>> {
    let fields = value.as_object().ok_or_else(|| {
        Error::new("", pointer, "expected a mapping").hint(format!("its keys are {}", known.join(", ")))
    })?;
    match fields.keys().find(|key| !known.contains(&key.as_str()) && !key.starts_with("x-")) {
        Some(key) => Err(Error::new("", join(pointer, key), format!("overlays have no `{key}` here"))
            .hint(format!("known are {} and extensions, `x-…`", known.join(", ")))),
        None => Ok(fields),
    }
}

/// What `x-versions` says, if it is there.
fn versions(fields: &Map<String, Value>, pointer: &str) -> Result<Option<Versions>> {
    const KEY: &str = "x-versions";
    let Some(value) = fields.get(KEY) else { return Ok(None) };
    let place = join(pointer, KEY);
    let text = value.as_str().ok_or_else(|| {
        Error::new("", &place, format!("expected text, found {value}")).hint("quote it: `x-versions: '2.15'`")
    })?;
    let versions = text.parse().map_err(|error: Error| Error::new("", &place, error.message()).hint(error.help()))?;
    Ok(Some(versions))
}

#[cfg(test)]
mod tests;
