//! Applies overlays: the quirks of the API as data.
//!
//! An overlay is an OpenAPI Overlay 1.0 document: actions with a target (a JSONPath, RFC 9535) that update or remove
//! what it selects. The key `x-versions`, on a document or on an action, says which versions it is for. An action that
//! is for a version and selects nothing in it is an error: a quirk that is gone must not stay in the books.

use std::cmp::Reverse;

use serde_json::{Map, Value};
use serde_json_path::JsonPath;

use crate::diag::{Error, Result, join};
use crate::version::{Version, Versions};
use crate::yaml;

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
pub struct Overlays(Vec<Action>);

#[derive(Clone, Debug)]
struct Action {
    file: String,
    pointer: String,
    target: String,
    path: JsonPath,
    change: Change,
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
        let mut actions = Vec::new();
        for overlay in overlays {
            parse_overlay(overlay, &mut actions).map_err(|error| error.in_file(&overlay.name))?;
        }
        Ok(Self(actions))
    }

    /// Applies them to a document in their order.
    ///
    /// # Errors
    /// As for [`apply`].
    pub fn apply(&self, document: &mut Value, version: Version) -> Result<Applied> {
        let mut applied = Applied::default();
        for action in &self.0 {
            if action.versions.iter().all(|versions| versions.contains(version)) {
                applied.actions += 1;
                applied.places += action.apply(document, version)?;
            } else {
                applied.other_versions += 1;
            }
        }
        Ok(applied)
    }

    /// The actions that are for one version and not for another: file, place and target.
    pub fn not_for(&self, version: Version, other: Version) -> Vec<String> {
        let is_for = |action: &Action, version| action.versions.iter().all(|versions| versions.contains(version));
        let between = self.0.iter().filter(|action| is_for(action, other) && !is_for(action, version));
        between.map(|action| format!("{}#{}: `{}`", action.file, action.pointer, action.target)).collect()
    }

    /// Applies those that fit, and gives the errors of the others: for a description that the overlays were not yet
    /// made for.
    pub fn apply_fitting(&self, document: &mut Value, version: Version) -> Vec<Error> {
        let meant = |action: &&Action| action.versions.iter().all(|versions| versions.contains(version));
        self.0.iter().filter(meant).filter_map(|action| action.apply(document, version).err()).collect()
    }
}

impl Action {
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
            (Value::Array(target), entry) if !entry.is_array() => target.push(entry.clone()),
            (Value::Array(_), _) => {
                return Err(self
                    .error(format!("the target is the list {place}, and so is the update"))
                    .hint("give one entry, or target the object that holds the list: its lists get the entries of the update's"));
            }
            (Value::Object(_), _) => {
                return Err(self
                    .error(format!("the target is the object {place}, but the update is none"))
                    .hint("write `update: {key: value}`"));
            }
            _ => {
                return Err(self
                    .error(format!("the target {place} is a plain value"))
                    .hint("target the object that holds it, and write `update: {key: value}`"));
            }
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

fn parse_overlay(overlay: &OverlayFile, actions: &mut Vec<Action>) -> Result<()> {
    let document = yaml::read(&overlay.text)?;
    let root = fields(&document, "", &["overlay", "info", "extends", "actions"])?;
    match root.get("overlay").and_then(Value::as_str) {
        Some(version) if version == "1.0" || version.starts_with("1.0.") => {}
        _ => {
            return Err(
                Error::new("", "/overlay", "is not an Overlay 1.0 document").hint("begin with `overlay: 1.0.0`")
            );
        }
    }
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
        actions.push(parse_action(&overlay.name, &join("/actions", index), action, versions.as_ref())?);
    }
    Ok(())
}

fn parse_action(file: &str, pointer: &str, action: &Value, outer: Option<&Versions>) -> Result<Action> {
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
    Ok(Action { file: file.to_owned(), pointer: pointer.to_owned(), target: target.to_owned(), path, change, versions })
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
mod tests {
    use serde_json::json;

    use super::*;

    fn overlay(actions: &str) -> OverlayFile {
        let text = format!("overlay: 1.0.0\ninfo: {{title: T, version: 1.0.0}}\nactions:\n{actions}\n");
        OverlayFile { name: "a.yaml".to_owned(), text }
    }

    /// Applies actions to a document, as for 2.15.
    fn applied(mut document: Value, actions: &str) -> Result<Value> {
        apply(&mut document, &[overlay(actions)], Version::Released(2, 15)).map(|_| document)
    }

    fn operations() -> Value {
        json!({"paths": {"/b": {"post": {"operationId": "b", "tags": ["x"]}}, "/a": {"get": {"operationId": "a"}}}})
    }

    #[test]
    fn an_update_merges_objects_and_appends_to_lists() {
        let update =
            "- {target: \"$.paths.*[?@.operationId == 'b']\", update: {tags: [y], deprecated: true, operationId: c}}";
        let document = applied(operations(), update).unwrap();
        assert_eq!(
            document["paths"]["/b"]["post"],
            json!({"operationId": "c", "tags": ["x", "y"], "deprecated": true})
        );

        let deep =
            applied(json!({"a": {"b": {"c": 1, "d": 2}}}), "- {target: $.a, update: {b: {c: {e: 3}}, f: 4}}").unwrap();
        assert_eq!(deep, json!({"a": {"b": {"c": {"e": 3}, "d": 2}, "f": 4}}));

        let entry = applied(json!({"a": [1]}), "- {target: $.a, update: {b: 2}}\n- {target: $.a, update: 3}").unwrap();
        assert_eq!(entry, json!({"a": [1, {"b": 2}, 3]}));
    }

    #[test]
    fn a_removal_keeps_the_order_of_the_rest() {
        let document =
            applied(json!({"a": 1, "b/~": 2, "c": 3, "d": 4}), "- {target: \"$['b/~']\", remove: true}").unwrap();
        assert_eq!(document.as_object().unwrap().keys().collect::<Vec<_>>(), ["a", "c", "d"]);

        let list: Vec<_> = (0..12).collect();
        for target in ["$.a[2, 10, 0, 2]", "$.a[?@ == 0 || @ == 2 || @ == 10]"] {
            let document = applied(json!({"a": list}), &format!("- {{target: \"{target}\", remove: true}}")).unwrap();
            assert_eq!(document, json!({"a": [1, 3, 4, 5, 6, 7, 8, 9, 11]}));
        }
        let nested = applied(json!({"a": {"a": {"a": 1}}, "b": 2}), "- {target: $..a, remove: true}").unwrap();
        assert_eq!(nested, json!({"b": 2}));
    }

    #[test]
    fn actions_apply_in_order_and_to_their_versions() {
        let mut first =
            overlay("- {target: $.a, update: {b: 1}}\n- {target: $.none, x-versions: '..2.14, preview', remove: true}");
        first.text.push_str("x-versions: 2.9..\n");
        let mut never = overlay("- {target: $.a, x-versions: '2.15', update: {b: 3}}");
        never.text.push_str("x-versions: ..2.14\n");
        let overlays = Overlays::parse(&[first, never, overlay("- {target: '$.a[?@ == 1]', update: {}}")]).unwrap();

        let mut document = json!({"a": {}});
        let error = overlays.apply(&mut document, Version::Released(2, 15)).unwrap_err();
        assert!(error.to_string().starts_with("a.yaml#/actions/0: the target /a/b is a plain value"), "{error}");
        assert_eq!(document, json!({"a": {"b": 1}}));

        let applied = Overlays(overlays.0[..3].to_vec()).apply(&mut document, Version::Released(2, 15)).unwrap();
        assert_eq!(applied, Applied { actions: 1, places: 1, other_versions: 2 });
    }

    #[test]
    fn an_action_that_selects_nothing_is_an_error() {
        let error =
            applied(operations(), "- {target: $.paths, update: {}}\n- {target: $.none, remove: true}").unwrap_err();
        assert_eq!((error.file(), error.pointer()), ("a.yaml", "/actions/1"));
        assert!(error.message().contains("`$.none` selects nothing in 2.15") && !error.help().is_empty(), "{error}");
    }

    #[test]
    fn an_action_that_does_not_fit_its_target_is_an_error() {
        for (action, message) in [
            ("{target: $.a, update: [1]}", "so is the update"),
            ("{target: $.o, update: 1}", "but the update is none"),
            ("{target: $.p, update: 2}", "is a plain value"),
            ("{target: $, remove: true}", "the whole document"),
        ] {
            let error = applied(json!({"a": [], "o": {}, "p": 1}), &format!("- {action}")).unwrap_err();
            assert!(error.message().contains(message) && !error.help().is_empty(), "{error}");
        }
    }

    #[test]
    fn malformed_overlays_are_refused_with_their_place() {
        let head = "overlay: 1.0.0\ninfo: {title: T, version: 1.0.0}\n";
        for (text, place, message) in [
            ("- a".to_owned(), "", "expected a mapping"),
            ("overlay: [".to_owned(), "", "not valid YAML"),
            ("overlay: 2.0.0".to_owned(), "/overlay", "not an Overlay 1.0"),
            ("overlay: 1.0.0\ninfo: {title: T}".to_owned(), "/info", "`version` is missing"),
            (head.to_owned(), "/actions", "no actions"),
            (format!("{head}actions: []"), "/actions", "no actions"),
            (format!("{head}action: []"), "/action", "no `action`"),
            (format!("{head}x-versions: 2.15\nactions: [1]"), "/x-versions", "expected text"),
            (format!("{head}actions: [1]"), "/actions/0", "expected a mapping"),
            (format!("{head}actions: [{{remove: true}}]"), "/actions/0", "no target"),
            (format!("{head}actions: [{{target: $.a, updates: 1}}]"), "/actions/0/updates", "no `updates`"),
            (format!("{head}actions: [{{target: $.a}}]"), "/actions/0", "does nothing"),
            (format!("{head}actions: [{{target: $.a, remove: false}}]"), "/actions/0/remove", "does nothing"),
            (format!("{head}actions: [{{target: $.a, remove: true, update: {{}}}}]"), "/actions/0", "both"),
            (format!("{head}actions: [{{target: 'a[', remove: true}}]"), "/actions/0/target", "not a JSONPath"),
            (
                format!("{head}actions: [{{target: $.a, remove: true, x-versions: new}}]"),
                "/actions/0/x-versions",
                "not a version",
            ),
        ] {
            let error = Overlays::parse(&[OverlayFile { name: "a.yaml".to_owned(), text: text.clone() }]).unwrap_err();
            assert_eq!((error.file(), error.pointer()), ("a.yaml", place), "{error}");
            assert!(error.message().contains(message) && !error.help().is_empty(), "{text}: {error}");
        }
    }
}
