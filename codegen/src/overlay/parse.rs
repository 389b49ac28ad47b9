//! Parses overlay documents, and passes tables on.

use serde_json::{Map, Value};
use serde_json_path::JsonPath;

use super::table::Table;
use super::{Action, Change, Step, YamlFile};
use crate::diag::{Error, Result, join};
use crate::version::Versions;
use crate::yaml;

/// Parses an overlay or a table, and appends its steps.
pub(super) fn parse_overlay(overlay: &YamlFile, steps: &mut Vec<Step>) -> Result<()> {
    let document = yaml::read(&overlay.text)?;
    if document.get("table").is_some() {
        steps.push(Step::Table(overlay.name.clone(), Table::parse(&document)?));
        return Ok(());
    }
    let root = fields(&document, "", &["overlay", "info", "extends", "actions"])?;
    match root.get("overlay").and_then(Value::as_str) {
        Some(version) if ["1.0", "1.1"].iter().any(|known| version.strip_prefix(known).is_some_and(is_patch)) => {}
        _ => {
            return Err(Error::new("", "/overlay", "the file is not an Overlay 1.0 or 1.1 document")
                .hint("begin with `overlay: 1.1.0`"));
        }
    }
    let is_1_1 = root["overlay"].as_str().is_some_and(|version| version.starts_with("1.1"));
    let info = root.get("info").unwrap_or(&Value::Null);
    for key in ["title", "version"] {
        if !info.get(key).is_some_and(Value::is_string) {
            return Err(Error::new("", "/info", format!("`{key}` is missing or not text"))
                .hint("write `info: {title: …, version: 1.0.0}`"));
        }
    }
    let versions = versions(root, "")?;
    let list = root.get("actions").and_then(Value::as_array).filter(|list| !list.is_empty());
    let list = list.ok_or_else(|| {
        Error::new("", "/actions", "there is no list of actions, or it is empty")
            .hint("write a list of `{target, description, update or remove}`")
    })?;
    for (index, action) in list.iter().enumerate() {
        let action = parse_action(&overlay.name, &join("/actions", index), action, is_1_1, versions.as_ref())?;
        steps.push(Step::Action(action));
    }
    Ok(())
}

/// Whether `rest` may follow `1.0` or `1.1` in a version: it is empty, or a dot and a number.
fn is_patch(rest: &str) -> bool {
    rest.is_empty() || rest.strip_prefix('.').is_some_and(|patch| patch.parse::<u32>().is_ok())
}

fn parse_action(
    file: &str,
    pointer: &str,
    action: &Value,
    is_1_1: bool,
    document_versions: Option<&Versions>,
) -> Result<Action> {
    let action = fields(action, pointer, &["target", "description", "update", "remove"])?;
    let target = action.get("target").and_then(Value::as_str).ok_or_else(|| {
        Error::new("", pointer, "the target is missing or not text")
            .hint("write `target: $.paths.*[?@.operationId == 'listTags']`")
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
    let versions = document_versions.cloned().into_iter().chain(versions(action, pointer)?).collect();
    Ok(Action {
        file: file.to_owned(),
        pointer: pointer.to_owned(),
        target: target.to_owned(),
        path,
        change,
        is_1_1,
        versions,
    })
}

/// The fields of an object; unknown ones are errors, except extensions.
pub(super) fn fields<'a>(value: &'a Value, pointer: &str, known: &[&str]) -> Result<&'a Map<String, Value>> {
    let fields = value.as_object().ok_or_else(|| {
        Error::new("", pointer, "expected a mapping").hint(format!("its keys are {}", known.join(", ")))
    })?;
    match fields.keys().find(|key| !known.contains(&key.as_str()) && !key.starts_with("x-")) {
        Some(key) => Err(Error::new("", join(pointer, key), format!("the key `{key}` is not allowed here"))
            .hint(format!("allowed are {}, and extensions (`x-…`)", known.join(", ")))),
        None => Ok(fields),
    }
}

/// The value of `x-versions`, if present.
fn versions(fields: &Map<String, Value>, pointer: &str) -> Result<Option<Versions>> {
    const KEY: &str = "x-versions";
    let Some(value) = fields.get(KEY) else { return Ok(None) };
    let place = join(pointer, KEY);
    let text = value.as_str().ok_or_else(|| {
        Error::new("", &place, format!("expected text, found {value}"))
            .hint("write it as `x-versions: '2.15'` or `x-versions: 2.9..2.13`")
    })?;
    let versions =
        text.parse().map_err(|error: Error| Error::new("", &place, error.message()).hint(error.hint_text()))?;
    Ok(Some(versions))
}
